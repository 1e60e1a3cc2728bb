"""Texts without anything special take a shorter way to the same result."""

from hypothesis import given
from hypothesis import strategies as st

from constat.notices.markup import _SPECIAL, Renderer, _simple, _whole

WHOLE, SIMPLE, RENDERER = _whole(), _simple(), Renderer()

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
def test_both_ways_lead_to_one_result(text: str) -> None:
    if _SPECIAL.search(text):
        return
    WHOLE.reset()
    SIMPLE.reset()
    assert SIMPLE.convert(text) == WHOLE.convert(text)


@given(st.text(max_size=60))
def test_both_ways_lead_to_one_result_for_any_text(text: str) -> None:
    if _SPECIAL.search(text):
        return
    WHOLE.reset()
    SIMPLE.reset()
    assert SIMPLE.convert(text) == WHOLE.convert(text)


def test_what_is_special_is_still_understood() -> None:
    html = RENDERER.render("`code` &amp; \\*plain\\* ![alt](files/a.png)\n\n|a|b|\n|-|-|\n|1|2|\n").html
    assert "<code>code</code> &amp; *plain* <img" in html
    assert "<td>2</td>" in html
