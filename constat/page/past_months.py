"""What a year at a glance needs of the months before the shown days, as the bytes of a derived file, and back.

Whether it still holds for a service is decided by its basis: the SHA-256 of everything that these figures rest on, which
are the rules, announcements and corrections that can reach into the month, the service's first samples, and the marks of
the day files that the month was counted from.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

from constat.availability import PastMonth, YearDay, list_runs
from constat.history import Index
from constat.interval import DAY_S, Interval
from constat.model import Outage, Register, Status
from constat.text.canonical import encode_canonical

SCHEMA = 2
_RULES_REACH_S = 32 * DAY_S
"""A service that is recorded again within 31 days existed in between (rule 7): later rules reach back so far."""


class KeptMonth(NamedTuple):
    """A month of one service as it was kept, with the basis that it was counted from."""

    basis: str
    past: PastMonth


def build_month_path(month: str) -> str:
    """The path of a month's derived file below `history/`."""
    return f"derived/months/{month}.json"


def describe_basis(
    register: Register, index: Index, month: Interval, days: Iterable[date]
) -> Callable[[str], str]:
    """Describe what the figures of a month rest on: a function that gives the basis of a service, by its id.

    `days` are the local days of the month.
    """
    last = max(days)
    marks = sorted(
        (day, entry.reach, sorted(entry.sources.items()))
        for day, entry in index.days.items()
        if entry.reach > month.start and day <= last
    )
    slugs = {
        each.slug for each in register.maintenance if each.starts < month.end and each.ends > month.start
    }
    versions = [version for version in register.maintenance if version.slug in slugs]
    shared = _hash((SCHEMA, index.zone, month, marks, versions))
    return partial(_hash_basis, register, index, month, shared)


def _hash_basis(register: Register, index: Index, month: Interval, shared: str, service: str) -> str:
    """The basis of one service. Its first rules hold from the beginning on, whenever they were recorded."""
    rules = sorted((line for line in register.services if line.service == service), key=lambda line: line.at)
    corrections = [
        (line.at, line.start, line.end, line.becomes)
        for line in register.corrections
        if line.service == service and line.start < month.end and line.end > month.start
    ]
    firsts = sorted(item for item in index.firsts.items() if item[0][0] == service)
    later = [line for line in rules[1:] if line.at < month.end + _RULES_REACH_S]
    return _hash((shared, service, [line.rules for line in rules[:1]], later, corrections, firsts))


def _hash(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()


def encode_past_month(kept: Mapping[str, KeptMonth]) -> bytes:
    """Encode the services of a month, by id, as a derived file."""
    services = {service: _write_service(one) for service, one in sorted(kept.items())}
    return encode_canonical({"schema": SCHEMA, "services": services}).encode() + b"\n"


def _write_service(kept: KeptMonth) -> dict[str, Any]:
    return {
        "basis": kept.basis,
        "days": [[count, day.date.isoformat(), *day[1:]] for day, count in list_runs(kept.past.days)],
        "outages": [[*outage] for outage in kept.past.outages],
    }


def decode_past_month(data: bytes) -> dict[str, KeptMonth]:
    """Read a derived file of a month.

    Raises:
        ValueError: it is not one of ours, or of another schema.

    """
    try:
        content = json.loads(data)
        if content["schema"] != SCHEMA:
            raise ValueError("it is of another schema")
        return {service: _read_service(one) for service, one in content["services"].items()}
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is not a month: {error!r}") from error


def _read_service(content: Mapping[str, Any]) -> KeptMonth:
    days = tuple(
        YearDay(date.fromisoformat(first) + timedelta(days=number), Status(status), *cells)
        for count, first, status, *cells in content["days"]
        for number in range(count)
    )
    outages = tuple(Outage(*cells) for cells in content["outages"])
    return KeptMonth(content["basis"], PastMonth(days, outages))
