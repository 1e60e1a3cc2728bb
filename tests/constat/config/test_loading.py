"""`status.yml` is read strictly: one bad file for every rule, with the exact messages for it."""

import pickle
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from checks.kinds import tcp
from checks.registry import KINDS, load_kind
from constat import config
from constat.errors import InputError
from constat.model import Config, Confirm, Defaults, Kind
from tests.support.source_tree import ROOT

BAD = sorted((Path(__file__).parent / "bad").glob("*.yml"))

GOOD = """
page: {id: maxony, name: Maxony, url: "https://status.example.org", languages: [fr, en], timezone: Europe/Zurich}
monitor: {vantage: gha, confirm: {attempts: 2}}
secrets: {CONSTAT_TOKEN: [api.example.org]}
sla: {target: 99.5, maintenance: {counts: no, notice: 48h, monthly_cap: 4h}}
services:
  - id: api
    name: {fr: API, en: API}
    interval: 2m
    checks:
      - {name: health, kind: http, url: "https://api.example.org/", bearer: "${CONSTAT_TOKEN}"}
      - {name: port, kind: tcp, host: api.example.org, port: 443, interval: 5m, affects: performance, vantages: [a, b]}
  - id: website
    name: Website
    target: 99.95
    maintenance: {counts: true}
    since: 2026-03-02
    checks:
      - {name: home, kind: tcp, host: www.example.org, port: 443, confirm: {delay: 1s}, timeout: 2.5s}
"""


def load(text: str) -> Config:
    return config.load_config(text, "status.yml", KINDS, load_kind)


def list_problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_file_is_reported_with_its_exact_messages(path: Path) -> None:
    """The first lines of each file hold, as comments, all that is reported of it and nothing else."""
    text = path.read_text(encoding="utf-8")
    expected = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# status.yml:")]
    assert expected
    assert list_problems(text) == expected


def test_duplicate_key_hides_no_other_mistake() -> None:
    """The last of the two is read on, and what the first one held is not reported again."""
    text = (
        GOOD.replace("interval: 2m", "interval: often")
        + "sla: {target: no, taget: 5}\nmonitor: !!map {vantage: gha}\n"
    )
    assert list_problems(text) == [
        "status.yml:9:15: 'often' is not a valid duration (write a whole number and a unit: 90s, 5m, 4h or 14d)",
        "status.yml:20:1: the key sla appears twice (it is already on line 5: keep one)",
        "status.yml:20:15: 'no' is not a valid percentage (write a number above 0 and at most 100, such as 99.9)",
        "status.yml:20:19: unknown key taget (did you mean target?)",
        "status.yml:21:1: the key monitor appears twice (it is already on line 3: keep one)",
        "status.yml:21:10: a tag, tag:yaml.org,2002:map (write the value alone)",
    ]


def test_every_mistake_of_a_file_is_reported_at_once() -> None:
    text = (
        GOOD.replace("id: maxony", "id: Maxony!")
        .replace("interval: 2m", "interval: often")
        .replace("port: 443", "prt: 443")
    )
    places = [message.split(" ")[0] for message in list_problems(text)]
    assert places == [
        "status.yml:2:12:",
        "status.yml:9:15:",
        "status.yml:12:9:",
        "status.yml:12:56:",
        "status.yml:19:9:",
        "status.yml:19:56:",
    ]


def test_defaults_are_filled_in() -> None:
    api, website = load(GOOD).services
    assert [check.interval_s for check in api.checks] == [120, 300]
    assert api.rules.target == Decimal("99.5")
    assert api.rules.min_coverage == Decimal("99.5")
    assert (api.rules.maintenance.counts, api.rules.maintenance.cap_s) == (False, 4 * 3600)
    assert website.rules.interval_s == 300
    assert website.rules.min_coverage == Decimal("99.95")
    assert (website.rules.maintenance.counts, website.rules.maintenance.notice_s) == (True, 48 * 3600)
    assert website.checks[0].confirm == Confirm(attempts=2, delay_s=1)
    assert website.checks[0].timeout_s == Decimal("2.5")


def test_response_time_limit_may_be_common_or_by_vantage() -> None:
    """A vantage that the check is not made from would never be held to its bound: it is refused."""
    check = "{name: port, kind: tcp, host: api.example.org, port: 443, vantages: [a, b], quorum: 1, degraded_above: %s}"
    text = (
        "page: {id: maxony, name: Maxony, url: 'https://status.example.org/', languages: [en], timezone: UTC}\n"
        "monitor: {vantage: a}\n"
        "services:\n"
        "  - {id: api, name: API, interval: 1m, checks: [" + check + "]}\n"
    )
    for written, bound in (
        ("800ms", 800),
        ("{a: 300ms, b: 2s}", {"a": 300, "b": 2000}),
        ("{b: 2s}", {"b": 2000}),
    ):
        (only,) = load(text % written).services[0].checks
        assert cast("tcp.Options", only.options).degraded_above == bound
    assert list_problems(text % "{a: 300ms, c: 2s}")[0].endswith(
        "the check is not made from c (write a or b)"
    )
    assert list_problems(text % "{a: soon}")[0].endswith(
        "'soon' is not a valid duration (write a number and a unit: 10s, 2.5s or 800ms)"
    )
    assert list_problems(text % "{}")[0].endswith(
        "an empty table (write a duration for each vantage, or one for all: 800ms)"
    )


def test_vantage_defaults_to_that_of_the_monitor() -> None:
    health, port = load(GOOD).services[0].checks
    assert (health.vantages, port.vantages) == (("gha",), ("a", "b"))
    assert (health.affects, port.affects) == ("availability", "performance")


def test_the_address_of_the_page_ends_with_a_slash() -> None:
    assert load(GOOD).page.url == "https://status.example.org/"


def test_secret_is_kept_as_its_name() -> None:
    """Its value is filled in by the probe that sends it, nowhere else."""
    options = load(GOOD).services[0].checks[0].options
    assert getattr(options, "bearer", None) == "${CONSTAT_TOKEN}"
    assert "CONSTAT_TOKEN" not in repr(load(GOOD).services[0].checks[0])


def test_scalars_are_read_as_they_look() -> None:
    """`no` is Norwegian where a language belongs, and false where a flag does; 17:00 is not 1020."""
    text = GOOD.replace("[fr, en]", "[no, en]").replace("fr: API", "no: API")
    assert load(text).page.languages == ("no", "en")


def test_alias_repeats_its_anchor() -> None:
    text = GOOD.replace("interval: 2m", "interval: &often 2m").replace("interval: 5m", "interval: *often")
    assert [check.interval_s for check in load(text).services[0].checks] == [120, 120]


def test_kind_may_set_its_own_defaults() -> None:
    tcp = load_kind("tcp")
    own = SimpleNamespace(
        Options=tcp.Options,
        DEFAULTS=Defaults(affects="nothing", interval="6h", attempts="1"),
        subject=tcp.subject,
        secret_uses=tcp.secret_uses,
    )
    kinds: dict[str, Kind] = {"tcp": own, "http": load_kind("http")}
    loaded = config.load_config(GOOD, "status.yml", kinds, kinds.__getitem__)
    check = loaded.services[1].checks[0]
    assert (check.affects, check.interval_s) == ("nothing", 6 * 3600)
    assert check.confirm == Confirm(attempts=1, delay_s=1)


def test_check_holds_the_subject_from_its_kind() -> None:
    health, port = load(GOOD).services[0].checks
    assert (health.subject, port.subject) == ("api.example.org", "api.example.org")


def test_the_settings_can_be_pickled() -> None:
    loaded = load(GOOD)
    assert pickle.loads(pickle.dumps(loaded)) == loaded  # noqa: S301 (our own bytes)


def test_options_given_directly_are_read_as_from_a_file() -> None:
    options = config.load_options("tcp", load_kind("tcp"), {"host": "Mail.Example.org", "port": "25"})
    assert options == load_kind("tcp").Options(host="mail.example.org", port=25)
    with pytest.raises(InputError, match="unknown key prot"):
        config.load_options("tcp", load_kind("tcp"), {"host": "mail.example.org", "prot": "25"})


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "vectors").glob("*/status.yml")), ids=lambda path: path.parent.name
)
def test_worked_cases_are_valid(path: Path) -> None:
    assert load(path.read_text(encoding="utf-8")).services
