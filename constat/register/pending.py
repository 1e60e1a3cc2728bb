"""Pending lines: the differences between the register and what is promised, announced and corrected now.

A line is pending if it differs from the last line with the same subject, so a change and its reversal are two lines.
The absence of a notice (it was pruned, or cannot be read) is no difference: a window is called off by an update with
the state `cancelled`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from constat.interval import Instant
from constat.model import (
    Config,
    Correction,
    MaintenanceVersion,
    Notice,
    RecordedPage,
    RecordedRules,
    RecordedText,
    Register,
    ServiceRules,
    group_versions,
)
from constat.register import line_writer
from constat.register.posted_texts import find_new_words, write_words
from constat.register.support_promise import NO_PROMISE, write_promise
from constat.text.canonical import encode_canonical


def find_pending_lines(
    register: Register,
    config: Config,
    notices: Iterable[Notice],
    corrections: Iterable[Correction],
    now: Instant,
) -> tuple[str, ...]:
    """The lines to append to the register (each without its LF), as of `now`."""
    notices = tuple(notices)
    return (
        *(line_writer.write_page(page) for page in _find_new_page(register, config, now)),
        *(line_writer.write_service(rules) for rules in find_new_rules(register, config, now)),
        *(line_writer.write_support(text) for text in _find_new_promise(register, config, now)),
        *(line_writer.write_maintenance(version) for version in find_new_versions(register, notices, now)),
        *(write_words(words) for words in find_new_words(register, notices, now)),
        *(line_writer.write_correction(line) for line in _find_new_corrections(register, corrections, now)),
    )


def _find_new_page(register: Register, config: Config, now: Instant) -> Iterator[RecordedPage]:
    page = RecordedPage(now, config.page.timezone.key, config.page.id)
    if not register.pages or register.pages[-1]._replace(at=now) != page:
        yield page


def find_new_rules(register: Register, config: Config, now: Instant) -> Iterator[RecordedRules]:
    """Rules that differ from the last recorded ones, and services that `status.yml` no longer names."""
    last = {recorded.service: recorded.rules for recorded in register.services}
    for service in config.services:
        rules = last.get(service.id)
        if rules is None or _spell(rules) != _spell(service.rules):
            yield RecordedRules(now, service.id, service.rules)
    named = {service.id for service in config.services}
    for service_id, rules in last.items():
        if service_id not in named and rules is not None:
            yield RecordedRules(now, service_id, None)


def _spell(rules: ServiceRules) -> str:
    """Rules in their canonical spelling: the order of checks matters, the spelling of a number does not."""
    return encode_canonical(line_writer.write_rules(rules))


def _find_new_promise(register: Register, config: Config, now: Instant) -> Iterator[RecordedText]:
    promise = write_promise(config.support) if config.support and config.support.levels else NO_PROMISE
    last = register.support[-1].text if register.support else NO_PROMISE
    if promise != last:
        yield RecordedText(now, promise)


def find_new_versions(
    register: Register, notices: Iterable[Notice], now: Instant
) -> Iterator[MaintenanceVersion]:
    """Versions of announced windows that differ from the last recorded version of their notice."""
    versions = group_versions(register.maintenance)
    for notice in notices:
        if notice.kind != "maintenance" or notice.ends is None:
            continue
        services = tuple(sorted(notice.services))
        cancelled = notice.state == "cancelled"
        version = MaintenanceVersion(now, notice.stem, services, notice.starts, notice.ends, cancelled)
        recorded = versions.get(notice.stem)
        if recorded is None or recorded[-1]._replace(at=now) != version:
            yield version


def _find_new_corrections(
    register: Register, corrections: Iterable[Correction], now: Instant
) -> Iterator[Correction]:
    """Corrections that are new or changed, and those that were withdrawn by removal from `corrections.yml`."""
    last = {_identify(recorded): recorded for recorded in register.corrections}
    given = {_identify(correction): correction for correction in corrections}
    for key, correction in given.items():
        if key not in last or replace(last[key], at=now) != replace(correction, at=now):
            yield replace(correction, at=now)
    for key, recorded in last.items():
        if key not in given and recorded.becomes is not None:
            yield replace(recorded, at=now, becomes=None)


def _identify(correction: Correction) -> tuple[str, Instant, Instant]:
    """The identity of a correction."""
    return correction.service, correction.start, correction.end
