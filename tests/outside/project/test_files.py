"""Reading the files that people write, and the cache of compiled templates."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from constat.errors import InputError
from constat.support import TICKETS
from outside import bounds
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


def test_compiled_templates_are_stored_beside_templates_and_not_listed(code: Path) -> None:
    assert _render(code) == "42"
    assert list((code / "templates" / "__pycache__").iterdir())
    assert files.read_templates(code, code) == {"a.html": b"{{ 6 * 7 }}"}


def test_installed_program_keeps_compiled_templates_in_the_user_cache(
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


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A project in which everything that people write leads out of it, by links to files and to folders."""
    secrets = tmp_path / "secrets"
    (secrets / "files").mkdir(parents=True)
    for name in ("token.md", "files/token.png", "token.html", "tickets.csv", "corrections.yml"):
        (secrets / name).write_text("token\n", encoding="utf-8")
    root = tmp_path / "root"
    root.mkdir()
    (root / "incidents").symlink_to(secrets)
    (root / "templates").symlink_to(secrets)
    (root / "support").symlink_to(secrets)
    (root / "corrections.yml").symlink_to(secrets / "corrections.yml")
    return root


def test_linked_folder_is_refused(planted: Path, code: Path) -> None:
    assert files.read_notices(planted) == {}
    assert files.read_pictures(planted) == {}
    assert files.list_unpublished(planted) == ()
    assert "token.html" not in files.read_templates(planted, code)
    for name, link in ((TICKETS, "support"), ("corrections.yml", "corrections.yml")):
        with pytest.raises(InputError, match=f"{name}: is a link, which is not followed") as raised:
            files.read_text(planted, name)
        assert (planted / link).is_symlink()
        assert [problem.file for problem in raised.value.problems] == [name]
    assert [str(problem) for problem in files.find_unfit_files(planted)] == [
        f"{folder}: a link, which is not followed (put there what it leads to)"
        for folder in ("incidents", "templates")
    ]


def test_linked_picture_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "incidents").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.png").write_bytes(b"x")
    (tmp_path / "incidents/files").symlink_to(tmp_path / "elsewhere")
    assert files.read_pictures(tmp_path) == {}
    assert [problem.file for problem in files.find_unfit_files(tmp_path)] == ["incidents/files"]


def test_oversized_files_are_skipped_and_reported_with_their_size(tmp_path: Path) -> None:
    (tmp_path / "incidents/files").mkdir(parents=True)
    for name, bound in (("a.md", bounds.NOTICE), ("files/a.png", bounds.PICTURE)):
        with (tmp_path / "incidents" / name).open("wb") as file:
            file.truncate(bound + 1)
    assert (files.read_notices(tmp_path), files.read_pictures(tmp_path)) == ({}, {})
    assert [str(problem) for problem in files.find_unfit_files(tmp_path)] == [
        "incidents/a.md: has 1,048,577 bytes; more than 1,048,576 are not read (make it smaller)",
        "incidents/files/a.png: has 33,554,433 bytes; more than 33,554,432 are not read (make it smaller)",
    ]
    with (tmp_path / "status.yml").open("wb") as giant:
        giant.truncate(bounds.SETTINGS + 1)
    with pytest.raises(InputError, match=r"status\.yml: has 4,194,305 bytes"):
        files.read_text(tmp_path, "status.yml")


def test_links_are_allowed_for_installed_templates_only(code: Path, tmp_path: Path) -> None:
    (code / "templates/linked.html").symlink_to(code / "templates/a.html")
    root = tmp_path / "root"
    (root / "templates").mkdir(parents=True)
    (root / "templates/a.html").symlink_to("/etc/passwd")
    assert files.read_templates(root, code) == dict.fromkeys(("a.html", "linked.html"), b"{{ 6 * 7 }}")
    assert "linked.html" not in files.read_templates(code, code), "here the code is the project"


def test_settings_in_another_encoding_are_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "status.yml").write_bytes("page:\n  id: a\n  name: Zürich\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"^status\.yml:3: not UTF-8 \(save the file as UTF-8\)$"):
        files.read_text(tmp_path, "status.yml")
