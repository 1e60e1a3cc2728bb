"""Posts as feed entries: titles that begin with state and service, full text, links that work anywhere."""

from html import escape

from constat.i18n import Language
from constat.page import Page
from constat.posts import addresses
from constat.posts.absolute import absolute_links
from constat.posts.entry import Category, Entry
from constat.posts.post import Post, body, edited, words_of
from constat.posts.wording import headline, join_plain_text, span, state_name


def build_notice_entry(page: Page, post: Post, language: Language) -> Entry:
    """What was posted, as an entry in one language (the text in the first one, where it is not translated)."""
    text, part = words_of(post, language.code)
    base = addresses.written(page.settings)
    lead = _lead(post, language)
    return Entry(
        id=post.id,
        title=headline(page, language, label(post, language), post.services, text.title),
        link=_link(page, post, language),
        html=_html(lead, absolute_links(body(post, text, part, html=True), base), part.lang),
        text="\n\n".join(filter(None, (*lead, body(post, text, part).strip()))),
        published=post.at,
        updated=min(edited(post, part), page.now),
        language=part.lang,
        categories=_categories(page, post, language),
    )


def _link(page: Page, post: Post, language: Language) -> str:
    stem = post.shown.notice.stem
    if post.kind == "update":
        return addresses.update(page.settings, language.code, stem, post.at)
    return addresses.notice(page.settings, language.code, stem)


def label(post: Post, language: Language) -> str:
    """What a post is, in a word: its state, of a reminder how far ahead it is, of a bare announcement its kind."""
    if post.kind == "reminder":
        return join_plain_text(
            language, "Reminder: in %(duration)s", duration=language.duration(post.before_s)
        )
    return state_name(language, post.state) if post.state else join_plain_text(language, "Incident")


def _lead(post: Post, language: Language) -> tuple[str, ...]:
    """The announced window, wherever a post announces or moves one: a later move changes no earlier entry."""
    window = post.window
    if window is None:
        return ()
    return (
        join_plain_text(
            language, "Planned maintenance: %(span)s.", span=span(language, window.start, window.end)
        ),
    )


def _html(lead: tuple[str, ...], body: str, language: str) -> str:
    first = "".join(f"<p><strong>{escape(sentence)}</strong></p>\n" for sentence in lead)
    return f'{first}<div lang="{escape(language)}">{body}</div>'


def _categories(page: Page, post: Post, language: Language) -> tuple[Category, ...]:
    services = (Category(service, page.service_name(service, language.code)) for service in post.services)
    kind = Category(post.state, state_name(language, post.state)) if post.state else None
    return (*services, kind or Category("incident", join_plain_text(language, "Incident")))
