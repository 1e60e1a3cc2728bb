"""Pages made by hand, for tests of outputs."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from constat.interval import Instant, Interval, local_date, parse_instant
from constat.model import (
    Availability,
    Budget,
    CheckCount,
    Day,
    Figures,
    Impact,
    MaintenanceRules,
    MaintenanceVersion,
    Notice,
    NoticeText,
    Outage,
    PageSettings,
    Seconds,
    ServiceRules,
    Sla,
    Standing,
    State,
    Status,
    Update,
)
from constat.page import Banner, Group, Page, Phase, ShownNotice, ShownService

ZURICH = ZoneInfo("Europe/Zurich")
NOW = parse_instant("2026-11-24T09:00:00Z")
ALL_YEAR = Interval(NOW - 90 * 86_400, NOW)

SETTINGS = PageSettings(
    id="maxony",
    name="Maxony",
    url="https://status.maxony.example/",
    languages=("fr", "en"),
    timezone=ZURICH,
    links={},
)
MAINTENANCE_RULES = MaintenanceRules(counts=True, notice_s=0, cap_s=None)
RULES = ServiceRules(60, Decimal(99), Decimal(99), "all", MAINTENANCE_RULES, {})
SLA = Sla(None, Decimal(99), Decimal(99), MAINTENANCE_RULES, 3 * 86_400)


def parse_time(text: str) -> Instant:
    """`2026-11-23 10:12` in UTC."""
    return parse_instant(text.replace(" ", "T") + ":00Z")


def make_update(when: str, state: State, text: str) -> Update:
    """Make an update whose HTML is one paragraph."""
    return Update(parse_time(when), state, f"<p>{text}</p>", text, lang="fr")


def _make_about(updates: tuple[Update, ...], services: tuple[str, ...], impact: Impact) -> tuple[Update, ...]:
    return tuple(update._replace(services=update.services or services, impact=impact) for update in updates)


def make_incident(
    stem: str,
    *updates: Update,
    services: tuple[str, ...] = ("smtp",),
    impact: Impact = "major",
    title: str = "Envois retardés",
    text: str = "",
) -> Notice:
    """Make an incident in the first language that starts with its first update."""
    own_updates = _make_about(updates, services, impact)
    return Notice(
        stem=stem,
        kind="incident",
        services=services,
        impact=impact,
        starts=updates[0].at,
        ends=None,
        next=None,
        texts={"fr": NoticeText("fr", title, f"<p>{text}</p>" if text else "", text, own_updates)},
        updates=own_updates,
        first_services=services,
        first_impact=impact,
    )


def make_maintenance(
    stem: str,
    starts: str,
    ends: str,
    *updates: Update,
    services: tuple[str, ...] = ("smtp",),
    text: str = "Les messages en attente sont conservés.",
) -> Notice:
    """Make a maintenance in the first language, without a reminder."""
    own_updates = _make_about(updates, services, "none")
    return Notice(
        stem=stem,
        kind="maintenance",
        services=services,
        impact="none",
        starts=parse_time(starts),
        ends=parse_time(ends),
        next=None,
        texts={
            "fr": NoticeText(
                "fr", "Remplacement de deux relais", f"<p>{text}</p>" if text else "", text, own_updates
            )
        },
        updates=own_updates,
        first_services=services,
    )


def translate_notice(notice: Notice, lang: str, title: str, text: str, *updates: Update) -> Notice:
    """Add a language to a notice; updates without a translation stay in the first language."""
    by_time = {update.at: update._replace(lang=lang) for update in updates}
    all_updates = tuple(by_time.get(update.at, update) for update in notice.updates)
    words = NoticeText(lang, title, f"<p>{text}</p>" if text else "", text, all_updates)
    return notice._replace(texts={**notice.texts, lang: words})


def present_notice(
    notice: Notice, phase: Phase = "open", *, state: State | None = None, published: str = "2026-11-20 09:00"
) -> ShownNotice:
    """Make a notice as the page shows it; a maintenance has one published version."""
    versions = (_make_version(notice, published),) if notice.kind == "maintenance" else ()
    current = state or notice.state or ("scheduled" if notice.kind == "maintenance" else "investigating")
    ends = (
        notice.ends if notice.kind == "maintenance" else (notice.updates[-1].at if phase == "past" else None)
    )
    return ShownNotice(
        notice=notice,
        phase=phase,
        state=current,
        starts=notice.starts,
        ends=ends,
        as_announced=False,
        overdue=False,
        outages=(),
        versions=versions,
    )


def _make_version(notice: Notice, published: str) -> MaintenanceVersion:
    ends = notice.ends if notice.ends is not None else notice.starts
    return MaintenanceVersion(
        parse_time(published), notice.stem, notice.services, notice.starts, ends, cancelled=False
    )


def make_figures(service: str, *outages: Outage, window: Interval = ALL_YEAR) -> Figures:
    """Make figures of 90 days that were measured throughout."""
    down = sum(outage.seconds for outage in outages)
    seconds = Seconds(up=window.seconds - down, down=down)
    share = Fraction(seconds.up, seconds.window)
    availability = Availability(share, share, share, Fraction(1))
    return Figures(
        service=service,
        window=window,
        counts="all",
        target=Decimal(99),
        min_coverage=Decimal(99),
        seconds=seconds,
        maintenance=Seconds(),
        all=availability,
        without_maintenance=availability,
        verdict_all="met",
        verdict_without="met",
        verdict="met",
        budget=Budget(window.seconds // 100, down, window.seconds // 100 - down, 0),
        vantages={"gha": CheckCount(window.seconds // 60, window.seconds // 60)},
        longest_gap_s=0,
        outages=outages,
    )


def make_days(count: int = 90) -> tuple[Day, ...]:
    """Make days without problems, the last of which is today."""
    today = local_date(NOW, ZURICH)
    return tuple(
        Day(
            date=today - timedelta(days=back),
            status=Status.OPERATIONAL,
            partial=False,
            seconds=Seconds(up=86_400),
            maintenance=Seconds(),
            availability=Fraction(1),
        )
        for back in reversed(range(count))
    )


def make_service(
    service_id: str,
    name: str | dict[str, str],
    *outages: Outage,
    standing: Standing | None = None,
) -> ShownService:
    """Make a service, by default one that works."""
    names = {"": name} if isinstance(name, str) else name
    whole = make_figures(service_id, *outages)
    current = standing or Standing(Status.OPERATIONAL, newest=NOW - 30)
    return ShownService(
        service_id, names, RULES, current, whole, make_days(), whole, whole, NOW - 200 * 86_400
    )


LOOKING = make_update("2026-11-23 10:12", "investigating", "Nous regardons.")
MENDED = make_update("2026-11-23 11:12", "resolved", "C'est réparé.")
BROKEN = make_incident("2026-11-23-smtp", LOOKING, MENDED)
"""An incident of an hour on the SMTP relay, the day before."""
PLANNED = make_maintenance("2026-12-01-relay", "2026-12-01 21:00", "2026-12-02 00:00")
"""A maintenance of the SMTP relay, a week ahead."""

SMTP = make_service("smtp", {"fr": "Relais SMTP", "en": "SMTP relay"})
API = make_service("api", "API")


def make_page(
    notices: Sequence[ShownNotice] = (),
    services: Sequence[ShownService] = (SMTP, API),
    *,
    settings: PageSettings = SETTINGS,
    now: Instant = NOW,
) -> Page:
    """Make a page of some notices and services, in one group without a name."""
    return Page(
        settings=settings,
        sla=SLA,
        support=None,
        now=now,
        data_end=now - 30,
        stale_after_s=1800,
        banner=Banner("all_well", Status.OPERATIONAL, (), (), len(services), len(services)),
        groups=(Group(None, tuple(services), Status.OPERATIONAL),),
        notices=tuple(notices),
        past=(),
        names={each.id: each.name for each in services},
    )
