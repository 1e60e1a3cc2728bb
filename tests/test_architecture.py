"""docs/architecture.md is true: its drawing is the map that the imports keep to, and every name in it exists."""

import re

import pytest

from tests.support import architecture
from tests.support.source_tree import CODE_FOLDERS, ROOT

TEXT = architecture.DOCUMENT.read_text(encoding="utf-8")
FILES = sorted({path for path in re.findall(r"`([\w/.]+\.(?:py|md))`", TEXT) if "NAME" not in path})
MOST_FILES_OF_A_SETTING = 6


def test_the_drawing_is_up_to_date() -> None:
    """Run `python -m tests.support.architecture`."""
    assert architecture.update_drawing(TEXT) == TEXT


@pytest.mark.parametrize(("path", "name"), sorted(set(architecture.list_steps(TEXT))))
def test_a_step_of_a_journey_exists(path: str, name: str) -> None:
    assert name in architecture.list_names(ROOT / path)


@pytest.mark.parametrize("path", FILES)
def test_named_file_exists(path: str) -> None:
    assert (ROOT / path).is_file()


def test_the_four_walk_throughs_have_steps() -> None:
    """A change of the notation would otherwise leave nothing to check."""
    walks = TEXT.partition("## Four walk-throughs")[2].partition("## Where")[0].split("\n### ")[1:]
    assert len(walks) == 4
    assert min(len(architecture.list_steps(walk)) for walk in walks) >= 6


def test_a_line_of_status_yml_passes_few_files() -> None:
    """From its text to the option of a check: who follows it must not lose the thread."""
    walk = TEXT.partition("### A line of status.yml")[2].partition("\n### ")[0]
    assert len({path for path, _ in architecture.list_steps(walk)}) <= MOST_FILES_OF_A_SETTING


def _rooms() -> list[str]:
    """The folders of the code, and the folders and modules directly inside constat/."""
    inside = [path for folder in CODE_FOLDERS for path in (ROOT / folder).iterdir()]
    rooms = [path for path in inside if (path / "__init__.py").exists() or path.parent.name == "constat"]
    return sorted({*CODE_FOLDERS, *(path.stem for path in rooms if not path.name.startswith("__"))})


@pytest.mark.parametrize("room", _rooms())
def test_contributing_names_every_folder(room: str) -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    house = contributing.partition("## The house\n")[2].partition("\n## ")[0]
    assert re.search(rf"^ {{4,}}.*\b{room}\b", house, re.MULTILINE), f"draw {room} in CONTRIBUTING.md"
