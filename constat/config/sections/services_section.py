"""The section `services` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, NamedTuple

from constat.config.fields import Count, Day, Duration, LocalText, Name, Percentage, Text, Timeout, Url, about
from constat.config.sections.monitor_section import Confirm, resolve_confirm
from constat.config.sections.sla_section import (
    MIN_COVERAGE_WITHOUT_TARGET,
    AgreedHours,
    Credit,
    Maintenance,
    Sla,
    resolve_credits,
    resolve_hours,
    resolve_maintenance,
    resolve_sla,
)
from constat.model import GLOBALPING, Source, settings
from constat.model.kinds import SecretUse
from constat.model.rules import Affects, CheckRules, Require, ServiceRules
from constat.text.yaml_source import Path

DEFAULT_TIMEOUT = Decimal(10)
DEFAULT_QUORUM = 1


@dataclass(frozen=True, slots=True)
class Check:
    """The keys that every check has, whatever its kind."""

    name: Annotated[Name, about("A permanent name, recorded in the evidence.")]
    kind: Annotated[Text, about("The kind of check; each kind has its own options.")]
    interval: Annotated[Duration | None, about("How often it runs (default: the service's interval).")] = None
    timeout: Annotated[Timeout | None, about("How long one attempt may take (default 10s).")] = None
    confirm: Annotated[
        Confirm | None,
        about("How many attempts confirm a failure (default: monitor.confirm)."),
    ] = None
    affects: Annotated[
        Affects | None,
        about("What a failure affects: the availability (default), only the performance, or nothing."),
    ] = None
    vantages: Annotated[
        tuple[Name, ...] | None, about("The places that it runs from (default: monitor.vantage).")
    ] = None
    quorum: Annotated[
        Count | None,
        about(
            "How many vantages must see it down before it counts as down (default 1); set it if there are two or more vantages."
        ),
    ] = None
    via: Annotated[
        Name | None,
        about(
            "The id of the source that provides its samples, or globalping (default: we make the check ourselves)."
        ),
    ] = None


COMMON_KEYS = tuple(key.name for key in fields(Check))
"""The keys of every check; all others are options of its kind."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that customers depend on and see, and what is promised of it."""

    id: Annotated[Name, about("A permanent name, used in URLs and in the evidence.")]
    name: Annotated[LocalText, about("The name that customers read: one text, or one per language.")]
    checks: Annotated[
        tuple[Check, ...], about("The checks that observe it; [] if only notices say how it is.")
    ]
    group: Annotated[
        LocalText | None, about("The group that it is shown in: one text, or one per language.")
    ] = None
    description: Annotated[
        LocalText | None, about("A sentence about it, shown on its page: one text, or one per language.")
    ] = None
    link: Annotated[Url | None, about("An address where customers find it, shown on its page.")] = None
    from_here: Annotated[
        Url | None,
        about(
            "An https address on a host of yours that a reader's browser requests when the reader presses Check from here."
        ),
    ] = None
    interval: Annotated[Duration, about("How often its checks run (default 5m). This is a promise, too.")] = (
        300
    )
    target: Annotated[Percentage | None, about("The promised availability (default: sla.target).")] = None
    min_coverage: Annotated[
        Percentage | None,
        about(
            "The share of a month that must be observed for a verdict (default: sla.min_coverage, then the target)."
        ),
    ] = None
    require: Annotated[
        Require,
        about("all: it is up when all its checks are up (default). any: its checks are redundant paths."),
    ] = "all"
    maintenance: Annotated[
        Maintenance, about("What announced maintenance means for this service (default: sla.maintenance).")
    ] = field(default_factory=Maintenance)
    since: Annotated[
        Day | None,
        about(
            "The day on which it began, if that was before its first observation: the time until then is unknown."
        ),
    ] = None
    retired: Annotated[Day | None, about("The day on which it ended, at 00:00.")] = None
    hours: Annotated[
        tuple[AgreedHours, ...] | None,
        about("The hours for which it is promised (default: sla.hours); [] means all the time."),
    ] = None
    credits: Annotated[
        tuple[Credit, ...] | None,
        about("What is owed if a month falls short (default: sla.credits); [] means nothing."),
    ] = None


class ParsedCheck(NamedTuple):
    """A check and its kind's options, as written, with what the kind says of these options.

    `words`: what a project says for customers of a kind of its own; empty for our kinds.
    """

    path: Path
    check: Check
    options: object
    subject: str
    secret_uses: tuple[SecretUse, ...]
    words: Mapping[str, str] = MappingProxyType({})


class ParsedService(NamedTuple):
    """A service as written; `checks`: those that could be read."""

    path: Path
    service: Service
    checks: tuple[ParsedCheck, ...]


class CheckTiming(NamedTuple):
    """The timing of a check: how often it runs, how long an attempt may take, and how a failure is confirmed."""

    interval_s: int
    timeout_s: Decimal
    confirm: settings.Confirm


Sources = Mapping[str, Source]
"""The sources by their ids."""


def resolve_timing(check: Check, interval_s: int, confirm: settings.Confirm) -> CheckTiming:
    """Resolve when a check runs; its service's interval and the monitor's confirmation apply where it states none."""
    return CheckTiming(
        interval_s=interval_s if check.interval is None else check.interval,
        timeout_s=DEFAULT_TIMEOUT if check.timeout is None else check.timeout,
        confirm=resolve_confirm(check.confirm, confirm),
    )


def resolve_service(
    parsed: ParsedService, sla: Sla, monitor: settings.Monitor, sources: Sources = MappingProxyType({})
) -> settings.ServiceConfig:
    """Resolve a service: what it does not state is taken from the promise and the monitor."""
    service = parsed.service
    checks = tuple(resolve_check(check, service.interval, monitor, sources) for check in parsed.checks)
    return settings.ServiceConfig(
        id=service.id,
        name=service.name,
        group=service.group,
        description=service.description,
        link=service.link,
        from_here=service.from_here,
        rules=_resolve_rules(service, checks, sla),
        checks=checks,
    )


def _resolve_rules(service: Service, checks: tuple[settings.CheckConfig, ...], sla: Sla) -> ServiceRules:
    promise = resolve_sla(sla)
    target = sla.target if service.target is None else service.target
    return ServiceRules(
        interval_s=service.interval,
        target=target,
        min_coverage=service.min_coverage or sla.min_coverage or target or MIN_COVERAGE_WITHOUT_TARGET,
        require=service.require,
        maintenance=resolve_maintenance(service.maintenance, promise.maintenance),
        checks={check.name: _resolve_check_rules(check) for check in checks},
        since=service.since,
        retired=service.retired,
        hours=promise.hours if service.hours is None else resolve_hours(service.hours),
        credits=promise.credits if service.credits is None else resolve_credits(service.credits),
    )


def _resolve_check_rules(check: settings.CheckConfig) -> CheckRules:
    return CheckRules(
        affects=check.affects,
        interval_s=check.interval_s,
        quorum=check.quorum,
        vantages=check.vantages,
        kind=check.kind,
        subject=check.subject,
    )


def resolve_check(
    parsed: ParsedCheck, interval_s: int, monitor: settings.Monitor, sources: Sources
) -> settings.CheckConfig:
    """Resolve a check: what it does not state is taken from its service and the monitor, or the source that makes it."""
    check = parsed.check
    timing = resolve_timing(check, interval_s, monitor.confirm)
    if check.via is not None and check.via in sources:
        timing = CheckTiming(sources[check.via].every_s, DEFAULT_TIMEOUT, settings.Confirm(1, 0))
    elif check.via == GLOBALPING:
        timing = timing._replace(confirm=settings.Confirm(1, 0))
    return settings.CheckConfig(
        name=check.name,
        kind=check.kind,
        interval_s=timing.interval_s,
        timeout_s=timing.timeout_s,
        confirm=timing.confirm,
        affects=check.affects or "availability",
        quorum=DEFAULT_QUORUM if check.quorum is None else check.quorum,
        vantages=(monitor.vantage,) if check.vantages is None else check.vantages,
        options=parsed.options,
        subject=parsed.subject,
        via=check.via or "",
        words=parsed.words,
    )
