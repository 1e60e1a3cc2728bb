from tests.support import golden


def test_the_markup_of_the_index_is_as_reviewed() -> None:
    """After a change that is meant: python -m tests.support.golden, and look at the difference."""
    assert golden.made() == golden.FILE.read_text(encoding="utf-8")
