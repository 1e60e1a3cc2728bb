"""Posts of notices as entries: titles that begin with state and service, the full text, absolute links."""

from html import escape

from constat.i18n import Language
from constat.page import Page
from constat.posts import addresses
from constat.posts.absolute import make_links_absolute
from constat.posts.entry import Category, Entry
from constat.posts.post import Post, choose_words, compose_body, find_edit_time
from constat.posts.wording import compose_headline, format_span, join_plain_text, name_state


def build_notice_entry(page: Page, post: Post, language: Language) -> Entry:
    """Build the entry of a post in one language; text that is not translated stays in the first language."""
    text, part = choose_words(post, language.code)
    base = addresses.written(page.settings)
    lead = _write_lead(post, language)
    return Entry(
        id=post.id,
        title=compose_headline(page, language, describe_post(post, language), post.services, text.title),
        link=_find_link(page, post, language),
        html=_write_html(
            lead, make_links_absolute(compose_body(post, text, part, html=True), base), part.lang
        ),
        text="\n\n".join(filter(None, (*lead, compose_body(post, text, part).strip()))),
        published=post.at,
        updated=min(find_edit_time(post, part), page.now),
        language=part.lang,
        categories=_list_categories(page, post, language),
    )


def _find_link(page: Page, post: Post, language: Language) -> str:
    stem = post.shown_notice.notice.stem
    if post.kind == "update":
        return addresses.update(page.settings, language.code, stem, post.at)
    return addresses.notice(page.settings, language.code, stem)


def describe_post(post: Post, language: Language) -> str:
    """Describe a post in a few words: its state; for a reminder, how far ahead it is; for an announcement without a state, its kind."""
    if post.kind == "reminder":
        return join_plain_text(
            language, "Reminder: in %(duration)s", duration=language.duration(post.before_s)
        )
    return name_state(language, post.state) if post.state else join_plain_text(language, "Incident")


def _write_lead(post: Post, language: Language) -> tuple[str, ...]:
    """The window that a post announces, if any, as it was then: a later move changes no earlier entry."""
    window = post.window
    if window is None:
        return ()
    return (
        join_plain_text(
            language, "Planned maintenance: %(span)s.", span=format_span(language, window.start, window.end)
        ),
    )


def _write_html(lead: tuple[str, ...], body: str, language: str) -> str:
    first = "".join(f"<p><strong>{escape(sentence)}</strong></p>\n" for sentence in lead)
    return f'{first}<div lang="{escape(language)}">{body}</div>'


def _list_categories(page: Page, post: Post, language: Language) -> tuple[Category, ...]:
    services = (Category(service, page.service_name(service, language.code)) for service in post.services)
    kind = Category(post.state, name_state(language, post.state)) if post.state else None
    return (*services, kind or Category("incident", join_plain_text(language, "Incident")))
