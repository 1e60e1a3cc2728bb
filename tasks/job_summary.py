"""The summary of a watch, worked out from the evidence and added to the file that a job shows to people."""

from pathlib import Path

from constat.availability import build_account, compute_figures
from constat.errors import OutsideError
from constat.interval import DAY_S, Interval
from constat.maintainers.job_summary import ServiceSummary, Watch, format_watch
from constat.model import Config
from constat.register import build_effective_register
from outside.evidence.store import load_evidence, read_register


def append_summary(path: Path, root: Path, config: Config, watch: Watch) -> None:
    """Add what a watch that has just ended did.

    Raises:
        OutsideError: the evidence cannot be read, or the file not be written.

    """
    append_text(path, format_watch(watch, (_watched(root, config, watch.span))))


def append_text(path: Path, text: str) -> None:
    """Add Markdown to the file that a job shows.

    Raises:
        OutsideError: it could not be written.

    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise OutsideError(f"{path} could not be written: {error.strerror}") from error


def _watched(root: Path, config: Config, span: Interval) -> list[ServiceSummary]:
    """Each service over the watch, and over the 24 hours before its end."""
    zone, now = config.page.timezone, span.end
    day = Interval(now - DAY_S, now)
    evidence = load_evidence(root, Interval(min(span.start, day.start), now + 1), zone, now)
    register = build_effective_register(read_register(root), config, (), now)
    accounts = [build_account(register, evidence, service.id, zone, now) for service in config.services]
    return [
        ServiceSummary(compute_figures(one, span, now), compute_figures(one, day, now)) for one in accounts
    ]
