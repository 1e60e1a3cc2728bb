"""What stands at the end of a statement: how maintenance was announced and went, and what was corrected."""

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant
from constat.model import AnnouncedWindow, Correction, MaintenanceVersion, Outcome
from constat.page import Page
from constat.render.notice_texts import span


def version(line: MaintenanceVersion, language: Language) -> Markup:
    """A version of an announced window."""
    return span(line.starts, line.ends, language, announced=True)


def told(window: AnnouncedWindow, language: Language) -> Markup:
    """How long before its start a maintenance was first announced."""
    first = window.versions[0]
    if first.at >= first.starts:
        return language.say("announced only after it had begun")
    return language.say("announced %(duration)s before", duration=language.duration(first.starts - first.at))


def finished(window: AnnouncedWindow, page: Page) -> Instant | None:
    """When our team said that a maintenance was finished, where it did."""
    shown = page.notice(window.slug)
    if shown is None or shown.phase != "past" or shown.as_announced or shown.state == "cancelled":
        return None
    return shown.ends


def really(window: AnnouncedWindow, page: Page, language: Language) -> Markup:
    """How a maintenance went: cancelled, finished early, late, or by the clock."""
    last = window.versions[-1]
    if last.cancelled:
        return language.say("cancelled")
    end = finished(window, page)
    if end is None:
        return language.say("ended as announced") if last.ends <= language.now else Markup()
    if end > last.ends:
        return language.say("overran by %(duration)s", duration=language.duration(end - last.ends))
    return language.say("finished %(at)s", at=language.at(end))


def published(page: Page, stem: str, language: Language) -> str:
    """The title of a notice, empty where the page does not show it any more."""
    shown = page.notice(stem)
    return shown.notice.text_in(language.code).title if shown else ""


def correction(line: Correction, language: Language) -> Markup:
    """What a correction changed."""
    return {
        Outcome.UP: language.say("counted as working"),
        Outcome.DOWN: language.say("counted as down"),
        Outcome.DEGRADED: language.say("counted as not working normally"),
        Outcome.UNKNOWN: language.say("counted as not measured"),
        None: language.say("correction withdrawn"),
    }[line.becomes]


def corrected(line: Correction, page: Page, language: Language) -> Markup:
    """Whose time a correction changed, which, and to what."""
    return language.say(
        "%(service)s: %(times)s, %(what)s.",
        service=Markup("<b>{}</b>").format(page.service_name(line.service, language.code)),
        times=span(line.start, line.end, language),
        what=correction(line, language),
    )
