"""The formats of a snapshot: for a person who has a customer on the phone, and for a program."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, format_instant, local, write_offset_if_needed
from constat.model import WEEKDAYS, Hours, Notice, Outcome, Standing
from constat.register import line_writer
from constat.register.hours_json import write_hours
from constat.snapshot.imported_lines import RecordedRow, format_recorded_json, format_recorded_text
from constat.snapshot.snapshot import Lines, Snapshot, SpokenSample
from constat.text.reason_cells import decode_reason


def format_json(snapshot: Snapshot, shown: Standing, recorded: Sequence[RecordedRow] = ()) -> dict[str, Any]:
    """Format a snapshot as plain values; times are in UTC. `recorded`: what other tools recorded, if anything."""
    stretch = snapshot.stretch
    return {
        "service": snapshot.service,
        "state": snapshot.state,
        "measured": snapshot.measured,
        "from": format_instant(stretch.start) if stretch else None,
        "until": format_instant(stretch.end) if stretch else None,
        "reason": decode_reason(snapshot.reason),
        "announced": snapshot.announced,
        "agreed": snapshot.agreed,
        "agreed_hours": [write_hours(hours) for hours in snapshot.promise.hours],
        "shown": {
            "status": shown.status,
            "since": format_instant(shown.since) if shown.since is not None else None,
        },
        "checks": {vantage: count._asdict() for vantage, count in snapshot.made.items()},
        "samples": [_format_sample_json(spoken) for spoken in snapshot.samples],
        "notices": [_format_notice_json(notice) for notice in snapshot.notices],
        "register": [json.loads(line) for line in _register_lines(snapshot.lines)],
        **({"imported": [format_recorded_json(row) for row in recorded]} if recorded else {}),
    }


def _format_sample_json(spoken: SpokenSample) -> dict[str, Any]:
    sample = spoken.sample
    return {
        "check": spoken.check,
        "vantage": spoken.vantage,
        "affects": spoken.affects,
        "at": format_instant(sample.at) if sample else None,
        "outcome": sample.outcome if sample else None,
        "latency_ms": sample.latency_ms if sample else None,
        "attempts": sample.attempts if sample else None,
        "interval_s": sample.interval_s if sample else None,
        "reason": decode_reason(sample.reason) if sample else None,
        "speaks_until": format_instant(spoken.until) if spoken.until is not None else None,
        "speaks": spoken.speaks,
    }


def _format_notice_json(notice: Notice) -> dict[str, Any]:
    return {
        "reference": notice.stem,
        "kind": notice.kind,
        "title": _choose_title(notice),
        "state": notice.state,
    }


def _choose_title(notice: Notice) -> str:
    return next((text.title for text in notice.texts.values()), "")


def _register_lines(lines: Lines) -> Iterator[str]:
    if lines.rules:
        yield line_writer.write_service(lines.rules)
    yield from map(line_writer.write_maintenance, lines.maintenance)
    yield from map(line_writer.write_correction, lines.corrections)


def format_text(
    snapshot: Snapshot,
    shown: Standing,
    zone: ZoneInfo,
    known: Interval,
    recorded: Sequence[RecordedRow] = (),
) -> Iterator[str]:
    """Format a snapshot as lines, with times in the zone of the page.

    `known`: the window that the evidence was read for; `recorded`: what other tools recorded, if anything.
    """
    yield f"{snapshot.service}: {_format_state(snapshot)}"
    yield from (f"  {line}" for line in _format_story(snapshot, zone, known))
    since = f" since {_format_time(shown.since, zone)}" if shown.since is not None else ""
    yield f"  the page showed: {shown.status.value.replace('_', ' ')}{since}"
    yield from _format_section(
        "samples", [_format_sample(spoken, zone) for spoken in snapshot.samples], "no check was named"
    )
    counts = (f"{count.made} of {count.expected} from {vantage}" for vantage, count in snapshot.made.items())
    if snapshot.made:
        yield f"  checks made on that day until then: {', '.join(counts)}"
    yield from _format_section(
        "notices", [_format_notice(notice) for notice in snapshot.notices], "none was open"
    )
    yield from _format_section("register", list(_register_lines(snapshot.lines)), "nothing is recorded")
    if recorded:
        yield from _format_section("not measured by us", list(format_recorded_text(recorded, zone)), "")


def _format_section(name: str, lines: list[str], otherwise: str) -> Iterator[str]:
    yield f"  {name}:" if lines else f"  {name}: {otherwise}"
    yield from (f"    {line}" for line in lines)


def _format_state(snapshot: Snapshot) -> str:
    if snapshot.state is None:
        return "did not exist"
    state = "not known" if snapshot.state is Outcome.UNKNOWN else snapshot.state.value
    return f"{state}, in announced maintenance" if snapshot.announced else state


def _format_story(snapshot: Snapshot, zone: ZoneInfo, known: Interval) -> Iterator[str]:
    if snapshot.stretch:
        start, end = snapshot.stretch
        since = "before" if start <= known.start else _format_time(start, zone)
        until = ", and still at" if end >= known.end else " until"
        yield f"from {since}{until} {_format_time(min(end, known.end), zone)}"
    if snapshot.state is not None and not snapshot.agreed:
        yield "outside the agreed hours: it counts in no figure"
    if snapshot.promise.hours:
        yield f"agreed for this month: {'; '.join(map(_format_hours, snapshot.promise.hours))}"
    if snapshot.reason:
        yield f"because: {decode_reason(snapshot.reason)}"
    if snapshot.measured != snapshot.state and snapshot.measured is not None:
        yield f"measured: {snapshot.measured.value}; a correction says otherwise"


def _format_hours(hours: Hours) -> str:
    """Agreed hours: `mon, tue, 08:00 to 18:00 Europe/Zurich, not on 2026-12-25`."""
    days = ", ".join(WEEKDAYS[day] for day in hours.days)
    holidays = f", not on {', '.join(map(str, sorted(hours.holidays)))}" if hours.holidays else ""
    return f"{days}, {hours.start:%H:%M} to {hours.to:%H:%M} {hours.zone}{holidays}"


def _format_sample(spoken: SpokenSample, zone: ZoneInfo) -> str:
    where = f"{spoken.check} from {spoken.vantage}"
    counts = "" if spoken.affects == "availability" else f" (affects {spoken.affects})"
    sample = spoken.sample
    if sample is None or spoken.until is None:
        return f"{where}{counts}: never looked"
    outcome = " ".join(
        filter(None, [sample.outcome.value, f"{sample.latency_ms} ms", decode_reason(sample.reason)])
    )
    verb = "speaks" if spoken.speaks else "spoke"
    return f"{where}{counts}: {_format_time(sample.at, zone)} {outcome}; {verb} until {_format_time(spoken.until, zone)} at most"


def _format_notice(notice: Notice) -> str:
    state = f", {notice.state.replace('_', ' ')}" if notice.state else ""
    return f"{notice.stem} ({notice.kind}{state}): {_choose_title(notice)}"


def _format_time(at: Instant, zone: ZoneInfo) -> str:
    return f"{local(at, zone):%Y-%m-%d %H:%M:%S}{write_offset_if_needed(at, zone)}"
