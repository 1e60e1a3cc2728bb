"""The time stamps of the frozen statements, for the sheets that name them."""

from collections.abc import Iterator, Mapping

from constat.errors import EvidenceError, OutsideError, Problem, UsageError
from constat.page import StatementStamp
from constat.sealing.stamps import build_stamp_path
from outside import bounds
from outside.disk import read_file
from outside.evidence.statements import StatementFile
from outside.site.paths import build_evidence_path
from tasks.project import Project


def read_statement_stamps(project: Project) -> tuple[Mapping[str, StatementStamp], tuple[Problem, ...]]:
    """Read the time stamp of each statement that has one, by the statement's SHA-256; also return what is wrong with any."""
    stamps: dict[str, StatementStamp] = {}
    problems: list[Problem] = []
    for file in _list_statements(project):
        try:
            if (stamp := _read(project, file)) is not None:
                stamps[file.sha256] = stamp
        except (EvidenceError, OutsideError) as error:
            problems.append(Problem(f"history/{file.path}", 0, 0, f"its time stamp is not shown: {error}"))
    return stamps, tuple(problems)


def _list_statements(project: Project) -> Iterator[StatementFile]:
    if project.config.monitor.timestamp is not None:
        yield from (file for frozen in project.frozen_months for file in frozen.versions)


def _read(project: Project, file: StatementFile) -> StatementStamp | None:
    """Read the time stamp of a statement, `None` if it has none; its time is left out where the extra is not installed."""
    path = build_stamp_path(file.sha256)
    answer = read_file(project.root, f"history/{path}", bounds.STAMP)
    if answer is None:
        return None
    from outside.timestamps import read_stamp  # noqa: PLC0415 -- it opens connections too, and only few have time stamps
    from tasks.stamp import read_roots  # noqa: PLC0415 -- the same

    published = build_evidence_path(path)
    try:
        stamp = read_stamp(answer, read_roots(project), file.data)
    except UsageError:
        return StatementStamp(published)
    return StatementStamp(published, stamp.at, stamp.authority)
