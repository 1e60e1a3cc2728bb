"""How uptime is computed: the rules of docs/how-uptime-is-computed.md in customers' words."""

from collections.abc import Iterator

from markupsafe import Markup

from constat.i18n import Language
from constat.page import Page
from constat.render.imported_texts import join_titles, list_titles
from constat.render.offered import has_promise


def list_rules(page: Page, language: Language) -> tuple[Markup, ...]:
    """The rules, each in a sentence or two; those about a promise, agreed hours, credits or another tool only where there are any."""
    say, promised = language.say, has_promise(page)
    rules = (
        say("Programs check each service at fixed intervals, as a customer would use it, and record the result."),
        say("A result holds until the next check, but never longer than two intervals. After that, we do not know."),
        say("Time that was not measured is never shown as working: it is drawn as a gap, and the text says so."),
        say("When a check fails, it is repeated at once, and we make sure that our own connection is not the cause. A failure on our side does not count as an outage of the service."),
        say("A service is down while any of the checks that count says so. A slow answer or one with errors counts as available, and is shown in its own colour."),
        say("Time is counted in seconds, not in numbers of checks: looking more often changes no figure."),
        say("Availability is the time during which the service worked, divided by the time for which we know its state."),
        say("Next to it we show how much of the time was checked. Where that is too little, we give the lowest and the highest possible availability instead of one figure."),
        say("Figures are rounded down. 100 %% is printed only if not one second was down."),
        say("Maintenance counts as announced only if it was published before it began, and only for the time announced: an overrun does not."),
        say("There are always two figures: over all of the time, and without announced maintenance. The contract says which of them decides.")
        if promised else say("There are always two figures: over all of the time, and without announced maintenance."),
        say("A false alarm is never deleted. It is corrected in public, with a reason, and the figure before the correction is shown next to the corrected one."),
        say("Notices that our team writes never change a figure."),
        say("Days and months begin and end in %(zone)s.", zone=language.zone_name),
        say("After the end of a month its figures are frozen, with the hashes of the evidence they are computed from. A promise does not change during a month."),
    )  # fmt: skip
    frozen = rules[-1:] if promised else ()
    return (*rules[:-1], *_tell_agreed(page, language), *frozen, *_tell_imported(page, language))


def _tell_agreed(page: Page, language: Language) -> Iterator[Markup]:
    """The rules about agreed hours and credits, where a service has any."""
    if any(service.rules.hours for service in page.services):
        yield language.say(
            "Where a service is promised for certain hours only, the figures count these hours alone: outages and gaps are cut off where they begin and end. The bars show all hours."
        )
    if any(service.rules.credits for service in page.services):
        yield language.say(
            "A credit is due where the availability of a month is below its limit, compared before rounding; the highest one counts. We call it certain if it would be due even if the service had worked whenever we did not look."
        )


def _tell_imported(page: Page, language: Language) -> tuple[Markup, ...]:
    """The rule about what another tool recorded, where the page shows anything of it."""
    titles = list_titles(page.imported)
    if not titles:
        return ()
    rule = language.say(
        "What %(source)s recorded before we measured ourselves is shown outlined and hatched. It is in no figure of ours.",
        source=join_titles(titles, language),
    )
    return (rule,)
