"""corrections.yml: valid corrections, and the messages about invalid ones."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from constat.interval import parse_instant
from constat.model import Outcome
from constat.register.corrections_file import parse_corrections

NOW = parse_instant("2026-11-22T00:00:00Z")
SERVICES = ("api", "smtp", "website")
GOOD = {
    "service": "api",
    "start": "2026-11-20T03:00:00Z",
    "end": "2026-11-20T04:04:00+01:00",
    "becomes": "up",
    "decided": "2026-11-21",
    "why": "our probe's certificate store was stale",
    "evidence": "https://wiki.maxony.example/42",
}


def _text(*entries: Mapping[str, str | None]) -> str:
    """Entries as YAML, each a good one with some keys replaced; `None` leaves a key out."""
    lines = []
    for entry in entries:
        fields = {key: value for key, value in {**GOOD, **entry}.items() if value is not None}
        lines += [
            f"{'- ' if at == 0 else '  '}{key}: {value}" for at, (key, value) in enumerate(fields.items())
        ]
    return "\n".join(lines) + "\n"


def _told(text: str) -> list[str]:
    return [str(problem) for problem in parse_corrections(text, "corrections.yml", SERVICES, NOW)[1]]


def test_a_correction_is_read_with_its_seconds_in_utc() -> None:
    (correction,), problems = parse_corrections(_text({}), "corrections.yml", SERVICES, NOW)
    assert not problems
    assert (correction.at, correction.service, correction.becomes) == (NOW, "api", Outcome.UP)
    assert correction.window.seconds == 240


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n"])
def test_file_without_corrections_is_valid(text: str) -> None:
    assert parse_corrections(text, "corrections.yml", SERVICES, NOW) == ((), ())


def test_worked_cases_are_read_completely() -> None:
    """Every corrections.yml of the worked cases holds, and is what their registers recorded."""
    for path in sorted((Path(__file__).parents[1] / "vectors").glob("*/corrections.yml")):
        held, problems = parse_corrections(path.read_text("utf-8"), path.name, SERVICES, NOW)
        assert held
        assert not problems


BAD = [
    (
        _text({"service": "apy"}),
        "corrections.yml:1:12: unknown service apy (did you mean api?)",
    ),
    (
        _text({"becomes": "degraded"}),
        "corrections.yml:4:12: becomes cannot be degraded (write up, unknown or down)",
    ),
    (
        _text({"end": "2026-11-22T00:00:01Z"}),
        "corrections.yml:3:8: in the future (only what is past can be corrected; end it at the latest now)",
    ),
    (
        _text({"end": "2026-11-20T03:00:00Z"}),
        "corrections.yml:3:8: ends before it starts (swap start and end)",
    ),
    (
        _text({"start": "2026-11-20T03:00:00"}),
        "corrections.yml:2:10: start: 2026-11-20T03:00:00 has no offset (write it as 2026-11-20T03:00:00Z)",
    ),
    (
        _text({"start": "yesterday"}),
        "corrections.yml:2:10: start: Invalid isoformat string: 'yesterday' (write it as 2026-11-20T03:00:00Z)",
    ),
    (
        _text({"decided": "2026-11-23"}),
        "corrections.yml:5:12: decided in the future (a correction is written when it is decided)",
    ),
    (
        _text({"decided": "Friday"}),
        "corrections.yml:5:12: decided: 'Friday' is not a valid date (write it as 2026-11-21)",
    ),
    (
        _text({"evidence": None}),
        "corrections.yml:1:3: the correction has no evidence (add evidence: a link to what shows it)",
    ),
    (
        _text({"evidence": '""'}),
        "corrections.yml:7:13: evidence is empty (add evidence: a link to what shows it)",
    ),
    (
        _text({"why": None}),
        "corrections.yml:1:3: the correction has no why (say why in one sentence)",
    ),
    (
        _text({"becomse": "up"}),
        "corrections.yml:8:3: unknown key becomse (did you mean becomes?)",
    ),
    (
        _text({}, {"start": "2026-11-20T03:03:59Z", "end": "2026-11-20T05:00:00Z"}),
        "corrections.yml:9:10: overlaps the correction on line 1 (a second has one correction at most)",
    ),
    (
        "service: api\n",
        (
            "corrections.yml:1:1: not a list of corrections (write a list: "
            "- {service: api, start: 2026-11-20T03:00:00Z, end: ..., becomes: up, ...})"
        ),
    ),
]


@pytest.mark.parametrize(("text", "told"), BAD, ids=[told.split(": ", 1)[1][:40] for _, told in BAD])
def test_invalid_correction_is_reported_with_its_place(text: str, told: str) -> None:
    assert _told(text) == [told]


def test_adjacent_corrections_and_those_of_two_services_are_valid() -> None:
    after = {"start": "2026-11-20T03:04:00Z", "end": "2026-11-20T05:00:00Z"}
    held, problems = parse_corrections(
        _text({}, after, {"service": "smtp"}), "corrections.yml", SERVICES, NOW
    )
    assert not problems
    assert len(held) == 3


def test_invalid_correction_leaves_the_others_in_force() -> None:
    later = {"start": "2026-11-20T13:00:00Z", "end": "2026-11-20T14:00:00Z"}
    held, problems = parse_corrections(_text({"service": "nope"}, later), "corrections.yml", SERVICES, NOW)
    assert len(held) == len(problems) == 1


def test_first_of_two_overlapping_corrections_holds() -> None:
    held, problems = parse_corrections(_text({}, {"becomes": "unknown"}), "corrections.yml", SERVICES, NOW)
    assert [correction.becomes for correction in held] == [Outcome.UP]
    assert len(problems) == 1
