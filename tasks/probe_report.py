"""Format reports of probes by hand, as lines for a terminal and as values for JSON."""

from collections.abc import Iterator
from typing import Any

from checks.probing import ProbeResult
from constat.interval import Instant, format_instant
from constat.model import Outcome
from tasks.probe import HealthReport, ProbeReport

HEALTH = "domain-health"
_MARKS = {Outcome.UP: "ok", Outcome.DEGRADED: "weak", Outcome.DOWN: "BAD", Outcome.UNKNOWN: "?"}


def format_probe_report(report: ProbeReport) -> Iterator[str]:
    """Format every step with the time at which it ended, the outcome, and the lines to paste."""
    result = report.result
    yield report.heading
    width = max((len(step.name) for step in result.steps), default=0)
    for step in result.steps:
        first, *others = _make_printable(step.detail).splitlines() or [""]
        yield f"{step.ms:7d} ms  {step.name:{width}}  {first}".rstrip()
        yield from (f"{'':12}{'':{width}}  {other}" for other in others)
    yield f"{result.outcome.value} after {result.latency_ms} ms{': ' if result.reason else ''}{result.reason}"
    yield from ("", *report.lines)


def format_health_report(report: HealthReport) -> Iterator[str]:
    """Format a table with one row for each probe, and the lines to paste."""
    yield report.domain
    width = max(len(row.name) for row in report.rows)
    for name, result in report.rows:
        mark = _MARKS[result.outcome]
        yield f"  {name:{width}}  {mark:4}  {result.latency_ms:6d} ms  {result.reason}".rstrip()
    yield from ("", *report.lines)


def _make_printable(text: str) -> str:
    """Make text of a target safe for a terminal: line breaks stay, and nothing else can move the cursor."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "?" for letter in text.replace("\r", "")
    )


def build_probe_values(report: ProbeReport, now: Instant) -> dict[str, Any]:
    """Build the JSON values of the report of one probe."""
    values = _build_result_values(report.result, now)
    return {"kind": report.kind, "target": report.subject, **values, "lines": report.lines}


def build_health_values(report: HealthReport, now: Instant) -> dict[str, Any]:
    """Build the JSON values of the report of a domain."""
    rows = [{"name": name, **_build_result_values(result, now)} for name, result in report.rows]
    return {"kind": HEALTH, "target": report.domain, "rows": rows, "lines": report.lines}


def _build_result_values(result: ProbeResult, now: Instant) -> dict[str, Any]:
    return {
        "at": format_instant(now),
        "outcome": result.outcome.value,
        "reason": result.reason,
        "latency_ms": result.latency_ms,
        "steps": [{"name": step.name, "ms": step.ms, "detail": step.detail} for step in result.steps],
    }
