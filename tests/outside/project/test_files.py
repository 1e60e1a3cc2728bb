"""What people write, read from the disk; and what is kept beside our own templates."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from outside.project import files


def _render(code: Path) -> str:
    kept = files.open_template_cache(code)
    return (
        Environment(loader=DictLoader({"a.html": "{{ 6 * 7 }}"}), autoescape=True, bytecode_cache=kept)
        .get_template("a.html")
        .render()
    )


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("{{ 6 * 7 }}")
    return tmp_path


def test_compiled_templates_lie_beside_the_templates_and_are_none_of_them(code: Path) -> None:
    assert _render(code) == "42"
    assert list((code / "templates" / "__pycache__").iterdir())
    assert files.read_templates(code, code) == {"a.html": b"{{ 6 * 7 }}"}


def test_nothing_that_a_project_brings_is_run(code: Path) -> None:
    """A project may hold a folder of that name; it is neither read as templates nor loaded."""
    theirs = code / "project"
    (theirs / "templates" / "__pycache__").mkdir(parents=True)
    (theirs / "templates" / "__pycache__" / "a.html").write_text("planted")
    assert files.read_templates(theirs, code) == {"a.html": b"{{ 6 * 7 }}"}


def test_where_the_code_cannot_be_written_to_templates_are_compiled_each_time(code: Path) -> None:
    (code / "templates" / "__pycache__").write_text("in the way")
    assert files.open_template_cache(code) is None
    assert _render(code) == "42"
