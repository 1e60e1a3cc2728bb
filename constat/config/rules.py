"""Rules between the parts of `status.yml`, beyond those of each part by itself."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from constat.config import defaults, notify_rules, written, written_notify
from constat.config.colour import DARK_PAGE, LIGHT_PAGE, READABLE, compute_contrast
from constat.config.duplicates import refuse_duplicates, refuse_equal_keys
from constat.config.sections import ReadCheck, Reader, ReadService
from constat.model.settings import CheckConfig, Monitor
from constat.text.suggest import did_you_mean
from constat.text.yaml_source import Path


class Parts(NamedTuple):
    """The parts of the file that could be read."""

    page: written.Page | None
    monitor: Monitor
    services: tuple[ReadService, ...]
    support: written.Support | None
    secrets: Mapping[str, tuple[str, ...]]
    notify: written_notify.Notify | None = None


def check_consistency(reader: Reader, parts: Parts) -> None:
    """Note every problem between the parts that could be read."""
    _languages(reader, parts)
    _colours(reader, parts.page)
    refuse_equal_keys(reader, ("services",), "id")
    for read in parts.services:
        _service(reader, read)
        for check in read.checks:
            _timing(reader, check, defaults.resolve_check(check, read.service.interval, parts.monitor))
            _secret_hosts(reader, check, parts.secrets)
    if parts.support:
        _support(reader, parts.support)
    notify_rules.check_maintainers(reader, parts.monitor.tell, parts.notify)
    if parts.notify:
        services = [read.service.id for read in parts.services]
        languages = parts.page.languages if parts.page else ()
        notify_rules.check_notify(reader, parts.notify, services, languages, parts.secrets)


def _languages(reader: Reader, parts: Parts) -> None:
    if parts.page is None:
        return
    if not parts.page.languages:
        reader.wrong(("page", "languages"), "no language", "write at least one: [fr]")
        return
    refuse_duplicates(reader, ("page", "languages"), parts.page.languages)
    for path, text in _local_texts(parts):
        _language_keys(reader, path, text, parts.page.languages)


def _colours(reader: Reader, page: written.Page | None) -> None:
    """Refuse an accent that cannot be read on the page."""
    brand = page.brand if page else written.Brand()
    for key, colour, ground in (
        ("accent", brand.accent, LIGHT_PAGE),
        ("accent_dark", brand.accent_dark, DARK_PAGE),
    ):
        contrast = compute_contrast(colour, ground) if colour else READABLE
        if contrast < READABLE:
            message = f"{colour} on {ground} has a contrast of {contrast:.1f}: it cannot be read"
            shade = "darker" if key == "accent" else "lighter"
            hint = f"write a {shade} one, with a contrast of at least {READABLE}"
            reader.wrong(("page", "brand", key), message, hint)


def _local_texts(parts: Parts) -> Iterable[tuple[Path, Mapping[str, str]]]:
    if parts.page and parts.page.brand.footer:
        yield ("page", "brand", "footer"), parts.page.brand.footer
    for read in parts.services:
        yield (*read.path, "name"), read.service.name
        if read.service.group:
            yield (*read.path, "group"), read.service.group
    for number, level in enumerate(parts.support.levels if parts.support else ()):
        yield ("support", "levels", number, "name"), level.name
    for number, target in enumerate(parts.notify.targets if parts.notify else ()):
        if target.name:
            yield ("notify", "targets", number, "name"), target.name


def _language_keys(reader: Reader, path: Path, text: Mapping[str, str], languages: tuple[str, ...]) -> None:
    if "" in text:
        return
    for code in text:
        if code not in languages:
            hint = did_you_mean(code, languages, otherwise="add it to page.languages, or take it out")
            reader.wrong((*path, code), f"the page has no language {code}", hint, at_key=True)
    if languages[0] not in text:
        reader.wrong(
            path, f"no text in {languages[0]}, the page's first language", f"add {languages[0]}: ..."
        )


def _service(reader: Reader, read: ReadService) -> None:
    service = read.service
    refuse_equal_keys(reader, (*read.path, "checks"), "name")
    if reader.document.value_at((*read.path, "checks")) == []:
        reader.wrong(
            (*read.path, "checks"), "no check", "write at least one: - {name: home, kind: http, url: ...}"
        )
    if service.since and service.retired and service.retired <= service.since:
        reader.wrong(
            (*read.path, "retired"),
            "the service is retired on or before the day of since",
            "write a later day",
        )


def _timing(reader: Reader, read: ReadCheck, check: CheckConfig) -> None:
    """All attempts and pauses must end before the next slot begins; a quorum must be attainable."""
    pauses = (check.confirm.attempts - 1) * check.confirm.delay_s
    longest = check.confirm.attempts * check.timeout_s + pauses
    if longest >= check.interval_s:
        reader.wrong(
            (*read.path, "timeout"),
            f"{check.confirm.attempts} attempts of {check.timeout_s:f} s with {pauses} s of pauses take "
            f"{longest:f} s, which is not less than the interval of {check.interval_s} s",
            "shorten the timeout, or lengthen the interval",
        )
    if check.quorum > len(check.vantages):
        hint = "lower it, or add vantages"
        message = f"the quorum of {check.quorum} is larger than the number of vantages, {len(check.vantages)}"
        reader.wrong((*read.path, "quorum"), message, hint)
    refuse_duplicates(reader, (*read.path, "vantages"), check.vantages)


def _secret_hosts(reader: Reader, read: ReadCheck, secrets: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a check that would send a secret to a host that it is not declared for: it could never work."""
    for name, target in sorted(set(read.secret_uses)):
        hosts = secrets.get(name, ())
        if hosts and target not in hosts:
            hint = f"it may go to {', '.join(hosts)}: add the host under secrets, if that is intended"
            reader.wrong(read.path, f"the secret {name} may not be sent to {target}", hint)


def _support(reader: Reader, support: written.Support) -> None:
    refuse_equal_keys(reader, ("support", "levels"), "id")
    regions = {hours.region for hours in support.hours}
    for number, contact in enumerate(support.contacts):
        if contact.region and regions and contact.region not in regions:
            message = f"no hours for the region {contact.region}"
            reader.wrong(
                ("support", "contacts", number, "region"), message, did_you_mean(contact.region, regions)
            )
    for number, hours in enumerate(support.hours):
        if hours.from_ == hours.to and hours.to.hour:
            reader.wrong(
                ("support", "hours", number, "to"), "closing time equals opening time", "write a later time"
            )
    if support.levels and not support.hours:
        reader.wrong(("support", "levels"), "promised times without opening hours", "write support.hours")
