"""What comes from the disk is opened in one place, which follows no link and waits for no pipe."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.source_tree import CODE_FOLDERS, ROOT, list_files, list_imports, parse_file

OPENERS = ("outside/disk.py", "outside/opening.py")
"""The modules that open files for all others."""

METHODS = frozenset(
    {
        "open",
        "read_bytes",
        "read_text",
        "write_bytes",
        "write_text",
        "copyfile",
        "copytree",
        "mkstemp",
        "fdopen",
    }
)

EXCEPTIONS = {
    (
        "outside/branch/clone.py",
        "write_text",
    ): "a file of git's own, in the repository that was made just before",
    ("outside/evidence/watch_lock.py", "read_text"): "/proc: what the kernel says of a process",
    ("outside/github.py", "open"): "the files that GitHub names for the summary and the outputs of a job",
    (
        "outside/project/files.py",
        "read_bytes",
    ): "our own templates, which whoever installed us may have linked",
    (
        "outside/moving/kuma.py",
        "open",
    ): "the database that somebody names on the command line, wherever it lies",
    ("outside/moving/kuma.py", "copyfile"): "the same, into a temporary folder of ours",
    (
        "tasks/moving_cstate.py",
        "read_text",
    ): "a folder of outside/moving, which opens its files by outside/disk.py",
    ("outside/project/starter.py", "read_text"): "our own starter",
    (
        "outside/project/starter.py",
        "write_text",
    ): "a file that does not exist yet, in the folder of a new project",
    ("outside/site/local_server.py", "read_bytes"): "the site's own page for what is missing, on localhost",
    (
        "outside/site/publishing.py",
        "copyfile",
    ): "a packed file of ours, where the file system has no hard links",
    ("outside/site/publishing.py", "read_bytes"): "the same, where it cannot exchange two folders",
    ("outside/site/publishing.py", "open"): "a new folder of ours, which nobody else may write to",
    ("tasks/outage_draft.py", "open"): "a proposal at the host of the repository, which is no file",
    ("tasks/demo.py", "write_text"): "the demo's own folder, which is replaced as a whole",
}
"""File and call -> why it may open a file by itself."""


def _find_openings(path: Path) -> Iterator[str]:
    """The calls in a file that open something on the disk, by their last name; what is ours is looked at where it stands."""
    ours = {
        name.rpartition(".")[2]
        for name in list_imports(path)
        if name.split(".")[0] in (*CODE_FOLDERS, "tests")
    }
    for node in ast.walk(parse_file(path)):
        if isinstance(node, ast.Call):
            owner, _, name = ast.unparse(node.func).rpartition(".")
            if (name in METHODS and owner and owner not in ours) or (name, owner) == ("open", ""):
                yield name


def test_nothing_but_the_disk_opens_files() -> None:
    """Files are opened by `outside/disk.py`; each exception is listed here with its reason."""
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in list_files("outside", "tasks")
        for name in _find_openings(path)
    }
    assert {(path, name) for path, name in found if path not in OPENERS} == EXCEPTIONS.keys()
    assert {path for path, _ in found} >= set(OPENERS), "else this looks for the wrong calls"
