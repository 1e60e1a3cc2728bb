"""The defaults: from the sections as they are written to those of the `Config`."""

from collections.abc import Sequence
from decimal import Decimal

from constat.config import written, written_notify
from constat.config.sections import ReadCheck, ReadService
from constat.model.rules import CheckRules, MaintenanceRules, ServiceRules
from constat.model.settings import (
    Brand,
    CheckConfig,
    Confirm,
    Contact,
    Contract,
    Hours,
    Level,
    MailServer,
    Monitor,
    Notify,
    PageSettings,
    ServiceConfig,
    Sla,
    Support,
    Target,
)

DEFAULT_TIMEOUT = Decimal(10)


def resolve_page(page: written.Page) -> PageSettings:
    """Resolve the page; its URL ends with a slash."""
    url = page.url if page.url.endswith("/") else f"{page.url}/"
    return PageSettings(
        page.id,
        page.name,
        url,
        page.languages,
        page.timezone,
        {str(name): url for name, url in page.links.items()},
        Brand(
            page.brand.logo,
            page.brand.logo_dark,
            page.brand.accent,
            page.brand.accent_dark,
            page.brand.footer,
        ),
    )


def resolve_monitor(monitor: written.Monitor) -> Monitor:
    """Resolve how services are watched."""
    return Monitor(
        vantage=monitor.vantage,
        canaries=monitor.canaries,
        confirm=resolve_confirm(monitor.confirm, Confirm()),
        blocked=monitor.blocked,
        push_every_s=monitor.push_every,
        workers=monitor.workers,
        tell=monitor.tell,
    )


def resolve_confirm(confirm: written.Confirm | None, otherwise: Confirm) -> Confirm:
    """Resolve how failures are confirmed; `otherwise` gives what is not written."""
    if confirm is None:
        return otherwise
    attempts = otherwise.attempts if confirm.attempts is None else confirm.attempts
    return Confirm(attempts, otherwise.delay_s if confirm.delay is None else confirm.delay)


def resolve_sla(sla: written.Sla) -> Sla:
    """Resolve the promise for every service that does not state its own."""
    contract = Contract(sla.contract.version, sla.contract.url) if sla.contract else None
    return Sla(
        contract=contract,
        target=sla.target,
        min_coverage=sla.target if sla.min_coverage is None else sla.min_coverage,
        maintenance=_maintenance(sla.maintenance, MaintenanceRules(counts=True, notice_s=0, cap_s=None)),
        freeze_after_s=sla.freeze_after,
    )


def _maintenance(maintenance: written.Maintenance, otherwise: MaintenanceRules) -> MaintenanceRules:
    return MaintenanceRules(
        counts=otherwise.counts if maintenance.counts is None else maintenance.counts,
        notice_s=otherwise.notice_s if maintenance.notice is None else maintenance.notice,
        cap_s=otherwise.cap_s if maintenance.monthly_cap is None else maintenance.monthly_cap,
    )


def resolve_service(read: ReadService, sla_: written.Sla, monitor_: Monitor) -> ServiceConfig:
    """Resolve a service: what it does not state is taken from the promise and the monitor."""
    checks = tuple(resolve_check(each, read.service.interval, monitor_) for each in read.checks)
    rules = _rules(read.service, checks, sla_)
    return ServiceConfig(read.service.id, read.service.name, read.service.group, rules, checks)


def _rules(service: written.Service, checks: Sequence[CheckConfig], sla_: written.Sla) -> ServiceRules:
    target = sla_.target if service.target is None else service.target
    coverage = service.min_coverage or sla_.min_coverage or target
    return ServiceRules(
        interval_s=service.interval,
        target=target,
        min_coverage=coverage,
        require=service.require,
        maintenance=_maintenance(service.maintenance, resolve_sla(sla_).maintenance),
        checks={
            each.name: CheckRules(each.affects, each.interval_s, each.quorum, each.vantages)
            for each in checks
        },
        since=service.since,
        retired=service.retired,
    )


def resolve_check(read: ReadCheck, interval_s: int, monitor_: Monitor) -> CheckConfig:
    """Resolve a check: what it does not state is taken from its service and the monitor."""
    each = read.check
    return CheckConfig(
        name=each.name,
        kind=each.kind,
        interval_s=interval_s if each.interval is None else each.interval,
        timeout_s=DEFAULT_TIMEOUT if each.timeout is None else each.timeout,
        confirm=resolve_confirm(each.confirm, monitor_.confirm),
        affects=each.affects or "availability",
        quorum=each.quorum,
        vantages=(monitor_.vantage,) if each.vantages is None else each.vantages,
        options=read.options,
        subject=read.subject,
    )


def resolve_support(support: written.Support) -> Support:
    """Resolve how support is reached and what it promises."""
    return Support(
        contacts=tuple(
            Contact(each.channel, each.address, each.region or "", each.languages)
            for each in support.contacts
        ),
        links={str(name): url for name, url in support.links.items()},
        hours=tuple(
            Hours(each.region, each.days, each.from_, each.to, each.zone, each.holidays)
            for each in support.hours
        ),
        clock=support.clock,
        levels=tuple(Level(each.id, each.name, *each.target) for each in support.levels),
        publish_rows=support.publish_rows,
    )


def resolve_notify(notify: written_notify.Notify, language: str) -> Notify:
    """Resolve who is notified; `language` is that of the targets that name none."""
    mail = _mail(notify.mail) if notify.mail else None
    return Notify(mail, tuple(_target(each, mail, language) for each in notify.targets))


def _mail(mail: written_notify.MailServer) -> MailServer:
    return MailServer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        sender=mail.from_,
        user=mail.user or "",
        password=mail.password or "",
    )


def _target(target: written_notify.Target, mail: MailServer | None, language: str) -> Target:
    return Target(
        id=target.id,
        language=target.language or language,
        tell=target.tell,
        services=target.services,
        impact=target.impact,
        address=target.email or target.url or "",
        name=target.name,
        unsubscribe=target.unsubscribe or (mail.sender if mail else ""),
    )
