"""Markdown as GitHub shows it: maintainers write there, and see it there first. The results are those of GitHub's own cmark."""

import re

import pytest

from constat.notices.markup import Renderer

RENDERER = Renderer()


def show(source: str) -> str:
    """The HTML without what nobody sees: white space between blocks, `rel`, and paragraphs that only hold an item."""
    html = RENDERER.render(source).html.replace(' rel="noopener noreferrer"', "")
    html = re.sub(r"\s*(</?(?:p|ul|ol|li|blockquote|pre|hr|br)\b[^>]*>)\s*", r"\1", html)
    return re.sub(r"<li><p>(.*?)</p>", r"<li>\1", html).strip()


LISTS = {
    "two blanks nest": (
        "- a\n  - b\n    - c\n- d",
        "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
    ),
    "a number's width nests": (
        "10. a\n    - b\n11. c",
        '<ol start="10"><li>a<ul><li>b</li></ul></li><li>c</li></ol>',
    ),
    "too little does not nest": ("1. a\n  - b", "<ol><li>a</li></ol><ul><li>b</li></ul>"),
    "code in an item": (
        "1. a\n   ```\n   x\n     y\n   ```\n2. b",
        "<ol><li>a<pre><code>x\n  y\n</code></pre></li><li>b</li></ol>",
    ),
    "code apart in an item": (
        "- a\n\n  ```\n  x\n  ```\n- b",
        "<ul><li>a<pre><code>x\n</code></pre></li><li>b</li></ul>",
    ),
    "indented code in an item": (
        "* a\n\n      x\n* b",
        "<ul><li>a<pre><code>x\n</code></pre></li><li>b</li></ul>",
    ),
    "a paragraph in an item": ("1. a\n\n   b\n2. c", "<ol><li>a<p>b</p></li><li>c</li></ol>"),
    "a quotation in an item": (
        "- a\n  > b\n- c",
        "<ul><li>a<blockquote><p>b</p></blockquote></li><li>c</li></ul>",
    ),
    "a list in a quotation": (
        "> - a\n>   - b",
        "<blockquote><ul><li>a<ul><li>b</li></ul></li></ul></blockquote>",
    ),
    "code in a quotation": ("> ```\n> - x\n> ```", "<blockquote><pre><code>- x\n</code></pre></blockquote>"),
    "straight after a text": ("a\n- b\n- c", "<p>a</p><ul><li>b</li><li>c</li></ul>"),
    "numbered straight after a text": ("a\n1. b", "<p>a</p><ol><li>b</li></ol>"),
    "a year is not a list": ("since\n2026. It works", "<p>since\n2026. It works</p>"),
    "brackets": ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
    "begins with another number": ("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'),
    "another sort of list": ("- a\n\n1. b", "<ul><li>a</li></ul><ol><li>b</li></ol>"),
    "a line that is carried on": ("- a\nb\n- c", "<ul><li>a\nb</li><li>c</li></ul>"),
    "tasks": ("- [ ] a\n- [x] b\n- [y] c", "<ul><li>☐ a</li><li>☑ b</li><li>[y] c</li></ul>"),
    "rules are no lists": ("* * *\n- - -", "<hr><hr>"),
    "code that only looks like a list": ("```\n- a\n  - b\n```", "<pre><code>- a\n  - b\n</code></pre>"),
    "tabs": ("- a\n\t- b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
}


@pytest.mark.parametrize(("source", "html"), LISTS.values(), ids=LISTS)
def test_lists_and_code_render_as_on_github(source: str, html: str) -> None:
    assert show(source) == html


def link(address: str, text: str = "") -> str:
    return f'<a href="{address}">{text or address}</a>'


INLINE = {
    "an address": ("See https://a.example/b_c_d?e=1.", f"See {link('https://a.example/b_c_d?e=1')}."),
    "in brackets": ("(https://a.example/x_(y))", f"({link('https://a.example/x_(y)')})"),
    "without a scheme": ("www.a.example, www.", f"{link('http://www.a.example', 'www.a.example')}, www."),
    "on a machine": ("http://localhost:8080/x", link("http://localhost:8080/x")),
    "in bold": ("**https://a.example/b**", f"<strong>{link('https://a.example/b')}</strong>"),
    "with an ampersand": ("https://a.example/?a=1&b=2", link("https://a.example/?a=1&amp;b=2")),
    "that is a link already": (
        "[https://a.example](https://b.example)",
        link("https://b.example", "https://a.example"),
    ),
    "that is code": ("`https://a.example`", "<code>https://a.example</code>"),
    "in angle brackets": ("<https://a.example/>", link("https://a.example/")),
    "mail": ("To a+b@c-d.example.", f"To {link('mailto:a+b@c-d.example', 'a+b@c-d.example')}."),
    "no mail": ("a@b and c@d.example-", "a@b and c@d.example-"),
    "a number": ("#4711 is gone", "#4711 is gone"),
    "struck out": ("~~old~~ new", "<del>old</del> new"),
    "words with underscores": ("snake_case_name", "snake_case_name"),
    "a backslash breaks the line": ("a\\\nb", "a<br>b"),
}


@pytest.mark.parametrize(("source", "html"), INLINE.values(), ids=INLINE)
def test_inline_markup_renders_as_on_github(source: str, html: str) -> None:
    assert show(source) == f"<p>{html}</p>"


def test_a_disguised_or_foreign_scheme_makes_no_link() -> None:
    assert "<a" not in show("javascript://a.example ftp://a.example hxxps://a.example")


def test_plain_text_keeps_numbers_levels_and_boxes() -> None:
    source = "3. a\n   - b\n     - [x] c\n4. d\n\n   e\n5. f\n\nSee www.a.example."
    assert RENDERER.render(source).text == (
        "3. a\n  - b\n    - ☑ c\n\n4. d\n\ne\n\n5. f\n\nSee www.a.example."
    )
