"""The reading of the register's lines, one JSON object each. A line that cannot be read is left out and named."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from constat.interval import Instant, parse_instant
from constat.model import (
    BackdatedLine,
    CheckRules,
    Correction,
    Credit,
    MaintenanceRules,
    MaintenanceVersion,
    Outcome,
    RecordedPage,
    RecordedRules,
    RecordedText,
    RecordedWords,
    Register,
    Seal,
    ServiceRules,
    SkippedRows,
    Withdrawn,
)
from constat.register.effective_times import compute_effective_times, find_void_lines, is_backdated
from constat.register.hours_json import read_hours
from constat.register.posted_texts import read_words
from constat.register.seals import hash_line, read_seal, read_withdrawn
from constat.register.support_promise import read_promise
from constat.register.values import (
    describe_fault,
    read_affects,
    read_flag,
    read_percentage,
    read_require,
    read_text,
    read_whole,
)
from constat.text.canonical import encode_canonical
from constat.text.safe_json import load_json_line

Fields = Mapping[str, Any]
Content = (
    RecordedRules
    | MaintenanceVersion
    | Correction
    | RecordedPage
    | RecordedText
    | RecordedWords
    | Seal
    | Withdrawn
)
"""What a line records. Its `at` is the line's own until the effective times are known."""


class RegisterLine(NamedTuple):
    """A readable line of the register: its number, counted from 1, its kind, and what it records."""

    number: int
    kind: str
    content: Content

    @property
    def at(self) -> Instant:
        """The line's own time."""
        return self.content.at

    @property
    def is_seal(self) -> bool:
        """Whether it is a seal."""
        return self.kind == "seal"


class RegisterLines(NamedTuple):
    """The readable lines of a register in the order of the file, and those that cannot be read. `file` names it."""

    file: str
    readable: tuple[RegisterLine, ...]
    unreadable: tuple[SkippedRows, ...]


def parse_register(text: str | bytes, file: str, now: Instant) -> Register:
    """Read a register as it stands at `now`, with every line at its effective time.

    Lines that cannot be read and lines that are void are left out, each named in `Register.skipped`.
    """
    return settle_lines(read_lines(text, file), now)


def read_lines(text: str | bytes, file: str) -> RegisterLines:
    """Read the lines of a register, each with its own time."""
    data = text.encode() if isinstance(text, str) else text
    readable: list[RegisterLine] = []
    unreadable: list[SkippedRows] = []
    for number, raw in enumerate(data.split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            readable.append(_read_line(number, raw))
        except KeyError as error:
            unreadable.append(SkippedRows(file, 1, number, f"the register's line lacks {error}"))
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            why = f"the register's line cannot be read: {describe_fault(error)}"
            unreadable.append(SkippedRows(file, 1, number, why))
    return RegisterLines(file, tuple(readable), tuple(unreadable))


def settle_lines(lines: RegisterLines, now: Instant) -> Register:
    """Leave out void lines, and give every other one its effective time."""
    void = find_void_lines(lines.readable, now)
    left_out = [
        *lines.unreadable,
        *(SkippedRows(lines.file, 1, line.number, f"the register's line: {line}") for line in void.values()),
    ]
    counting = [line for line in lines.readable if line.number not in void]
    effective = tuple(compute_effective_times(counting))
    register = build_register(map(_settle, counting, effective))
    return register._replace(
        skipped=tuple(sorted(left_out, key=lambda rows: rows.line)),
        backdated=tuple(
            BackdatedLine(lines.file, line.number, line.at, at)
            for line, at in zip(counting, effective, strict=True)
            if is_backdated(line.at, at, now)
        ),
    )


def list_counting_lines(lines: RegisterLines, now: Instant) -> tuple[RegisterLine, ...]:
    """The lines that are not void, each at its effective time."""
    void = find_void_lines(lines.readable, now)
    counting = [line for line in lines.readable if line.number not in void]
    return tuple(map(_settle, counting, compute_effective_times(counting)))


def build_register(lines: Iterable[RegisterLine]) -> Register:
    """Sort lines by their kind, each kind in the order of the file."""
    contents: defaultdict[str, list[Any]] = defaultdict(list)
    for line in lines:
        contents[line.kind].append(line.content)
    return Register(
        services=tuple(contents["service"]),
        maintenance=tuple(contents["maintenance"]),
        corrections=tuple(contents["correction"]),
        pages=tuple(contents["page"]),
        support=tuple(contents["support"]),
        words=tuple(contents["words"]),
        seals=tuple(contents["seal"]),
        withdrawn=tuple(contents["withdrawn"]),
    )


def _settle(line: RegisterLine, effective: Instant) -> RegisterLine:
    """The line with its effective time. A seal keeps its own beside it, which its hash depends on."""
    match line.content:
        case Seal():
            return line._replace(content=line.content._replace(recorded_at=effective))
        case Correction():
            return line._replace(content=replace(line.content, at=effective))
        case _:
            return line._replace(content=line.content._replace(at=effective))


def _read_line(number: int, raw: bytes) -> RegisterLine:
    fields = load_json_line(raw)
    if not isinstance(fields, dict):
        raise TypeError("it is not an object")
    kind = read_text(fields["kind"])
    if kind not in _READERS:
        raise ValueError(f"it is of no known kind: {kind!r}")
    content = _READERS[kind](fields)
    if isinstance(content, Seal):
        content = content._replace(line=number, line_sha256=hash_line(raw))
    if isinstance(content, Withdrawn):
        content = content._replace(line=number)
    return RegisterLine(number, kind, content)


def _read_service(line: Fields) -> Content:
    rules = None if line["rules"] is None else read_rules(line["rules"])
    return RecordedRules(parse_instant(line["at"]), read_text(line["id"]), rules)


def read_version(fields: Fields) -> MaintenanceVersion:
    """Read one version of an announced window from its JSON."""
    return MaintenanceVersion(
        parse_instant(fields["at"]),
        read_text(fields["slug"]),
        tuple(read_text(service) for service in fields["services"]),
        parse_instant(fields["starts"]),
        parse_instant(fields["ends"]),
        read_flag(fields["cancelled"]),
    )


def read_correction(fields: Fields) -> Correction:
    """Read a correction from its JSON."""
    return Correction(
        parse_instant(fields["at"]),
        read_text(fields["service"]),
        parse_instant(fields["start"]),
        parse_instant(fields["end"]),
        None if fields["becomes"] is None else Outcome(fields["becomes"]),
        date.fromisoformat(fields["decided"]),
        read_text(fields["why"]),
        read_text(fields["evidence"]),
    )


def _read_page(line: Fields) -> Content:
    return RecordedPage(parse_instant(line["at"]), read_text(line["timezone"]), read_text(line.get("id", "")))


def _read_support(line: Fields) -> Content:
    content = encode_canonical({key: line[key] for key in ("hours", "clock", "levels")})
    read_promise(content)
    return RecordedText(parse_instant(line["at"]), content)


_READERS: Mapping[str, Callable[[Fields], Content]] = {
    "service": _read_service,
    "maintenance": read_version,
    "correction": read_correction,
    "page": _read_page,
    "support": _read_support,
    "words": read_words,
    "seal": read_seal,
    "withdrawn": read_withdrawn,
}


def read_rules(fields: Fields) -> ServiceRules:
    """Read a service's rules from their JSON."""
    maintenance = fields["maintenance"]
    cap_s = maintenance["cap_s"]
    return ServiceRules(
        read_whole(fields["interval_s"], at_least=1),
        None if fields["target"] is None else read_percentage(fields["target"]),
        read_percentage(fields["min_coverage"]),
        read_require(fields["require"]),
        MaintenanceRules(
            read_flag(maintenance["counts"]),
            read_whole(maintenance["notice_s"]),
            None if cap_s is None else read_whole(cap_s),
        ),
        {read_text(name): _read_check(check) for name, check in fields["checks"].items()},
        date.fromisoformat(fields["since"]) if fields.get("since") is not None else None,
        date.fromisoformat(fields["retired"]) if fields.get("retired") is not None else None,
        tuple(read_hours(hours) for hours in fields.get("hours", ())),
        tuple(_read_credit(credit) for credit in fields.get("credits", ())),
    )


def _read_credit(fields: Fields) -> Credit:
    return Credit(read_percentage(fields["below"]), read_percentage(fields["percent"]))


def _read_check(fields: Fields) -> CheckRules:
    return CheckRules(
        read_affects(fields["affects"]),
        read_whole(fields["interval_s"], at_least=1),
        read_whole(fields["quorum"], at_least=1),
        tuple(read_text(vantage) for vantage in fields["vantages"]),
        read_text(fields.get("kind", "")),
        read_text(fields.get("subject", "")),
    )
