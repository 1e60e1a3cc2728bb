"""Scenes: the states that a page can be in, made from values, without a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from constat.interval import DAY_S, Instant, Interval, Stretch, clock_hours, compact
from constat.model import (
    CheckConfig,
    CheckEvidence,
    CheckRules,
    Config,
    Confirm,
    Contact,
    Contract,
    DownSample,
    Evidence,
    Hours,
    Latency,
    Level,
    MaintenanceRules,
    MaintenanceVersion,
    Monitor,
    Notice,
    NoticeText,
    Outcome,
    PageSettings,
    RecordedRules,
    Register,
    ServiceConfig,
    ServiceRules,
    Sla,
    SlotRun,
    Slots,
    State,
    Support,
    Update,
)

ZONE = ZoneInfo("Europe/Zurich")
NOW = int(datetime(2026, 11, 23, 9, 40, tzinfo=UTC).timestamp())
"""Monday 23 November 2026, 10:40 in Zurich."""

MINUTE, HOUR = 60, 3600
FIRST_DAY = NOW - 100 * DAY_S
VANTAGE = "gha"

NAMES: tuple[tuple[str, Mapping[str, str], Mapping[str, str], int], ...] = (
    ("website", {"fr": "Site web", "en": "Website"}, {"fr": "Nous trouver", "en": "Finding us"}, 300),
    ("app", {"fr": "Applications", "en": "Applications"}, {"fr": "Travailler", "en": "Working"}, 60),
    ("api", {"": "API"}, {"fr": "Travailler", "en": "Working"}, 60),
    ("smtp", {"fr": "Relais SMTP", "en": "SMTP relay"}, {"fr": "Envoyer", "en": "Sending"}, 60),
    ("sms", {"fr": "Passerelle SMS", "en": "SMS gateway"}, {"fr": "Envoyer", "en": "Sending"}, 60),
)


@dataclass(frozen=True)
class Seen:
    """The samples of one service: up from `first` to `last`, except for these spans of seconds before `NOW`.

    Each span is (ago, length, outcome); `None` is a gap without samples.
    """

    first: Instant = FIRST_DAY
    last: Instant = NOW - 20
    spans: tuple[tuple[int, int, Outcome | None], ...] = ()


@dataclass(frozen=True)
class Scene:
    """Everything that a page is made from."""

    config: Config
    register: Register
    evidence: Evidence
    notices: tuple[Notice, ...] = ()
    now: Instant = NOW
    seen: Mapping[str, Seen] = field(default_factory=dict)


def make_rules(interval_s: int = 60, *, counts: bool = True) -> ServiceRules:
    """Make the rules of a service: a promise of 99 %, with one check."""
    return ServiceRules(
        interval_s=interval_s,
        target=Decimal(99),
        min_coverage=Decimal(99),
        require="all",
        maintenance=MaintenanceRules(counts=counts, notice_s=0, cap_s=None),
        checks={"look": CheckRules("availability", interval_s, 1, (VANTAGE,))},
    )


def make_settings(*languages: str) -> PageSettings:
    """Make the settings of Maxony's page."""
    return PageSettings(
        id="maxony",
        name="Maxony",
        url="https://status.maxony.example/",
        languages=languages or ("fr", "en"),
        timezone=ZONE,
        links={"website": "https://www.maxony.example/", "privacy": "https://www.maxony.example/privacy"},
    )


SUPPORT = Support(
    contacts=(
        Contact("phone", "+41 00 000 00 00", "Europe", ("fr", "en", "de")),
        Contact("chat", "https://www.maxony.example/chat"),
        Contact("email", "support@maxony.example"),
    ),
    links={"faq": "https://www.maxony.example/faq", "videos": "https://www.maxony.example/videos"},
    hours=(
        Hours("Europe", (0, 1, 2, 3, 4), time(8), time(17), "+01:00", ()),
        Hours("America", (0, 1, 2, 3, 4), time(9), time(17), "-06:00", ()),
    ),
    clock="union",
    levels=(
        Level("first", {"fr": "Premier niveau", "en": "First level"}, 4 * HOUR, None),
        Level("second", {"fr": "Second niveau", "en": "Second level"}, 8 * HOUR, None),
        Level("legal", {"fr": "Équipe juridique", "en": "Legal team"}, None, 5),
    ),
)


def make_service(
    service_id: str, name: Mapping[str, str], group: Mapping[str, str] | None, interval_s: int
) -> ServiceConfig:
    """Make a service as in `status.yml`. The mail relay also has a check of a record, which affects no service."""
    record = CheckConfig(
        "sender", "spf", HOUR, Decimal(10), Confirm(), "nothing", 1, (VANTAGE,), None, "maxony.example"
    )
    checks = (record,) if service_id == "smtp" else ()
    return ServiceConfig(service_id, name, group, make_rules(interval_s), checks)


def make_config(services: Iterable[ServiceConfig], *languages: str) -> Config:
    """Make a complete configuration."""
    held = MaintenanceRules(counts=True, notice_s=0, cap_s=None)
    contract = Contract("2026-01", "https://www.maxony.example/sla")
    return Config(
        page=make_settings(*languages),
        monitor=Monitor(VANTAGE),
        secrets={},
        sla=Sla(contract, Decimal(99), Decimal(99), held, 3 * DAY_S),
        services=tuple(services),
        support=SUPPORT,
    )


def make_five_services(*languages: str, grouped: bool = False) -> Config:
    """Make the configuration of Maxony's five services."""
    made = (make_service(name, words, group if grouped else None, step) for name, words, group, step in NAMES)
    return make_config(made, *languages)


def _make_stretches(seen: Seen, interval_s: int) -> tuple[Stretch[Outcome], ...]:
    end = seen.last + 2 * interval_s
    edges = [Stretch(seen.first, end, Outcome.UP)]
    for ago, length, outcome in seen.spans:
        start, stop = NOW - ago, min(NOW - ago + length, end)
        edges = [
            part
            for old in edges
            for part in (
                Stretch(old.start, min(old.end, start), old.value),
                Stretch(max(old.start, stop), old.end, old.value),
            )
            if part.start < part.end
        ]
        if outcome is not None:
            edges.append(Stretch(start, stop, outcome))
    return compact(sorted(edges))


def make_check_evidence(service_id: str, seen: Seen, interval_s: int) -> CheckEvidence:
    """Make the evidence of one service's only check."""
    runs = _make_stretches(seen, interval_s)
    downs = tuple(DownSample(run.start, "timeout after 10 s") for run in runs if run.value is Outcome.DOWN)
    return CheckEvidence(
        service_id,
        "look",
        VANTAGE,
        runs,
        downs,
        seen.last,
        interval_s,
        None,
        downs[-1].reason if downs else "",
    )


def make_evidence(services: Iterable[ServiceConfig], seen: Mapping[str, Seen], now: Instant) -> Evidence:
    """Make the evidence of all services; a service that `seen` does not name was always up."""
    looked = {one.id: (one, seen.get(one.id, Seen())) for one in services}
    there = {name: pair for name, pair in looked.items() if pair[1].first <= now}
    today = datetime.fromtimestamp(now, ZONE).date()
    latencies = {
        (name, today - timedelta(days=back)): Latency(
            1440, 90 + (back * 37 + len(name) * 11) % 40, 190 + (back * 53) % 120
        )
        for name in there
        for back in range(90)
    }
    return Evidence(
        window=Interval(FIRST_DAY, now + HOUR),
        observed=tuple(
            make_check_evidence(name, happened, one.rules.interval_s)
            for name, (one, happened) in there.items()
        ),
        firsts={(name, "look"): happened.first for name, (_, happened) in there.items()},
        slots={
            (name, "look", "gha"): Slots(
                (
                    SlotRun(
                        one.rules.interval_s,
                        happened.first // one.rules.interval_s,
                        now // one.rules.interval_s,
                    ),
                )
            )
            for name, (one, happened) in there.items()
        },
        latency=latencies,
        hourly={
            (name, hour.start): Latency(60, 90 + (ago * 29 + len(name) * 11) % 40, 190 + (ago * 67) % 120)
            for name, (one, happened) in there.items()
            for ago, hour in enumerate(reversed(clock_hours(now, ZONE, 24)))
            if _answers(_make_stretches(happened, one.rules.interval_s), hour)
        },
    )


def _answers(runs: Iterable[Stretch[Outcome]], hour: Interval) -> bool:
    """Whether a service was up in an hour, so that it has response times."""
    return any(run.value is Outcome.UP and run.start < hour.end and hour.start < run.end for run in runs)


def make_register(services: Iterable[ServiceConfig], notices: Iterable[Notice], told: Instant) -> Register:
    """Make the register: the promises from the first day on, and every maintenance, all announced at one time."""
    return Register(
        services=tuple(RecordedRules(FIRST_DAY, one.id, one.rules) for one in services),
        maintenance=tuple(
            MaintenanceVersion(
                told,
                notice.stem,
                notice.services,
                notice.starts,
                notice.ends or 0,
                notice.state == "cancelled",
            )
            for notice in notices
            if notice.kind == "maintenance"
        ),
    )


def make_scene(
    seen: Mapping[str, Seen] | None = None,
    notices: Iterable[Notice] = (),
    *,
    of: Config | None = None,
    now: Instant = NOW,
) -> Scene:
    """Make a scene: Maxony's five services, always up except where stated."""
    config, published = of or make_five_services(), tuple(notices)
    return Scene(
        config,
        make_register(config.services, published, now - 5 * DAY_S),
        make_evidence(config.services, seen or {}, now),
        published,
        now,
        seen or {},
    )


def make_update(ago: int, state: State, words: str) -> Update:
    """Make an update some seconds before `NOW`."""
    return Update(NOW - ago, state, f"<p>{words}</p>", words)


def make_incident(
    stem: str,
    services: tuple[str, ...],
    updates: Iterable[Mapping[str, Update]],
    titles: Mapping[str, str],
    *,
    next_ago: int | None = None,
) -> Notice:
    """Make a major incident; each update is given by language."""
    posts = tuple(updates)
    texts = {
        lang: NoticeText(lang, title, "", "", tuple(post[lang] for post in posts))
        for lang, title in titles.items()
    }
    first = next(iter(titles))
    return Notice(
        stem=stem,
        kind="incident",
        services=services,
        impact="major",
        starts=posts[0][first].at,
        ends=None,
        next=None if next_ago is None else NOW - next_ago,
        texts=texts,
        updates=tuple(post[first] for post in posts),
    )


def make_maintenance(stem: str, services: tuple[str, ...], begins_ago: int, length: int) -> Notice:
    """Make a maintenance without an update that begins this many seconds before `NOW` (after it, if negative)."""
    french = "Nous remplaçons deux relais. Les messages en attente sont gardés, puis envoyés."
    english = "We replace two relays. Queued mail is kept and sent afterwards."
    return Notice(
        stem=stem,
        kind="maintenance",
        services=services,
        impact="none",
        starts=NOW - begins_ago,
        ends=NOW - begins_ago + length,
        next=None,
        texts={
            "fr": NoticeText("fr", "Maintenance du relais SMTP", f"<p>{french}</p>", french, ()),
            "en": NoticeText("en", "SMTP relay maintenance", f"<p>{english}</p>", english, ()),
        },
    )


def make_bilingual(ago: int, state: State, french: str, english: str) -> Mapping[str, Update]:
    """Make an update in French and in English."""
    return {"fr": make_update(ago, state, french), "en": make_update(ago, state, english)}


PAST = make_incident(
    "2026-11-18-app-erreurs",
    ("app",),
    (
        make_bilingual(5 * DAY_S, "investigating", "Certaines pages répondent par une erreur.", "Some pages answer with an error."),
        make_bilingual(5 * DAY_S - 21 * MINUTE, "identified", "Une mise à jour défectueuse ; nous la retirons.", "A bad update; we are taking it back."),
        make_bilingual(5 * DAY_S - 42 * MINUTE, "resolved", "Tout fonctionne à nouveau.", "Everything works again."),
    ),
    {"fr": "Erreurs dans les applications", "en": "Errors in the applications"},
)  # fmt: skip
COMING = make_maintenance(
    "2026-12-01-relais-smtp", ("smtp",), -(8 * DAY_S + 11 * HOUR + 20 * MINUTE), 3 * HOUR
)

HISTORY: Mapping[str, Seen] = {
    "app": Seen(spans=((5 * DAY_S, 42 * MINUTE, Outcome.DOWN), (38 * DAY_S, 95 * MINUTE, Outcome.DEGRADED))),
    "api": Seen(
        spans=(
            (52 * DAY_S, 9 * HOUR, Outcome.DOWN),
            (20 * DAY_S, 14 * HOUR, None),
            (3 * DAY_S, 48, Outcome.DOWN),
        )
    ),
    "smtp": Seen(spans=((60 * DAY_S, 3 * HOUR, None), (75 * DAY_S, 30 * HOUR, None))),
    "sms": Seen(first=NOW - 12 * DAY_S),
}


def _add_events(**spans: Seen) -> dict[str, Seen]:
    """Add current events to the history."""
    return {
        **HISTORY,
        **{
            name: replace(now, spans=HISTORY.get(name, Seen()).spans + now.spans)
            for name, now in spans.items()
        },
    }


DOWN_NOW = Seen(spans=((28 * MINUTE, HOUR, Outcome.DOWN),))
EXPLAINED = make_incident(
    "2026-11-23-relais-smtp",
    ("smtp",),
    (
        make_bilingual(25 * MINUTE, "investigating", "Le relais n'accepte plus de connexions. Vos messages restent chez vous et partiront ensuite.", "The relay accepts no connections. Your messages wait on your side and will leave afterwards."),
        make_bilingual(6 * MINUTE, "identified", "Un disque est plein ; nous libérons de la place.", "A disk is full; we are making room."),
    ),
    {"fr": "Relais SMTP injoignable", "en": "SMTP relay unreachable"},
    next_ago=-20 * MINUTE,
)  # fmt: skip
REPORTED = make_incident(
    "2026-11-23-sms-retards",
    ("sms",),
    (make_bilingual(35 * MINUTE, "investigating", "Des SMS vers l'Espagne arrivent avec une heure de retard.", "Texts to Spain arrive an hour late."),),
    {"fr": "SMS retardés vers l'Espagne", "en": "Late texts to Spain"},
    next_ago=5 * MINUTE,
)  # fmt: skip
RUNNING = make_maintenance("2026-11-23-relais-smtp", ("smtp",), 40 * MINUTE, 3 * HOUR)
OVERRUN = make_maintenance("2026-11-23-relais-smtp", ("smtp",), 3 * HOUR + 10 * MINUTE, 3 * HOUR)


def make_many_services() -> Config:
    """Make the configuration of fifty services in eight groups."""
    groups = [{"fr": f"Groupe {letter}", "en": f"Group {letter}"} for letter in "ABCDEFGH"]
    made = (
        make_service(
            f"s{n:02d}", {"fr": f"Service {n + 1}", "en": f"Service {n + 1}"}, groups[n * 8 // 50], 60
        )
        for n in range(50)
    )
    return make_config(made)


SCENES: Mapping[str, Scene] = {
    "all-well": make_scene(HISTORY, (PAST, COMING)),
    "degraded": make_scene(
        _add_events(api=Seen(spans=((28 * MINUTE, HOUR, Outcome.DEGRADED),))), (PAST, COMING)
    ),
    "outage": make_scene(_add_events(smtp=DOWN_NOW), (PAST, COMING)),
    "outage-explained": make_scene(_add_events(smtp=DOWN_NOW), (PAST, COMING, EXPLAINED)),
    "several-down": make_scene(_add_events(smtp=DOWN_NOW, api=DOWN_NOW, app=DOWN_NOW), (PAST, COMING)),
    "all-down": make_scene({name: DOWN_NOW for name, *_ in NAMES}, ()),
    "reported": make_scene(HISTORY, (PAST, COMING, REPORTED)),
    "recovered": make_scene(
        _add_events(smtp=Seen(spans=((90 * MINUTE, 42 * MINUTE, Outcome.DOWN),))), (PAST, COMING)
    ),
    "maintenance": make_scene(_add_events(smtp=DOWN_NOW), (PAST, RUNNING)),
    "overrun": make_scene(
        _add_events(smtp=Seen(spans=((3 * HOUR, 4 * HOUR, Outcome.DOWN),))), (PAST, OVERRUN)
    ),
    "partly-checked": make_scene(_add_events(api=Seen(last=NOW - 3 * HOUR)), (PAST, COMING)),
    "blind": make_scene({name: Seen(last=NOW - 38 * MINUTE) for name, *_ in NAMES}, (PAST,)),
    "first-day": make_scene({name: Seen(first=NOW + DAY_S) for name, *_ in NAMES}),
    "fifty": make_scene(
        {"s07": DOWN_NOW, "s31": Seen(spans=((9 * DAY_S, 5 * HOUR, Outcome.DEGRADED),))},
        of=make_many_services(),
    ),
}
