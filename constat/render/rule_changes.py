"""The rules that changed in a month, in sentences: what is watched and how, and what is promised (rule 5)."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant
from constat.model import CheckRules, RecordedRules, ServiceRules, Statement
from constat.page import Page
from constat.posts.vantage_words import join_vantage_names
from constat.render.agreements import describe_hours
from constat.render.shares import format_target


class DescribedChange(NamedTuple):
    """A change of rules: when it took effect, the name of the service, and a sentence for each thing that changed."""

    at: Instant
    service: str
    sentences: tuple[Markup, ...]


def list_changes(page: Page, statement: Statement, language: Language) -> tuple[DescribedChange, ...]:
    """Describe the rules that took effect in a month, oldest first; a line that changes nothing is left out."""
    before: dict[str, ServiceRules | None] = {
        stated.figures.service: stated.rules for stated in statement.services
    }
    described = []
    for line in statement.changes:
        old = before.get(line.service)
        sentences = tuple(_describe(page, old, line, language, is_first=line.service not in before))
        before[line.service] = line.rules
        if sentences:
            name = page.service_name(line.service, language.code)
            described.append(DescribedChange(line.at, name, sentences))
    return tuple(described)


def _describe(
    page: Page, old: ServiceRules | None, line: RecordedRules, language: Language, *, is_first: bool
) -> Iterator[Markup]:
    new, say = line.rules, language.say
    if new is None:
        yield say("No longer watched.")
    elif old is None:
        yield say("Watched from here on.") if is_first else say("Watched again.")
    else:
        yield from _describe_promise(old, new, language)
        yield from _describe_checks(page, old, new, language)


def _describe_promise(old: ServiceRules, new: ServiceRules, language: Language) -> Iterator[Markup]:
    say = language.say
    if old.target != new.target:
        yield say(
            "From the next month on, %(new)s is promised instead of %(old)s.",
            new=format_target(new.target, language),
            old=format_target(old.target, language),
        )
    if old.hours != new.hours:
        yield say("From the next month on, other hours are agreed.")
        if new.hours:
            yield describe_hours(new.hours, language, sentence=True)
    if old.credits != new.credits:
        yield say("From the next month on, other credits apply.")
    if (old.maintenance, old.min_coverage) != (new.maintenance, new.min_coverage):
        yield say("From the next month on, maintenance or the required coverage counts otherwise.")
    if (old.since, old.retired) != (new.since, new.retired):
        yield say("It begins or ends on another day.")
    if old.require != new.require:
        yield say("Its checks decide together in another way.")


def _describe_checks(
    page: Page, old: ServiceRules, new: ServiceRules, language: Language
) -> Iterator[Markup]:
    both = {name: (old.checks[name], after) for name, after in new.checks.items() if name in old.checks}
    for name, check in new.checks.items():
        if name not in both:
            yield language.say("New check: %(check)s.", check=_name(name, check))
    for name, check in old.checks.items():
        if name not in both:
            yield language.say("Check removed: %(check)s.", check=_name(name, check))
    for name, (before, after) in both.items():
        yield from _describe_check(name, before, after, language)
    yield from _describe_places(page, both, language)


def _describe_check(name: str, before: CheckRules, after: CheckRules, language: Language) -> Iterator[Markup]:
    say = language.say
    if (before.kind, before.subject) != (after.kind, after.subject):
        yield say(
            "The check %(check)s looks at %(new)s instead of %(old)s.",
            check=name,
            new=after.subject or after.kind,
            old=before.subject or before.kind or "—",
        )
    if before.interval_s != after.interval_s:
        yield say(
            "The check %(check)s is made every %(new)s instead of every %(old)s.",
            check=name,
            new=language.duration(after.interval_s),
            old=language.duration(before.interval_s),
        )
    if (before.affects, before.quorum) != (after.affects, after.quorum):
        yield say("The check %(check)s counts in another way.", check=name)


def _describe_places(
    page: Page, checks: Mapping[str, tuple[CheckRules, CheckRules]], language: Language
) -> Iterator[Markup]:
    """From where each check is made now; one sentence for all, if all of them moved alike."""
    moves = {name: (before.vantages, after.vantages) for name, (before, after) in checks.items()}
    if not moves or all(old == new for old, new in moves.values()):
        return
    if len(set(moves.values())) == 1:
        old, new = (join_vantage_names(page, places, language) for places in next(iter(moves.values())))
        yield language.say("Checked from %(new)s instead of %(old)s.", new=new, old=old)
        return
    for name, (before, after) in moves.items():
        if before != after:
            old, new = (join_vantage_names(page, places, language) for places in (before, after))
            yield language.say(
                "The check %(check)s is made from %(new)s instead of %(old)s.", check=name, new=new, old=old
            )


def _name(name: str, check: CheckRules) -> str:
    return f"{name} ({check.subject})" if check.subject else name
