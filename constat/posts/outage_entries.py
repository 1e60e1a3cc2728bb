"""Measured outages as entries, which nobody wrote: one when an outage begins, one when it is over."""

from html import escape

from constat.i18n import Language, message
from constat.page import Page
from constat.posts import addresses
from constat.posts.entry import Category, Entry
from constat.posts.outage_moment import OutageMoment
from constat.posts.vantage_words import describe_viewers
from constat.posts.wording import format_moment, join_plain_text
from constat.text.reason_cells import decode_reason


def build_outage_entry(page: Page, outage_moment: OutageMoment, language: Language) -> Entry:
    """Build the entry of an outage's beginning or end in one language."""
    name = page.service_name(outage_moment.service, language.code)
    word, title, text = _write_words(language, name, outage_moment)
    viewers = describe_viewers(page, outage_moment.service, outage_moment.outage.start, language)
    text = " ".join(filter(None, (text, viewers.unescape())))
    reason = decode_reason(outage_moment.outage.reason)
    quoted = f"<p><code>{escape(reason)}</code></p>" if reason else ""
    return Entry(
        id=outage_moment.id,
        title=title,
        link=addresses.service(page.settings, language.code, outage_moment.service),
        html=f"<p>{escape(text)}</p>{quoted}",
        text="\n\n".join(filter(None, (text, reason))),
        published=outage_moment.at,
        updated=outage_moment.at,
        language=language.code,
        categories=(Category(outage_moment.service, name), Category(outage_moment.which, word)),
    )


def _write_words(language: Language, name: str, outage_moment: OutageMoment) -> tuple[str, str, str]:
    """A word, a title and a sentence for the beginning or the end of an outage."""
    since = format_moment(language, outage_moment.outage.start)
    if outage_moment.which == "start":
        text = message("%(service)s: down since %(since)s, as seen by our automatic checks.")
        return (
            join_plain_text(language, "Down"),
            join_plain_text(language, "[Down] %(service)s", service=name),
            join_plain_text(language, text, service=name, since=since),
        )
    lasted = language.duration(outage_moment.outage.seconds)
    text = message(
        "%(service)s: working again. Down since %(since)s, for %(duration)s, as seen by our automatic checks."
    )
    return (
        join_plain_text(language, "Working again"),
        join_plain_text(
            language, "[Working again] %(service)s, after %(duration)s", service=name, duration=lasted
        ),
        join_plain_text(language, text, service=name, since=since, duration=lasted),
    )
