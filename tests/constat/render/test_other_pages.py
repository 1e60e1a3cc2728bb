"""The pages of a service, of support and of subscriptions: their wording and their charts."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from checks.reason_words import WORDS as REASONS
from checks.registry import load_kind
from constat.i18n import Language, load_languages
from constat.interval import DAY_S
from constat.model import CheckConfig, Confirm, Contact, Day, Latency, LevelFigures, Outcome, Seconds, Status
from constat.page import Hour, Minutes, ShownCheck
from constat.render import charts, reasons, services
from constat.render.support_texts import list_regions
from tests.support.page_scenes import HOUR, MINUTE, NOW, SCENES, ZONE, make_scene
from tests.support.rendered_site import (
    TEMPLATES,
    build_scene_page,
    find_dead_links,
    normalise_text,
    parse_elements,
    render,
    render_named_scene,
    render_scene,
)


def english(now: int = NOW) -> Language:
    page = build_scene_page(make_scene())
    return load_languages(page.settings, TEMPLATES, now)["en"]


def main_text(html: bytes) -> str:
    [main] = [element for element in parse_elements(html) if element.name == "main"]
    return normalise_text(main.text)


def test_the_page_of_a_service_opens_the_hours_with_problems_minute_by_minute() -> None:
    all_elements = parse_elements(render_named_scene("outage")["en/services/smtp/index.html"])
    [hour] = [element for element in all_elements if element.attributes.get("class") == "hour"]
    assert (hour.name, hour.attributes["id"]) == ("details", "h2026-11-23T10p0100")
    labels = [normalise_text(element.attributes.get("aria-label", "")) for element in all_elements]
    assert "10:00: down from 10:12, 28 min" in labels
    assert "The last 24 hours: 1 hour with problems" in labels


def test_the_page_of_a_service_lists_its_outages_with_start_length_and_reason() -> None:
    text = main_text(render_named_scene("outage")["en/services/api/index.html"])
    assert "Friday 20 November, 10:40 (48 s) no complete answer in time · timeout after 10 s" in text
    assert "Friday 2 October, 11:40 to 20:40 (9 h) no complete answer in time · timeout after 10 s" in text


def test_an_hour_with_a_problem_describes_it() -> None:
    text = main_text(render_named_scene("outage")["en/services/smtp/index.html"])
    assert "10:00 down from 10:12, 28 min" in text


def test_an_ongoing_outage_and_one_without_a_measured_end() -> None:
    """Down since 10:12; and down until the monitor stopped."""
    ongoing, maintained = (
        build_scene_page(SCENES[name]).service("smtp") for name in ("outage", "maintenance")
    )
    assert ongoing
    assert maintained
    [first, *_] = ongoing.outages
    assert normalise_text(services.format_outage_span(first, english()).striptags()) == "since 10:12"
    unfinished = first._replace(
        ongoing=False, outage=first.outage._replace(end=NOW - 10 * MINUTE, recovered=False)
    )
    assert (
        normalise_text(services.format_outage_span(unfinished, english()).striptags())
        == "Monday 23 November, 10:12 to 10:30, then not measured"
    )


@pytest.mark.parametrize(
    "word", [word for word, reason in REASONS.items() if reason.outcome is not Outcome.UNKNOWN]
)
def test_every_reason_has_a_wording_for_customers(word: str) -> None:
    """A new word in the table of reasons needs a wording."""
    assert word in reasons.REASONS
    assert reasons.describe_reason(f"{word} 42", english()) == reasons.REASONS[word]


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    assert reasons.describe_reason("<odd>", english()) == "&lt;odd&gt;"


def test_checks_are_grouped_by_what_they_affect() -> None:
    service = build_scene_page(make_scene()).services[0]
    checks = (
        ShownCheck("a", "tcp", "a.maxony.example", 60, "nothing"),
        ShownCheck("b", "tcp", "b.maxony.example", HOUR, "availability"),
        ShownCheck("c", "tcp", "c.maxony.example", 300, "availability"),
    )
    groups = services.group_checks(service._replace(checks=checks), english())
    assert [(str(heading), [check.name for check in checks]) for heading, checks in groups] == [
        ("Counts towards availability:", ["b", "c"]),
        ("For information, with no effect on availability:", ["a"]),
    ]


def test_an_interval_is_worded_as_people_do() -> None:
    intervals = [
        normalise_text(services.describe_interval(seconds, english()))
        for seconds in (MINUTE, HOUR, DAY_S, 300)
    ]
    assert intervals == ["every minute", "every hour", "every day", "every 5 min"]


def test_the_title_of_a_service_page_shows_its_state() -> None:
    for service, mark in (("smtp", "✕"), ("api", "✓")):
        all_elements = parse_elements(render_named_scene("outage")[f"en/services/{service}/index.html"])
        title = next(element.text for element in all_elements if element.name == "title")
        assert title.startswith(f"{mark} ")


def test_the_page_of_a_service_has_its_target_and_availability_of_this_month() -> None:
    text = main_text(render_named_scene("outage")["en/services/smtp/index.html"])
    assert (
        "Month in progress 99.91 % promised: 99 % Downtime allowed this month: 7 h 12; seen: 28 min" in text
    )


def test_a_service_that_was_never_checked_has_no_charts() -> None:
    all_elements = parse_elements(render_named_scene("first-day")["en/services/api/index.html"])
    assert not [
        element for element in all_elements if element.inside("hours") or "latency" in element.classes
    ]
    assert "Not checked yet" in main_text(render_named_scene("first-day")["en/services/api/index.html"])


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


def test_the_daily_chart_has_gaps_and_shades_outages() -> None:
    """Ten days, with a gap on the fourth and an outage on the sixth."""
    page = build_scene_page(make_scene())
    days = [
        _day(
            n,
            None if n == 4 else 100,
            Status.NO_DATA if n == 4 else Status.OUTAGE if n == 6 else Status.OPERATIONAL,
        )
        for n in range(1, 11)
    ]
    chart = charts.draw_daily_latency(page, page.services[0]._replace(days=tuple(days)), english())
    assert chart is not None
    assert len(re.findall("h.1", chart.lines[0].median)) == 2
    assert [(x, css) for x, _, css in chart.bands] == [("215.4", "nodata"), ("359", "outage")]
    assert [normalise_text(label) for _, label in chart.scale] == ["100 ms", "200 ms"]
    assert normalise_text(str(chart.words)) == (
        "On a typical day, half of the answers came within 100 ms; on the slowest, Sunday 1 November, 95 of 100 came within 200 ms."
    )


def test_days_without_vantages_are_listed_among_those_that_have_them() -> None:
    """A digest of an older schema has the percentiles of all answers alone: nothing is drawn for them, and nothing lost."""
    page = build_scene_page(make_scene())
    parts = (("zurich", Latency(1, 80, 160)), ("sydney", Latency(1, 300, 600)))
    days = [_day(n, 100) for n in range(1, 29)]
    days += [days[-1]._replace(latency=Latency(2, 90, 600, parts))]
    chart = charts.draw_daily_latency(page, page.services[0]._replace(days=tuple(days)), english())
    assert chart is not None
    assert len(chart.readings) == 29
    assert [figures.place for figures in chart.readings[0].figures] == [""]
    assert len(chart.listed) == charts.SLOWEST_LISTED
    assert [figures.place for figures in chart.listed[0].figures] == ["sydney", "zurich"]


def _hour(number: int, p50: int | None, *runs: Minutes) -> Hour:
    latency = None if p50 is None else Latency(60, p50, 2 * p50)
    return Hour(NOW - 40 * MINUTE - (9 - number) * HOUR, runs, latency)


def test_the_hourly_chart_shades_outages_and_gaps_to_the_minute() -> None:
    """Ten hours until 11:00: half an hour down in the third, not measured from the middle of the fifth to the end of the sixth."""
    up, down, unseen = Status.OPERATIONAL, Status.OUTAGE, Status.NO_DATA
    hours = [_hour(n, 100, Minutes(0, 60, up)) for n in range(10)]
    hours[2] = _hour(2, 100, Minutes(0, 15, up), Minutes(15, 30, down), Minutes(45, 15, up))
    hours[4] = _hour(4, 300, Minutes(0, 30, up), Minutes(30, 30, unseen))
    hours[5] = _hour(5, None, Minutes(0, 60, unseen))
    hours[9] = _hour(9, 100, Minutes(0, 40, up))
    chart = charts.draw_hourly_latency(
        build_scene_page(make_scene()),
        build_scene_page(make_scene()).services[0]._replace(hours=tuple(hours)),
        english(),
    )
    assert chart is not None
    assert chart.bands == (("161.5", "35.9", "outage"), ("323.1", "107.7", "nodata"))
    assert len(re.findall("h.1", chart.lines[0].median)) == 2
    assert [normalise_text(label) for label in chart.ends] == ["23 Nov, 01:00", "11:00"]
    assert normalise_text(str(chart.words)) == (
        "In a typical hour, half of the answers came within 100 ms; in the slowest, from 05:00, 95 of 100 came within 600 ms."
    )


def test_a_chart_is_a_line_with_an_area_above_it_and_says_every_place_in_words() -> None:
    """Two hours, a gap, and one more: two areas; and a list that is read without a mouse."""
    up = Minutes(0, 60, Status.OPERATIONAL)
    hours = [_hour(n, latency, up) for n, latency in enumerate((100, 50, None, 100))]
    chart = charts.draw_hourly_latency(
        build_scene_page(make_scene()),
        build_scene_page(make_scene()).services[0]._replace(hours=tuple(hours)),
        english(),
    )
    assert chart is not None
    assert chart.lines[0].spread == "M89.8 0L269.2 80h.1L269.2 120L89.8 80zM628.2 0h.1L628.2 80z"
    assert [(reading.x, reading.width) for reading in chart.readings] == [
        ("0", "179.5"),
        ("179.5", "179.5"),
        ("538.5", "179.5"),
    ]
    assert (
        normalise_text(str(chart.readings[0].words))
        == "01:00: half of the answers within 100 ms, 95 of 100 within 200 ms"
    )
    assert chart.listed == chart.readings


def test_response_times_from_two_places_are_two_lines_each_with_its_name() -> None:
    """Three hours from two places, of which the second is silent in the last: 300 ms is the top of the shared scale."""
    zurich, montreal = Latency(60, 40, 60), Latency(60, 150, 300)
    both = Latency(120, 60, 260, (("montreal", montreal), ("zurich", zurich)))
    alone = Latency(60, 40, 60, (("zurich", zurich),))
    runs = (Minutes(0, 60, Status.OPERATIONAL),)
    hours = tuple(
        Hour(NOW - 40 * MINUTE - (2 - n) * HOUR, runs, seen) for n, seen in enumerate((both, both, alone))
    )
    page = replace(build_scene_page(make_scene()), vantages={"zurich": {"en": "Zurich"}})
    chart = charts.draw_hourly_latency(page, page.services[0]._replace(hours=hours), english())
    assert chart is not None
    assert [normalise_text(label) for _, label in chart.scale] == ["250 ms", "500 ms"]
    assert [line.mark for line in chart.lines] == [0, 1]
    assert chart.lines[0].median == "M119.7 112h.1M119.7 112L359 112"
    assert [normalise_text(charts.describe_typical(line.typical, english())) for line in chart.lines] == [
        "montreal: typically half of the answers within 150 ms, 95 of 100 within 300 ms",
        "Zurich: typically half of the answers within 40 ms, 95 of 100 within 60 ms",
    ]
    assert [[figures.place for figures in reading.figures] for reading in chart.listed] == [
        ["montreal", "Zurich"],
        ["montreal", "Zurich"],
        ["Zurich"],
    ]
    assert normalise_text(chart.readings[2].words) == (
        "10:00, from Zurich: half of the answers within 40 ms, 95 of 100 within 60 ms"
    )


def test_the_page_of_a_service_has_response_times_by_hour_and_by_day() -> None:
    text = main_text(render_named_scene("outage")["en/services/api/index.html"])
    assert "In a typical hour" in text
    assert "On a typical day" in text


def test_without_an_answer_in_24_hours_there_is_no_hourly_chart() -> None:
    silent = (
        build_scene_page(make_scene())
        .services[0]
        ._replace(hours=(_hour(0, None, Minutes(0, 60, Status.NO_DATA)),))
    )
    assert charts.draw_hourly_latency(build_scene_page(make_scene()), silent, english()) is None


def check_of(name: str, kind: str, interval_s: int, **options: Any) -> CheckConfig:
    """A check as the configuration makes it, with the subject that its kind gives."""
    module = load_kind(kind)
    built = module.Options(**options)
    return CheckConfig(
        name,
        kind,
        interval_s,
        Decimal(10),
        Confirm(),
        "availability",
        1,
        ("gha",),
        built,
        module.subject(built),
    )


def test_the_page_shows_nothing_confidential_of_a_check() -> None:
    """Of a URL only its host; of other options nothing."""
    url = "https://user:password@app.maxony.example:8443/login?token=${CONSTAT_TOKEN}"
    check = check_of("login", "http", 60, url=url, headers={"Authorization": "secret"})
    world = make_scene()
    first = world.config.services[0]._replace(checks=(check,))
    page = build_scene_page(
        replace(world, config=world.config._replace(services=(first, *world.config.services[1:])))
    )
    assert page.services[0].checks == (ShownCheck("login", "http", "app.maxony.example", 60, "availability"),)
    words = normalise_text(str(services.describe_check(page.services[0].checks[0], english())))
    assert words == "app.maxony.example: a page that answers correctly"


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
    """Monday morning, Monday evening, Saturday; in summer everything is an hour later in Zurich."""
    now = int(datetime(*moment, tzinfo=UTC).timestamp())
    page = replace(build_scene_page(make_scene()), now=now)
    words = replace(english(), now=now, zone=ZONE)
    assert [normalise_text(region.now.striptags()) for region in list_regions(page, words)] == [
        europe,
        america,
    ]


def test_the_effect_of_fixed_offsets_is_explained() -> None:
    """In summer an hour later in Zurich; hours that are the same in both zones are shown once."""
    text = main_text(render_named_scene("all-well")["en/support/index.html"])
    assert "Europe: open, until 17:00 Monday to Friday, 08:00 to 17:00 (GMT+1) America" in text
    assert "09:00 to 17:00 (GMT-6) These days, in Zurich time: 16:00 to 00:00" in text
    july = int(datetime(2026, 7, 6, 7, 30, tzinfo=UTC).timestamp())
    europe = list_regions(
        replace(build_scene_page(make_scene()), now=july), replace(english(), now=july, zone=ZONE)
    )[0]
    assert normalise_text(europe.here.striptags()) == "These days, in Zurich time: 09:00 to 18:00"
    assert "where clocks change in summer, these hours are one hour later by the clock" in text
    assert "We will never ask for your password." in text
    assert "Where the contract says days, we read working days." in text


def test_the_figures_of_last_month_are_shown_with_the_promise() -> None:
    world = SCENES["all-well"]
    page = build_scene_page(world)
    [october] = [month for month in page.months if month.name == "2026-10"]
    level = LevelFigures("first", "4h", 212, 1, Fraction(211, 212), 3_120, 14_010, "missed")
    with_support = october._replace(statement=october.statement._replace(support=(level,)))
    changed_page = replace(page, months=(with_support,))
    html = render(changed_page)["en/support/index.html"]
    assert "Last month: 99.52 % in time; half of the answers within 52 min." in main_text(html)


def test_without_support_in_status_yml_there_is_no_page_of_it_and_the_website_is_the_contact() -> None:
    world = make_scene()
    pages = render_scene(replace(world, config=world.config._replace(support=None)))
    assert "en/support/index.html" not in pages
    assert "Contact us." in normalise_text(pages["en/index.html"].decode())


def test_page_omits_unconfigured_sections() -> None:
    """No promise, verdict, statement, support, contact or deliverability, and no link to any of them."""
    world = make_scene()
    service = world.config.services[0]
    quiet = world.config._replace(
        support=None,
        page=world.config.page._replace(links={}),
        services=(service._replace(rules=service.rules._replace(target=None), checks=service.checks[:1]),),
    )
    pages = render_scene(make_scene(of=quiet))
    for path in ("sla/index.html", "support/index.html", "deliverability/index.html"):
        assert f"en/{path}" not in pages
    said = " ".join(normalise_text(html.decode()) for path, html in pages.items() if path.startswith("en/"))
    for word in ("Not working for you?", "Contact us", "promise", "Target", "Verdict", "statement"):
        assert word not in said, word
    assert [link for link in find_dead_links(pages) if link.endswith("/")] == []


def test_a_contact_without_an_address_to_tap_is_shown_as_text() -> None:
    world = make_scene()
    assert world.config.support is not None
    support = world.config.support._replace(contacts=(Contact("fax", "+41 00 000 00 01"),))
    html = render_scene(replace(world, config=world.config._replace(support=support)))["en/index.html"]
    assert "+41 00 000 00 01" in main_text(html)
    assert not [
        element for element in parse_elements(html) if element.name == "a" and element.inside("contact")
    ]


def test_the_page_of_subscriptions_begins_with_three_choices() -> None:
    all_elements = parse_elements(render_named_scene("all-well")["en/subscribe/index.html"])
    links = [
        element.attributes["href"]
        for element in all_elements
        if element.name == "a" and element.inside("choices")
    ]
    assert links == ["../../en/maintenance.rss", "../../en/feed.rss", "../../en/maintenance.ics"]


def test_every_feed_is_listed_with_a_description() -> None:
    """Feeds, one for each service, e-mail, the banner for other software, the API."""
    all_elements = parse_elements(render_named_scene("all-well")["en/subscribe/index.html"])
    links = {
        element.attributes["href"].removeprefix("../../") for element in all_elements if element.name == "a"
    }
    assert links >= {f"en/feed.{kind}" for kind in ("rss", "atom", "json")}
    assert links >= {"en/maintenance.rss", "en/maintenance.atom", "outages.rss", "api/v2/status.json"}
    assert links >= {f"services/{name}/feed.rss" for name in ("website", "app", "api", "smtp", "sms")}
    terms, definitions = (
        [element for element in all_elements if element.name == name and element.inside("feeds")]
        for name in ("dt", "dd")
    )
    assert len(terms) == len(definitions) == 4
    assert all(normalise_text(element.text).endswith(".") for element in definitions)
    assert "widget.js" in main_text(render_named_scene("all-well")["en/subscribe/index.html"])


def test_the_page_of_a_service_links_to_its_feeds_calendar_badge_and_api() -> None:
    all_elements = parse_elements(render_named_scene("all-well")["en/services/api/index.html"])
    links = {
        element.attributes["href"].removeprefix("../../../")
        for element in all_elements
        if element.name == "a"
    }
    assert links >= {
        "services/api/feed.rss",
        "services/api/feed.atom",
        "en/services/api/maintenance.ics",
        "badge/api.svg",
        "api/history/api.json",
        "api/history/api.csv",
    }


def test_durations_are_worded_as_people_do() -> None:
    words = english()
    durations = {
        seconds: normalise_text(words.duration(seconds))
        for seconds in (0, 59, 60, 42 * 60, HOUR, 7 * HOUR + 720, DAY_S, 51 * HOUR)
    }
    assert list(durations.values()) == ["0 s", "59 s", "1 min", "42 min", "1 h", "7 h 12", "1 d", "2 d 3 h"]


def test_two_dkim_keys_of_one_domain_are_distinguished() -> None:
    checks = tuple(
        check_of(name, "dkim", 3600, domain="maxony.example", selector=name) for name in ("s1", "s2")
    )
    world = make_scene()
    first = world.config.services[0]._replace(checks=checks)
    page = build_scene_page(
        replace(world, config=world.config._replace(services=(first, *world.config.services[1:])))
    )
    words = [
        normalise_text(str(services.describe_check(check, english()))) for check in page.services[0].checks
    ]
    assert words == [f"{name}._domainkey.maxony.example: a valid DKIM key" for name in ("s1", "s2")]


def test_gauge_has_the_same_style_on_every_page() -> None:
    """Its rules are in the style of all these pages, so the line of the promise is visible."""
    pages = [html.decode() for html in render_named_scene("all-well").values() if b'class="gauge"' in html]
    assert len(pages) > 2
    assert [page for page in pages if ".gauge__line{stroke:var(--outage)}" not in page] == []
