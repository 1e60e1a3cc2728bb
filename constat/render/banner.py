"""What the banner says, in the words of one language. Which case it is was decided by the page."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.model import Status
from constat.page import Banner, Fault, Page
from constat.render.labels import mark


class Headline(NamedTuple):
    """`strong` names the fault, `rest` goes on in a lighter hand, `lines` follow below.

    `checked`: when we last looked is said below; where we do not know how things are, the lines say it.
    """

    mark: str
    status: Status
    strong: Markup
    rest: Markup
    lines: tuple[Markup, ...]
    checked: bool


class _Writer(NamedTuple):
    """The banner of one page in one language."""

    page: Page
    language: Language

    def name(self, fault: Fault) -> str:
        return self.page.service_name(fault.service, self.language.code)

    def names(self, faults: Sequence[Fault]) -> Markup:
        return self.language.listing(self.name(fault) for fault in faults)

    def since(self, fault: Fault) -> Markup:
        return Markup() if fault.since is None else self.language.since(fault.since)

    def back(self, fault: Fault) -> Markup:
        return Markup() if fault.since is None else self.language.back(fault.since)

    def until(self, fault: Fault) -> Markup:
        return Markup() if fault.until is None else self.language.until(fault.until)


def write_headline(page: Page, language: Language) -> Headline:
    """What the banner says."""
    writer, banner = _Writer(page, language), page.banner
    strong, rest, *more = _WAYS[banner.kind](writer, banner)
    also = _also(writer, banner)
    explained = [language.say("Detected automatically. Our team has not posted an explanation yet.")]
    lines = [*more, *also, *(explained if banner.unexplained else [])]
    said = tuple(line for line in lines if line)
    return Headline(mark(banner.status), banner.status, strong, rest, said, banner.kind != "blind")


def _others(writer: _Writer, banner: Banner) -> Markup:
    """What can be said of the services that work."""
    if not banner.working:
        return Markup()
    if banner.working == banner.total - len(banner.faults):
        return writer.language.say_many(
            "The other service is working.", "The other %(n)s services are working.", banner.working
        )
    return writer.language.say_many(
        "%(n)s service is working.", "%(n)s services are working.", banner.working
    )


def _each(writer: _Writer, faults: Sequence[Fault]) -> Markup:
    """`API and SMTP relay since 10:12, Website since 10:15`: what began at one time is said together."""
    began: dict[Markup, list[Fault]] = {}
    for fault in sorted(faults, key=lambda fault: fault.since or 0):
        began.setdefault(writer.since(fault), []).append(fault)
    parts = (Markup("{} {}").format(writer.names(some), since).rstrip() for since, some in began.items())
    return Markup(", ").join(parts)


def _first_day(writer: _Writer, _: Banner) -> list[Markup]:
    return [writer.language.say("First measurements under way."), Markup()]


def _blind(writer: _Writer, banner: Banner) -> list[Markup]:
    language = writer.language
    newest = Markup() if banner.since is None else language.since(banner.since)
    return [
        language.say("We don't know the current state."),
        Markup(),
        language.say("No check received %(since)s; this does not mean services are down.", since=newest),
    ]


def _all_down(writer: _Writer, banner: Banner) -> list[Markup]:
    return [writer.language.say("All our services are down."), Markup(), _each(writer, banner.faults)]


def _outage(writer: _Writer, banner: Banner) -> list[Markup]:
    language, faults = writer.language, banner.faults
    if len(faults) == 1:
        strong = language.say("%(service)s: down", service=writer.name(faults[0]))
        return [strong, writer.since(faults[0]), _others(writer, banner)]
    strong = language.say_many("%(n)s service is down", "%(n)s services are down", len(faults))
    return [strong, Markup(), _each(writer, faults), _others(writer, banner)]


def _degraded(writer: _Writer, banner: Banner) -> list[Markup]:
    language, faults = writer.language, banner.faults
    if len(faults) == 1:
        return [
            language.say("%(service)s: not working normally", service=writer.name(faults[0])),
            writer.since(faults[0]),
            language.say("It responds, but slowly or with errors."),
            _others(writer, banner),
        ]
    strong = language.say_many(
        "%(n)s service is not working normally", "%(n)s services are not working normally", len(faults)
    )
    slow = language.say("They respond, but slowly or with errors.")
    return [strong, Markup(), _each(writer, faults), slow, _others(writer, banner)]


def _reported(writer: _Writer, banner: Banner) -> list[Markup]:
    strong = writer.language.say(
        "%(services)s: problem reported by our team", services=writer.names(banner.faults)
    )
    unseen = writer.language.say("Our automatic checks do not see it.")
    since = writer.since(banner.faults[0]) if len(banner.faults) == 1 else Markup()
    return [strong, since, unseen, _others(writer, banner)]


def _overrun(writer: _Writer, banner: Banner) -> list[Markup]:
    language = writer.language
    due = [
        language.say(
            "%(service)s: it was due to end %(at)s.",
            service=writer.name(fault),
            at=language.at(fault.until, announced=True),
        )
        for fault in banner.faults
        if fault.until is not None
    ]
    strong = language.say("Maintenance is taking longer than announced.")
    return [strong, Markup(), *due, _others(writer, banner)]


def _maintenance(writer: _Writer, banner: Banner) -> list[Markup]:
    return [
        writer.language.say("Maintenance in progress: %(services)s", services=writer.names(banner.faults)),
        writer.until(banner.faults[0]) if len(banner.faults) == 1 else Markup(),
        writer.language.say("Interruptions are possible."),
        _others(writer, banner),
    ]


def _recovered(writer: _Writer, banner: Banner) -> list[Markup]:
    language, watching = writer.language, writer.language.say("We are keeping an eye on it.")
    said = [
        (
            language.say("%(service)s: %(what)s", service=writer.name(fault), what=writer.back(fault)),
            language.say("after %(duration)s.", duration=language.duration(fault.seconds)),
        )
        for fault in banner.faults
    ]
    if len(said) == 1:
        return [*said[0], watching]
    strong = language.say("%(services)s: working again", services=writer.names(banner.faults))
    return [strong, Markup(), *(Markup("{} {}").format(*pair) for pair in said), watching]


def _partly_checked(writer: _Writer, banner: Banner) -> list[Markup]:
    language = writer.language
    unchecked = language.say("but we cannot check: %(services)s.", services=writer.names(banner.faults))
    return [language.say("No problem seen,"), unchecked]


def _all_well(writer: _Writer, banner: Banner) -> list[Markup]:
    seen = writer.language.say_many(
        "No problem seen on our service.", "No problem seen on our %(n)s services.", banner.total
    )
    return [writer.language.say("Everything is working."), Markup(), seen]


_WAYS = {
    "first_day": _first_day,
    "blind": _blind,
    "all_down": _all_down,
    "outage": _outage,
    "degraded": _degraded,
    "reported": _reported,
    "overrun": _overrun,
    "maintenance": _maintenance,
    "recovered": _recovered,
    "partly_checked": _partly_checked,
    "all_well": _all_well,
}


def _also(writer: _Writer, banner: Banner) -> list[Markup]:
    """One sentence for everything else that must be said; what cannot be checked goes into one."""
    lines = [_sentence(writer, fault) for fault in banner.also if fault.kind != "unchecked"]
    unchecked = [fault for fault in banner.also if fault.kind == "unchecked"]
    if unchecked:
        lines.append(writer.language.say("We cannot check: %(services)s.", services=writer.names(unchecked)))
    return lines


def _sentence(writer: _Writer, fault: Fault) -> Markup:
    """What is said of a service beside a graver headline."""
    language, name = writer.language, writer.name(fault)
    since, until = writer.since(fault), writer.until(fault)
    said = {
        "outage": language.say("%(service)s: down", service=name) + " " + since,
        "degraded": language.say("%(service)s: not working normally", service=name) + " " + since,
        "reported": language.say("%(services)s: problem reported by our team", services=name) + " " + since,
        "overrun": language.say("%(service)s: maintenance is taking longer than announced", service=name),
        "maintenance": language.say("Maintenance in progress: %(services)s", services=name) + " " + until,
        "recovered": language.say("%(service)s: %(what)s", service=name, what=writer.back(fault)),
    }
    return said[fault.kind].rstrip() + "."
