"""Reading the files that people write, and the cache of compiled templates."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from outside.project import files


def _render(code: Path) -> str:
    cache = files.open_template_cache(code)
    return (
        Environment(loader=DictLoader({"a.html": "{{ 6 * 7 }}"}), autoescape=True, bytecode_cache=cache)
        .get_template("a.html")
        .render()
    )


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text("{{ 6 * 7 }}")
    (tmp_path / "Makefile").touch()
    return tmp_path


def test_compiled_templates_lie_beside_the_templates_and_do_not_count_as_templates(code: Path) -> None:
    assert _render(code) == "42"
    assert list((code / "templates" / "__pycache__").iterdir())
    assert files.read_templates(code, code) == {"a.html": b"{{ 6 * 7 }}"}


def test_an_installed_program_keeps_them_in_its_users_cache(
    code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code / "Makefile").unlink()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert _render(code) == "42"
    assert not (code / "templates" / "__pycache__").exists()
    assert list((tmp_path / "home/.cache/constat/templates").iterdir())


def test_compiled_templates_of_a_project_are_not_run(code: Path) -> None:
    """A project may have a folder of that name; its files are neither read as templates nor loaded."""
    theirs = code / "project"
    (theirs / "templates" / "__pycache__").mkdir(parents=True)
    (theirs / "templates" / "__pycache__" / "a.html").write_text("planted")
    assert files.read_templates(theirs, code) == {"a.html": b"{{ 6 * 7 }}"}


def test_without_a_writable_cache_templates_are_compiled_each_time(code: Path) -> None:
    (code / "templates" / "__pycache__").write_text("in the way")
    assert files.open_template_cache(code) is None
    assert _render(code) == "42"
