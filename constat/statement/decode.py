"""The reading of a statement. It may come from anyone, so every value is validated."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from constat.availability import compute_availability
from constat.errors import EvidenceError
from constat.history import REGISTER
from constat.interval import Instant, Interval, parse_instant
from constat.model import (
    AnnouncedWindow,
    Budget,
    CheckCount,
    Contract,
    CreditDue,
    EvidenceFile,
    Figures,
    LevelFigures,
    MaintenanceVersion,
    Outage,
    PreviousStatement,
    RecordedRules,
    Seconds,
    ServiceStatement,
    Statement,
    SupersededStatement,
    Uncorrected,
    Verdict,
)
from constat.register.line_reader import read_correction, read_rules, read_version
from constat.register.values import describe_fault, read_hash, read_percentage, read_text
from constat.statement.encode import FINAL, SCHEMA
from constat.statement.scope import EVIDENCE_PATH, is_month
from constat.text.canonical import encode_canonical
from constat.text.safe_json import load_json

Fields = Mapping[str, Any]

_OLD_PATH = re.compile(r"statements/\d{4}-\d{2}\.\d{1,4}\.json")


def decode_statement(data: bytes, name: str) -> Statement:
    """Read a statement; `name` is its name in messages. Shares are computed again from its seconds.

    Raises:
        EvidenceError: it is not a valid statement.

    """
    try:
        return _read_statement(read_json(data))
    except KeyError as error:
        raise EvidenceError(f"{name} is not a valid statement: {error} is missing") from error
    except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
        raise EvidenceError(f"{name} is not a valid statement: {describe_fault(error)}") from error


def read_json(data: bytes) -> Any:  # noqa: ANN401 -- plain JSON values
    """Read JSON that can be written again in the same way: whole numbers only, and text in UTF-8.

    Raises:
        ValueError: it is something else.

    """
    fields = load_json(data, parse_float=_no_float)
    encode_canonical(fields).encode()
    return fields


def _no_float(text: str) -> float:
    raise ValueError(f"{text} is not a whole number")


def _read_statement(fields: Fields) -> Statement:
    if (fields["schema"], fields["status"]) != (SCHEMA, FINAL):
        raise ValueError("it is of another schema, or not final")
    month = _read_month(fields["month"])
    window = Interval(parse_instant(fields["start"]), parse_instant(fields["end"]))
    return Statement(
        month=month,
        timezone=read_text(fields["timezone"]),
        window=window,
        frozen_at=parse_instant(fields["frozen_at"]),
        contract=_read_contract(fields["contract"]),
        services=tuple(_read_service(service, window) for service in fields["services"]),
        support=tuple(_read_level(level) for level in fields["support"]),
        maintenance=tuple(_read_window(notice) for notice in fields["maintenance"]),
        corrections=tuple(read_correction(line) for line in fields["corrections"]),
        late_rows=_read_whole(fields["late_rows"]),
        changes=tuple(_read_change(line) for line in fields["changes"]),
        evidence=tuple(_read_file(file, month) for file in fields["evidence"]),
        previous=_read_previous(fields["previous"]),
        supersedes=_read_superseded(fields["supersedes"]),
    )


def _read_contract(fields: Fields | None) -> Contract | None:
    return None if fields is None else Contract(read_text(fields["version"]), read_text(fields["url"]))


def _read_service(fields: Fields, window: Interval) -> ServiceStatement:
    before = fields["uncorrected"]
    first = fields["first"]
    return ServiceStatement(
        figures=_read_figures(fields, window),
        uncorrected=None
        if before is None
        else Uncorrected(_read_seconds(before["seconds"]), _read_share(before["availability"])),
        begins=parse_instant(first["service"]),
        firsts={read_text(check): _read_instant(at) for check, at in first["checks"].items()},
        rules=read_rules(fields["rules"]),
    )


def _read_figures(fields: Fields, window: Interval) -> Figures:
    seconds, maintenance = _read_seconds(fields["seconds"]), _read_seconds(fields["maintenance"])
    counts = fields["counts"]
    if counts not in ("all", "without_maintenance"):
        raise ValueError(f"counts is {counts!r}")
    return Figures(
        service=read_text(fields["id"]),
        window=window,
        counts=counts,
        target=None if fields["target"] is None else Decimal(read_text(fields["target"])),
        min_coverage=read_rules(fields["rules"]).min_coverage,
        seconds=seconds,
        maintenance=maintenance,
        all=compute_availability(seconds),
        without_maintenance=compute_availability(seconds - maintenance),
        verdict_all=_read_verdict(fields["all"]["verdict"]),
        verdict_without=_read_verdict(fields["without_maintenance"]["verdict"]),
        verdict=_read_verdict(fields["verdict"]),
        budget=_read_budget(fields["budget"]),
        vantages={
            read_text(name): CheckCount(_read_whole(count["expected"]), _read_whole(count["made"]))
            for name, count in fields["checks"]["vantages"].items()
        },
        longest_gap_s=_read_whole(fields["longest_gap_s"]),
        outages=tuple(_read_outage(outage) for outage in fields["outages"]),
        credit=_read_credit(fields["credit"]),
        late_s=_read_whole(fields["late_s"]),
    )


def _read_budget(fields: Fields | None) -> Budget | None:
    return None if fields is None else Budget(**{key: _read_whole(value) for key, value in fields.items()})


def _read_credit(fields: Fields | None) -> CreditDue | None:
    if fields is None:
        return None
    return CreditDue(_read_percent(fields["observed"]), _read_percent(fields["certain"]))


def _read_percent(value: object) -> Decimal | None:
    return None if value is None else read_percentage(value)


def _read_seconds(fields: Fields) -> Seconds:
    parts = ("up", "degraded", "down", "unknown")
    return Seconds(*(_read_whole(fields[part]) for part in parts))


def _read_verdict(value: object) -> Verdict | None:
    if value is None:
        return None
    for verdict in get_args(Verdict):
        if value == verdict:
            known: Verdict = verdict
            return known
    raise ValueError(f"{value!r} is not a verdict")


def _read_outage(fields: Fields) -> Outage:
    return Outage(
        _read_instant(fields["start"]),
        _read_instant(fields["end"]),
        _read_whole(fields["maintenance_s"]),
        read_text(fields["reason"]),
    )


def _read_level(fields: Fields) -> LevelFigures:
    verdict = fields["verdict"]
    if verdict not in ("met", "missed", "no_data"):
        raise ValueError(f"{verdict!r} is not a verdict of support")
    return LevelFigures(
        read_text(fields["level"]),
        read_text(fields["target"]),
        _read_whole(fields["tickets"]),
        _read_whole(fields["late"]),
        _read_share(fields["in_time"]),
        None if fields["median_s"] is None else _read_whole(fields["median_s"]),
        None if fields["longest_s"] is None else _read_whole(fields["longest_s"]),
        verdict,
    )


def _read_window(fields: Fields) -> AnnouncedWindow:
    slug = read_text(fields["slug"])
    return AnnouncedWindow(slug, tuple(_read_version(slug, version) for version in fields["versions"]))


def _read_version(slug: str, fields: Fields) -> MaintenanceVersion:
    return read_version({**fields, "slug": slug})


def _read_change(fields: Fields) -> RecordedRules:
    rules = None if fields["rules"] is None else read_rules(fields["rules"])
    return RecordedRules(_read_instant(fields["at"]), read_text(fields["service"]), rules)


def _read_file(fields: Fields, month: str) -> EvidenceFile:
    path = read_text(fields["path"])
    tickets = path.startswith("statements/")
    if not EVIDENCE_PATH.fullmatch(path) or (tickets and path != f"statements/{month}.tickets.csv"):
        raise ValueError(f"{path!r} is not a path of evidence")
    sha256 = read_hash(fields["sha256"])
    if path == REGISTER:
        return EvidenceFile(path, sha256, lines=_read_whole(fields["lines"]))
    if tickets:
        return EvidenceFile(path, sha256)
    sealed = None if fields["sealed"] is None else _read_instant(fields["sealed"])
    return EvidenceFile(path, sha256, bytes=_read_whole(fields["bytes"]), sealed=sealed)


def _read_previous(fields: Fields | None) -> PreviousStatement | None:
    if fields is None:
        return None
    return PreviousStatement(_read_month(fields["month"]), read_hash(fields["sha256"]))


def _read_superseded(fields: Fields | None) -> SupersededStatement | None:
    if fields is None:
        return None
    path = read_text(fields["path"])
    if not _OLD_PATH.fullmatch(path):
        raise ValueError(f"{path!r} is not a path of a statement")
    return SupersededStatement(path, read_hash(fields["sha256"]), read_text(fields["why"]))


def _read_month(value: object) -> str:
    text = read_text(value)
    if not is_month(text):
        raise ValueError(f"{text!r} is not a valid month")
    return text


def _read_share(value: object) -> Fraction | None:
    return None if value is None else Fraction(Decimal(read_text(value))) / 100


def _read_instant(value: object) -> Instant:
    return parse_instant(read_text(value))


def _read_whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value
