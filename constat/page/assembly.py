"""The assembly of the page: from promises, announcements and observations to the one object that is shown."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from constat.availability import (
    STALE_AFTER_INTERVALS,
    Account,
    build_account,
    build_days,
    compute_figures,
    determine_standing,
    find_viewers,
)
from constat.interval import (
    DAY_S,
    Instant,
    Interval,
    clip_track,
    local_date,
    midnight,
    month_interval,
    month_of,
)
from constat.model import (
    CheckConfig,
    Config,
    Evidence,
    Latency,
    Outcome,
    ServiceConfig,
    Status,
    split_register,
    worst,
)
from constat.notices import find_up_since
from constat.page.archive import Happened, build_archive
from constat.page.banner import choose_banner
from constat.page.hours import build_hours
from constat.page.imported_past import ImportedPast, find_imported_past
from constat.page.months import state_months
from constat.page.noticeboard import build_noticeboard, build_past_days, collect_outages
from constat.page.page_inputs import PageInputs
from constat.page.shown_check import LatestResult, ShownCheck
from constat.page.types import Group, Page, ShownService
from constat.page.year import build_year
from constat.upstream import find_latest

SHOWN_DAYS = 90
CACHE_S = 600
"""The time for which hosts may serve a page from a cache."""


def build_page(inputs: PageInputs) -> Page:
    """Build the page of `inputs.now`."""
    config, now = inputs.config, inputs.now
    zone = config.page.timezone
    today = local_date(now, zone)
    accounts = _build_accounts(inputs)
    services = [
        _show_service(service, inputs, accounts[service.id])
        for service in config.services
        if not _is_retired(service, today)
    ]
    shown_notices = build_noticeboard(inputs, services)
    outages = collect_outages(services)
    months = state_months(inputs, accounts)
    return Page(
        settings=config.page,
        sla=config.sla,
        support=config.support,
        now=now,
        data_end=max((s.standing.newest for s in services if s.standing.newest is not None), default=None),
        stale_after_s=_compute_stale_after(config),
        banner=choose_banner(services, shown_notices),
        groups=_group_services(config, services),
        notices=shown_notices,
        past=build_past_days(shown_notices, outages, zone, now),
        sealed=inputs.sealed,
        names=config.service_names,
        months=months,
        mailing_list_url=config.mailing_list_url,
        archive=build_archive(
            Happened(shown_notices, outages, months, _find_imported_pasts(inputs)), zone, now
        ),
        vantages={name: vantage.name for name, vantage in config.monitor.vantages.items()},
        upstream=tuple(
            find_latest(upstream, inputs.said, now, config.monitor.push_every_s + CACHE_S)
            for upstream in config.upstream
        ),
    )


def _build_accounts(inputs: PageInputs) -> dict[str, Account]:
    """Build the accounts of all services in `status.yml`, for what is shown of them and for the months in progress."""
    of_service, zone = split_register(inputs.register), inputs.config.page.timezone
    return {
        service.id: build_account(
            of_service(service.id), inputs.evidence.of_service(service.id), service.id, zone, inputs.now
        )
        for service in inputs.config.services
    }


def _show_service(service: ServiceConfig, inputs: PageInputs, account: Account) -> ShownService:
    """Show one service, with every figure from one account."""
    zone, now, evidence = inputs.config.page.timezone, inputs.now, inputs.evidence.of_service(service.id)
    today = local_date(now, zone)
    dates = [today - timedelta(days=back) for back in reversed(range(SHOWN_DAYS))]
    figures = compute_figures(account, Interval(midnight(dates[0], zone), now), now)
    days = build_days(account, dates, evidence)
    imported = find_imported_past(inputs.imported, service.id, _find_first_sample(service, evidence))
    return ShownService(
        id=service.id,
        name=service.name,
        rules=service.rules,
        standing=determine_standing(account, inputs.notices, now, inputs.config.monitor.push_every_s),
        figures=figures,
        days=days,
        month=compute_figures(account, month_interval(month_of(now, zone), zone), now),
        last_day=compute_figures(account, Interval(now - DAY_S, now), now),
        first=_find_first_sample(service, evidence),
        checks=tuple(
            _show_check(check, find_latest_result(evidence, service.id, check.name))
            for check in service.checks
        ),
        hours=build_hours(account.states, account.announced, zone, now, _select_hourly(service, evidence)),
        states=clip_track(account.states, account.window),
        up_since=find_up_since(account.measured, now),
        viewers={
            outage.start: vantages
            for outage in figures.outages
            if (vantages := find_viewers(account, Interval(outage.start, outage.end)))
        },
        imported=imported,
        imported_days={
            day: imported_day
            for day in dates
            if imported and (imported_day := imported.find_day(day, zone)) is not None
        },
        year=build_year(days, figures.outages, inputs.past_months.get(service.id, ()), zone),
        description=service.description,
        link=service.link,
        from_here=service.from_here,
    )


def _find_imported_pasts(inputs: PageInputs) -> tuple[ImportedPast, ...]:
    """Find what other tools recorded of every service in `status.yml`, including those that are no longer shown."""
    pasts = (
        find_imported_past(
            inputs.imported, service.id, _find_first_sample(service, inputs.evidence.of_service(service.id))
        )
        for service in inputs.config.services
        if inputs.imported
    )
    return tuple(past for past in pasts if past is not None)


def _is_retired(service: ServiceConfig, today: date) -> bool:
    return service.rules.retired is not None and service.rules.retired <= today


def _show_check(check: CheckConfig, newest: LatestResult | None) -> ShownCheck:
    """The public part of a check: never its options, which may be confidential."""
    return ShownCheck(
        check.name, check.kind, check.subject, check.interval_s, check.affects, newest, check.words
    )


def find_latest_result(evidence: Evidence, service: str, check: str) -> LatestResult | None:
    """Find the latest sample of a check, from whatever vantage."""
    of_check = (
        observed for observed in evidence.observed if (observed.service, observed.check) == (service, check)
    )
    last = max(of_check, key=lambda observed: observed.newest, default=None)
    if last is None:
        return None
    spoken = (run.value for run in reversed(last.spoken) if run.start <= last.newest)
    outcome = next(spoken, Outcome.UNKNOWN)
    reason = last.newest_reason if outcome in (Outcome.DOWN, Outcome.DEGRADED) else ""
    return LatestResult(last.newest, outcome, reason)


def _find_first_sample(service: ServiceConfig, evidence: Evidence) -> Instant | None:
    """The time of the first sample of any check of a service."""
    return min((at for (owner, _), at in evidence.firsts.items() if owner == service.id), default=None)


def _select_hourly(service: ServiceConfig, evidence: Evidence) -> dict[Instant, Latency]:
    """The response times of a service by the start of each hour."""
    return {start: latency for (owner, start), latency in evidence.hourly.items() if owner == service.id}


def _compute_stale_after(config: Config) -> int:
    """The age in seconds from which the newest data no longer speak of the present (rule 16), including the time in caches."""
    shortest = min((service.rules.interval_s for service in config.services), default=0)
    return STALE_AFTER_INTERVALS * shortest + config.monitor.push_every_s + CACHE_S


def _group_services(config: Config, services: Sequence[ShownService]) -> tuple[Group, ...]:
    """Group adjacent services with the same heading, in the order of `status.yml`."""
    headings = {service.id: service.group for service in config.services}
    return tuple(
        Group(name, members, _combine_statuses(members))
        for name, adjacent in groupby(services, key=lambda service: headings[service.id])
        if (members := tuple(adjacent))
    )


def _combine_statuses(members: Sequence[ShownService]) -> Status:
    """The gravest status of some services. If nothing is wrong but one is not measured, it is `no_data`: absence is never green."""
    statuses = {member.standing.status for member in members}
    gravest = worst(*statuses)
    return Status.NO_DATA if gravest is Status.OPERATIONAL and Status.NO_DATA in statuses else gravest
