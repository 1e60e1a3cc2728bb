"""What is recorded, when, and what holds meanwhile."""

import json
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from constat.interval import parse_instant
from constat.model import (
    CheckRules,
    Config,
    Correction,
    Hours,
    Level,
    MaintenanceRules,
    Monitor,
    Notice,
    Outcome,
    PageSettings,
    Register,
    ServiceConfig,
    ServiceRules,
    Sla,
    Support,
    Update,
)
from constat.register import build_effective_register, find_pending_lines, parse_register
from constat.register.support_promise import read_promise, write_promise

NOW = parse_instant("2026-11-20T09:00:31Z")
LATER = NOW + 3600
TERMS = MaintenanceRules(counts=True, notice_s=0, cap_s=None)
CHECK = CheckRules("availability", 60, 1, ("gha",))
RULES = ServiceRules(60, Decimal("99.90"), Decimal(99), "all", TERMS, {"a": CHECK, "b": CHECK})
SUPPORT = Support(
    contacts=(),
    links={},
    hours=(
        Hours("Europe", (0, 1, 2, 3, 4), time(8), time(17), "+01:00", (date(2026, 12, 25),)),
        Hours("Night", (5,), time(22), time(0), "Europe/Zurich", ()),
    ),
    clock="union",
    levels=(Level("first", {"fr": "Premier"}, 14_400, None), Level("legal", {}, None, 5)),
)
NOTICE = Notice(
    stem="2026-12-01-relay",
    kind="maintenance",
    services=("smtp", "api"),
    impact="none",
    starts=parse_instant("2026-12-01T21:00:00Z"),
    ends=parse_instant("2026-12-02T00:00:00Z"),
    next=None,
    texts={},
)
CORRECTION = Correction(
    NOW, "smtp", NOW - 7200, NOW - 7000, Outcome.UP, date(2026, 11, 20), "why", "https://x.example/"
)


def _config(
    *services: tuple[str, ServiceRules], support: Support | None = None, zone: str = "Europe/Zurich"
) -> Config:
    return Config(
        PageSettings("maxony", "Maxony", "https://status.maxony.example/", ("fr",), ZoneInfo(zone), {}),
        Monitor("gha"),
        {},
        Sla(None, Decimal(99), Decimal(99), TERMS, 259_200),
        tuple(ServiceConfig(service, {"": service}, None, rules, ()) for service, rules in services),
        support,
    )


SMTP = _config(("smtp", RULES))


def _recorded(register: Register, text: tuple[str, ...]) -> Register:
    """The register after appending lines, read again; nothing in it may be unreadable."""
    read = parse_register("\n".join(text), "register.jsonl", 1 << 37)
    assert not read.skipped
    return Register(
        register.services + read.services,
        register.maintenance + read.maintenance,
        register.corrections + read.corrections,
        register.pages + read.pages,
        register.support + read.support,
        register.words + read.words,
    )


def _news(register: Register, config: Config = SMTP, **given: Any) -> list[dict[str, Any]]:
    at = given.get("now", NOW)
    found = find_pending_lines(register, config, given.get("notices", ()), given.get("corrections", ()), at)
    return [json.loads(line) for line in found]


def _settled(config: Config = SMTP, **given: Any) -> Register:
    """A register in which everything is recorded, and which then has no news."""
    register = _recorded(
        Register(),
        find_pending_lines(Register(), config, given.get("notices", ()), given.get("corrections", ()), NOW),
    )
    assert not _news(register, config, **given, now=LATER)
    return register


def test_the_first_run_records_everything_once() -> None:
    """The page's zone, every service, support, every window, every correction; a second run has no news."""
    config = _config(("smtp", RULES), ("api", RULES), support=SUPPORT)
    found = _news(Register(), config, notices=(NOTICE,), corrections=(CORRECTION,))
    assert [line["kind"] for line in found] == [
        "page",
        "service",
        "service",
        "support",
        "maintenance",
        "words",
        "correction",
    ]
    assert {line["at"] for line in found} == {"2026-11-20T09:00:31Z"}
    _settled(config, notices=(NOTICE,), corrections=(CORRECTION,))


CHANGES: dict[str, ServiceRules] = {
    "interval": RULES._replace(interval_s=300),
    "target": RULES._replace(target=Decimal("99.95")),
    "coverage": RULES._replace(min_coverage=Decimal(95)),
    "require": RULES._replace(require="any"),
    "notice": RULES._replace(maintenance=TERMS._replace(notice_s=3600)),
    "cap": RULES._replace(maintenance=TERMS._replace(cap_s=14_400)),
    "counts": RULES._replace(maintenance=TERMS._replace(counts=False)),
    "a check less": RULES._replace(checks={"a": CHECK}),
    "the order of checks": RULES._replace(checks={"b": CHECK, "a": CHECK}),
    "affects": RULES._replace(checks={"a": CHECK, "b": CHECK._replace(affects="performance")}),
    "quorum": RULES._replace(checks={"a": CHECK, "b": CHECK._replace(quorum=2, vantages=("gha", "home"))}),
    "since": RULES._replace(since=date(2026, 1, 1)),
    "retired": RULES._replace(retired=date(2027, 1, 1)),
}


@pytest.mark.parametrize("rules", CHANGES.values(), ids=CHANGES.keys())
def test_changed_rule_and_its_undoing_are_one_line_each(rules: ServiceRules) -> None:
    register = _settled()
    changed = _config(("smtp", rules))
    (line,) = _news(register, changed, now=LATER)
    assert (line["kind"], line["id"]) == ("service", "smtp")
    register = _recorded(register, find_pending_lines(register, changed, (), (), LATER))
    assert len(_news(register, SMTP, now=LATER + 60)) == 1


def test_another_spelling_of_a_number_is_no_change() -> None:
    register = _settled()
    assert not _news(register, _config(("smtp", RULES._replace(target=Decimal("99.9")))))


def test_a_service_no_longer_named_gets_null_once_and_rules_when_it_returns() -> None:
    register = _settled()
    none = _config()
    (line,) = _news(register, none)
    assert line == {"at": "2026-11-20T09:00:31Z", "kind": "service", "id": "smtp", "rules": None}
    register = _recorded(register, find_pending_lines(register, none, (), (), NOW))
    assert not _news(register, none)
    assert len(_news(register, SMTP)) == 1


def test_a_window_is_recorded_anew_when_it_moves_changes_services_or_is_cancelled() -> None:
    register = _settled(notices=(NOTICE,))
    cancelled = NOTICE._replace(updates=(Update(LATER, "cancelled", "", ""),))
    for version in (
        NOTICE._replace(ends=NOTICE.starts + 60),
        NOTICE._replace(starts=NOTICE.starts + 60),
        NOTICE._replace(services=("smtp",)),
        cancelled,
    ):
        (line,) = _news(register, notices=(version,))
        assert list(line) == ["at", "kind", "slug", "services", "starts", "ends", "cancelled"]
        assert line["services"] == sorted(version.services)
        assert line["cancelled"] is (version is cancelled)
    back = cancelled._replace(updates=(*cancelled.updates, Update(LATER + 1, "rescheduled", "", "")))
    assert not _news(register, notices=(back,))


def test_missing_notice_and_incident_record_nothing() -> None:
    """A notice that cannot be read for a while must not call off its window."""
    register = _settled(notices=(NOTICE,))
    assert not _news(register, notices=())
    fire = NOTICE._replace(stem="2026-12-01-fire", kind="incident")
    assert [line["kind"] for line in _news(register, notices=(NOTICE, fire))] == ["words"]


def test_a_correction_that_disappears_is_withdrawn_and_may_return() -> None:
    register = _settled(corrections=(CORRECTION,))
    (line,) = _news(register)
    assert line["becomes"] is None
    register = _recorded(register, find_pending_lines(register, SMTP, (), (), LATER))
    assert not _news(register)
    (line,) = _news(register, corrections=(CORRECTION,))
    assert line["becomes"] == "up"


def test_a_correction_that_becomes_another_is_recorded_for_the_same_seconds() -> None:
    register = _settled(corrections=(CORRECTION,))
    (line,) = _news(register, corrections=(replace(CORRECTION, becomes=Outcome.UNKNOWN),))
    assert (line["becomes"], line["at"]) == ("unknown", "2026-11-20T09:00:31Z")


def test_a_changed_zone_and_a_changed_promise_of_support_are_recorded() -> None:
    register = _settled(_config(support=SUPPORT))
    assert [line["timezone"] for line in _news(register, _config(support=SUPPORT, zone="Europe/Paris"))] == [
        "Europe/Paris"
    ]
    (line,) = _news(register, _config(support=SUPPORT._replace(clock="own")))
    assert line["clock"] == "own"
    (line,) = _news(register, _config())
    assert (line["kind"], line["levels"]) == ("support", [])


def test_renaming_a_level_or_a_contact_promises_nothing_new() -> None:
    register = _settled(_config(support=SUPPORT))
    levels = (SUPPORT.levels[0]._replace(name={"fr": "Autre"}), SUPPORT.levels[1])
    assert not _news(
        register, _config(support=SUPPORT._replace(levels=levels, links={"faq": "https://x.example/"}))
    )


def test_a_promise_of_support_is_read_as_it_was_written() -> None:
    promise = read_promise(write_promise(SUPPORT))
    assert promise
    assert (promise.hours, promise.clock) == (SUPPORT.hours, SUPPORT.clock)
    assert [(level.id, level.target_s, level.target_days) for level in promise.levels] == [
        ("first", 14_400, None),
        ("legal", None, 5),
    ]
    assert read_promise(write_promise(SUPPORT._replace(levels=()))) is None
    with pytest.raises(ValueError, match="not a promise"):
        read_promise("[]")


def test_status_yml_holds_for_all_time_without_lines() -> None:
    held = build_effective_register(Register(), SMTP, (), NOW)
    assert [(one.service, one.rules) for one in held.services] == [("smtp", RULES)]


def test_a_changed_rule_does_not_hold_before_it_is_recorded() -> None:
    register = _settled()
    assert build_effective_register(register, _config(("smtp", CHANGES["target"])), (), LATER) == register


def test_a_window_that_no_line_records_counts_as_published_now() -> None:
    held = build_effective_register(_settled(), SMTP, (NOTICE,), LATER)
    assert [(version.slug, version.at) for version in held.maintenance] == [("2026-12-01-relay", LATER)]
    assert not build_effective_register(_settled(notices=(NOTICE,)), SMTP, (NOTICE,), LATER).maintenance[1:]
