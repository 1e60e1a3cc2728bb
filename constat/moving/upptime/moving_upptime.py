"""An Upptime repository in the common model: its sites as services, and every look in its history."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from constat.errors import UsageError
from constat.interval import DAY_S, HOUR_S, format_instant, format_seconds
from constat.model import Outcome
from constat.model.imported import ImportedRow
from constat.moving.counting import count_of
from constat.moving.model import Finding, Moved, MovedEvidence, MovedSecret, MovedService
from constat.moving.secret_marks import looks_secret
from constat.moving.upptime.site_checks import build_check
from constat.moving.upptime.site_config import CONFIG, SiteConfig, Table, as_table, get_word
from constat.moving.upptime.site_history import SiteHistory
from constat.text.yaml_source import Value

_SECTIONS: Final = frozenset(
    {"owner", "repo", "sites", "workflowSchedule", "status-website", "commitMessages"}
)
"""Sections of the configuration that are imported at least in part; the others are reported."""
_SECRET_SECTIONS: Final = frozenset({"notifications", "secrets", "PAT"})
_SPOKEN: Final = ("introTitle", "introMessage", "navbar")
"""Settings of the website with words that visitors see, besides those of `i18n`."""


class Repository(NamedTuple):
    """What was read of a repository: the commit, its history of checks, and the current `history/summary.json`."""

    commit: str
    history: SiteHistory
    summary: bytes
    findings: tuple[Finding, ...] = ()


def move_upptime(repository: Repository) -> Moved:
    """Read a repository.

    Raises:
        UsageError: it is not an Upptime repository.

    """
    history = repository.history
    config = history.newest
    if config is None and not history.slugs:
        raise UsageError(
            f"the repository has neither {CONFIG} nor history/", tip="give the repository of the status page"
        )
    config = config or SiteConfig({}, {}, 0, "")
    findings = [*repository.findings, *(Finding(CONFIG, fault, "see there") for fault in config.faults)]
    services, secrets = _move_sites(config, findings)
    services += _move_removed(history, config, findings)
    rows = [row for slug in sorted(history.slugs) for row in history.write_rows(slug)]
    looked = tuple(_report_history(history))
    findings += looked
    findings += _report_config(config)
    findings += _compare_summary(repository.summary, rows)
    website = as_table(config.content.get("status-website"))
    source = {"commit": repository.commit, "counts": _count_looks(history)}
    return Moved(
        "upptime",
        title=get_word(website, "name"),
        base_url=_find_base_url(config.content, website),
        services=services,
        evidence=[MovedEvidence("upptime", rows, source, looked)] if rows else [],
        secrets=secrets,
        findings=findings,
    )


def _move_sites(config: SiteConfig, findings: list[Finding]) -> tuple[list[MovedService], list[MovedSecret]]:
    services: list[MovedService] = []
    secrets: dict[str, tuple[str, ...]] = {}
    for slug, site in config.sites.items():
        built = build_check(site, config.interval_s)
        findings += [Finding(f"site {slug}", found, done) for found, done in built.findings]
        for secret in built.secrets:
            secrets[secret.name] = tuple(dict.fromkeys((*secrets.get(secret.name, ()), *secret.hosts)))
        services.append(
            MovedService(
                key=slug,
                name=get_word(site, "name") or slug,
                suggested_id=slug,
                checks=[built.check] if built.check else [],
                options={"interval": format_seconds(config.interval_s)},
            )
        )
    return services, [MovedSecret(name, hosts) for name, hosts in secrets.items()]


def _move_removed(
    history: SiteHistory, config: SiteConfig, findings: list[Finding]
) -> Iterator[MovedService]:
    """The sites that were checked once and are no longer configured: services that have ended."""
    names = history.find_names()
    for slug in sorted(history.slugs):
        looks = history.list_looks(slug)
        if slug in config.sites or not looks:
            continue
        ends = [end for end in history.find_ends(slug) if end >= looks[-1].at]
        last = ends[0] if ends else looks[-1].at
        retired = format_instant(last + DAY_S)[:10]
        findings.append(
            Finding(
                f"site {slug}",
                "checked in the past, but no longer configured",
                f"a service, retired {retired}",
            )
        )
        yield MovedService(
            key=slug, name=names.get(slug, slug), suggested_id=slug, options={"retired": retired}
        )


def _count_looks(history: SiteHistory) -> dict[str, Any]:
    counts = {}
    for slug in sorted(history.slugs):
        by_outcome = Counter(seen.version.outcome.value for seen in history.slugs[slug].seen.values())
        if by_outcome:
            counts[slug] = dict(sorted(by_outcome.items()))
    return counts


def _report_history(history: SiteHistory) -> Iterator[Finding]:
    for slug in sorted(history.slugs):
        site, place = history.slugs[slug], f"history/{slug}.yml"
        if site.only_leftovers:
            found = f"{count_of(len(site.only_leftovers), 'version')} from the template, with a time long before the commit"
            yield Finding(place, found, "no samples: nothing was checked here then")
        for fault, count in sorted(site.unreadable.items()):
            yield Finding(place, f"{count_of(count, 'version')}: {fault}", "left out")
        if site.conflicts:
            yield Finding(
                place,
                f"{count_of(site.conflicts, 'version')} that differ but have the same time",
                "the one committed first counts",
            )
        looks = history.list_looks(slug)
        if not looks:
            continue
        by_outcome = Counter(str(look.outcome) for look in looks)
        counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(by_outcome.items()))
        yield Finding(
            place, f"{count_of(len(looks), 'check')}: {counted}", "imported, as samples and as changes"
        )
        if looks[-1].outcome is Outcome.DOWN:
            yield Finding(place, f"down when last seen, {format_instant(looks[-1].at)}", "no end is recorded")


def _report_config(config: SiteConfig) -> Iterator[Finding]:
    website = as_table(config.content.get("status-website"))
    for key, value in config.content.items():
        if key not in _SECTIONS:
            yield Finding(CONFIG, _write_section(key, value), "not imported")
    for key, value in website.items():
        if key in {"name", "cname", "baseUrl"}:
            continue
        words = _list_words(value) if key in _SPOKEN else []
        found = f"status-website.{key}" + (f": {'; '.join(words)}" if words else "")
        yield Finding(CONFIG, found, "not imported")
    yield Finding(
        "GitHub issues",
        "incidents (Upptime keeps them as issues of the repository, not in git)",
        "not imported: write the important ones with constat new incident",
    )


def _write_section(key: str, value: Value) -> str:
    """A section, with its words where visitors see them or it is a single value that does not look like a secret."""
    if key == "i18n":
        return f"{key}: {'; '.join(_list_words(value))}"
    is_open = isinstance(value, str) and key not in _SECRET_SECTIONS and not looks_secret(key, value)
    return f"{key}: {value}"[:200] if is_open else key


def _list_words(value: Value) -> list[str]:
    """Every text in a value, in its order."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [words for each in inner for words in _list_words(each)]


def _find_base_url(content: Table, website: Table) -> str:
    """The address of the page: its own domain, else that of GitHub Pages."""
    cname = get_word(website, "cname")
    if cname and "/" not in cname:
        return f"https://{cname}/"
    owner, repo = get_word(content, "owner"), get_word(content, "repo")
    if not owner:
        return ""
    base = get_word(website, "baseUrl").strip("/") or ("" if repo == f"{owner}.github.io" else repo)
    return f"https://{owner}.github.io/{base}/" if base else f"https://{owner}.github.io/"


def _compare_summary(summary: bytes, rows: list[ImportedRow]) -> Iterator[Finding]:
    """Report the downtime in Upptime's own summary: it comes from GitHub's issues, and is not imported."""
    minutes = _sum_minutes(summary)
    if minutes is None:
        return
    down_s = sum(
        row.end - row.start
        for row in rows
        if row.basis == "changes" and row.outcome is Outcome.DOWN and row.end is not None
    )
    found = f"dailyMinutesDown: {minutes / 60:.2f} h down, computed from GitHub issues"
    yield Finding(
        "history/summary.json",
        found,
        f"not imported; the samples give {down_s / HOUR_S:.2f} h from down to up",
    )


def _sum_minutes(summary: bytes) -> float | None:
    try:
        listed = json.loads(summary)
    except (ValueError, RecursionError):
        return None
    if not isinstance(listed, list):
        return None
    by_site = [site.get("dailyMinutesDown") for site in listed if isinstance(site, Mapping)]
    days = [each for each in by_site if isinstance(each, Mapping)]
    return sum(minutes for each in days for minutes in each.values() if isinstance(minutes, int | float))
