"""Each input is read in one place."""

import ast
from pathlib import Path

import pytest

from tasks.project import Project
from tests.support.source_tree import CODE_FOLDERS, ROOT, list_files, parse_file

READ_IN = {
    "read_config": "tasks/project.py",
    "parse_notices": "tasks/project.py",
    "build_effective_register": "tasks/project.py",
    "load_evidence": "tasks/project.py",
    "read_register": "tasks/project.py",
}
"""Function -> the file that calls it; everybody else asks the project."""

READ_BESIDE = {
    "parse_notices": {"demo/past.py", "tasks/imported_notices.py"},
    "load_evidence": {"outside/evidence/store.py"},
    "read_register": {"outside/evidence/store.py"},
}
"""Files that call a function of that name for good: the demo knows notices of a past that is on no disk, an import
tries those that it would write; the store asks the derived files, which need the seals."""

VARIABLES = {"GITHUB_STEP_SUMMARY": "outside/github.py", "GITHUB_OUTPUT": "outside/github.py"}
"""Variable of the environment -> the file that reads it."""


def _calls(path: Path) -> set[str]:
    """The last names of the functions that a file calls; what an open project does for it is none of them."""
    functions = [ast.unparse(node.func) for node in ast.walk(parse_file(path)) if isinstance(node, ast.Call)]
    parted = [function.rpartition(".") for function in functions]
    return {last for owner, _, last in parted if not (_is_project(owner) and hasattr(Project, last))}


def _is_project(owner: str) -> bool:
    return owner == "self" or owner.rpartition(".")[2].lstrip("_") == "project"


def _texts(path: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(parse_file(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("function", READ_IN)
def test_an_input_is_read_by_the_project(function: str) -> None:
    callers = {_where(path) for path in list_files(*CODE_FOLDERS) if function in _calls(path)}
    assert callers == {READ_IN[function], *READ_BESIDE.get(function, ())}


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_variable_of_the_job_is_read_in_one_place(variable: str) -> None:
    assert [_where(path) for path in list_files(*CODE_FOLDERS) if variable in _texts(path)] == [
        VARIABLES[variable]
    ]
