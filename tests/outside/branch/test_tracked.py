"""Files tracked in place of evidence are found: in the checkout, before a commit, and in a commit to merge."""

from pathlib import Path

import pytest

from constat.errors import InputError, OutsideError
from outside.branch.git import Git
from outside.branch.tracked import find_tracked_files, refuse_tracked_files
from tests.support.git_remote import ENVIRONMENT, run


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    run("git", "init", "--quiet", str(root))
    return root


def track(folder: Path, path: str, *, link_to: str = "") -> None:
    """Add a file, or a link, to the index of its repository."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if link_to:
        file.symlink_to(link_to)
    else:
        file.write_text("x\n", encoding="utf-8")
    run("git", "-C", str(folder), "add", "--force", path)


def commit(folder: Path) -> str:
    words = ("git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org")
    run(*words, "commit", "--quiet", "--message", "Typo")
    return run("git", "-C", str(folder), "rev-parse", "HEAD").strip()


def find(folder: Path, at: str | None = None) -> list[str]:
    return [problem.file for problem in find_tracked_files(Git(folder, ENVIRONMENT), at)]


@pytest.mark.parametrize(
    "path", ["history/register.jsonl", "history/2026/11/x.csv", "site/a.html", ".site/x"]
)
def test_tracked_file_is_found_with_a_remedy(repository: Path, path: str) -> None:
    track(repository, path)
    [problem] = find_tracked_files(Git(repository, ENVIRONMENT))
    folder = path.partition("/")[0]
    assert (problem.file, problem.severity) == (path, "error")
    assert problem.message.startswith("the repository tracks this file, but ")
    assert problem.hint == f"remove it with: git rm -r --cached {folder}; and add /{folder}/ to .gitignore"
    run("git", "-C", str(repository), "rm", "-r", "--quiet", "--cached", folder)
    assert find(repository) == []


def test_link_in_place_of_the_folder_is_found(repository: Path, tmp_path: Path) -> None:
    track(repository, "history", link_to=str(tmp_path))
    assert find(repository) == ["history"]


def test_another_spelling_of_the_folder_is_found(repository: Path) -> None:
    """Some file systems take `History` for `history`."""
    track(repository, "History/register.jsonl")
    assert find(repository) == ["History/register.jsonl"]
    assert find(repository, commit(repository)) == ["History/register.jsonl"]


def test_commit_that_is_not_checked_out_is_examined(repository: Path) -> None:
    track(repository, "history/statements/2026-09.tickets.csv", link_to="/proc/self/environ")
    merged = commit(repository)
    run("git", "-C", str(repository), "rm", "-r", "--quiet", "history")
    assert find(repository) == []
    assert find(repository, merged) == ["history/statements/2026-09.tickets.csv"]


@pytest.mark.parametrize(
    ("folder", "is_refused"),
    [
        ("projects/acme", True),
        ("projects/acme/eu", True),
        ("docs/small-month", False),
        ("tests/vectors/1", False),
    ],
)
def test_projects_are_examined_and_examples_are_not(repository: Path, folder: str, is_refused: bool) -> None:
    (repository / folder).mkdir(parents=True)
    track(repository / folder, "history/register.jsonl")
    at = commit(repository)
    expected = ["history/register.jsonl"] if is_refused else []
    assert (find(repository / folder), find(repository / folder, at)) == (expected, expected)


def test_names_with_the_same_prefix_are_ignored(repository: Path) -> None:
    for path in ("history.md", "sites/a.html", "docs/history/x", "incidents/site/x"):
        track(repository, path)
    assert find(repository) == []


def test_ten_of_many_files_are_named_and_the_rest_counted(repository: Path) -> None:
    for number in range(14):
        track(repository, f"history/{number:02}.csv")
    with pytest.raises(InputError) as raised:
        refuse_tracked_files(Git(repository, ENVIRONMENT))
    assert len(raised.value.problems) == 10
    assert raised.value.problems[-1].message.endswith("; so it does 4 more")


def test_folder_outside_a_repository_tracks_nothing(tmp_path: Path) -> None:
    assert find(tmp_path) == []
    assert find(tmp_path / "missing") == []


def test_unreadable_repository_is_an_error(repository: Path) -> None:
    track(repository, "history/register.jsonl")
    (repository / ".git/index").write_bytes(b"broken")
    with pytest.raises(OutsideError, match="git ls-files failed"):
        find_tracked_files(Git(repository, ENVIRONMENT))


def test_git_environment_variables_are_ignored(repository: Path, tmp_path: Path) -> None:
    """Git hooks set them, and so do scripts that push the page to a branch."""
    track(repository, "history/register.jsonl")
    run("git", "init", "--quiet", "--bare", str(tmp_path / "pages.git"))
    elsewhere = {
        "GIT_DIR": str(tmp_path / "pages.git"),
        "GIT_WORK_TREE": str(tmp_path),
        "GIT_INDEX_FILE": "/dev/null",
    }
    problems = find_tracked_files(Git(repository, {**ENVIRONMENT, **elsewhere}))
    assert [problem.file for problem in problems] == ["history/register.jsonl"]
