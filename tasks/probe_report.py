"""Format reports of probes by hand, as lines for a terminal and as values for JSON."""

from collections.abc import Iterator
from typing import Any

from checks.probing import ProbeResult
from constat.interval import Instant, format_instant
from tasks.probe import ProbeReport


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


def _make_printable(text: str) -> str:
    """Make text of a target safe for a terminal: line breaks stay, and nothing else can move the cursor."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "?" for letter in text.replace("\r", "")
    )


def build_probe_values(report: ProbeReport, now: Instant) -> dict[str, Any]:
    """Build the JSON values of the report of one probe."""
    values = build_result_values(report.result, now)
    return {"kind": report.kind, "target": report.subject, **values, "lines": report.lines}


def build_result_values(result: ProbeResult, now: Instant) -> dict[str, Any]:
    """Build the JSON values of one result, with every step."""
    return {
        "at": format_instant(now),
        "outcome": result.outcome.value,
        "reason": result.reason,
        "latency_ms": result.latency_ms,
        "steps": [{"name": step.name, "ms": step.ms, "detail": step.detail} for step in result.steps],
    }
