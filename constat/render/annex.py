"""The end of a statement: how maintenance was announced and how it ended, and what was corrected."""

from markupsafe import Markup

from constat.i18n import Language
from constat.interval import Instant
from constat.model import AnnouncedWindow, Correction, MaintenanceVersion, Outcome
from constat.page import Page
from constat.render.notice_texts import format_span


def format_window(version: MaintenanceVersion, language: Language) -> Markup:
    """The window of one version of a maintenance."""
    return format_span(version.starts, version.ends, language, announced=True)


def describe_lead_time(window: AnnouncedWindow, language: Language) -> Markup:
    """Say how long before its start a maintenance was first announced."""
    first = window.versions[0]
    if first.at >= first.starts:
        return language.say("announced after it had begun")
    return language.say("announced %(duration)s before", duration=language.duration(first.starts - first.at))


def _find_reported_end(window: AnnouncedWindow, page: Page) -> Instant | None:
    """The end of a maintenance as our team reported it, `None` if nobody did."""
    shown_notice = page.notice(window.slug)
    if (
        shown_notice is None
        or shown_notice.phase != "past"
        or shown_notice.as_announced
        or shown_notice.state == "cancelled"
    ):
        return None
    return shown_notice.ends


def describe_end(window: AnnouncedWindow, page: Page, language: Language) -> Markup:
    """Say how a maintenance ended: cancelled, early, late, or as announced; empty if it has not ended."""
    last = window.versions[-1]
    if last.cancelled:
        return language.say("cancelled")
    end = _find_reported_end(window, page)
    if end is None:
        return language.say("ended as announced") if last.ends <= language.now else Markup()
    if end > last.ends:
        return language.say("overran by %(duration)s", duration=language.duration(end - last.ends))
    return language.say("finished %(at)s", at=language.at(end))


def get_notice_title(page: Page, stem: str, language: Language) -> str:
    """The title of a notice, empty if the page no longer shows it."""
    shown_notice = page.notice(stem)
    return shown_notice.notice.text_in(language.code).title if shown_notice else ""


def _describe_outcome(correction: Correction, language: Language) -> Markup:
    """The outcome that a correction sets."""
    return {
        Outcome.UP: language.say("counted as working"),
        Outcome.DOWN: language.say("counted as down"),
        Outcome.DEGRADED: language.say("counted as not working normally"),
        Outcome.UNKNOWN: language.say("counted as not measured"),
        None: language.say("correction withdrawn"),
    }[correction.becomes]


def describe_correction(correction: Correction, page: Page, language: Language) -> Markup:
    """The service, the times and the outcome of a correction."""
    return language.say(
        "%(service)s: %(times)s, %(what)s.",
        service=Markup("<b>{}</b>").format(page.service_name(correction.service, language.code)),
        times=format_span(correction.start, correction.end, language),
        what=_describe_outcome(correction, language),
    )
