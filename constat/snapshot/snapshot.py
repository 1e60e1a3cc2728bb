"""The snapshot of one instant of one service: its state, the samples behind it, and what was promised and announced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from constat.availability import Account, count_slots, find_outages, order_versions
from constat.interval import Instant, Interval, Stretch, local_date, midnight, value_at
from constat.model import (
    Affects,
    CheckCount,
    Correction,
    MaintenanceVersion,
    Notice,
    Outcome,
    RecordedRules,
    Register,
    Sample,
    ServiceRules,
)


class SpokenSample(NamedTuple):
    """The newest sample of one check from one vantage up to an instant, and until when it speaks (rule 1).

    `sample` is `None` where there was none yet; a sample that no longer speaks says nothing about the instant.
    """

    check: str
    vantage: str
    affects: Affects
    sample: Sample | None
    until: Instant | None
    speaks: bool


class Lines(NamedTuple):
    """The register's lines in force at an instant: the rules, the announced windows that cover it, the corrections of it."""

    rules: RecordedRules | None
    maintenance: tuple[MaintenanceVersion, ...]
    corrections: tuple[Correction, ...]


class Snapshot(NamedTuple):
    """Everything that is known of one second of a service.

    `state` is `None` where the service did not exist; it differs from `measured` where a correction changed it.
    `stretch`: the seconds around it with the same state, as far as the account reaches. `announced`: whether
    the second counts as announced maintenance, `agreed`: whether it is in the agreed hours (rule 18). `reason`: why it was
    down. `promise`: the terms of its month. `made`: the checks due and made up to then, on the day of the page's clock, by
    vantage.
    """

    service: str
    at: Instant
    state: Outcome | None
    measured: Outcome | None
    stretch: Interval | None
    announced: bool
    agreed: bool
    reason: str
    promise: ServiceRules
    samples: tuple[SpokenSample, ...]
    notices: tuple[Notice, ...]
    lines: Lines
    made: Mapping[str, CheckCount]


def take_snapshot(
    account: Account, register: Register, samples: Iterable[Sample], notices: Iterable[Notice], at: Instant
) -> Snapshot:
    """Take the snapshot of an instant.

    `samples`: those of the service up to the instant, reaching back at least as far as any of them may speak;
    `notices`: as they were then.
    """
    stretch = _find_stretch(account.states, at)
    lines = find_lines_in_force(register, account, at)
    return Snapshot(
        service=account.service,
        at=at,
        state=stretch.value if stretch else None,
        measured=value_at(account.measured, at),
        stretch=Interval(stretch.start, stretch.end) if stretch else None,
        announced=any(at in span for span in account.announced),
        agreed=bool(account.find_agreed(Interval(at, at + 1))),
        reason=_find_reason(account, stretch),
        promise=account.find_promise(at),
        samples=tuple(_find_spoken_samples(lines.rules, samples, at)),
        notices=tuple(notice for notice in notices if _is_about(notice, account.service, at, lines)),
        lines=lines,
        made=count_slots(account, Interval(midnight(local_date(at, account.zone), account.zone), at + 1)),
    )


def _find_stretch(track: Sequence[Stretch[Outcome]], at: Instant) -> Stretch[Outcome] | None:
    return next((stretch for stretch in track if stretch.start <= at < stretch.end), None)


def _find_reason(account: Account, stretch: Stretch[Outcome] | None) -> str:
    if stretch is None or stretch.value is not Outcome.DOWN:
        return ""
    return find_outages(account, [Interval(stretch.start, stretch.end)])[0].reason


def find_lines_in_force(register: Register, account: Account, at: Instant) -> Lines:
    """Find the register's lines in force for a second of a service."""
    own = sorted(
        (line for line in register.services if line.service == account.service), key=lambda line: line.at
    )
    first = next((line for line in own if line.rules is not None), None)
    versions = order_versions(version for version in register.maintenance if version.at <= at)
    newest = (published[-1] for published in versions.values())
    return Lines(
        rules=next((line for line in reversed(own) if line.at <= at), first),
        maintenance=tuple(
            version for version in newest if at in version.window and account.service in version.services
        ),
        corrections=tuple(line for line in account.corrections if at in line.window),
    )


def _find_spoken_samples(
    line: RecordedRules | None, samples: Iterable[Sample], at: Instant
) -> Iterator[SpokenSample]:
    """Find the newest sample of every check that the rules name, from each of its vantages."""
    newest: dict[tuple[str, str], Sample] = {}
    for sample in sorted(samples, key=lambda sample: sample.at):
        if sample.at <= at:
            newest[sample.check, sample.vantage] = sample
    checks = line.rules.checks.items() if line and line.rules else ()
    for name, check in checks:
        for vantage in check.vantages:
            last = newest.get((name, vantage))
            until = last.at + 2 * last.interval_s if last else None
            speaks = until is not None and at < until
            yield SpokenSample(name, vantage, check.affects, last, until, speaks)


def _is_about(notice: Notice, service: str, at: Instant, lines: Lines) -> bool:
    """Whether a notice was about a service at an instant: an incident that was open, or a window that was in force."""
    if notice.kind == "maintenance":
        return any(version.slug == notice.stem and not version.cancelled for version in lines.maintenance)
    return service in notice.services and notice.is_open_incident(at)
