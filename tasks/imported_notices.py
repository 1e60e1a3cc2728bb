"""Plan the notices of an import as files: each is checked as by `validate`, and none that people edited is touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple

from constat.errors import Problem
from constat.interval import Instant
from constat.model import Config
from constat.moving.composing import ServiceNames, compose, make_stems, set_beside, set_literally
from constat.moving.model import Finding, Moved, MovedNotice
from constat.moving.sequence import put_in_order
from constat.moving.state import SourceState, WrittenFile, digest
from constat.notices import NoticeContext, parse_notices
from outside.project.files import FILES, NOTICES

_AT_ONCE: Final = 500
"""How many notices are parsed together."""


@dataclass(slots=True)
class NoticePlan:
    """The files of notices that an import changes.

    `state`: source id -> what an import wrote; `kept`: paths that were left alone; `redirects`: old address -> path below
    the page; `unknown_names`: the names that match no service, repeated for every notice that has them.
    """

    changed: dict[str, bytes] = field(default_factory=dict)
    state: dict[str, WrittenFile] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unknown_names: list[str] = field(default_factory=list)


class Held(NamedTuple):
    """What the project already holds: the files of its notices by path, and what an earlier import wrote."""

    files: Mapping[str, bytes]
    state: SourceState


def plan_notices(moved: Moved, held: Held, names: ServiceNames, config: Config, now: Instant) -> NoticePlan:
    """Compose every notice, check it, and decide which files change."""
    plan = NoticePlan(state=dict(held.state.notices))
    context = NoticeContext.of_config(config, now, pictures=[f"{FILES}{name}" for name in moved.pictures])
    ordered = [_order(notice, config, plan) for notice in moved.notices]
    paths = _choose_paths(ordered, held, names)
    composer = _Composer(names, context, plan)
    for batch in _batches(ordered):
        composed = composer.compose({paths[notice.source_id]: notice for notice in batch})
        for notice in batch:
            path = paths[notice.source_id]
            if path in composed:
                _place(notice, path, composed[path], held.files.get(path), plan)
    return plan


def _order(notice: MovedNotice, config: Config, plan: NoticePlan) -> MovedNotice:
    ordered = put_in_order(notice, config.page.languages[0])
    plan.findings += [Finding(notice.place or notice.source_id, found, done) for found, done in ordered.notes]
    return ordered.notice


def _batches(notices: Sequence[MovedNotice]) -> Iterable[list[MovedNotice]]:
    remaining = iter(notices)
    while batch := list(islice(remaining, _AT_ONCE)):
        yield batch


def _choose_paths(notices: Sequence[MovedNotice], held: Held, names: ServiceNames) -> Mapping[str, str]:
    """Choose the file of each notice: its existing one, or a new name; names are permanent, so none ever changes."""
    recorded = {notice.source_id: held.state.notices.get(notice.source_id) for notice in notices}
    new = [notice for notice in notices if recorded[notice.source_id] is None]
    taken = {path.rpartition("/")[2].partition(".")[0] for path in held.files}
    taken |= {file.path.rpartition("/")[2].removesuffix(".md") for file in held.state.notices.values()}
    unrecorded = _find_unrecorded(new, held.files, names) if taken else set()
    stems = make_stems(new, taken - unrecorded)
    paths = {source_id: f"{NOTICES}/{stem}.md" for source_id, stem in stems.items()}
    return {**paths, **{source_id: file.path for source_id, file in recorded.items() if file}}


def _find_unrecorded(
    notices: Sequence[MovedNotice], existing: Mapping[str, bytes], names: ServiceNames
) -> set[str]:
    """Find the stems of files that hold exactly what would be written: an import wrote them, and its record was lost."""
    paths = {data: path for path, data in existing.items()}
    matching = {paths.get(compose(notice, names).encode()) for notice in notices}
    return {path.rpartition("/")[2].removesuffix(".md") for path in matching if path}


def _place(notice: MovedNotice, path: str, data: bytes, held: bytes | None, plan: NoticePlan) -> None:
    """Decide whether the file of a notice is written."""
    recorded = plan.state.get(notice.source_id)
    address = f"{NOTICES}/{path.rpartition('/')[2].removesuffix('.md')}/"
    plan.redirects |= dict.fromkeys(notice.old_addresses, address)
    if recorded is not None and (held is None or digest(held) != recorded.sha256) and held != data:
        what = "removed" if held is None else "edited"
        change = ", and its source has changed too" if digest(data) != recorded.sha256 else ""
        plan.kept.append(path)
        plan.findings.append(Finding(path, f"{what} here since it was imported{change}", "left alone"))
        return
    plan.changed[path] = data
    plan.state[notice.source_id] = WrittenFile(path, digest(data))


@dataclass(slots=True)
class _Composer:
    """Composes files that `validate` accepts: with the texts as they are, else as code, else in a file beside the notice."""

    names: ServiceNames
    context: NoticeContext
    plan: NoticePlan

    def compose(self, notices: Mapping[str, MovedNotice]) -> dict[str, bytes]:
        """Compose notices by path; one that cannot be written in any way is left out and reported."""
        for notice in notices.values():
            self._note_unknown(notice)
        files = {path: compose(notice, self.names).encode() for path, notice in notices.items()}
        wrong = self._find_errors(files)
        for path, problem in wrong.items():
            self._rescue(path, notices[path], files, problem)
        return files

    def _note_unknown(self, notice: MovedNotice) -> None:
        named = [*notice.services, *(name for update in notice.updates for name in update.services or ())]
        self.plan.unknown_names += self.names.find(named).unknown

    def _find_errors(self, files: Mapping[str, bytes]) -> dict[str, Problem]:
        _, problems = parse_notices(files, self.context)
        return {problem.file: problem for problem in reversed(problems) if problem.severity == "error"}

    def _rescue(self, path: str, notice: MovedNotice, files: dict[str, bytes], problem: Problem) -> None:
        """Write a notice whose texts are not valid here in another way that keeps every word."""
        place = notice.place or notice.source_id
        literal = compose(set_literally(notice), self.names).encode()
        if not self._find_errors({path: literal}):
            files[path] = literal
            self._note(place, problem, "its texts are set as code, so that every word stays")
            return
        name = f"{path.rpartition('/')[2].removesuffix('.md')}.txt"
        beside, data = set_beside(notice, f"files/{name}")
        context = self.context._replace(pictures=[*(self.context.pictures or ()), f"{FILES}{name}"])
        bare = compose(beside, self.names).encode()
        _, problems = parse_notices({path: bare}, context)
        worst = next((each for each in problems if each.severity == "error"), None)
        if worst is None:
            files[path] = bare
            self.plan.changed[f"{FILES}{name}"] = data
            self._note(place, problem, f"its texts are in {FILES}{name}")
        else:
            del files[path]
            self._note(place, worst, "not imported")

    def _note(self, place: str, problem: Problem, done: str) -> None:
        self.plan.findings.append(Finding(place, f"a notice cannot contain it: {problem.message}", done))
