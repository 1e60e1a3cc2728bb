"""The wording of the banner in one language. The page has already decided which case it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language
from constat.model import Status
from constat.page import Banner, BannerKind, Fault, Page
from constat.posts.vantage_words import describe_difference, describe_silence
from constat.render.labels import title_mark


class Headline(NamedTuple):
    """The wording of the banner: `strong` names the fault, `rest` follows in a lighter weight, `lines` stand below.

    `checked`: whether the time of the last check is shown, too. Where nothing is known, the lines already give it.
    """

    mark: str
    status: Status
    strong: Markup
    rest: Markup
    lines: tuple[Markup, ...]
    checked: bool


class _Wording(NamedTuple):
    """The part of the headline that depends on the case; empty lines are left out later."""

    strong: Markup
    rest: Markup = Markup()
    lines: tuple[Markup, ...] = ()


class _Writer(NamedTuple):
    """Words the faults of one page in one language."""

    page: Page
    language: Language

    def name(self, fault: Fault) -> str:
        return self.page.service_name(fault.service, self.language.code)

    def names(self, faults: Sequence[Fault]) -> Markup:
        return self.language.listing(self.name(fault) for fault in faults)

    def difference(self, fault: Fault) -> Markup:
        """Say who sees the service down and who reaches it, where that differs."""
        service = self.page.service(fault.service)
        return describe_difference(self.page, service.standing.views, self.language) if service else Markup()

    def differences(self, faults: Sequence[Fault]) -> tuple[Markup, ...]:
        """One sentence for each of several services whose vantages differ."""
        say = self.language.say
        return tuple(
            say("%(service)s: %(what)s", service=self.name(fault), what=words)
            for fault in faults
            if (words := self.difference(fault))
        )

    def since(self, fault: Fault) -> Markup:
        return Markup() if fault.since is None else self.language.since(fault.since)

    def back(self, fault: Fault) -> Markup:
        return Markup() if fault.since is None else self.language.back(fault.since)

    def until(self, fault: Fault) -> Markup:
        return Markup() if fault.until is None else self.language.until(fault.until)


def write_headline(page: Page, language: Language) -> Headline:
    """Word the banner of a page."""
    writer, banner = _Writer(page, language), page.banner
    wording = _WORDINGS[banner.kind](writer, banner)
    unexplained = language.say("Detected automatically. Our team has not posted an explanation yet.")
    lines = [
        *wording.lines,
        *_word_other_faults(writer, banner),
        *_word_silences(writer),
        *([unexplained] if banner.unexplained else []),
    ]
    return Headline(
        mark=title_mark(banner.status),
        status=banner.status,
        strong=wording.strong,
        rest=wording.rest,
        lines=tuple(line for line in lines if line),
        checked=banner.kind != "blind",
    )


def _word_silences(writer: _Writer) -> Iterable[Markup]:
    """The vantages that have fallen silent, each mentioned only once, however many services it checks."""
    return dict.fromkeys(
        words
        for service in writer.page.services
        for words in describe_silence(writer.page, service.standing.views, writer.language)
    )


def _word_working_services(writer: _Writer, banner: Banner) -> Markup:
    """Say how many services work; empty for none."""
    if not banner.working:
        return Markup()
    if banner.working == banner.total - len(banner.faults):
        return writer.language.say_many(
            "The other service is working.", "The other %(n)s services are working.", banner.working
        )
    return writer.language.say_many(
        "%(n)s service is working.", "%(n)s services are working.", banner.working
    )


def _word_beginnings(writer: _Writer, faults: Sequence[Fault]) -> Markup:
    """The beginnings of faults, grouped by time: `API and SMTP relay since 10:12, Website since 10:15`."""
    faults_by_time: dict[Markup, list[Fault]] = {}
    for fault in sorted(faults, key=lambda fault: fault.since or 0):
        faults_by_time.setdefault(writer.since(fault), []).append(fault)
    parts = (
        Markup("{} {}").format(writer.names(together), since).rstrip()
        for since, together in faults_by_time.items()
    )
    return Markup(", ").join(parts)


def _word_first_day(writer: _Writer, _: Banner) -> _Wording:
    return _Wording(writer.language.say("First measurements under way."))


def _word_quiet(writer: _Writer, _: Banner) -> _Wording:
    unwatched = writer.language.say("Nothing is checked automatically here: our team posts what it knows.")
    return _Wording(writer.language.say("No problem reported."), lines=(unwatched,))


def _word_blind(writer: _Writer, banner: Banner) -> _Wording:
    language = writer.language
    newest = Markup() if banner.since is None else language.since(banner.since)
    silence = language.say("No check received %(since)s; this does not mean services are down.", since=newest)
    return _Wording(language.say("We don't know the current state."), lines=(silence,))


def _word_all_down(writer: _Writer, banner: Banner) -> _Wording:
    strong = writer.language.say("All our services are down.")
    lines = (_word_beginnings(writer, banner.faults), *writer.differences(banner.faults))
    return _Wording(strong, lines=lines)


def _word_outage(writer: _Writer, banner: Banner) -> _Wording:
    language, faults, working = writer.language, banner.faults, _word_working_services(writer, banner)
    if len(faults) == 1:
        strong = language.say("%(service)s: down", service=writer.name(faults[0]))
        return _Wording(strong, writer.since(faults[0]), (writer.difference(faults[0]), working))
    strong = language.say_many("%(n)s service is down", "%(n)s services are down", len(faults))
    lines = (_word_beginnings(writer, faults), *writer.differences(faults), working)
    return _Wording(strong, lines=lines)


def _word_degraded(writer: _Writer, banner: Banner) -> _Wording:
    language, faults, working = writer.language, banner.faults, _word_working_services(writer, banner)
    if len(faults) == 1:
        strong = language.say("%(service)s: not working normally", service=writer.name(faults[0]))
        slow = writer.difference(faults[0]) or language.say("It responds, but slowly or with errors.")
        return _Wording(strong, writer.since(faults[0]), (slow, working))
    strong = language.say_many(
        "%(n)s service is not working normally", "%(n)s services are not working normally", len(faults)
    )
    differences = writer.differences(faults)
    slow = (
        Markup()
        if len(differences) == len(faults)
        else language.say("They respond, but slowly or with errors.")
    )
    return _Wording(strong, lines=(_word_beginnings(writer, faults), *differences, slow, working))


def _word_reported(writer: _Writer, banner: Banner) -> _Wording:
    strong = writer.language.say(
        "%(services)s: problem reported by our team", services=writer.names(banner.faults)
    )
    standings = {service.id: service.standing for service in writer.page.services}
    checked = any(not standings[fault.service].unwatched for fault in banner.faults)
    unseen = writer.language.say("Our automatic checks do not see it.") if checked else Markup()
    since = writer.since(banner.faults[0]) if len(banner.faults) == 1 else Markup()
    return _Wording(strong, since, (unseen, _word_working_services(writer, banner)))


def _word_overrun(writer: _Writer, banner: Banner) -> _Wording:
    language = writer.language
    due = (
        language.say(
            "%(service)s: it was due to end %(at)s.",
            service=writer.name(fault),
            at=language.at(fault.until, announced=True),
        )
        for fault in banner.faults
        if fault.until is not None
    )
    strong = language.say("Maintenance is taking longer than announced.")
    return _Wording(strong, lines=(*due, _word_working_services(writer, banner)))


def _word_maintenance(writer: _Writer, banner: Banner) -> _Wording:
    strong = writer.language.say(
        "Maintenance in progress: %(services)s", services=writer.names(banner.faults)
    )
    until = writer.until(banner.faults[0]) if len(banner.faults) == 1 else Markup()
    interruptions = writer.language.say("Interruptions are possible.")
    return _Wording(strong, until, (interruptions, _word_working_services(writer, banner)))


def _word_recovered(writer: _Writer, banner: Banner) -> _Wording:
    language, watching = writer.language, writer.language.say("We are keeping an eye on it.")
    recoveries = [
        (
            language.say("%(service)s: %(what)s", service=writer.name(fault), what=writer.back(fault)),
            language.say("after %(duration)s.", duration=language.duration(fault.seconds)),
        )
        for fault in banner.faults
    ]
    if len(recoveries) == 1:
        return _Wording(*recoveries[0], (watching,))
    strong = language.say("%(services)s: working again", services=writer.names(banner.faults))
    return _Wording(strong, lines=(*(Markup("{} {}").format(*recovery) for recovery in recoveries), watching))


def _word_partly_checked(writer: _Writer, banner: Banner) -> _Wording:
    language = writer.language
    unchecked = language.say("but we cannot check: %(services)s.", services=writer.names(banner.faults))
    return _Wording(language.say("No problem seen,"), unchecked)


def _word_all_well(writer: _Writer, banner: Banner) -> _Wording:
    no_problem = writer.language.say_many(
        "No problem seen on our service.", "No problem seen on our %(n)s services.", banner.total
    )
    return _Wording(writer.language.say("Everything is working."), lines=(no_problem,))


_WORDINGS: Mapping[BannerKind, Callable[[_Writer, Banner], _Wording]] = {
    "first_day": _word_first_day,
    "quiet": _word_quiet,
    "blind": _word_blind,
    "all_down": _word_all_down,
    "outage": _word_outage,
    "degraded": _word_degraded,
    "reported": _word_reported,
    "overrun": _word_overrun,
    "maintenance": _word_maintenance,
    "recovered": _word_recovered,
    "partly_checked": _word_partly_checked,
    "all_well": _word_all_well,
}


def _word_other_faults(writer: _Writer, banner: Banner) -> list[Markup]:
    """One sentence for each fault besides the headline; services that cannot be checked share one."""
    lines = [_word_fault(writer, fault) for fault in banner.also if fault.kind != "unchecked"]
    lines += writer.differences(banner.also)
    unchecked = [fault for fault in banner.also if fault.kind == "unchecked"]
    if unchecked:
        lines.append(writer.language.say("We cannot check: %(services)s.", services=writer.names(unchecked)))
    return lines


def _word_fault(writer: _Writer, fault: Fault) -> Markup:
    """The sentence about a service below a graver headline."""
    language, name = writer.language, writer.name(fault)
    since, until = writer.since(fault), writer.until(fault)
    sentences = {
        "outage": language.say("%(service)s: down", service=name) + " " + since,
        "degraded": language.say("%(service)s: not working normally", service=name) + " " + since,
        "reported": language.say("%(services)s: problem reported by our team", services=name) + " " + since,
        "overrun": language.say("%(service)s: maintenance is taking longer than announced", service=name),
        "maintenance": language.say("Maintenance in progress: %(services)s", services=name) + " " + until,
        "recovered": language.say("%(service)s: %(what)s", service=name, what=writer.back(fault)),
    }
    return sentences[fault.kind].rstrip() + "."
