"""How uptime is computed: the rules of docs/how-uptime-is-computed.md in customers' words."""

from markupsafe import Markup

from constat.i18n import Language
from constat.page import Page
from constat.render.offered import has_promise


def list_rules(page: Page, language: Language) -> tuple[Markup, ...]:
    """The rules, each in a sentence or two; those about a promise only where there is one."""
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
    return rules if promised else rules[:-1]
