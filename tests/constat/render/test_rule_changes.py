"""The rules that changed in a month, in sentences of every language."""

from datetime import time
from decimal import Decimal

import pytest

from constat.i18n import load_languages
from constat.model import CheckRules, Credit, Hours, RecordedRules, ServiceRules, ServiceStatement
from constat.render.rule_changes import list_changes
from tests.support.page_scenes import HOUR, SCENES
from tests.support.rendered_site import TEMPLATES, build_scene_page, normalise_text

PAGE = build_scene_page(SCENES["maintenance"])
LANGUAGES = load_languages(PAGE.settings, TEMPLATES, PAGE.now)
STATEMENT = next(month.statement for month in PAGE.months)
STATED: ServiceStatement = STATEMENT.services[0]
SERVICE, RULES = STATED.figures.service, STATED.rules
CHECK = next(iter(RULES.checks))


def sentences(*rules: ServiceRules | None, language: str = "en") -> list[str]:
    """What is said of rules that took effect one after the other."""
    start = STATEMENT.window.start
    lines = [RecordedRules(start + n * HOUR, SERVICE, each) for n, each in enumerate(rules, start=1)]
    changes = list_changes(PAGE, STATEMENT._replace(changes=tuple(lines)), LANGUAGES[language])
    return [str(sentence) for change in changes for sentence in change.sentences]


def with_check(**changes: object) -> ServiceRules:
    checks: dict[str, CheckRules] = {**RULES.checks, CHECK: RULES.checks[CHECK]._replace(**changes)}  # type: ignore[arg-type]
    return RULES._replace(checks=checks)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            RULES._replace(target=Decimal("99.5")),
            "From the next month on, 99.5\xa0% is promised instead of 99\xa0%.",
        ),
        (RULES._replace(target=None), "From the next month on, — is promised instead of 99\xa0%."),
        (RULES._replace(credits=(Credit(Decimal(99), Decimal(5)),)), "other credits apply"),
        (RULES._replace(min_coverage=Decimal(5)), "the required coverage counts otherwise"),
        (
            with_check(kind="tcp", subject="127.0.0.1:25"),
            f"The check {CHECK} looks at 127.0.0.1:25 instead of",
        ),
        (with_check(interval_s=3600), f"The check {CHECK} is made every 1\xa0h instead of every"),
        (with_check(affects="nothing"), f"The check {CHECK} counts in another way"),
        (with_check(quorum=2), f"The check {CHECK} counts in another way."),
        (with_check(vantages=("east", "west")), "Checked from east and west instead of "),
        (RULES._replace(checks={}), "Check removed: "),
        (None, "No longer watched."),
    ],
)
def test_each_change_has_its_sentence(rules: ServiceRules | None, told: str) -> None:
    assert told in sentences(rules)[0]


def test_changed_hours_are_described_with_the_hours() -> None:
    hours = (Hours("", (0, 1), time(8), time(18), "+01:00", ()),)
    assert [normalise_text(text) for text in sentences(RULES._replace(hours=hours), RULES)] == [
        *[
            "From the next month on, other hours are agreed.",
            "Promised Monday and Tuesday, 08:00 to 18:00 (GMT+1).",
        ],
        "From the next month on, other hours are agreed.",
    ]


def test_checks_with_different_changes_are_named_separately() -> None:
    one = RULES.checks[CHECK]
    before = RULES._replace(checks={"a": one, "b": one, "c": one})
    after = before._replace(checks={"a": one, "b": one._replace(vantages=("east",)), "c": one})
    assert sentences(before, after)[-1].startswith("The check b is made from east instead of ")
    everywhere = before._replace(checks=dict.fromkeys("abc", one._replace(vantages=("east",))))
    assert [text for text in sentences(before, everywhere) if "east" in text] == [
        f"Checked from east instead of {one.vantages[0]}."
    ]


def test_reverted_change_is_listed_twice_and_no_change_never() -> None:
    assert sentences(RULES) == []
    assert sentences(None, RULES) == ["No longer watched.", "Watched again."]
    assert [text.partition(":")[0] for text in sentences(RULES._replace(checks={}), RULES)] == [
        *["Check removed"] * len(RULES.checks),
        *["New check"] * len(RULES.checks),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_changes_are_listed_in_every_language(language: str) -> None:
    told = sentences(RULES._replace(target=Decimal("99.5")), None, language=language)
    assert len(told) == 2
    assert (told[1] == "No longer watched.") == (language == "en")
