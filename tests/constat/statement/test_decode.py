"""A statement that may come from anyone: it is read whole, or refused in one sentence."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constat.errors import EvidenceError
from constat.statement import EvidenceFiles, build_content, decode_statement, encode_statement, verify_month
from constat.text.canonical import encode_canonical
from outside.evidence.statements import read_frozen_months
from tests.support.frozen_project import freeze_all, write_frozen_project


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_frozen_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    return root


@pytest.fixture(scope="module")
def october(frozen: Path) -> bytes:
    return read_frozen_months(frozen)[-1].current.data


def test_statement_is_written_back_unchanged(frozen: Path) -> None:
    """To the byte, though shares are counted again from the seconds."""
    for month in read_frozen_months(frozen):
        assert encode_statement(month.current.statement) == month.current.data


BAD: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another schema": (lambda fields: fields.update(schema=2), "it is of another schema, or not final"),
    "not final": (lambda fields: fields.update(status="draft"), "it is of another schema, or not final"),
    "no month": (
        lambda fields: fields.update(month="../../etc/passwd"),
        "'../../etc/passwd' is not a valid month",
    ),
    "a path of its own": (
        lambda fields: fields["evidence"][0].update(path="../status.yml"),
        "'../status.yml' is not a path of evidence",
    ),
    "an absolute path": (
        lambda fields: fields["evidence"][0].update(path="/etc/passwd"),
        "'/etc/passwd' is not a path of evidence",
    ),
    "a path with a line break": (
        lambda fields: fields["evidence"][0].update(path="2026/10/2026-10-01.csv\n"),
        "is not a path of evidence",
    ),
    "another month's tickets": (
        lambda fields: fields["evidence"][-1].update(path="statements/2026-09.tickets.csv"),
        "'statements/2026-09.tickets.csv' is not a path of evidence",
    ),
    "no hash": (
        lambda fields: fields["evidence"][0].update(sha256="abc"),
        "'abc' is not a SHA-256 in hexadecimal",
    ),
    "a path of the old one": (
        lambda fields: fields.update(supersedes={"path": "../x.json", "sha256": "0" * 64, "why": "so"}),
        "'../x.json' is not a path of a statement",
    ),
    "no verdict": (lambda fields: fields["services"][0].update(verdict="fine"), "'fine' is not a verdict"),
    "a float": (lambda fields: fields["services"][0]["seconds"].update(up=1.5), "1.5 is not a whole number"),
    "counts nothing": (lambda fields: fields["services"][0].update(counts="some"), "counts is 'some'"),
    "a service less its rules": (lambda fields: fields["services"][0].pop("rules"), "'rules' is missing"),
    "no offset": (lambda fields: fields.update(start="2026-10-01T00:00:00"), "has no offset"),
    "a list": (lambda fields: fields.update(services=7), "is not a valid statement"),
}


@pytest.mark.parametrize("name", BAD)
def test_invalid_statement_is_refused_with_its_name_and_reason(october: bytes, name: str) -> None:
    change, why = BAD[name]
    fields = json.loads(october)
    change(fields)
    with pytest.raises(EvidenceError) as told:
        decode_statement(json.dumps(fields).encode(), "statements/2026-10.json")
    assert str(told.value).startswith("statements/2026-10.json is not a valid statement: ")
    assert why in str(told.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"schema":NaN}',
        b'{"schema":1e999}',
        b'"\\ud800"',
    ],
)
def test_invalid_json_is_refused(data: bytes) -> None:
    with pytest.raises(EvidenceError, match="is not a valid statement"):
        decode_statement(data, "x")


def _places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of some JSON."""
    yield way
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _places(inner, (*way, key))


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_untrusted_statement_is_reported_on_or_refused(october: bytes, data: st.DataObject) -> None:
    """Any one value replaced by anything: never another error. Nothing of it can be recomputed here, only read."""
    fields = json.loads(october)
    way = data.draw(st.sampled_from([way for way in _places(fields) if way]))
    inner = fields
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = data.draw(_JSON)
    changed = encode_canonical(fields).encode("utf-8", "surrogatepass") + b"\n"
    try:
        report = verify_month(changed, "x", EvidenceFiles({}, complete=False))
    except EvidenceError:
        return
    assert report.month == fields["month"]


def test_the_content_of_a_read_statement_is_what_was_written(october: bytes) -> None:
    assert build_content(decode_statement(october, "x")) == json.loads(october)


@pytest.mark.parametrize(
    ("seconds", "credit", "words"),
    [
        ((1000, 0, 0), ("0", "0"), "0 %, certain"),
        ((985, 15, 0), ("10", "10"), "10 %, certain"),
        ((995, 0, 30), ("0", "0"), "0 %, between 0 % and 25 %"),
        ((970, 11, 19), ("10", "10"), "10 %, between 10 % and 25 %"),
        ((950, 10, 40), ("10", "0"), "10 %, between 0 % and 25 %"),
        ((0, 0, 1000), (None, "0"), "not measured"),
        ((0, 0, 0), (None, None), "nothing counts"),
    ],
)
def test_credit_is_reported_with_its_certainty(
    october: bytes, seconds: tuple[int, int, int], credit: tuple[str | None, str | None], words: str
) -> None:
    """10 % is owed below 99 %, 25 % below 98 %; unmeasured time gives no certain credit."""
    fields = json.loads(october)
    service = fields["services"][0]
    up, down, unknown = seconds
    service["seconds"] = {"window": sum(seconds), "up": up, "degraded": 0, "down": down, "unknown": unknown}
    service["maintenance"] = dict.fromkeys(service["maintenance"], 0)
    service["credit"] = dict(zip(("observed", "certain"), credit, strict=True))
    service["rules"]["credits"] = [{"below": "99", "percent": "10"}, {"below": "98", "percent": "25"}]
    report = verify_month(encode_canonical(fields).encode() + b"\n", "x", EvidenceFiles({}, complete=False))
    assert report.rows[0].credit == words
