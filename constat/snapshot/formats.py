"""An instant told: to a person who has a customer on the phone, and to a program."""

import json
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, format_instant, local
from constat.model import Notice, Outcome, Standing
from constat.register import writing
from constat.snapshot.snapshot import Lines, Snapshot, SpokenSample


def format_json(moment: Snapshot, shown: Standing) -> dict[str, Any]:
    """All of it, as plain values; times in UTC."""
    stretch = moment.stretch
    return {
        "service": moment.service,
        "state": moment.state,
        "measured": moment.measured,
        "from": format_instant(stretch.start) if stretch else None,
        "until": format_instant(stretch.end) if stretch else None,
        "reason": moment.reason,
        "announced": moment.announced,
        "shown": {
            "status": shown.status,
            "since": format_instant(shown.since) if shown.since is not None else None,
        },
        "samples": [_said_json(said) for said in moment.said],
        "notices": [_notice_json(notice) for notice in moment.notices],
        "register": [json.loads(line) for line in _register_lines(moment.lines)],
    }


def _said_json(said: SpokenSample) -> dict[str, Any]:
    sample = said.sample
    return {
        "check": said.check,
        "vantage": said.vantage,
        "affects": said.affects,
        "at": format_instant(sample.at) if sample else None,
        "outcome": sample.outcome if sample else None,
        "latency_ms": sample.latency_ms if sample else None,
        "attempts": sample.attempts if sample else None,
        "interval_s": sample.interval_s if sample else None,
        "reason": sample.reason if sample else None,
        "speaks_until": format_instant(said.until) if said.until is not None else None,
        "speaks": said.speaks,
    }


def _notice_json(notice: Notice) -> dict[str, Any]:
    return {
        "reference": notice.stem,
        "kind": notice.kind,
        "title": _title(notice),
        "state": notice.state,
    }


def _title(notice: Notice) -> str:
    return next((text.title for text in notice.texts.values()), "")


def _register_lines(lines: Lines) -> Iterator[str]:
    if lines.rules:
        yield writing.write_service(lines.rules)
    yield from map(writing.write_maintenance, lines.maintenance)
    yield from map(writing.write_correction, lines.corrections)


def format_text(moment: Snapshot, shown: Standing, zone: ZoneInfo, known: Interval) -> Iterator[str]:
    """The same in lines, times on the clock of the page; `known`: how far around the instant was looked."""
    yield f"{moment.service}: {_state(moment)}"
    yield from (f"  {line}" for line in _story(moment, zone, known))
    since = f" since {_clock(shown.since, zone)}" if shown.since is not None else ""
    yield f"  the page showed: {shown.status.value.replace('_', ' ')}{since}"
    yield from _section("samples", [_said_text(said, zone) for said in moment.said], "no check was named")
    yield from _section("notices", [_notice_text(notice) for notice in moment.notices], "none was open")
    yield from _section("register", list(_register_lines(moment.lines)), "nothing is recorded")


def _section(name: str, lines: list[str], otherwise: str) -> Iterator[str]:
    yield f"  {name}:" if lines else f"  {name}: {otherwise}"
    yield from (f"    {line}" for line in lines)


def _state(moment: Snapshot) -> str:
    if moment.state is None:
        return "did not exist"
    told = "not known" if moment.state is Outcome.UNKNOWN else moment.state.value
    return f"{told}, in announced maintenance" if moment.announced else told


def _story(moment: Snapshot, zone: ZoneInfo, known: Interval) -> Iterator[str]:
    if moment.stretch:
        start, end = moment.stretch
        since = "before" if start <= known.start else _clock(start, zone)
        until = ", and still at" if end >= known.end else " until"
        yield f"from {since}{until} {_clock(min(end, known.end), zone)}"
    if moment.reason:
        yield f"because: {moment.reason}"
    if moment.measured != moment.state and moment.measured is not None:
        yield f"measured: {moment.measured.value}; a correction says otherwise"


def _said_text(said: SpokenSample, zone: ZoneInfo) -> str:
    where = f"{said.check} from {said.vantage}"
    counts = "" if said.affects == "availability" else f" (affects {said.affects})"
    sample = said.sample
    if sample is None or said.until is None:
        return f"{where}{counts}: never looked"
    outcome = " ".join(filter(None, [sample.outcome.value, f"{sample.latency_ms} ms", sample.reason]))
    spoke = "speaks" if said.speaks else "spoke"
    return f"{where}{counts}: {_clock(sample.at, zone)} {outcome}; {spoke} until {_clock(said.until, zone)} at most"


def _notice_text(notice: Notice) -> str:
    state = f", {notice.state.replace('_', ' ')}" if notice.state else ""
    return f"{notice.stem} ({notice.kind}{state}): {_title(notice)}"


def _clock(at: Instant, zone: ZoneInfo) -> str:
    return local(at, zone).strftime("%Y-%m-%d %H:%M:%S")
