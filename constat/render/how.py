"""How uptime is computed: the rules of docs/how-uptime-is-computed.md in customers' words."""

from markupsafe import Markup

from constat.i18n import Language


def list_rules(language: Language) -> tuple[Markup, ...]:
    """The rules, each in a sentence or two."""
    say = language.say
    return (
        say("Programs look at each service at fixed intervals, as a customer would, and write down what they saw."),
        say("What was seen holds until the next look, but never longer than two intervals. After that, nothing is known."),
        say("What was not measured is never shown as working: it is drawn as a gap, and said in words."),
        say("When a look fails, it is tried again at once; and we check that it is not our own connection that is down. A failure of ours is no outage of the service."),
        say("A service is down while any of the checks that count says so. A slow answer or one with errors counts as available, and is shown in its own colour."),
        say("Time is counted in seconds, not in numbers of checks: looking more often changes no figure."),
        say("Availability is the time in which the service worked, divided by the time in which we know how it was."),
        say("Beside it stands how much of the time was checked. Where that is too little, we print the lowest and the highest that availability can have been, not one figure."),
        say("Figures are rounded down. 100 %% is printed only if not one second was down."),
        say("Maintenance counts as announced only if it was published before it began, and only for the time that was announced: an overrun is not."),
        say("Two figures are always counted: over all the time, and without announced maintenance. The contract says which of them the promise is held to."),
        say("A false alarm is never deleted. It is corrected in public, with its reason, and the figure before the correction stands beside the one after it."),
        say("Notices that our team writes never change a figure."),
        say("Days and months are those of %(zone)s.", zone=language.zone_name),
        say("After the end of a month its figures are frozen, with the hashes of the evidence they rest on. A promise does not change while its month runs."),
    )  # fmt: skip
