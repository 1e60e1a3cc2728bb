"""The promise and the statement of a month, in sentences."""

from fractions import Fraction

from markupsafe import Markup

from constat.i18n import Language, message
from constat.interval import HOUR_S, MINUTE_S, local_date
from constat.model import (
    Availability,
    Figures,
    LevelFigures,
    MaintenanceRules,
    Outage,
    ServiceRules,
    Uncorrected,
    parse_target,
)
from constat.page import Page, StatedMonth
from constat.posts import addresses
from constat.render.shares import format_availability, format_share

VERDICT_CSS = {
    "met": "up",
    "likely_met": "up",
    "missed": "outage",
    "likely_missed": "outage",
    "unproven": "nodata",
    "no_data": "nodata",
    None: "nodata",
}
"""The CSS class of a verdict, which is also the name of its icon. `None`: the month is in progress."""


def page_path(month: StatedMonth) -> str:
    """The path of the page of a statement, below the folder of its language."""
    return addresses.statement_path(month.name)


def describe_standing(month: StatedMonth, language: Language) -> Markup:
    """Whether a statement is provisional, final or superseded, in a sentence."""
    if month.standing == "provisional":
        if month.statement.window.end <= language.now:
            return language.say("The month is over; its figures are still provisional")
        return language.say("Month in progress, provisional figures")
    day = language.dated(local_date(month.statement.frozen_at, language.zone))
    if month.standing == "superseded":
        return language.say("Superseded: frozen on %(day)s, and replaced since", day=day)
    return language.say("Final: frozen on %(day)s", day=day)


def verdict_label(verdict: str | None, language: Language) -> Markup:
    """A verdict in a few words."""
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


def label_month(figures: Figures, language: Language) -> Markup:
    """The verdict on a month in a few words; one in which nothing counts may well have been measured."""
    if figures.verdict == "no_data" and figures.counts_nothing:
        return language.say("Nothing counts this month")
    return verdict_label(figures.verdict, language)


def mark_up_verdict(figures: Figures, language: Language) -> Markup:
    """The verdict on a month for a narrow column: what restricts it stands below it in smaller letters."""
    strong, _, reserve = label_month(figures, language).partition(", ")
    return Markup("{}, <small>{}</small>").format(strong, reserve) if reserve else strong


def describe_verdict(verdict: str | None, language: Language) -> Markup:
    """A verdict as a sentence; if there can be none, the sentence says why."""
    if verdict == "unproven":
        return language.say(
            "We can't tell: we did not measure enough this month to know whether the target was met."
        )
    return Markup("{}.").format(verdict_label(verdict, language))


def describe_bounds(availability: Availability, language: Language) -> Markup:
    """The bounds of an availability; empty if they are equal."""
    if availability.lower is None or availability.lower == availability.upper:
        return Markup()
    return language.say(
        "Depending on what happened unmeasured, actual availability is between %(low)s and %(high)s.",
        low=format_share(availability.lower, language),
        high=format_share(availability.upper, language),
    )


def describe_coverage(availability: Availability, language: Language) -> Markup:
    """How much of the month was observed."""
    return language.say(
        "We were able to check this service for %(share)s of the month.",
        share=format_share(availability.coverage, language),
    )


def describe_checks_made(figures: Figures, rules: ServiceRules, language: Language) -> Markup:
    """The share of the promised checks that were made; nothing where none had a result, since it may have been made."""
    if not figures.expected or not figures.made:
        return Markup()
    made = format_share(Fraction(min(figures.made, figures.expected), figures.expected), language)
    rhythms = {MINUTE_S: message("one a minute"), HOUR_S: message("one an hour")}
    rhythm = (
        language.say(rhythms[rules.interval_s])
        if rules.interval_s in rhythms
        else language.say("one every %(interval)s", interval=language.duration(rules.interval_s))
    )
    return language.say("%(share)s of the promised checks (%(rhythm)s) were made.", share=made, rhythm=rhythm)


def describe_checks_by_vantage(page: Page, figures: Figures, language: Language) -> Markup:
    """How many of the promised checks were made from each vantage; empty where there is only one."""
    if len(figures.vantages) < 2:  # noqa: PLR2004 -- two are several
        return Markup()
    return Markup(" ").join(
        language.say(
            "From %(place)s: %(made)s of %(promised)s.",
            place=page.vantage_name(vantage, language.code),
            made=language.number(count.made),
            promised=language.number(count.expected),
        )
        for vantage, count in figures.vantages.items()
    )


def describe_allowance(figures: Figures, language: Language) -> Markup:
    """The downtime that the promise allows, and the downtime seen; empty without a promise."""
    if figures.budget is None:
        return Markup()
    return language.say(
        "Downtime allowed this month: %(allowed)s; seen: %(seen)s",
        allowed=language.duration(figures.budget.allowed_s),
        seen=language.duration(figures.budget.spent_s),
    )


def describe_other_figure(figures: Figures, rules: MaintenanceRules, language: Language) -> Markup:
    """The availability that the promise is not held to, and how it is counted."""
    if figures.counts == "all":
        return language.say(
            "Maintenance interruptions count in this figure. Without maintenance announced in advance it would be %(figure)s.",
            figure=format_availability(figures, figures.without_maintenance, language),
        )
    if rules.cap_s is None:
        return language.say(
            "Maintenance announced before it starts does not count; any overrun counts. Counting it: %(figure)s.",
            figure=format_availability(figures, figures.all, language),
        )
    return language.say(
        "Maintenance announced before it starts does not count, up to %(cap)s a month; any overrun counts. Counting it: %(figure)s.",
        cap=language.duration(rules.cap_s),
        figure=format_availability(figures, figures.all, language),
    )


def describe_other_verdict(figures: Figures, language: Language) -> Markup:
    """The verdict on the other availability; empty if it is the same."""
    if figures.verdict_all == figures.verdict_without:
        return Markup()
    other = figures.verdict_without if figures.counts == "all" else figures.verdict_all
    return language.say("Measured by that figure: %(verdict)s.", verdict=verdict_label(other, language))


def describe_maintenance_rule(rules: MaintenanceRules, language: Language) -> Markup:
    """Whether the promise counts maintenance as downtime."""
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


def describe_uncorrected(before: Uncorrected, language: Language) -> Markup:
    """The availability before corrections."""
    return language.say(
        "Before corrections it was %(figure)s (%(down)s down).",
        figure=format_share(before.availability, language),
        down=language.duration(before.seconds.down),
    )


def describe_outage_maintenance(outage: Outage, language: Language) -> Markup:
    """How much of an outage lies in announced maintenance; empty for none."""
    if not outage.maintenance_s:
        return Markup()
    if outage.maintenance_s == outage.seconds:
        return language.say("announced maintenance")
    return language.say(
        "of which %(duration)s announced maintenance", duration=language.duration(outage.maintenance_s)
    )


def level_verdict_label(level: LevelFigures, language: Language) -> Markup:
    """The verdict on a support level."""
    if level.verdict == "no_data":
        return language.say("No ticket")
    return verdict_label(level.verdict, language)


def level_name(page: Page, level: LevelFigures, language: Language) -> str:
    """The name of a support level; its id if `status.yml` no longer has it."""
    names = {promised.id: promised.name for promised in page.support.levels} if page.support else {}
    return language.name(names.get(level.level, {})) or level.level


def format_level_target(target: str, language: Language) -> Markup:
    """A promised time to the first answer: `4 h of opening time`, `5 working days`."""
    seconds, working_days = parse_target(target)
    if working_days is not None:
        return language.say_many("%(n)s working day", "%(n)s working days", working_days)
    return language.say("%(duration)s of opening time", duration=language.hours(seconds or 0))
