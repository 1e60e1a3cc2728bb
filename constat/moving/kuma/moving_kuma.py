"""One status page of a Kuma database in the common model: only what the page shows, and the results of its monitors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from constat.imported import DayCounts, format_counts
from constat.interval import DAY_S, Instant, format_seconds
from constat.model import Outcome
from constat.model.imported import ImportedRow
from constat.moving.built_checks import BuiltCheck
from constat.moving.counting import count_of
from constat.moving.kuma.beats import STATUS_NAMES, FoldedBeats, fold_beats
from constat.moving.kuma.kuma_notices import move_incidents, move_maintenances
from constat.moving.kuma.kuma_secrets import Scrubber
from constat.moving.kuma.monitor_checks import build_check
from constat.moving.kuma.monitor_timing import read_rhythm
from constat.moving.kuma.status_pages import choose_page, find_base_url, report_page
from constat.moving.kuma.tables import Row, Tables, get_flag, get_json, get_number, get_text
from constat.moving.looks import write_changes, write_samples
from constat.moving.model import Finding, Moved, MovedEvidence, MovedSecret, MovedService
from constat.moving.secret_marks import is_suspicious, may_hide, may_hide_in_address


class _Shown(NamedTuple):
    """A monitor on the page: its row, the heading that it is under, and the link that the page gives."""

    row: Row
    group: str
    link: str


def move_kuma(tables: Tables, page_slug: str, now: Instant) -> Moved:
    """Read one status page.

    Raises:
        UsageError: there is no page of that name, or several and none is chosen.

    """
    scrubber = Scrubber(tables.secrets)
    page = choose_page(tables, page_slug)
    findings: list[Finding] = list(report_page(tables, page))
    shown_monitors = _list_shown(tables, page, findings)
    keys = {get_number(monitor.row, "id"): str(get_number(monitor.row, "id")) for monitor in shown_monitors}
    services, secrets = _move_services(shown_monitors, tables, scrubber, findings)
    evidence = _move_evidence(shown_monitors, tables)
    findings += evidence.report
    notices = [
        *move_incidents(tables, page, findings),
        *move_maintenances(tables, page, keys, _find_newest(evidence, now), findings),
    ]
    _report_left(tables, findings)
    return Moved(
        "kuma",
        title=scrubber.scrub(get_text(page, "title")),
        base_url=find_base_url(tables, page),
        zone=str(tables.settings.get("serverTimezone") or ""),
        services=[_scrub_service(service, scrubber) for service in services],
        notices=[
            notice._replace(title=scrubber.scrub(notice.title), text=scrubber.scrub(notice.text))
            for notice in notices
        ],
        evidence=[evidence] if evidence.rows else [],
        secrets=secrets,
        findings=[_scrub_finding(finding, scrubber) for finding in findings],
    )


def _find_newest(evidence: MovedEvidence, now: Instant) -> Instant:
    """The end of the newest look, so that the same database gives the same result whenever it is read."""
    return max((row.end or row.start for row in evidence.rows if row.basis == "samples"), default=now)


def _list_shown(tables: Tables, page: Row, findings: list[Finding]) -> list[_Shown]:
    """The monitors on the page in its order, each once, without groups of monitors."""
    monitors = {get_number(row, "id"): row for row in tables.monitors}
    headings = [
        group
        for group in tables.groups
        if group.get("status_page_id") == page.get("id") and get_flag(group, "public", otherwise=True)
    ]
    headings.sort(key=lambda group: (get_number(group, "weight"), get_number(group, "id")))
    shown_monitors: dict[int, _Shown] = {}
    for heading in headings:
        members = [row for row in tables.members if row.get("group_id") == heading.get("id")]
        members.sort(key=lambda row: (get_number(row, "weight"), get_number(row, "id")))
        for member in members:
            number = get_number(member, "monitor_id")
            row = monitors.get(number)
            if row is None:
                findings.append(Finding(f"monitor {number}", "on the page, but deleted", "left out"))
            elif get_text(row, "type") == "group":
                found = "a group of monitors on the page"
                findings.append(
                    Finding(f"monitor {number}", found, "left out: its state follows from its children")
                )
            elif number in shown_monitors:
                findings.append(Finding(f"monitor {number}", "twice on the page", "the first place counts"))
            else:
                shown_monitors[number] = _Shown(
                    row, get_text(heading, "name"), _find_link(row, member, findings)
                )
    private = sum(
        number not in shown_monitors and get_text(row, "type") != "group" for number, row in monitors.items()
    )
    if private:
        findings.append(
            Finding("monitors", f"{private:,} that are not on the page", "not imported, and not named")
        )
    return list(shown_monitors.values())


def _find_link(row: Row, member: Row, findings: list[Finding]) -> str:
    """The link that the page gives beside a monitor, if it gives one."""
    if not get_flag(member, "send_url"):
        return ""
    url = get_text(member, "custom_url") or get_text(row, "url")
    if not url.startswith(("https://", "http://")) or "@" in url:
        return ""
    try:
        hides = may_hide_in_address(url)
    except ValueError:
        return ""
    if hides:
        found = "a link that may contain a secret"
        findings.append(Finding(f"monitor {get_number(row, 'id')}", found, "not imported"))
    return "" if hides else url


def _move_services(
    shown_monitors: Sequence[_Shown], tables: Tables, scrubber: Scrubber, findings: list[Finding]
) -> tuple[list[MovedService], list[MovedSecret]]:
    services, secrets = [], []
    for monitor in shown_monitors:
        number = get_number(monitor.row, "id")
        built = build_check(monitor.row)
        if built.check and scrubber.scrub(repr(built.check)) != repr(built.check):
            built = BuiltCheck(None, [("a secret where none may stand", "no check: write it by hand")])
        findings += [Finding(f"monitor {number}", found, done) for found, done in built.findings]
        secrets += built.secrets
        services.append(
            MovedService(
                key=str(number),
                name=get_text(monitor.row, "name"),
                group=monitor.group,
                description=_find_description(monitor.row, findings),
                link=monitor.link,
                checks=[built.check] if built.check else [],
                options={"interval": format_seconds(read_rhythm(monitor.row).interval_s)},
            )
        )
    _report_marks(shown_monitors, tables, findings)
    return services, secrets


def _find_description(row: Row, findings: list[Finding]) -> str:
    description = get_text(row, "description")
    words = (word for word in description.split() if any(map(str.isdigit, word)))
    if is_suspicious(description) or any(map(may_hide, words)):
        found = "a description that may contain a secret"
        findings.append(Finding(f"monitor {get_number(row, 'id')}", found, "not imported"))
        return ""
    if description:
        done = "imported: the page shows it; remove it from status.yml if it is not meant for everybody"
        findings.append(
            Finding(
                f"monitor {get_number(row, 'id')}", "a description, which Kuma shows only to its users", done
            )
        )
    return description


def _report_marks(shown_monitors: Sequence[_Shown], tables: Tables, findings: list[Finding]) -> None:
    """Name what monitors on the page have that has no place here: tags, and warnings of certificates."""
    numbers = {get_number(monitor.row, "id") for monitor in shown_monitors}
    tagged = sorted({get_number(row, "monitor_id") for row in tables.tags} & numbers)
    if tagged:
        listed = ", ".join(map(str, tagged))
        findings.append(Finding(f"monitors {listed}", "tags", "not imported: services have no tags"))
    expiring = sorted(
        get_number(monitor.row, "id")
        for monitor in shown_monitors
        if get_flag(monitor.row, "expiry_notification") and get_text(monitor.row, "url").startswith("https:")
    )
    if expiring:
        listed = ", ".join(map(str, expiring))
        done = "not imported: add a check of kind tls with warn"
        findings.append(Finding(f"monitors {listed}", "warnings before certificates expire", done))


def _move_evidence(shown_monitors: Sequence[_Shown], tables: Tables) -> MovedEvidence:
    rows: list[ImportedRow] = []
    counts: dict[str, Any] = {}
    report: list[Finding] = []
    for monitor in shown_monitors:
        number = get_number(monitor.row, "id")
        folded = fold_beats(tables.beats(number), read_rhythm(monitor.row))
        of_monitor = [*_write_looks(str(number), folded, tables), *_write_counts(number, monitor.row, tables)]
        rows += of_monitor
        counts[f"monitor {number}"] = {
            name: folded.by_status[name] for name in STATUS_NAMES.values() if folded.by_status[name]
        }
        report += _report_beats(number, folded, of_monitor)
    source = {"version": tables.version, "sha256": tables.sha256, "counts": counts}
    return MovedEvidence("kuma", rows, source, report)


def _write_looks(key: str, folded: FoldedBeats, tables: Tables) -> Iterator[ImportedRow]:
    """All looks as samples; in 2.x also, as changes, the older looks of which Kuma kept only changes."""
    yield from write_samples(key, folded.looks)
    if tables.version == "2":
        kept_from = folded.kept_from
        older = [look for look in folded.looks if kept_from is None or look.at < kept_from]
        yield from write_changes(key, older, kept_from)


def _write_counts(number: int, monitor: Row, tables: Tables) -> Iterator[ImportedRow]:
    """The counts of each day (UTC), as text. They have no order, so they say nothing about any given second."""
    for row in tables.daily(number):
        start = get_number(row, "timestamp", -1)
        if start < 0:
            continue
        extras = get_json(row, "extras")
        maintenance = get_number(extras, "maintenance") if isinstance(extras, Mapping) else 0
        counts = DayCounts(
            max(0, get_number(row, "up")), max(0, get_number(row, "down")), max(0, maintenance)
        )
        yield ImportedRow(
            str(number),
            start,
            start + DAY_S,
            Outcome.UNKNOWN,
            "counts",
            counts.up + counts.down,
            read_rhythm(monitor).interval_s,
            get_number(row, "ping") if counts.up else None,
            format_counts(counts),
        )


def _report_beats(number: int, folded: FoldedBeats, rows: Iterable[ImportedRow]) -> Iterator[Finding]:
    place = f"monitor {number}"
    found = ", ".join(
        f"{folded.by_status[name]} {name}" for name in STATUS_NAMES.values() if folded.by_status[name]
    )
    by_basis = [row.basis for row in rows]
    done = f"{count_of(by_basis.count('samples'), 'run')} of samples"
    if changes := by_basis.count("changes"):
        done += f", {count_of(changes, 'span')} between changes"
    if days := by_basis.count("counts"):
        done += f", {count_of(days, 'day')} with counts"
    if folded.folded:
        done += f"; {folded.folded} pending merged into the check that they belong to"
    if folded.open_runs:
        done += f"; {folded.open_runs} of these checks ended neither up nor down: unknown"
    if folded.by_status["maintenance"]:
        done += f"; {folded.by_status['maintenance']} in maintenance left out: Kuma did not check"
    yield Finding(place, f"beats: {found or 'none'}", done)
    if folded.unreadable:
        yield Finding(
            place, f"{count_of(folded.unreadable, 'beat')} without a readable time or status", "left out"
        )


def _report_left(tables: Tables, findings: list[Finding]) -> None:
    for name, count in tables.counts.items():
        if count:
            findings.append(Finding(name, count_of(count, "row"), "not imported"))
    findings.append(
        Finding(
            "heartbeats",
            "messages (Kuma does not show them on a status page)",
            "not imported: a keyword says why a sample was down, if known",
        )
    )


def _scrub_service(service: MovedService, scrubber: Scrubber) -> MovedService:
    return service._replace(
        name=scrubber.scrub(service.name),
        group=scrubber.scrub(service.group),
        description=scrubber.scrub(service.description),
        link="" if scrubber.scrub(service.link) != service.link else service.link,
    )


def _scrub_finding(finding: Finding, scrubber: Scrubber) -> Finding:
    return Finding(*(scrubber.scrub(text) for text in finding))
