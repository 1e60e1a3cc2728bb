"""The reading of the register's lines, one JSON object each. A line that cannot be read is left out and named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast, get_args

from constat.interval import parse_instant
from constat.model import (
    Affects,
    CheckRules,
    Correction,
    MaintenanceRules,
    MaintenanceVersion,
    Outcome,
    RecordedRules,
    RecordedText,
    RecordedWords,
    Register,
    Require,
    ServiceRules,
    SkippedRows,
)
from constat.register.posted_texts import read_words
from constat.register.support_promise import read_promise
from constat.text.canonical import encode_canonical
from constat.text.safe_json import load_json

_NUMBER = re.compile(r"\d{1,3}(\.\d{1,12})?")

_LONGEST_WHY = 200
"""Characters of a reason that quotes what was found."""

Fields = Mapping[str, Any]


@dataclass(slots=True)
class _Lines:
    """The lines of each kind while a register is read."""

    services: list[RecordedRules] = field(default_factory=list)
    maintenance: list[MaintenanceVersion] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    timezones: list[RecordedText] = field(default_factory=list)
    support: list[RecordedText] = field(default_factory=list)
    words: list[RecordedWords] = field(default_factory=list)
    skipped: list[SkippedRows] = field(default_factory=list)


def parse_register(text: str | bytes, file: str) -> Register:
    """Read a register. Lines that cannot be read are left out, each named in `Register.skipped`."""
    data = text.encode() if isinstance(text, str) else text
    lines = _Lines()
    for number, raw in enumerate(data.split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            _read(load_json(raw), lines)
        except KeyError as error:
            lines.skipped.append(SkippedRows(file, 1, number, f"the register's line lacks {error}"))
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            why = str(error)[:_LONGEST_WHY]
            lines.skipped.append(SkippedRows(file, 1, number, f"the register's line cannot be read: {why}"))
    return Register(
        tuple(lines.services),
        tuple(lines.maintenance),
        tuple(lines.corrections),
        tuple(lines.timezones),
        tuple(lines.support),
        tuple(lines.words),
        tuple(lines.skipped),
    )


def _read(line: Fields, lines: _Lines) -> None:
    if not isinstance(line, dict):
        raise TypeError("it is not an object")
    kind = _text(line["kind"])
    if kind not in _READERS:
        raise ValueError(f"it is of no known kind: {kind!r}")
    _READERS[kind](line, lines)


def _read_service(line: Fields, lines: _Lines) -> None:
    rules = None if line["rules"] is None else read_rules(line["rules"])
    lines.services.append(RecordedRules(parse_instant(line["at"]), _text(line["id"]), rules))


def _read_maintenance(line: Fields, lines: _Lines) -> None:
    lines.maintenance.append(read_version(line))


def read_version(fields: Fields) -> MaintenanceVersion:
    """Read one version of an announced window from its JSON."""
    return MaintenanceVersion(
        parse_instant(fields["at"]),
        _text(fields["slug"]),
        tuple(_text(service) for service in fields["services"]),
        parse_instant(fields["starts"]),
        parse_instant(fields["ends"]),
        _flag(fields["cancelled"]),
    )


def _read_correction(line: Fields, lines: _Lines) -> None:
    lines.corrections.append(read_correction(line))


def read_correction(fields: Fields) -> Correction:
    """Read a correction from its JSON."""
    return Correction(
        parse_instant(fields["at"]),
        _text(fields["service"]),
        parse_instant(fields["start"]),
        parse_instant(fields["end"]),
        None if fields["becomes"] is None else Outcome(fields["becomes"]),
        date.fromisoformat(fields["decided"]),
        _text(fields["why"]),
        _text(fields["evidence"]),
    )


def _read_page(line: Fields, lines: _Lines) -> None:
    lines.timezones.append(RecordedText(parse_instant(line["at"]), _text(line["timezone"])))


def _read_support(line: Fields, lines: _Lines) -> None:
    content = encode_canonical({key: line[key] for key in ("hours", "clock", "levels")})
    read_promise(content)
    lines.support.append(RecordedText(parse_instant(line["at"]), content))


def _read_words(line: Fields, lines: _Lines) -> None:
    lines.words.append(read_words(line))


_READERS: Mapping[str, Callable[[Fields, _Lines], None]] = {
    "service": _read_service,
    "maintenance": _read_maintenance,
    "correction": _read_correction,
    "page": _read_page,
    "support": _read_support,
    "words": _read_words,
}


def read_rules(fields: Fields) -> ServiceRules:
    """Read a service's rules from their JSON."""
    maintenance = fields["maintenance"]
    cap_s = maintenance["cap_s"]
    return ServiceRules(
        _whole(fields["interval_s"], at_least=1),
        _percentage(fields["target"]),
        _percentage(fields["min_coverage"]),
        _require(fields["require"]),
        MaintenanceRules(
            _flag(maintenance["counts"]),
            _whole(maintenance["notice_s"]),
            None if cap_s is None else _whole(cap_s),
        ),
        {_text(name): _read_check(check) for name, check in fields["checks"].items()},
        date.fromisoformat(fields["since"]) if fields.get("since") is not None else None,
        date.fromisoformat(fields["retired"]) if fields.get("retired") is not None else None,
    )


def _read_check(fields: Fields) -> CheckRules:
    return CheckRules(
        _affects(fields["affects"]),
        _whole(fields["interval_s"], at_least=1),
        _whole(fields["quorum"], at_least=1),
        tuple(_text(vantage) for vantage in fields["vantages"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _whole(value: object, *, at_least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
        raise ValueError(f"{value!r} is not a whole number from {at_least} on")
    return value


def _percentage(value: object) -> Decimal:
    text = _text(value)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a percentage")
    return Decimal(text)


def _affects(value: object) -> Affects:
    for choice in get_args(Affects):
        if value == choice:
            return cast("Affects", choice)
    raise ValueError(f"{value!r} is not one of {', '.join(get_args(Affects))}")


def _require(value: object) -> Require:
    for choice in get_args(Require):
        if value == choice:
            return cast("Require", choice)
    raise ValueError(f"{value!r} is not one of {', '.join(get_args(Require))}")
