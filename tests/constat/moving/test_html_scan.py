"""HTML and Markdown in the texts of other tools, taken apart."""

import pytest

from constat.moving.html_scan import Sort, scan


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("a paragraph\n    goes on <b>bold</b>", False),
        ("a paragraph\n    goes on\n    <b>bold</b>", False),
        ("a paragraph\n\n    code <b>bold</b>", True),
        ("a paragraph\n\n    code\n    <b>bold</b>", True),
        ("- an item\n\n    goes on <b>bold</b>", False),
        ("    code <b>bold</b>", True),
    ],
)
def test_indented_line_is_code_only_after_a_blank_line_outside_lists(text: str, is_code: bool) -> None:
    """CommonMark, section 4.4: it cannot interrupt a paragraph."""
    assert any(piece.sort is Sort.CODE for piece in scan(text)) == is_code
