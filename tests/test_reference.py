"""The reference pages are current: they are what the code makes of them now."""

from pathlib import Path

import pytest

from tests.support import reference_docs


@pytest.mark.parametrize(
    ("page", "written"),
    [
        (reference_docs.STATUS, reference_docs.write_status_page),
        (reference_docs.COMMANDS, reference_docs.write_commands_page),
    ],
    ids=["status.yml", "commands"],
)
def test_a_reference_page_is_current(page: Path, written: object) -> None:
    """After a change: python -m tests.support.reference_docs."""
    assert callable(written)
    assert page.read_text(encoding="utf-8") == written()
