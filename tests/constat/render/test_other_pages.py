"""The pages of a service, of support and of subscriptions: what they say and draw."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from checks.reasons import WORDS as REASONS
from checks.registry import load_kind
from constat.i18n import Language, load_languages
from constat.interval import DAY_S
from constat.model import CheckConfig, Confirm, Contact, Day, Latency, LevelFigures, Outcome, Seconds, Status
from constat.page import Hour, Minutes, ShownCheck
from constat.render import charts, reasons, render_pages, services
from constat.render.support_texts import list_regions
from tests.support.page_scenes import HOUR, MINUTE, NOW, SCENES, ZONE, scene
from tests.support.rendered_site import TEMPLATES, elements, page_of, plain, site, site_of


def english(now: int = NOW) -> Language:
    page = page_of(scene())
    return load_languages(page.settings, TEMPLATES, now)["en"]


def main_text(html: bytes) -> str:
    [main] = [one for one in elements(html) if one.name == "main"]
    return plain(main.text)


def test_a_service_has_its_hours_as_anchors_and_says_what_each_was_like() -> None:
    found = elements(site("outage")["en/services/smtp/index.html"])
    hours = [one for one in found if one.name == "li" and one.inside("hours")]
    assert len(hours) == 24
    assert hours[0].attributes["id"] == "h2026-11-23T10p0100"
    drawn = [one for one in found if one.name == "svg" and one.inside("hours")]
    assert plain(drawn[0].attributes["aria-label"]) == "10:00: down from 10:12, 28 min"
    assert plain(drawn[1].attributes["aria-label"]) == "09:00: no problem"


def test_a_service_has_its_outages_with_start_length_and_reason() -> None:
    said = main_text(site("outage")["en/services/api/index.html"])
    assert "Friday 20 November, 10:40 (48 s) no complete answer in time · timeout after 10 s" in said
    assert "Friday 2 October, 11:40 to 20:40 (9 h) no complete answer in time · timeout after 10 s" in said


def test_an_hour_with_trouble_says_it_in_words() -> None:
    said = main_text(site("outage")["en/services/smtp/index.html"])
    assert "10:00 down from 10:12, 28 min 09:00" in said.replace("10:00down", "10:00 down").replace(
        "min09", "min 09"
    )


def test_an_outage_that_goes_on_and_one_whose_end_nobody_saw() -> None:
    """Down since 10:12; and down until the watch fell silent."""
    going, silent = (page_of(SCENES[name]).service("smtp") for name in ("outage", "maintenance"))
    assert going
    assert silent
    [first, *_] = going.outages
    assert plain(services.format_outage_span(first, english()).striptags()) == "since 10:12"
    unseen = first._replace(
        ongoing=False, outage=first.outage._replace(end=NOW - 10 * MINUTE, recovered=False)
    )
    assert (
        plain(services.format_outage_span(unseen, english()).striptags())
        == "Monday 23 November, 10:12 to 10:30, then not measured"
    )


@pytest.mark.parametrize(
    "word", [word for word, about in REASONS.items() if about.outcome is not Outcome.UNKNOWN]
)
def test_every_reason_is_said_in_plain_words(word: str) -> None:
    """A new word in the table of reasons wants its words here."""
    assert word in reasons.REASONS
    assert reasons.describe_reason(f"{word} 42", english()) == reasons.REASONS[word]


def test_a_reason_that_is_not_ours_stands_as_it_is() -> None:
    assert reasons.describe_reason("<odd>", english()) == "&lt;odd&gt;"


def test_checks_are_told_by_what_they_count_for() -> None:
    shown = page_of(scene()).services[0]
    checks = (
        ShownCheck("a", "tcp", "a.maxony.example", 60, "nothing"),
        ShownCheck("b", "tcp", "b.maxony.example", HOUR, "availability"),
        ShownCheck("c", "tcp", "c.maxony.example", 300, "availability"),
    )
    told = services.group_checks(shown._replace(checks=checks), english())
    assert [(str(words), [check.name for check in found]) for words, found in told] == [
        ("For availability:", ["b", "c"]),
        ("For information, without any effect on availability:", ["a"]),
    ]


def test_how_often_is_said_as_people_do() -> None:
    said = [plain(services.describe_interval(seconds, english())) for seconds in (MINUTE, HOUR, DAY_S, 300)]
    assert said == ["every minute", "every hour", "every day", "every 5 min"]


def test_the_title_of_a_service_carries_its_state() -> None:
    for service, mark in (("smtp", "✕"), ("api", "✓")):
        found = elements(site("outage")[f"en/services/{service}/index.html"])
        [title] = [one.text for one in found if one.name == "title"]
        assert title.startswith(f"{mark} ")


def test_a_service_says_its_target_and_figure_of_this_month() -> None:
    said = main_text(site("outage")["en/services/smtp/index.html"])
    assert (
        "Month in progress 99.91 % promised: 99 % Downtime allowed this month: 7 h 12; seen: 28 min" in said
    )


def test_a_service_that_was_never_looked_at_draws_nothing() -> None:
    found = elements(site("first-day")["en/services/api/index.html"])
    assert not [one for one in found if one.inside("hours") or "latency" in one.classes]
    assert "Not checked yet" in main_text(site("first-day")["en/services/api/index.html"])


def _day(number: int, p50: int | None, status: Status = Status.OPERATIONAL) -> Day:
    latency = None if p50 is None else Latency(10, p50, 2 * p50)
    return Day(
        date(2026, 11, number),
        status,
        partial=False,
        seconds=Seconds(),
        maintenance=Seconds(),
        availability=None,
        latency=latency,
    )


def test_the_chart_breaks_where_nothing_was_measured_and_shades_outages() -> None:
    """Ten days: a gap on the fourth, an outage on the sixth."""
    page = page_of(scene())
    days = [
        _day(
            n,
            None if n == 4 else 100,
            Status.NO_DATA if n == 4 else Status.OUTAGE if n == 6 else Status.OPERATIONAL,
        )
        for n in range(1, 11)
    ]
    drawn = charts.draw_daily_latency(page.services[0]._replace(days=tuple(days)), english())
    assert drawn is not None
    assert len(re.findall("h.1", drawn.median)) == 2
    assert [(x, css) for x, _, css in drawn.bands] == [("215.4", "nodata"), ("359", "outage")]
    assert [plain(label) for _, label in drawn.scale] == ["100 ms", "200 ms"]
    assert plain(str(drawn.words)) == (
        "Half of the answers came within 100 ms on an ordinary day; the slowest day was Sunday 1 November, with 95 of 100 answers within 200 ms."
    )


def _hour(number: int, p50: int | None, *runs: Minutes) -> Hour:
    latency = None if p50 is None else Latency(60, p50, 2 * p50)
    return Hour(NOW - 40 * MINUTE - (9 - number) * HOUR, runs, latency)


def test_the_chart_of_the_hours_shades_outages_and_gaps_to_the_minute() -> None:
    """Ten hours up to 11:00: half an hour down in the third, unseen from 30 minutes into the fifth to the sixth's end."""
    up, down, unseen = Status.OPERATIONAL, Status.OUTAGE, Status.NO_DATA
    hours = [_hour(n, 100, Minutes(0, 60, up)) for n in range(10)]
    hours[2] = _hour(2, 100, Minutes(0, 15, up), Minutes(15, 30, down), Minutes(45, 15, up))
    hours[4] = _hour(4, 300, Minutes(0, 30, up), Minutes(30, 30, unseen))
    hours[5] = _hour(5, None, Minutes(0, 60, unseen))
    hours[9] = _hour(9, 100, Minutes(0, 40, up))
    drawn = charts.draw_hourly_latency(page_of(scene()).services[0]._replace(hours=tuple(hours)), english())
    assert drawn is not None
    assert drawn.bands == (("161.5", "35.9", "outage"), ("323.1", "107.7", "nodata"))
    assert len(re.findall("h.1", drawn.median)) == 2
    assert [plain(label) for label in drawn.ends] == ["23 Nov, 01:00", "11:00"]
    assert plain(str(drawn.words)) == (
        "Half of the answers came within 100 ms in an ordinary hour; the slowest hour began at 05:00, with 95 of 100 answers within 600 ms."
    )


def test_a_service_shows_its_response_times_of_a_day_and_of_ninety() -> None:
    said = main_text(site("outage")["en/services/api/index.html"])
    assert "in an ordinary hour" in said
    assert "on an ordinary day" in said


def test_without_an_answer_in_24_hours_there_is_no_chart_of_them() -> None:
    silent = page_of(scene()).services[0]._replace(hours=(_hour(0, None, Minutes(0, 60, Status.NO_DATA)),))
    assert charts.draw_hourly_latency(silent, english()) is None


def check_of(name: str, kind: str, interval_s: int, **options: Any) -> CheckConfig:
    """A check as the configuration makes it, with the kind's own words for what is watched."""
    module = load_kind(kind)
    made = module.Options(**options)
    return CheckConfig(
        name,
        kind,
        interval_s,
        Decimal(10),
        Confirm(),
        "availability",
        1,
        ("gha",),
        made,
        module.subject(made),
    )


def test_nothing_secret_of_a_check_is_told() -> None:
    """Of an address only its host; of options nothing."""
    url = "https://user:password@app.maxony.example:8443/login?token=${CONSTAT_TOKEN}"
    check = check_of("login", "http", 60, url=url, headers={"Authorization": "secret"})
    world = scene()
    first = world.config.services[0]._replace(checks=(check,))
    page = page_of(replace(world, config=world.config._replace(services=(first, *world.config.services[1:]))))
    assert page.services[0].checks == (ShownCheck("login", "http", "app.maxony.example", 60, "availability"),)
    words = plain(str(services.describe_check(page.services[0].checks[0], english())))
    assert words == "app.maxony.example: a page that answers as it should"


@pytest.mark.parametrize(
    ("moment", "europe", "america"),
    [
        ((2026, 11, 23, 9, 40), "open, until 17:00", "closed, opens at 16:00"),
        ((2026, 11, 23, 20, 0), "closed, opens on 24 Nov at 08:00", "open, until 24 Nov, 00:00"),
        ((2026, 11, 28, 9, 0), "closed, opens on 30 Nov at 08:00", "closed, opens on 30 Nov at 16:00"),
        ((2026, 7, 6, 15, 30), "open, until 18:00", "open, until 7 Jul, 01:00"),
    ],
)
def test_support_is_open_by_the_fixed_offsets_of_the_contract(
    moment: tuple[int, int, int, int, int], europe: str, america: str
) -> None:
    """Monday morning, Monday evening, Saturday; in summer an hour later by the clocks of Zurich."""
    now = int(datetime(*moment, tzinfo=UTC).timestamp())
    page = replace(page_of(scene()), now=now)
    words = replace(english(), now=now, zone=ZONE)
    assert [plain(one.now.striptags()) for one in list_regions(page, words)] == [europe, america]


def test_the_effect_of_fixed_offsets_is_said() -> None:
    """In summer an hour later in Zurich; where the clock agrees with the contract, its hours are said once."""
    said = main_text(site("all-well")["en/support/index.html"])
    assert "Europe: open, until 17:00 Monday to Friday, 08:00 to 17:00 (GMT+1) America" in said
    assert "09:00 to 17:00 (GMT-6) These days, in Zurich time: 16:00 to 00:00" in said
    july = int(datetime(2026, 7, 6, 7, 30, tzinfo=UTC).timestamp())
    europe = list_regions(replace(page_of(scene()), now=july), replace(english(), now=july, zone=ZONE))[0]
    assert plain(europe.here.striptags()) == "These days, in Zurich time: 09:00 to 18:00"
    assert "in summer, the same hours fall one hour later on clocks that have changed" in said
    assert "We will never ask for your password." in said
    assert "Where the contract says days, we read working days." in said


def test_last_months_figures_stand_beside_the_promise() -> None:
    world = SCENES["all-well"]
    page = page_of(world)
    [october] = [month for month in page.months if month.name == "2026-10"]
    level = LevelFigures("first", "4h", 212, 1, Fraction(211, 212), 3_120, 14_010, "missed")
    stated = october._replace(statement=october.statement._replace(support=(level,)))
    shown = replace(page, months=(stated,))
    html = render_pages(shown, TEMPLATES, load_languages(shown.settings, TEMPLATES, NOW))[
        "en/support/index.html"
    ]
    assert "Last month: 99.52 % in time; half of the answers within 52 min." in main_text(html)


def test_without_support_in_status_yml_the_pages_still_stand() -> None:
    world = scene()
    pages = site_of(replace(world, config=world.config._replace(support=None)))
    assert "Contact us." in main_text(pages["en/support/index.html"])
    assert "Contact us." in plain(pages["en/index.html"].decode())


def test_a_contact_without_an_address_to_tap_is_shown_as_text() -> None:
    world = scene()
    assert world.config.support is not None
    support = world.config.support._replace(contacts=(Contact("fax", "+41 00 000 00 01"),))
    html = site_of(replace(world, config=world.config._replace(support=support)))["en/index.html"]
    assert "+41 00 000 00 01" in main_text(html)
    assert not [one for one in elements(html) if one.name == "a" and one.inside("contact")]


def test_three_choices_come_first_where_people_subscribe() -> None:
    found = elements(site("all-well")["en/subscribe/index.html"])
    links = [one.attributes["href"] for one in found if one.name == "a" and one.inside("choices")]
    assert links == ["../../en/maintenance.rss", "../../en/feed.rss", "../../en/maintenance.ics"]


def test_every_feed_stands_below_them_with_a_sentence() -> None:
    """Feeds, one for each service, e-mail, the banner for other software, the interface."""
    found = elements(site("all-well")["en/subscribe/index.html"])
    links = {one.attributes["href"].removeprefix("../../") for one in found if one.name == "a"}
    assert links >= {f"en/feed.{kind}" for kind in ("rss", "atom", "json")}
    assert links >= {"en/maintenance.rss", "en/maintenance.atom", "outages.rss", "api/v2/status.json"}
    assert links >= {f"services/{name}/feed.rss" for name in ("website", "app", "api", "smtp", "sms")}
    terms, said = (
        [one for one in found if one.name == name and one.inside("feeds")] for name in ("dt", "dd")
    )
    assert len(terms) == len(said) == 4
    assert all(plain(one.text).endswith(".") for one in said)
    assert "widget.js" in main_text(site("all-well")["en/subscribe/index.html"])


def test_a_service_can_be_followed_and_read_by_programs() -> None:
    found = elements(site("all-well")["en/services/api/index.html"])
    links = {one.attributes["href"].removeprefix("../../../") for one in found if one.name == "a"}
    assert links >= {
        "services/api/feed.rss",
        "services/api/feed.atom",
        "en/services/api/maintenance.ics",
        "badge/api.svg",
        "api/history/api.json",
        "api/history/api.csv",
    }


def test_durations_and_days_are_said_as_people_do() -> None:
    words = english()
    said = {
        seconds: plain(words.duration(seconds))
        for seconds in (0, 59, 60, 42 * 60, HOUR, 7 * HOUR + 720, DAY_S, 51 * HOUR)
    }
    assert list(said.values()) == ["0 s", "59 s", "1 min", "42 min", "1 h", "7 h 12", "1 d", "2 d 3 h"]


def test_two_keys_of_one_domain_are_told_apart() -> None:
    checks = tuple(
        check_of(name, "dkim", 3600, domain="maxony.example", selector=name) for name in ("s1", "s2")
    )
    world = scene()
    first = world.config.services[0]._replace(checks=checks)
    page = page_of(replace(world, config=world.config._replace(services=(first, *world.config.services[1:]))))
    words = [plain(str(services.describe_check(check, english()))) for check in page.services[0].checks]
    assert words == [f"{name}._domainkey.maxony.example: a valid DKIM key" for name in ("s1", "s2")]
