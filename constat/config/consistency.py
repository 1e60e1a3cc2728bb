"""Rules between the parts of `status.yml`, beyond those of each part by itself."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from constat.config import (
    agreement_rules,
    globalping_rules,
    history_rules,
    notify_rules,
    own_hosts,
    publish_rules,
    sections,
    source_rules,
    upstream_rules,
    vantage_rules,
)
from constat.config.colour import DARK_PAGE, LIGHT_PAGE, READABLE, compute_contrast
from constat.config.problem_log import ProblemLog, refuse_duplicates, refuse_equal_keys
from constat.config.secret_hosts import refuse_other_hosts
from constat.config.sections import ParsedCheck, ParsedService, resolve_confirm, resolve_timing
from constat.model import GLOBALPING, settings
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path


class Parts(NamedTuple):
    """The parts of the file that could be parsed."""

    page: sections.Page | None
    monitor: sections.Monitor | None
    services: tuple[ParsedService, ...]
    support: sections.Support | None
    secrets: Mapping[str, tuple[str, ...]]
    notify: sections.Notify | None = None
    sla: sections.Sla | None = None
    draft: sections.DraftIncident | None = None
    sources: tuple[sections.Source, ...] = ()
    publish: sections.Publish | None = None
    upstream: tuple[sections.Upstream, ...] = ()
    history: sections.History = sections.History()
    globalping: sections.Globalping | None = None


def check_consistency(log: ProblemLog, parts: Parts) -> None:
    """Note every problem between the parts that could be parsed."""
    _languages(log, parts)
    _colours(log, parts.page)
    _repository(log, parts.page)
    refuse_equal_keys(log, ("services",), "id")
    confirm = resolve_confirm(parts.monitor.confirm if parts.monitor else None, settings.Confirm())
    if parts.sla:
        agreement_rules.check_agreement(log, ("sla",), parts.sla.hours, parts.sla.credits)
        agreement_rules.check_target(log, ("sla",), parts.sla.target)
    for parsed in parts.services:
        _service(log, parsed)
        agreed, owed = parsed.service.hours or (), parsed.service.credits or ()
        agreement_rules.check_agreement(log, parsed.path, agreed, owed)
        agreement_rules.check_owed_for(log, parsed, parts.sla)
        agreement_rules.check_target(log, parsed.path, parsed.service.target)
        for check in parsed.checks:
            _via(log, check, parts, parsed.service.interval)
            _timing(log, check, parsed.service.interval, confirm)
            vantage_rules.check_vantages(log, check, parts.monitor)
            _secret_hosts(log, check, parts.secrets)
    own_hosts.check_asked_hosts(log, parts.services, parts.page)
    if parts.monitor:
        vantage_rules.check_places(log, parts.monitor)
    source_rules.check_sources(log, parts.sources, parts.secrets)
    globalping_rules.check_globalping(log, parts.globalping, parts.secrets)
    if parts.support:
        _support(log, parts.support)
    if parts.draft and parts.draft.keep < parts.draft.after:
        message = "a draft would be withdrawn before it is known that the outage is over"
        log.wrong(("draft_incident", "keep"), message, "write keep at least as long as after")
    notify_rules.check_maintainers(log, parts.monitor.tell if parts.monitor else (), parts.notify)
    if parts.notify:
        services = [parsed.service.id for parsed in parts.services]
        languages = parts.page.languages if parts.page else ()
        notify_rules.check_notify(log, parts.notify, services, languages, parts.secrets)
    upstream_rules.check_upstreams(log, parts.upstream)
    history_rules.check_history(log, parts.history, parts.secrets)
    if parts.publish:
        publish_rules.check_publish(log, parts.publish, parts.secrets)


def _via(log: ProblemLog, check: ParsedCheck, parts: Parts, interval_s: int) -> None:
    """Check what somebody else makes: Globalping, or one of the sources."""
    if check.check.via == GLOBALPING:
        globalping_rules.check_made_by_globalping(log, check, parts.globalping, interval_s)
    else:
        source_rules.check_via(log, check, [source.id for source in parts.sources])


def _languages(log: ProblemLog, parts: Parts) -> None:
    if parts.page is None:
        return
    if not parts.page.languages:
        log.wrong(("page", "languages"), "no language", "write at least one: [fr]")
        return
    refuse_duplicates(log, ("page", "languages"), parts.page.languages)
    for path, text in _local_texts(parts):
        _language_keys(log, path, text, parts.page.languages)


def _colours(log: ProblemLog, page: sections.Page | None) -> None:
    """Refuse an accent that cannot be read on the page."""
    brand = page.brand if page else sections.Brand()
    for key, colour, ground in (
        ("accent", brand.accent, LIGHT_PAGE),
        ("accent_dark", brand.accent_dark, DARK_PAGE),
    ):
        contrast = compute_contrast(colour, ground) if colour else READABLE
        if contrast < READABLE:
            message = f"{colour} on {ground} has a contrast of {contrast:.1f}: it cannot be read"
            shade = "darker" if key == "accent" else "lighter"
            hint = f"write a {shade} one, with a contrast of at least {READABLE}"
            log.wrong(("page", "brand", key), message, hint)


def _repository(log: ProblemLog, page: sections.Page | None) -> None:
    """Refuse a repository whose pages we cannot address, and a branch or a folder that no repository has."""
    written = page.repository if page else None
    if written is None:
        return
    if sections.guess_host(written) is None:
        message = f"the address {written.url} does not tell what software its host runs"
        log.wrong(("page", "repository", "url"), message, "add host: github, gitlab or forgejo")
    if re.search(r"\s|\.\.|[~^:?*\[\\]", written.branch):
        log.wrong(
            ("page", "repository", "branch"), f"{written.branch!r} is not the name of a branch", "write main"
        )
    if ".." in (written.folder or "").split("/"):
        message, hint = "a folder outside the repository", "write the path from its top: status"
        log.wrong(("page", "repository", "folder"), message, hint)


def _local_texts(parts: Parts) -> Iterable[tuple[Path, Mapping[str, str]]]:
    if parts.page and parts.page.brand.footer:
        yield ("page", "brand", "footer"), parts.page.brand.footer
    for parsed in parts.services:
        yield from _service_texts(parsed)
    for name, vantage in (parts.monitor.vantages if parts.monitor else {}).items():
        if vantage.name:
            yield ("monitor", "vantages", name, "name"), vantage.name
    for number, level in enumerate(parts.support.levels if parts.support else ()):
        yield ("support", "levels", number, "name"), level.name
    for number, target in enumerate(parts.notify.targets if parts.notify else ()):
        if target.name:
            yield ("notify", "targets", number, "name"), target.name
    for number, each in enumerate(parts.upstream):
        yield ("upstream", number, "name"), each.name


def _service_texts(parsed: ParsedService) -> Iterable[tuple[Path, Mapping[str, str]]]:
    service = parsed.service
    for key, text in (("name", service.name), ("group", service.group), ("description", service.description)):
        if text:
            yield (*parsed.path, key), text


def _language_keys(log: ProblemLog, path: Path, text: Mapping[str, str], languages: tuple[str, ...]) -> None:
    if "" in text:
        return
    for code in text:
        if code not in languages:
            hint = did_you_mean(code, languages, otherwise="add it to page.languages, or take it out")
            log.wrong((*path, code), f"the page has no language {code}", hint, at_key=True)
    if languages[0] not in text:
        log.wrong(path, f"no text in {languages[0]}, the page's first language", f"add {languages[0]}: ...")


def _service(log: ProblemLog, parsed: ParsedService) -> None:
    service = parsed.service
    refuse_equal_keys(log, (*parsed.path, "checks"), "name")
    if service.since and service.retired and service.retired <= service.since:
        log.wrong(
            (*parsed.path, "retired"),
            "the service is retired on or before the day of since",
            "write a later day",
        )


def _timing(log: ProblemLog, parsed: ParsedCheck, service_interval_s: int, confirm: settings.Confirm) -> None:
    """All attempts and pauses must end before the next slot begins."""
    if parsed.check.via:
        return
    interval_s, timeout_s, (attempts, delay_s) = resolve_timing(parsed.check, service_interval_s, confirm)
    pauses = (attempts - 1) * delay_s
    longest = attempts * timeout_s + pauses
    if longest >= interval_s:
        log.wrong(
            (*parsed.path, "timeout"),
            f"{attempts} attempts of {timeout_s:f} s with {pauses} s of pauses take "
            f"{longest:f} s, which is not less than the interval of {interval_s} s",
            "shorten the timeout, or lengthen the interval",
        )


def _secret_hosts(log: ProblemLog, parsed: ParsedCheck, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a check that would send a secret to a host that it is not declared for: it could never work."""
    if parsed.check.via:
        return
    for name, target in sorted(set(parsed.secret_uses)):
        refuse_other_hosts(log, parsed.path, [name], target, secrets)


def _support(log: ProblemLog, support: sections.Support) -> None:
    refuse_equal_keys(log, ("support", "levels"), "id")
    regions = {hours.region for hours in support.hours}
    for number, contact in enumerate(support.contacts):
        if contact.region and regions and contact.region not in regions:
            message = f"no hours for the region {contact.region}"
            log.wrong(
                ("support", "contacts", number, "region"), message, did_you_mean(contact.region, regions)
            )
    for number, hours in enumerate(support.hours):
        agreement_rules.check_hours(log, ("support", "hours", number), hours)
    if support.levels and not support.hours:
        log.wrong(("support", "levels"), "promised times without opening hours", "write support.hours")
