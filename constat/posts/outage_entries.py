"""What we measured, as feed entries: one when an outage begins, one when it is over. Nobody wrote these."""

from html import escape

from constat.i18n import Language, message
from constat.page import Page
from constat.posts import OutageMoment, addresses, join_plain_text, moment
from constat.posts.entry import Category, Entry


def build_outage_entry(page: Page, told: OutageMoment, language: Language) -> Entry:
    """What was measured, as an entry in one language."""
    name = page.service_name(told.service, language.code)
    word, title, text = _words(language, name, told)
    reason = told.outage.reason
    quoted = f"<p><code>{escape(reason)}</code></p>" if reason else ""
    return Entry(
        id=told.id,
        title=title,
        link=addresses.service(page.settings, language.code, told.service),
        html=f"<p>{escape(text)}</p>{quoted}",
        text="\n\n".join(filter(None, (text, reason))),
        published=told.at,
        updated=told.at,
        language=language.code,
        categories=(Category(told.service, name), Category(told.which, word)),
    )


def _words(language: Language, name: str, told: OutageMoment) -> tuple[str, str, str]:
    """A word, a title and a sentence for the beginning or the end of an outage."""
    since = moment(language, told.outage.start)
    if told.which == "start":
        text = message("%(service)s: down since %(since)s, as seen by our automatic checks.")
        return (
            join_plain_text(language, "Down"),
            join_plain_text(language, "[Down] %(service)s", service=name),
            join_plain_text(language, text, service=name, since=since),
        )
    lasted = language.duration(told.outage.seconds)
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
