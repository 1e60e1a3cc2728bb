"""The promise and the account of a month, in sentences."""

from decimal import Decimal
from fractions import Fraction

from markupsafe import Markup

from constat.availability import STATEMENT_DECIMALS, format_percent, format_share
from constat.i18n import Language, message
from constat.interval import HOUR_S, MINUTE_S, local_date
from constat.model import (
    Availability,
    Figures,
    LevelFigures,
    MaintenanceRules,
    Outage,
    ServiceRules,
    ServiceStatement,
    Uncorrected,
    parse_target,
)
from constat.page import Page, StatedMonth
from constat.posts import addresses

VERDICT_CSS = {
    "met": "up",
    "likely_met": "up",
    "missed": "outage",
    "likely_missed": "outage",
    "unproven": "nodata",
    "no_data": "nodata",
    None: "nodata",
}
"""The icon beside a verdict."""


def address(month: StatedMonth) -> str:
    """Where a month's statement is, below its language."""
    return addresses.statement_path(month.name)


def standing_words(month: StatedMonth, language: Language) -> Markup:
    """What a statement is: provisional, final, superseded."""
    if month.standing == "provisional":
        over = month.statement.window.end <= language.now
        if over:
            return language.say("The month is over; its figures are still provisional")
        return language.say("Month in progress, provisional figures")
    day = language.dated(local_date(month.statement.frozen_at, language.zone))
    if month.standing == "superseded":
        return language.say("Superseded: frozen on %(day)s, and replaced since", day=day)
    return language.say("Final: frozen on %(day)s", day=day)


def verdict_words(verdict: str | None, language: Language) -> Markup:
    """What came of a promise, in a few words."""
    say = language.say
    return {
        "met": say("Target met"),
        "likely_met": say("Target met, as far as we could measure"),
        "likely_missed": say("Target missed, as far as we could measure"),
        "missed": say("Target missed"),
        "unproven": say("We can't tell"),
        "no_data": say("Not measured"),
        None: say("Month in progress"),
    }[verdict]


def verdict_sentence(verdict: str | None, language: Language) -> Markup:
    """The same where it needs a reason."""
    if verdict == "unproven":
        return language.say(
            "We can't tell: we did not measure enough this month to know whether the target was met."
        )
    return Markup("{}.").format(verdict_words(verdict, language))


def target(value: Decimal, language: Language) -> str:
    """A promised share, without zeros that say nothing: `99 %`."""
    printed = format_share(Fraction(value), STATEMENT_DECIMALS).rstrip("0").rstrip(".")
    return language.percent(printed)


def share(value: Fraction | None, language: Language, decimals: int = STATEMENT_DECIMALS) -> str:
    """A share, rounded down; a dash where there is none."""
    printed = format_percent(value, decimals)
    return "—" if printed is None else language.percent(printed)


def figure(figures: Figures, of: Availability, language: Language, decimals: int = STATEMENT_DECIMALS) -> str:
    """An availability, or its bounds where too little was observed."""
    if of.coverage is not None and of.coverage * 100 < figures.min_coverage and of.availability is not None:
        low, high = share(of.lower, language, decimals), share(of.upper, language, decimals)
        return str(language.say("between %(low)s and %(high)s", low=low, high=high))
    return share(of.availability, language, decimals)


def bounds(of: Availability, language: Language) -> Markup:
    """What the real availability lies between."""
    if of.lower is None or of.lower == of.upper:
        return Markup()
    return language.say(
        "Depending on what happened unmeasured, actual availability is between %(low)s and %(high)s.",
        low=share(of.lower, language),
        high=share(of.upper, language),
    )


def coverage(of: Availability, language: Language) -> Markup:
    """How much of the month was looked at."""
    return language.say(
        "We were able to check this service for %(share)s of the month.", share=share(of.coverage, language)
    )


def cadence(figures: Figures, rules: ServiceRules, language: Language) -> Markup:
    """How many of the promised checks were made."""
    if not figures.expected:
        return Markup()
    made = share(Fraction(min(figures.made, figures.expected), figures.expected), language)
    known = {MINUTE_S: message("one a minute"), HOUR_S: message("one an hour")}
    rhythm = (
        language.say(known[rules.interval_s])
        if rules.interval_s in known
        else language.say("one every %(interval)s", interval=language.duration(rules.interval_s))
    )
    return language.say("%(share)s of the promised checks (%(rhythm)s) were made.", share=made, rhythm=rhythm)


def allowance(figures: Figures, language: Language) -> Markup:
    """What the promise allows, and what was spent of it."""
    return language.say(
        "Downtime allowed this month: %(allowed)s; seen: %(seen)s",
        allowed=language.duration(figures.budget.allowed_s),
        seen=language.duration(figures.budget.spent_s),
    )


def spent(figures: Figures) -> int:
    """How many hundredths of the allowance are spent, at most all of them."""
    if not figures.budget.allowed_s:
        return 100 if figures.budget.spent_s else 0
    return min(100, -(-100 * figures.budget.spent_s // figures.budget.allowed_s))


def other_figure(figures: Figures, rules: MaintenanceRules, language: Language) -> Markup:
    """The figure that the promise is not held to, and how it differs."""
    if figures.counts == "all":
        return language.say(
            "Maintenance interruptions count in this figure. Without maintenance announced in advance it would be %(figure)s.",
            figure=figure(figures, figures.without_maintenance, language),
        )
    if rules.cap_s is None:
        return language.say(
            "Maintenance announced before it starts does not count; any overrun counts. Counting it: %(figure)s.",
            figure=figure(figures, figures.all, language),
        )
    return language.say(
        "Maintenance announced before it starts does not count, up to %(cap)s a month; any overrun counts. Counting it: %(figure)s.",
        cap=language.duration(rules.cap_s),
        figure=figure(figures, figures.all, language),
    )


def other_verdict(figures: Figures, language: Language) -> Markup:
    """The verdict on the other figure, where it is another one."""
    if figures.verdict_all == figures.verdict_without:
        return Markup()
    other = figures.verdict_without if figures.counts == "all" else figures.verdict_all
    return language.say("Held to that figure: %(verdict)s.", verdict=verdict_words(other, language))


def maintenance_rule(rules: MaintenanceRules, language: Language) -> Markup:
    """Whether maintenance counts, as a promise."""
    if rules.counts:
        return language.say("Interruptions for maintenance count as downtime, announced or not.")
    lead = (
        language.say("Maintenance announced at least %(notice)s before does not count.", notice=language.duration(rules.notice_s))
        if rules.notice_s
        else language.say("Maintenance announced before it starts does not count.")
    )  # fmt: skip
    if rules.cap_s is None:
        return lead
    cap = language.say("At most %(cap)s a month are left out.", cap=language.duration(rules.cap_s))
    return Markup("{} {}").format(lead, cap)


def uncorrected(before: Uncorrected, language: Language) -> Markup:
    """The figure before corrections."""
    return language.say(
        "Before corrections it was %(figure)s (%(down)s down).",
        figure=share(before.availability, language),
        down=language.duration(before.seconds.down),
    )


def outage_maintenance(outage: Outage, language: Language) -> Markup:
    """How much of an outage was announced."""
    if not outage.maintenance_s:
        return Markup()
    if outage.maintenance_s == outage.seconds:
        return language.say("announced maintenance")
    return language.say(
        "of which %(duration)s announced maintenance", duration=language.duration(outage.maintenance_s)
    )


def of_service(month: StatedMonth, service: str) -> ServiceStatement | None:
    """What a month says of a service, `None` where it did not exist then."""
    return next((stated for stated in month.statement.services if stated.figures.service == service), None)


def level_verdict(level: LevelFigures, language: Language) -> Markup:
    """What came of a promise of support."""
    if level.verdict == "no_data":
        return language.say("No ticket")
    return verdict_words(level.verdict, language)


def level_name(page: Page, level: LevelFigures, language: Language) -> str:
    """The name of a support level; its id where `status.yml` no longer names it."""
    names = {known.id: known.name for known in page.support.levels} if page.support else {}
    return language.name(names.get(level.level, {})) or level.level


def level_target(written: str, language: Language) -> Markup:
    """A promised time to the first answer: `4 h of opening time`, `5 working days`."""
    seconds, working_days = parse_target(written)
    if working_days is not None:
        return language.say_many("%(n)s working day", "%(n)s working days", working_days)
    return language.say("%(duration)s of opening time", duration=language.hours(seconds or 0))
