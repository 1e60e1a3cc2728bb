"""Texts without anything special take a shorter way to the same result."""

from hypothesis import given
from hypothesis import strategies as st

from constat.notices.markup import _SPECIAL, Renderer, _make_full_converter, _make_simple_converter

WHOLE, SIMPLE, RENDERER = _make_full_converter(), _make_simple_converter(), Renderer()

PIECES = st.sampled_from(
    [
        "a",
        "b",
        "word",
        "12.",
        "1)",
        "-",
        "*",
        "+",
        "**",
        "_",
        "__",
        "[x](y)",
        "[x](https://example.org/a_b_c)",
        "[x][y]",
        "[y]:",
        "https://example.org/",
        "#",
        "##",
        "###",
        "===",
        "---",
        "***",
        "é",
        "\t",
        "\n",
        "\n\n",
        "  \n",
        "    ",
        " ",
        "!",
        ":",
        "(",
        ")",
        "[",
        "]",
        '"',
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_fast_path_gives_the_same_result(text: str) -> None:
    if _SPECIAL.search(text):
        return
    WHOLE.reset()
    SIMPLE.reset()
    assert SIMPLE.convert(text) == WHOLE.convert(text)


@given(st.text(max_size=60))
def test_fast_path_gives_the_same_result_for_any_text(text: str) -> None:
    if _SPECIAL.search(text):
        return
    WHOLE.reset()
    SIMPLE.reset()
    assert SIMPLE.convert(text) == WHOLE.convert(text)


def test_special_markup_is_still_rendered() -> None:
    html = RENDERER.render("`code` &amp; \\*plain\\* ![alt](files/a.png)\n\n|a|b|\n|-|-|\n|1|2|\n").html
    assert "<code>code</code> &amp; *plain* <img" in html
    assert "<td>2</td>" in html


def test_a_row_of_a_table_is_a_line_of_plain_text() -> None:
    """As subscribers read it in mail, chat and calendar."""
    text = RENDERER.render("x\n\n|a|b|\n|-|-|\n|1|2|\n|3|**4** y|\n\nz").text
    assert text == "x\n\na | b\n1 | 2\n3 | 4 y\n\nz"


CODE = 'Look:\n```json\n{"a": "<b> & [c](d)"}\n\n## 2026-11-20T08:00Z resolved\n```\nand\n~~~\n```\n~~~\nend'


def test_fenced_code_is_kept_as_it_is_written() -> None:
    assert RENDERER.render(CODE).html == (
        "<p>Look:</p>\n"
        '<pre><code>{"a": "&lt;b&gt; &amp; [c](d)"}\n\n## 2026-11-20T08:00Z resolved\n</code></pre>\n'
        "<p>and</p>\n<pre><code>```\n</code></pre>\n<p>end</p>"
    )


def test_unclosed_code_block_is_text() -> None:
    assert "<pre>" not in RENDERER.render("```\n[x](https://example.org/)\n").html
    assert 'href="https://example.org/"' in RENDERER.render("```\n[x](https://example.org/)\n").html


def test_consecutive_code_blocks_stay_separate() -> None:
    assert RENDERER.render("```\na\n```\n```\nb\n```").html.count("<pre>") == 2
