"""Published text stays text, in every field."""

from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constat.text.published import (
    as_chat_text,
    as_html_text,
    as_plain_text,
    as_text_for_both,
    find_unfit_character,
)

_PIECES = [
    "<",
    ">",
    "&",
    "&lt;",
    "&#60;",
    "&amp",
    "&notit;",
    "]]>",
    "<!--",
    "<b",
    '"',
    "'",
    "/",
    "\u202e",
    "\x00",
]
TEXTS = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=5))).map("".join)


class _Shown(HTMLParser):
    """Collects the text that HTML shows, and whatever is not text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.markup = "", list[str]()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 -- the signature of HTMLParser
        self.markup.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.markup.append(tag)

    def handle_comment(self, data: str) -> None:
        self.markup.append(data)

    def handle_decl(self, decl: str) -> None:
        self.markup.append(decl)

    def handle_pi(self, data: str) -> None:
        self.markup.append(data)

    def unknown_decl(self, data: str) -> None:
        self.markup.append(data)


@given(TEXTS)
def test_text_for_both_is_shown_unchanged_by_html_readers(text: str) -> None:
    shown = _Shown(as_text_for_both(text))
    assert (shown.text, shown.markup) == (as_plain_text(text), [])
    assert unescape(as_text_for_both(text)) == as_plain_text(text)


@given(TEXTS, st.sampled_from(["b>", "!--", "lt;", "#60;", "/b>"]))
def test_text_for_both_forms_no_markup_with_following_text(text: str, following: str) -> None:
    assert _Shown(as_text_for_both(text) + following).text == as_plain_text(text) + following


@given(TEXTS)
def test_html_text_is_shown_as_it_was_written_in_an_attribute_too(text: str) -> None:
    written = as_html_text(text)
    assert not set("<>\"'") & set(written)
    assert _Shown(written).text == as_plain_text(text)


@pytest.mark.parametrize(
    "text", ["R&D", "1 < 2", "AT&T; x", "a & b", "Größe, \u00ab\u00a0ici\u00a0\u00bb", "\u200f!"]
)
def test_text_for_both_is_unchanged_if_html_needs_no_escape(text: str) -> None:
    assert as_text_for_both(text) == text


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\u202e", "\u2066", "\ud800", "\ufffe"])
def test_unsafe_character_is_found_and_removed(letter: str) -> None:
    assert find_unfit_character(f"a{letter}b") == letter
    assert as_plain_text(f"a{letter}b\n") == "ab\n"


@pytest.mark.parametrize("call", ["@everyone", "@HERE", "<!channel>", "<@U012AB3CD>", "<#C012AB3CD|room>"])
def test_chat_mentions_are_defused_and_read_the_same(call: str) -> None:
    told = as_chat_text(f"hello {call}, mail someone@here.example")
    assert call not in told
    assert told.replace("\u200b", "") == f"hello {call}, mail someone@here.example"


def test_chat_text_without_mentions_is_unchanged() -> None:
    assert as_chat_text("a < b, write to it@maxony.example") == "a < b, write to it@maxony.example"
