"""The page of a statement: status, figures, verdicts, maintenance, corrections, in both languages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from constat.availability import compute_availability
from constat.interval import DAY_S, Interval, month_interval
from constat.model import (
    AnnouncedWindow,
    CheckCount,
    Correction,
    EvidenceFile,
    LevelFigures,
    Outcome,
    PreviousStatement,
    Seconds,
    SupersededStatement,
    Uncorrected,
)
from constat.page import FrozenStatement, Page, PageInputs, StatedMonth
from constat.page.months import state_months
from tests.support.page_scenes import HOUR, MINUTE, NOW, SCENES, ZONE
from tests.support.rendered_site import build_scene_page, normalise_text, parse_elements, render

WINDOW = month_interval("2026-10", ZONE)


def month(name: str = "2026-10", **changes: object) -> StatedMonth:
    """The October of a scene, as if it had been frozen."""
    page = build_scene_page(SCENES["maintenance"])
    [provisional] = [stated_month for stated_month in page.months if stated_month.name == "2026-10"]
    statement = provisional.statement._replace(**{"frozen_at": WINDOW.end + 3 * DAY_S, **changes})  # type: ignore[arg-type]
    return StatedMonth(name, "final", statement, "ab" * 32)


def read_page_text(stated: StatedMonth, language: str = "en", **changes: object) -> str:
    """The text of a statement's page, with ordinary spaces."""
    page: Page = replace(build_scene_page(SCENES["maintenance"]), months=(stated,), **changes)  # type: ignore[arg-type]
    site = render(page)
    path = f"sla/{stated.name}/index.html"
    [main] = [
        element
        for element in parse_elements(site[path if language == "fr" else f"{language}/{path}"])
        if element.name == "main"
    ]
    return normalise_text(main.text)


def with_figures(stated: StatedMonth, **changes: object) -> StatedMonth:
    """A month with only its first service, and other figures."""
    first = stated.statement.services[0]
    figures = first.figures._replace(**changes)  # type: ignore[arg-type]
    statement = stated.statement._replace(services=(first._replace(figures=figures),))
    return stated._replace(statement=statement)


def test_a_final_statement_says_when_it_was_frozen_and_shows_its_hash() -> None:
    text = read_page_text(month(previous=PreviousStatement("2026-09", "cd" * 32)))
    assert "Final: frozen on 4 November 2026." in text
    assert "As promised in the contract, version 2026-01." in text
    assert "SHA-256 of this statement: " + "ab" * 32 in text
    assert "SHA-256 of the statement before it, September 2026: " + "cd" * 32 in text
    assert text.endswith("This page informs; the contract prevails. The promise and the other months")


def test_a_provisional_statement_says_so_in_both_languages() -> None:
    provisional = month()._replace(standing="provisional", sha256=None)
    assert "The month is over; its figures are still provisional." in read_page_text(provisional)
    assert "Mois terminé, chiffres encore provisoires." in read_page_text(provisional, "fr")
    current = next(
        stated_month
        for stated_month in build_scene_page(SCENES["maintenance"]).months
        if stated_month.name == "2026-11"
    )
    assert "Month in progress, provisional figures." in read_page_text(current)


def test_superseded_statements_link_both_ways() -> None:
    frozen = [
        FrozenStatement("2026-10", month(supersedes=SupersededStatement("statements/2026-10.1.json", "ef" * 32, "a clock was wrong")).statement, "11" * 32),
        FrozenStatement("2026-10.1", month().statement, "ef" * 32),
    ]  # fmt: skip
    world = SCENES["maintenance"]
    evidence = replace(world.evidence, window=Interval(NOW - DAY_S, NOW))
    newest, oldest = state_months(
        PageInputs(world.config, world.register, evidence, (), NOW, frozen=tuple(frozen))
    )
    assert (newest.name, newest.standing, newest.older, newest.newer) == (
        "2026-10",
        "final",
        "2026-10.1",
        None,
    )
    assert (oldest.name, oldest.standing, oldest.older, oldest.newer) == (
        "2026-10.1",
        "superseded",
        None,
        "2026-10",
    )
    assert "The statement that it replaced Why: a clock was wrong" in read_page_text(newest)
    assert (
        "Superseded: frozen on 4 November 2026, and replaced since. The statement that replaced it"
        in read_page_text(oldest)
    )


@pytest.mark.parametrize(
    ("verdict", "english", "french"),
    [
        ("met", "Target met", "Objectif atteint"),
        ("missed", "Target missed", "Objectif non atteint"),
        ("likely_met", "Target met, as far as we could measure", "Objectif atteint, d'après ce que nous avons pu mesurer"),
        ("likely_missed", "Target missed, as far as we could measure", "Objectif non atteint, d'après ce que nous avons pu mesurer"),
        ("unproven", "We can't tell: we did not measure enough this month to know whether the target was met.", "Impossible de conclure : nous n'avons pas assez mesuré ce mois-ci pour savoir si l'objectif est atteint."),
        ("no_data", "Not measured", "Pas de mesure"),
    ],
)  # fmt: skip
def test_every_verdict_has_a_sentence(verdict: str, english: str, french: str) -> None:
    changed = with_figures(month(), verdict=verdict, verdict_all=verdict, verdict_without=verdict)
    assert english in read_page_text(changed)
    assert french in read_page_text(changed, "fr")


def test_both_availabilities_are_shown_with_three_decimals_rounded_down() -> None:
    """With their bounds, the coverage and the checks made."""
    seconds = Seconds(up=2_659_560, degraded=600, down=2_400, unknown=19_440)
    maintenance = Seconds(up=9_600, down=1_200)
    changed = with_figures(
        month(),
        seconds=seconds,
        maintenance=maintenance,
        all=compute_availability(seconds),
        without_maintenance=compute_availability(seconds - maintenance),
        vantages={"gha": CheckCount(44_700, 44_376)},
        verdict="met",
        verdict_all="met",
        verdict_without="met",
        min_coverage=Decimal(99),
    )
    text = read_page_text(changed)
    assert "99.909 % promised: 99 %" in text
    assert "We were able to check this service for 99.275 % of the month." in text
    assert "actual availability is between 99.185 % and 99.910 %." in text
    assert "99.275 % of the promised checks (one every 5 min) were made." in text
    assert "Without maintenance announced in advance it would be 99.954 %." in text
    french = read_page_text(changed, "fr")
    assert "Nous avons pu vérifier ce service pendant 99,275 % du mois." in french
    assert "la disponibilité réelle est entre 99,185 % et 99,910 %." in french


def test_two_verdicts_that_differ_are_both_shown() -> None:
    changed = with_figures(month(), verdict="missed", verdict_all="missed", verdict_without="met")
    assert "Measured by that figure: Target met." in read_page_text(changed)


def test_maintenance_is_shown_as_announced_and_as_rescheduled() -> None:
    [version] = SCENES["maintenance"].register.maintenance
    moved = version._replace(at=version.at + HOUR, ends=version.ends + HOUR)
    late = version._replace(slug="2026-11-23-late", at=version.starts + MINUTE)
    windows = (AnnouncedWindow(version.slug, (version, moved)), AnnouncedWindow(late.slug, (late,)))
    text = read_page_text(month(maintenance=windows))
    assert "SMTP relay maintenance Monday 23 November, 10:00 to 14:00 · announced 4 d 23 h before" in text
    assert "18 Nov, 10:40: Monday 23 November, 10:00 to 13:00" in text
    assert "announced after it had begun" in text


def test_a_correction_is_shown_with_the_availability_before_it() -> None:
    start = WINDOW.start + 5 * DAY_S
    correction = Correction(
        NOW,
        "website",
        start,
        start + 240,
        Outcome.UP,
        date(2026, 10, 6),
        "our probe was stale",
        "https://example.org/1",
    )
    stated = month(corrections=(correction,))
    first = stated.statement.services[0]._replace(
        uncorrected=Uncorrected(Seconds(up=1, down=240), Fraction(99, 100))
    )
    stated = stated._replace(statement=stated.statement._replace(services=(first,)))
    text = read_page_text(stated)
    assert "Before corrections it was 99.000 % (4 min down)." in text
    assert (
        "Website: Tuesday 6 October, 00:00 to 00:04, counted as working. our probe was stale · Evidence"
        in text
    )


def test_figures_of_support_are_marked_as_declared() -> None:
    level = LevelFigures("first", "4h", 212, 1, Fraction(211, 212), 3_120, 14_010, "missed")
    text = read_page_text(month(support=(level,)))
    assert "First level 4 h of opening time 212 1 99.528 % 52 min 3 h 53 Target missed" in text
    assert "Figures declared by Maxony from its ticket system; we do not measure them." in text


def test_evidence_files_are_listed_with_their_hashes() -> None:
    text = read_page_text(
        month(
            evidence=(
                EvidenceFile("2026/10/2026-10-01.csv", "01" * 32),
                EvidenceFile("register.jsonl", "02" * 32, 41),
            )
        )
    )
    assert "2 files of evidence" in text
    assert "2026/10/2026-10-01.csv " + "01" * 32 in text


def test_no_verdict_is_an_average_of_months() -> None:
    """The table of twelve months has a cell for each month and service, and no total."""
    page = build_scene_page(SCENES["maintenance"])
    html = render(page)["en/sla/index.html"]
    cells = [
        normalise_text(element.text)
        for element in parse_elements(html)
        if element.name == "td" and element.inside("glance")
    ]
    assert cells == [
        "Month in progress: 100 %", "Month in progress: 99.87 %", "Month in progress: between 97.39 % and 99.99 %", "Month in progress: 99.91 %", "Month in progress: 100 %",
        "Target met: 100 %", "Target met: 100 %", "Target missed: 98.79 %", "Target met: 100 %", "—",
    ]  # fmt: skip


def test_checks_without_a_result_are_not_called_missing() -> None:
    """They cannot be distinguished here; the sentence on how much of the month was checked covers both."""
    stated = month()
    services = tuple(
        service._replace(
            figures=service.figures._replace(
                vantages={
                    place: CheckCount(count.expected, 0) for place, count in service.figures.vantages.items()
                }
            )
        )
        for service in stated.statement.services
    )
    assert "of the promised checks" in read_page_text(stated)
    text = read_page_text(stated._replace(statement=stated.statement._replace(services=services)))
    assert "of the promised checks" not in text
