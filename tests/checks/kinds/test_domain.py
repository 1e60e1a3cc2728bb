"""The `domain` check against a registry on loopback: what ends, what is gone, and registries that say nothing."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import domain
from checks.kinds.domain import Options
from checks.probing import Context, Deadline, ProbeResult
from checks.records import registration
from constat.config.fields import WrongError
from constat.interval import DAY_S
from demo.web_server import FixedAnswer, WebServer
from tests.support.configured_probe import look, read_outcome
from tests.support.rdap_server import LIST, answer, describe_domain
from tests.support.tcp_speakers import (
    Script,
    hang,
    hold_closed_port,
    reset,
    send_and_wait,
    serve_script,
    trickle,
)

KIND: CheckKind[domain.Options] = domain

NOW = 1_795_508_000
DOMAIN = "maxony.example"


def format_date_in(days: float) -> str:
    return dt.datetime.fromtimestamp(NOW + days * DAY_S, dt.UTC).isoformat()


def make_expiring_domain(days: float, **more: Any) -> FixedAnswer:
    return answer(
        describe_domain(
            DOMAIN, events={"registration": format_date_in(-900), "expiration": format_date_in(days)}, **more
        )
    )


@pytest.fixture(scope="module")
def registry() -> Iterator[WebServer]:
    with WebServer({}) as server:
        yield server


def serve_list(*services: Any) -> FixedAnswer:
    """A list of servers as IANA publishes it."""
    return answer({"version": "1.0", "publication": "2026-11-01T00:00:00Z", "services": list(services)})


def ask(
    registry: WebServer, said: FixedAnswer | None, listed: FixedAnswer | None = None, **options: Any
) -> ProbeResult:
    """Ask the registry that the list leads to; every probe reads a list of its own address."""
    base = f"http://{registry.address}"
    ask.count += 1  # type: ignore[attr-defined]
    path = f"{LIST}/{ask.count}"  # type: ignore[attr-defined]
    pages = {path: listed or serve_list([["test"], [f"{base}/other/"]], [["example"], [f"{base}/rdap/"]])}
    registry.pages = pages if said is None else {**pages, f"/rdap/domain/{DOMAIN}": said}
    asked = Options(**{"domain": DOMAIN, "bootstrap": f"{base}{path}", **options})
    return look("domain", 5, asked, now=NOW)


ask.count = 0  # type: ignore[attr-defined]

REGISTERED: dict[str, tuple[FixedAnswer | None, dict[str, Any], tuple[str, str]]] = {
    "for long": (make_expiring_domain(300), {}, ("up", "")),
    "for less than a month": (make_expiring_domain(29.5), {}, ("degraded", "registration ends in 29 days")),
    "for a day": (make_expiring_domain(1.5), {"fail": 7 * DAY_S}, ("down", "registration ends in 1 day")),
    "no longer": (make_expiring_domain(-3), {}, ("down", "registration ended 2026-11-21")),
    "never": (None, {}, ("down", "registration the registry knows no such domain")),
    "put on hold": (
        make_expiring_domain(300, status=["Client  Hold"]),
        {},
        ("down", "registration client hold"),
    ),
    "about to be deleted": (
        make_expiring_domain(300, status=["active", "pending delete"]),
        {},
        ("down", "registration pending delete"),
    ),
    "until a time without an offset": (
        answer(describe_domain(DOMAIN, events={"expiration": "2026-11-27T00:00:00"})),
        {},
        ("degraded", "registration ends in 2 days"),
    ),
    "until an end that it keeps to itself": (
        answer(describe_domain(DOMAIN, events={"registration": format_date_in(-900)})),
        {},
        ("unknown", "unanswered the registry does not say when the registration ends"),
    ),
}


@pytest.mark.parametrize(("said", "options", "expected"), REGISTERED.values(), ids=REGISTERED)
def test_days_until_expiry_decide_the_outcome(
    registry: WebServer, said: FixedAnswer | None, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert read_outcome(ask(registry, said, **options)) == expected


def test_steps_show_the_expiry_date(registry: WebServer) -> None:
    step = ask(registry, make_expiring_domain(300)).steps[-1]
    assert (step.name, step.detail) == ("registration", "ends 2027-09-20T08:13:20Z; 300 days left")


UNANSWERED: dict[str, tuple[FixedAnswer, str]] = {
    "too many questions": (answer({}, 429), "status 429"),
    "trouble of its own": (answer({}, 503), "status 503"),
    "no JSON": (FixedAnswer("<html>"), "protocol not JSON"),
    "JSON that is no object": (answer([]), "protocol not a JSON object"),
    "another domain": (answer(describe_domain("other.example")), "protocol an answer about another domain"),
    "an end that is none": (
        answer(describe_domain(DOMAIN, events={"expiration": "soon"})),
        "protocol an end that is not a time",
    ),
    "a whole zone": (FixedAnswer("[" + "1," * 600_000), "size"),
}


@pytest.mark.parametrize(("said", "reason"), UNANSWERED.values(), ids=UNANSWERED)
def test_silent_registry_is_unknown(registry: WebServer, said: FixedAnswer, reason: str) -> None:
    assert read_outcome(ask(registry, said)) == ("unknown", f"unanswered the registry: {reason}")


LISTS: dict[str, tuple[FixedAnswer, str]] = {
    "no such suffix": (
        serve_list([["com", "net"], ["https://rdap.example/"]]),
        "the registry of .example has no RDAP server on the list",
    ),
    "a suffix without an address": (
        serve_list([["example"], []]),
        "the registry of .example has no RDAP server on the list",
    ),
    "not there": (answer({}, 404), "the list of RDAP servers: status 404"),
    "another document": (
        answer({"services": 5}),
        "the list of RDAP servers: protocol not a list of RDAP servers",
    ),
    "nonsense within": (
        serve_list(5, [], [[5], [5]], [["example"], ["gopher://x/"]]),
        "the registry of .example has no RDAP server on the list",
    ),
}


@pytest.mark.parametrize(("listed", "reason"), LISTS.values(), ids=LISTS)
def test_registry_missing_from_the_list_is_unknown(
    registry: WebServer, listed: FixedAnswer, reason: str
) -> None:
    assert read_outcome(ask(registry, make_expiring_domain(300), listed)) == (
        "unknown",
        f"unanswered {reason}",
    )


SPEAKERS: dict[str, tuple[Script, str]] = {
    "silence": (hang, "timeout after 0.3 s"),
    "a drip": (trickle(b"HTTP/1.1 2"), "timeout after 0.3 s"),
    "garbage": (send_and_wait(b"\x00\xff" * 99), "protocol not HTTP"),
    "a torn connection": (reset, "reset"),
}


@pytest.mark.parametrize(("script", "reason"), SPEAKERS.values(), ids=SPEAKERS)
def test_server_without_rdap_is_unknown(script: Script, reason: str) -> None:
    with serve_script(script) as port:
        asked = Options(DOMAIN, server=f"http://127.0.0.1:{port}/")
        result = look("domain", 0.3 if "timeout" in reason else 5, asked, now=NOW)
    assert read_outcome(result) == ("unknown", f"unanswered the registry: {reason}")


def test_unreachable_list_is_unknown() -> None:
    with hold_closed_port() as port:
        result = look("domain", 2, Options(DOMAIN, bootstrap=f"http://127.0.0.1:{port}/"), now=NOW)
    assert read_outcome(result) == ("unknown", "unanswered the list of RDAP servers: refused")


def test_the_list_is_fetched_once_a_day_and_the_longest_suffix_counts(registry: WebServer) -> None:
    base = f"http://{registry.address}"
    servers = registration.ServerList()
    services = [
        [["example"], [f"{base}/one/"]],
        [["co.example"], ["http://a.example/", "https://b.example/"]],
    ]
    registry.pages = {LIST: serve_list(*services)}

    def find(name: str, now: int) -> str:
        return servers.find_server(name, base + LIST, "", Context(Deadline(5), now=now))

    assert find("maxony.co.example", NOW) == "https://b.example/"
    registry.pages = {LIST: serve_list([["example"], [f"{base}/two/"]])}
    assert find(DOMAIN, NOW + DAY_S - 1) == f"{base}/one/"
    assert find(DOMAIN, NOW + DAY_S) == f"{base}/two/"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"domain": "192.0.2.1"}, "is an address"),
        ({"domain": "2001:db8::1"}, "is an address"),
        ({"domain": "localhost"}, "is not a registered domain"),
        ({"domain": DOMAIN, "fail": 60 * DAY_S}, "fail comes before warn"),
    ],
)
def test_unregistrable_name_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options(**options)
