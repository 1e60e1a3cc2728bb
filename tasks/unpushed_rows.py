"""Rows that no branch takes, because they came after the branch of their year was moved away: they stay on this disk."""

from hashlib import sha256

from constat.history import DAY_FILE, HEADER
from outside import bounds
from outside.branch.branches import name_year_branch, read_branches
from outside.branch.clone import list_changed_files
from outside.branch.git import Git
from outside.disk import read_file
from outside.opening import get_status
from tasks.project import Project


def describe_unpushed_rows(project: Project, git: Git) -> tuple[str, ...]:
    """Say of each day file with rows that no branch takes how many they are, and how they get on one after all.

    A day that was brought back from an archive, and nothing more, has none.

    Raises:
        OutsideError: git failed, or a file cannot be read.

    """
    counts = {path: _count_unsealed_rows(project, path) for path in _list_days_without_branch(git)}
    return tuple(
        f"history/{path}: {f'{count} rows stay' if count > 1 else '1 row stays'} on this disk alone, since the branch"
        f" {name_year_branch(path[:4])} was moved away: keep the file, push the branch back to origin, and the next"
        " push takes them there"
        for path, count in counts.items()
        if count
    )


def _list_days_without_branch(git: Git) -> list[str]:
    """List the day files on this disk whose branch was moved away. One that is not yet begun is that of a later year."""
    branches = read_branches(git)
    return [
        path
        for path in list_changed_files(git)
        if DAY_FILE.fullmatch(path)
        and branches.find(path) is None
        and name_year_branch(path[:4]) < branches.current
    ]


def _count_unsealed_rows(project: Project, path: str) -> int:
    """Count the rows of a day file that follow what the register seals of it; all, if it does not begin with that."""
    register = project.recorded_register
    sealed = [(seal.bytes, seal.sha256) for seal in register.seals if seal.path == path]
    sealed += [(line.bytes, line.sha256) for line in register.withdrawn if line.path == path]
    status = get_status(project.root, f"history/{path}")
    if status is None or any(size == status.st_size for size, _ in sealed):
        return 0
    data = read_file(project.root, f"history/{path}", bounds.DAY_FILE) or b""
    held = (size for size, digest in sealed if sha256(data[:size]).hexdigest() == digest)
    lines = data[max(held, default=0) :].splitlines()
    return sum(line.strip() not in (b"", HEADER.encode()) for line in lines)
