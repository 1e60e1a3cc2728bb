"""The register's lines: read, written in one spelling, and left out where they cannot be read."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.model import Outcome, Register
from constat.register import line_writer, parse_register, write_seal

NOW = 1 << 37
"""Later than any line."""
VECTORS = Path(__file__).parents[2] / "vectors"

SERVICE = (
    '{"at":"2026-09-01T00:00:04Z","kind":"service","id":"smtp","rules":{"interval_s":60,"target":"99",'
    '"min_coverage":"99","require":"all","maintenance":{"counts":true,"notice_s":0,"cap_s":null},"checks":'
    '{"submission":{"affects":"availability","interval_s":60,"quorum":1,"vantages":["gha"]}}}}'
)
AGREED = SERVICE.replace('"target":"99"', '"target":null').replace(
    '["gha"]}}}}',
    '["gha"],"kind":"smtp","subject":"relay.example:587"}},"hours":[{"days":["mon","fri"],"from":"22:00",'
    '"to":"04:00","zone":"Europe/Zurich","holidays":["2026-12-25"]}],"credits":[{"below":"99.9","percent":"5"}]}}',
)
GONE = '{"at":"2026-10-01T00:00:04Z","kind":"service","id":"smtp","rules":null}'
BOUNDED = SERVICE.replace("}}}}", '}},"since":"2026-09-01","retired":"2027-01-01"}}')
MAINTENANCE = (
    '{"at":"2026-11-20T09:00:31Z","kind":"maintenance","slug":"2026-12-01-smtp-relay","services":["api","smtp"],'
    '"starts":"2026-12-01T21:00:00Z","ends":"2026-12-02T00:00:00Z","cancelled":false}'
)
CORRECTION = (
    '{"at":"2026-11-21T08:00:02Z","kind":"correction","service":"api","start":"2026-11-20T03:00:00Z",'
    '"end":"2026-11-20T03:04:00Z","becomes":"up","decided":"2026-11-21","why":"certificat périmé",'
    '"evidence":"https://wiki.maxony.example/42"}'
)
WITHDRAWN = CORRECTION.replace('"becomes":"up"', '"becomes":null')
PAGE = '{"at":"2026-09-01T00:00:04Z","kind":"page","timezone":"Europe/Zurich"}'
SUPPORT = (
    '{"at":"2026-09-01T00:00:04Z","kind":"support","hours":[{"region":"Europe","days":["mon","fri"],"from":"08:00",'
    '"to":"17:00","zone":"+01:00","holidays":["2026-12-25"]}],"clock":"union","levels":[{"id":"first","target":"4h"}]}'
)
SEALED = (
    '{"at":"2026-11-29T01:03:00Z","kind":"seal","path":"2026/11/2026-11-28.csv","bytes":412345,"rows":6486,'
    f'"sha256":"{"4" * 64}","register":{{"lines":41,"sha256":"{"6" * 64}"}}}}'
)
LINES = [SEALED, SERVICE, AGREED, GONE, BOUNDED, MAINTENANCE, CORRECTION, WITHDRAWN, PAGE, SUPPORT]


def _written(register: Register) -> list[str]:
    """Every line of a register as we write it, by kind."""
    return [
        *map(line_writer.write_service, register.services),
        *map(line_writer.write_maintenance, register.maintenance),
        *map(line_writer.write_correction, register.corrections),
        *map(line_writer.write_page, register.pages),
        *map(line_writer.write_support, register.support),
        *map(write_seal, register.seals),
    ]


@pytest.mark.parametrize(
    "line",
    LINES,
    ids=[
        "seal",
        "rules",
        "agreed",
        "gone",
        "since",
        "window",
        "correction",
        "withdrawn",
        "page",
        "support",
    ],
)
def test_line_is_written_back_unchanged(line: str) -> None:
    """To the byte: the order of the keys, the spelling of numbers and times, no spaces, letters as they are."""
    register = parse_register(line + "\n", "history/register.jsonl", NOW)
    assert not register.skipped
    assert _written(register) == [line]


def test_every_register_of_the_worked_cases_is_written_as_it_was_read() -> None:
    for path in sorted(VECTORS.glob("*/history/register.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            register = parse_register(line, "register.jsonl", NOW)  # alone, it keeps its own time
            assert not register.skipped
            assert _written(register) == [line]


def test_rules_are_read_from_the_line() -> None:
    recorded = parse_register(BOUNDED, "register.jsonl", NOW).services[0]
    assert recorded.rules
    assert (recorded.rules.target, recorded.rules.min_coverage) == (Decimal(99), Decimal(99))
    assert str(recorded.rules.since) == "2026-09-01"
    assert (recorded.rules.hours, recorded.rules.credits) == ((), ())
    assert recorded.rules.checks["submission"].vantages == ("gha",)
    assert parse_register(CORRECTION, "register.jsonl", NOW).corrections[0].becomes is Outcome.UP


BAD = {
    "{": "the register's line cannot be read: not JSON from column 2 on: Expecting property name",
    "[]": "the register's line cannot be read",
    "null": "the register's line cannot be read",
    "\x00\x01": "the register's line cannot be read",
    '{"at":"2026-09-01T00:00:04Z"}': "the register's line lacks 'kind'",
    '{"kind":"weather"}': "it is of no known kind: 'weather'",
    PAGE.replace("at", "when"): "the register's line lacks 'at'",
    PAGE.replace("04Z", "04"): "has no offset",
    PAGE.replace('"Europe/Zurich"', "1"): "1 is not text",
    SERVICE.replace('"all"', '"most"'): "'most' is not one of all, any",
    SERVICE.replace('"availability"', '"all"'): "'all' is not one of availability, performance, nothing",
    SERVICE.replace('"target":"99"', '"target":99'): "99 is not text",
    SERVICE.replace('"target":"99"', '"target":"NaN"'): "'NaN' is not a percentage",
    SERVICE.replace('"quorum":1', '"quorum":0'): "0 is not a whole number of at least 1",
    SERVICE.replace('"counts":true', '"counts":1'): "1 is neither true nor false",
    AGREED.replace("22:00", "22:00+01:00"): "'22:00+01:00' is not a time of day",
    AGREED.replace("22:00", "24:00"): "'24:00' is not a time of day",
    AGREED.replace("Europe/Zurich", "Europe"): 'there is no time zone "Europe"',
    AGREED.replace("Europe/Zurich", "Mars/Base"): 'there is no time zone "Mars/Base"',
    AGREED.replace("Europe/Zurich", "+77:00"): 'there is no time zone "+77:00"',
    AGREED.replace('"mon"', '"moon"'): "tuple.index(x): x not in tuple",
    AGREED.replace('"5"', "5"): "5 is not text",
    AGREED.replace('"percent"', '"per"'): "the register's line lacks 'percent'",
    AGREED.replace('"subject":"', '"subject":5,"x":"'): "5 is not text",
    CORRECTION.replace('"up"', '"fine"'): "'fine' is not a valid Outcome",
    MAINTENANCE[:60]: "the register's line cannot be read",
}


@pytest.mark.parametrize(("line", "why"), BAD.items(), ids=range(len(BAD)))
def test_bad_line_is_skipped_and_named(line: str, why: str) -> None:
    """The lines around it hold; it is named with its file and line."""
    register = parse_register(f"{SERVICE}\n{line}\n\n{MAINTENANCE}\n", "history/register.jsonl", NOW)
    assert len(register.services) == len(register.maintenance) == 1
    (skipped,) = register.skipped
    assert (skipped.path, skipped.count, skipped.line) == ("history/register.jsonl", 1, 2)
    assert why in skipped.why


def test_invalid_utf_8_affects_only_its_line() -> None:
    register = parse_register(SERVICE.encode() + b"\n\xff\xfe\n" + PAGE.encode(), "register.jsonl", NOW)
    assert len(register.services) == len(register.pages) == len(register.skipped) == 1


_MUTATIONS = st.sampled_from(
    ['"\\ud800"', "[" * 100_000, "9" * 5000, "-1e999", "NaN", "{}", "[]", "null", '""', "true", '{"x":[0]}']
)


@given(st.sampled_from(LINES), st.data())
def test_line_with_any_value_replaced_is_read_or_reported(line: str, data: st.DataObject) -> None:
    """Any value may be replaced: nothing is raised, and the lines around it are read."""
    spans = [match.span() for match in re.finditer(r'"[^"]*"(?!:)|\d+|true|false|null', line)]
    start, end = data.draw(st.sampled_from(spans))
    changed = line[:start] + data.draw(_MUTATIONS) + line[end:]
    register = parse_register(f"{PAGE}\n{changed}\n{GONE}\n", "history/register.jsonl", NOW)
    assert register.pages
    assert register.services
    assert all(skipped.line == 2 and len(skipped.why) < 300 for skipped in register.skipped)
    for written in _written(register):
        written.encode()


@given(st.sampled_from(LINES), st.data())
def test_line_with_any_key_missing_is_skipped_and_named(line: str, data: st.DataObject) -> None:
    fields = json.loads(line)
    del fields[data.draw(st.sampled_from(sorted(fields)))]
    register = parse_register(json.dumps(fields), "history/register.jsonl", NOW)
    assert [skipped.why[:25] for skipped in register.skipped] == ["the register's line lacks"]
