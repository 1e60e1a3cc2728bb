"""Agreed hours and credits in words: on the page of a service, of the promise, and on statements, in every language."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

import pytest

from constat.availability import compute_availability
from constat.i18n import Language, load_languages
from constat.model import Credit, CreditDue, Hours, Outcome, Seconds, ServiceStatement
from constat.render import agreements, day_bars, sheet, sla
from constat.render.support_texts import describe_weekly_hours
from tests.support.page_scenes import (
    HOUR,
    NOW,
    Scene,
    Seen,
    make_config,
    make_rules,
    make_scene,
    make_service,
)
from tests.support.rendered_site import (
    TEMPLATES,
    build_scene_page,
    normalise_text,
    parse_elements,
    render_scene,
)

HOURS = (Hours("", (0, 1, 2, 3, 4), time(8), time(18), "Europe/Zurich", (date(2026, 12, 25),)),)
CREDITS = (Credit(Decimal(98), Decimal(25)), Credit(Decimal(99), Decimal(10)))
WEDNESDAY_MORNING = NOW - int(datetime(2026, 10, 14, 8, tzinfo=UTC).timestamp())
"""In seconds before now: 14 October 2026, 10:00 in Zurich."""

FRIDAY_EVENING = NOW - int(datetime(2026, 11, 20, 16, 30, tzinfo=UTC).timestamp())
"""17:30 in Zurich: half an hour before the agreed hours end."""
SATURDAY = NOW - int(datetime(2026, 11, 21, 8, tzinfo=UTC).timestamp())


def make_agreed_scene(*spans: tuple[int, int, Outcome | None], table: tuple[Credit, ...] = CREDITS) -> Scene:
    """A gateway that is promised in office hours, with credits, beside an API without either; in five languages."""
    gateway = make_service("gateway", {"": "Gateway"}, None, 60)
    gateway = gateway._replace(rules=make_rules()._replace(hours=HOURS, credits=table))
    both = make_config((make_service("api", {"": "API"}, None, 60), gateway), "en", "fr", "de", "es", "it")
    return make_scene({"gateway": Seen(spans=spans)}, of=both)


@cache
def render_missed_month() -> Mapping[str, bytes]:
    """The site of the gateway after three hours of a Wednesday down (1.36 % of October's 220 h), a Friday's end, a Saturday."""
    return render_scene(
        make_agreed_scene(
            (WEDNESDAY_MORNING, 3 * HOUR, Outcome.DOWN),
            (FRIDAY_EVENING, HOUR, Outcome.DOWN),
            (SATURDAY, 2 * HOUR, Outcome.DOWN),
        )
    )


def read_main(html: bytes) -> str:
    [main] = [element for element in parse_elements(html) if element.name == "main"]
    return normalise_text(main.text).removeprefix("Reload it ")


def october(*spans: tuple[int, int, Outcome | None]) -> ServiceStatement:
    """The gateway's part of the statement of October."""
    [month] = [
        month for month in build_scene_page(make_agreed_scene(*spans)).months if month.name == "2026-10"
    ]
    return next(stated for stated in month.statement.services if stated.figures.service == "gateway")


def english() -> Language:
    page = build_scene_page(make_agreed_scene())
    return load_languages(page.settings, TEMPLATES, NOW)["en"]


@pytest.mark.parametrize(
    ("folder", "promise", "owes", "credit", "edge"),
    [
        ("", "promised Monday to Friday, 08:00 to 18:00 (Europe/Zurich), except on 25 December 2026", "What Maxony owes for this month", "Credit due: 10 %, certain.", "Friday 20 November, 17:30 to 18:00, when the agreed hours ended (30 min)"),
        ("fr/", "promis du lundi au vendredi, de 8 h 00 à 18 h 00 (Europe/Zurich), sauf le 25 décembre 2026", "Ce que Maxony doit pour ce mois", "Avoir dû : 10 %, certain.", "vendredi 20 novembre, de 17 h 30 à 18 h 00, fin des heures convenues (30 min)"),
        ("de/", "versprochen Montag bis Freitag, 8:00 bis 18:00 (Europe/Zurich), außer am 25. Dezember 2026", "Was Maxony für diesen Monat schuldet", "Gutschrift fällig: 10 %, sicher.", "Freitag, 20. November, 17:30 bis 18:00, Ende der vereinbarten Zeiten (30 min)"),
        ("es/", "prometido de lunes a viernes, de 8:00 a 18:00 (Europe/Zurich), excepto el 25 de diciembre de 2026", "Lo que Maxony debe por este mes", "Abono debido: 10 %, seguro.", "viernes 20 de noviembre, de 17:30 a 18:00, fin del horario acordado (30 min)"),
        ("it/", "promesso da lunedì a venerdì, dalle 08:00 alle 18:00 (Europe/Zurich), tranne il giorno 25 dicembre 2026", "Quanto Maxony deve per questo mese", "Accredito dovuto: 10%, certo.", "venerdì 20 novembre, dalle 17:30 alle 18:00, fine degli orari concordati (30 min)"),
    ],
)  # fmt: skip
def test_promise_and_credits_are_worded_in_every_language(
    folder: str, promise: str, owes: str, credit: str, edge: str
) -> None:
    site = render_missed_month()
    assert edge in read_main(site[f"{folder}services/gateway/index.html"])
    for page in ("sla/", "sla/2026-10/"):
        text = read_main(site[f"{folder}{page}index.html"])
        assert promise in text, text
    assert f"{promise[0].upper()}{promise[1:]}." in read_main(site[f"{folder}services/gateway/index.html"])
    statement = read_main(site[f"{folder}sla/2026-10/index.html"])
    assert f"{owes} Gateway{credit}" in statement, statement
    assert promise not in read_main(site[f"{folder}services/api/index.html"])


def test_credits_come_before_every_figure() -> None:
    """So it is in the first screen of a phone, and on the first printed sheet."""
    main = read_main(render_missed_month()["sla/2026-10/index.html"])
    before = main.partition("Credit due: 10 %, certain.")[0]
    assert before.rstrip().endswith(
        "1 of 2 availability targets met1 missed What Maxony owes for this month Gateway"
    )
    assert "%" not in before
    html = render_missed_month()["sla/2026-10/index.html"].decode()
    assert (
        html.index('class="sheet"')
        < html.index('class="owed"')
        < html.index("<table")
        < html.index('class="annex"')
    )


def test_a_statement_without_credits_says_nothing_of_them() -> None:
    site = render_scene(make_agreed_scene(table=()))
    assert "owes" not in read_main(site["sla/2026-10/index.html"])
    assert "Credit" not in read_main(site["sla/index.html"])
    rules_told = read_main(site["how/index.html"])
    assert "the figures count these hours alone" in rules_told
    assert "credit" not in rules_told
    assert "A credit is due where" in read_main(render_missed_month()["how/index.html"])


def test_credit_table_follows_the_promise_highest_limit_first() -> None:
    for page in ("sla/index.html", "services/gateway/index.html", "sla/2026-10/index.html"):
        assert "below 99 % 10 % below 98 % 25 %" in " ".join(
            normalise_text(element.text)
            for element in parse_elements(render_missed_month()[page])
            if element.name in ("th", "td") and element.parents[-2].name == "tbody"
        )
    assert "Credits: Gateway" in read_main(render_missed_month()["sla/index.html"])
    assert "below 99 %" not in read_main(render_missed_month()["services/api/index.html"])


def test_statement_figures_have_machine_readable_values() -> None:
    html = render_missed_month()["sla/2026-10/index.html"]
    numbers = [element.attributes["value"] for element in parse_elements(html) if element.name == "data"]
    assert numbers[0] == "10"
    assert {"98.636", "100.000"} <= set(numbers)


def test_bar_shows_and_marks_time_outside_the_agreed_hours() -> None:
    """The figure stays 100 % of the agreed hours of that day."""
    page = build_scene_page(make_agreed_scene((SATURDAY, 2 * HOUR, Outcome.DOWN)))
    gateway = page.service("gateway")
    assert gateway is not None
    saturday = next(day for day in gateway.days if day.date == date(2026, 11, 21))
    bar = day_bars.build_shape(saturday, english())
    assert (bar.base, bar.above, bar.red) == ("up", "outage", 13)
    assert normalise_text(bar.words) == "down 2 h, outside the agreed hours"
    assert normalise_text(str(day_bars.describe_availability(gateway, english()))) == (
        "100 % in the agreed hours of 90 days, 100 % of them checked"
    )


def test_bar_across_the_edge_of_agreed_hours_says_how_much_counts() -> None:
    gateway = build_scene_page(make_agreed_scene((FRIDAY_EVENING, HOUR, Outcome.DOWN))).service("gateway")
    assert gateway is not None
    day = next(day for day in gateway.days if day.date == date(2026, 11, 20))
    assert (
        normalise_text(day_bars.describe_day(day, english()))
        == "down 1 h, of which 30 min in the agreed hours"
    )


def test_quiet_day_outside_agreed_hours_is_no_problem() -> None:
    gateway = build_scene_page(make_agreed_scene()).service("gateway")
    assert gateway is not None
    sunday = next(day for day in gateway.days if day.date == date(2026, 11, 22))
    assert (sunday.seconds.window, day_bars.describe_day(sunday, english())) == (0, "no problem")


def with_seconds(seconds: Seconds, due: CreditDue | None) -> ServiceStatement:
    """October with other seconds, and the credit for them."""
    stated = october()
    figures = stated.figures._replace(
        seconds=seconds, maintenance=Seconds(), all=compute_availability(seconds), credit=due
    )
    return stated._replace(figures=figures)


@pytest.mark.parametrize(
    ("seconds", "due", "sentence"),
    [
        (Seconds(up=1000), CreditDue(Decimal(0), Decimal(0)), "No credit is due."),
        (
            Seconds(up=985, down=15),
            CreditDue(Decimal(10), Decimal(10)),
            "Credit due: 10 %, certain.",
        ),
        (
            Seconds(up=995, unknown=30),
            CreditDue(Decimal(0), Decimal(0)),
            "No credit is due by what we measured; not certain: depending on what happened unmeasured, it is up to 25 %.",
        ),
        (
            Seconds(up=970, down=11, unknown=19),
            CreditDue(Decimal(10), Decimal(10)),
            "Credit due: 10 %, certain; depending on what happened unmeasured, it is up to 25 %.",
        ),
        (
            Seconds(up=950, down=10, unknown=40),
            CreditDue(Decimal(10), Decimal(0)),
            "Credit due: 10 % by what we measured; not certain: depending on what happened unmeasured, it is between 0 % and 25 %.",
        ),
        (
            Seconds(unknown=1000),
            CreditDue(None, Decimal(0)),
            "We can't tell whether a credit is due: we measured nothing. At most it is 25 %.",
        ),
        (Seconds(), CreditDue(None, None), "No credit is due: nothing of this month counts."),
        (Seconds(up=1000), None, ""),
    ],
)
def test_credit_is_shown_with_its_certainty(seconds: Seconds, due: CreditDue | None, sentence: str) -> None:
    words = agreements.describe_credit(with_seconds(seconds, due), english())
    assert normalise_text(words.striptags()) == sentence


def test_nothing_is_due_before_the_month_is_over() -> None:
    """A Friday afternoon of November down: 2 % of the 152 h of it that are over."""
    page = build_scene_page(make_agreed_scene((3 * 24 * HOUR, 3 * HOUR, Outcome.DOWN)))
    [november] = [month for month in page.months if month.name == "2026-11"]
    said = [agreements.describe_credit(one, english()) for one in agreements.list_owed(november.statement)]
    assert [normalise_text(words.striptags()) for words in said] == [
        "Credit so far: 10 %; the month is not over."
    ]
    quiet = next(month for month in build_scene_page(make_agreed_scene()).months if month.name == "2026-11")
    [still] = agreements.list_owed(quiet.statement)
    assert agreements.describe_credit(still, english()) == "No credit so far; the month is not over."


def test_services_without_anything_due_are_named_in_one_sentence() -> None:
    main = read_main(render_scene(make_agreed_scene())["sla/2026-10/index.html"])
    assert "What Maxony owes for this month No credit is due for Gateway." in main


def test_many_holidays_are_counted() -> None:
    many = HOURS[0]._replace(holidays=tuple(date(2026, 12, day) for day in (24, 25, 28, 29)))
    assert normalise_text(str(agreements.describe_hours((many,), english()))).endswith(
        "(Europe/Zurich), except on 4 holidays"
    )


def test_month_without_agreed_seconds_has_no_target() -> None:
    """It may well have been measured: `Not measured` would be untrue."""
    [month] = [month for month in build_scene_page(make_agreed_scene()).months if month.name == "2026-10"]
    empty = with_seconds(Seconds(), CreditDue(None, None))
    empty = empty._replace(figures=empty.figures._replace(verdict="no_data"))
    unmeasured = with_seconds(Seconds(unknown=60), CreditDue(None, Decimal(0)))
    unmeasured = unmeasured._replace(figures=unmeasured.figures._replace(verdict="no_data"))
    labels = [sla.label_month(one.figures, english()) for one in (empty, unmeasured)]
    assert labels == ["Nothing counts this month", "Not measured"]
    api = next(stated for stated in month.statement.services if stated.figures.service == "api")
    for services, headline in (((api, empty), "1 of 1 availability target met"), ((empty,), None)):
        statement = month.statement._replace(services=services)
        tally = sheet.tally_services(month._replace(statement=statement), english())
        assert (str(tally.headline) if tally else None) == headline


OFTEN = {
    "every day": (tuple(range(7)), "22:00", "04:00"),
    "whole Sundays": ((6,), "00:00", "00:00"),
    "weekends": ((5, 6), "08:00", "12:00"),
    "four days": ((0, 1, 2, 5), "08:00", "12:00"),
}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["every day, 22:00 to 04:00", "Sunday, all day", "Saturday and Sunday, 08:00 to 12:00", "Monday to Wednesday and Saturday, 08:00 to 12:00"]),
        ("fr", ["chaque jour, de 22 h 00 à 4 h 00", "le dimanche, toute la journée", "le samedi et le dimanche, de 8 h 00 à 12 h 00", "du lundi au mercredi et le samedi, de 8 h 00 à 12 h 00"]),
        ("de", ["jeden Tag, 22:00 bis 4:00", "Sonntag, ganztägig", "Samstag und Sonntag, 8:00 bis 12:00", "Montag bis Mittwoch und Samstag, 8:00 bis 12:00"]),
        ("es", ["cada día, de 22:00 a 4:00", "el domingo, todo el día", "el sábado y el domingo, de 8:00 a 12:00", "de lunes a miércoles y el sábado, de 8:00 a 12:00"]),
        ("it", ["ogni giorno, dalle 22:00 alle 04:00", "domenica, tutto il giorno", "sabato e domenica, dalle 08:00 alle 12:00", "da lunedì a mercoledì e sabato, dalle 08:00 alle 12:00"]),
    ],
)  # fmt: skip
def test_hours_of_other_days_are_worded_in_every_language(code: str, words: list[str]) -> None:
    language = load_languages(build_scene_page(make_agreed_scene()).settings, TEMPLATES, NOW)[code]
    said = [
        normalise_text(
            describe_weekly_hours(
                Hours("", days, time.fromisoformat(begins), time.fromisoformat(ends), "+01:00", ()), language
            )
        )
        for days, begins, ends in OFTEN.values()
    ]
    assert said == [f"{each} (GMT+1)" for each in words]


def test_the_promise_leaves_out_a_service_without_a_target() -> None:
    """The page says it where no service has one; nothing fails."""
    world = make_agreed_scene(table=())
    none = tuple(one._replace(rules=one.rules._replace(target=None)) for one in world.config.services)
    half = make_config((none[0], world.config.services[1]), "en")
    site = render_scene(make_scene(of=half))
    cells = [normalise_text(one.text) for one in parse_elements(site["sla/index.html"]) if one.name == "th"]
    assert "Gateway" in cells
    assert "API" not in cells
    assert "promised: " not in read_main(site["services/api/index.html"])
    bare = render_scene(make_scene(of=make_config(none, "en", "fr", "de", "es", "it")))
    for folder, words in (
        ("", "No availability is promised."),
        ("fr/", "Aucune disponibilité n'est promise."),
        ("de/", "Es ist keine Verfügbarkeit versprochen."),
        ("es/", "No se promete ninguna disponibilidad."),
        ("it/", "Nessuna disponibilità è promessa."),
    ):
        assert words in read_main(bare[f"{folder}sla/index.html"])
    assert not [path for path in bare if path.startswith("sla/2")]
