"""The notice editor: read a project's notices and wordings, parse what maintainers type, and write valid files."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from constat.errors import InputError, UsageError
from constat.interval import DAY_S, MINUTE_S, Instant, local_date, parse_seconds
from constat.model import Notice, choose_text
from constat.notices.audit import NOT_FILLED_IN, UNTRANSLATED
from constat.notices.drafting import (
    NewNotice,
    NewUpdate,
    add_update,
    compose_translation,
    draft_translation,
    mark_untranslated,
)
from constat.notices.times import TimeError, read_clock
from constat.notices.updates import WITHOUT_TEXT
from constat.notices.wordings import Wording
from constat.text.suggest import did_you_mean
from outside.disk import replace_file
from outside.project.files import NOTICES
from tasks.project import Project

_POSTMORTEM_WITHIN_S = 31 * DAY_S
"""How long after its end an incident can be found by a part of its name, to write its postmortem."""

_SPAN = re.compile(r"[1-9][0-9]{0,3}[mhd]")


class NoticeEditor(NamedTuple):
    """An editor of the notices of a project; `wordings`: the ready ones by name."""

    project: Project
    wordings: Mapping[str, Wording]

    @classmethod
    def open(cls, project: Project) -> "NoticeEditor":
        """Open the editor of a project, whose own wordings take precedence over ours.

        Raises:
            InputError: the wordings are invalid.
            OutsideError: a file cannot be read.

        """
        return cls(project, project.wordings)

    @property
    def languages(self) -> tuple[str, ...]:
        """The page's languages in their order."""
        return self.project.config.page.languages

    @property
    def files(self) -> Mapping[str, bytes]:
        """The files of the notices by path, as they are on the disk."""
        return self.project.notice_files

    @property
    def stems(self) -> frozenset[str]:
        """The names of all existing notices."""
        return frozenset(Path(path).name.partition(".")[0] for path in self.files)

    def locate(self, stem: str, language: str = "") -> str:
        """Return the path of a notice, or of its translation into a language."""
        return f"{NOTICES}/{stem}{'.' if language else ''}{language}.md"

    def read(self, path: str) -> str:
        """Read the text of a notice."""
        return self.files[path].decode("utf-8-sig")

    def format_date(self, at: Instant) -> str:
        """Format the date of an instant in the page's time zone, as YYYY-MM-DD."""
        return local_date(at, self.project.zone).isoformat()

    def parse_services(self, written: str | None) -> tuple[str, ...]:
        """Parse a list of services such as `smtp,api`; an empty or missing list has none.

        Raises:
            UsageError: there is no such service.

        """
        names = tuple(dict.fromkeys(name for name in re.split(r"[,\s]+", written or "") if name))
        for name in names:
            if name not in self.project.service_ids:
                raise UsageError(f"unknown service {name}", tip=did_you_mean(name, self.project.service_ids))
        return names

    def parse_time(self, written: str, start: Instant) -> Instant:
        """Parse a time, in the page's zone unless it has an offset, or a span such as `3h` after `start`.

        Raises:
            UsageError: the text is neither a time nor a span.

        """
        if _SPAN.fullmatch(written):
            return start + parse_seconds(written)
        try:
            return read_clock(written, self.project.zone)
        except TimeError as error:
            raise UsageError(str(error), tip=error.hint) from None

    def choose_time(self, notice: Notice | None = None) -> Instant:
        """Return now, to the minute; to the second if the notice already has an update within that minute."""
        newest = max((update.at for update in notice.updates), default=0) if notice else 0
        now = self.project.now
        minute = now - now % MINUTE_S
        return minute if minute > newest else max(now, newest + 1)

    def fill_in(self, wording: Wording | None, services: tuple[str, ...], language: str = "") -> str:
        """Fill services into the text of a wording, in the page's first language unless another is given."""
        chosen = language or self.languages[0]
        return wording.text(chosen, self._name_services(services, chosen)) if wording else ""

    def _name_services(self, services: tuple[str, ...], language: str) -> str:
        """Join the names that customers know the services by."""
        names = self.project.config.service_names
        return ", ".join(choose_text(names[service], language) for service in services)

    def find_notice(self, name: str, state: str = "") -> Notice:
        """Find a notice by its stem or path, or the only current one whose stem contains that name.

        For a postmortem (`state`), an incident that was resolved within the past month is current, too.

        Raises:
            UsageError: no notice matches, or several do.
            InputError: the notice is invalid.

        """
        stem = Path(name).name.partition(".")[0]
        notices, problems = self.project.parse_notices(self.files, self.project.now)
        named = next((notice for notice in notices if notice.stem == stem), None)
        if named is not None:
            return named
        if stem in self.stems:
            raise InputError(problem for problem in problems if problem.file == self.locate(stem))
        current = [notice for notice in notices if not notice.is_over(self.project.now)]
        if state == "postmortem":
            current += [notice for notice in notices if self._awaits_postmortem(notice)]
        return self._find_by_part(stem, current)

    def _awaits_postmortem(self, notice: Notice) -> bool:
        return notice.state == "resolved" and notice.updates[-1].at > self.project.now - _POSTMORTEM_WITHIN_S

    def _find_by_part(self, part: str, current: Sequence[Notice]) -> Notice:
        """Find the only current notice whose stem contains a part; an empty part matches every one."""
        matching = [notice for notice in current if part in notice.stem]
        if len(matching) == 1:
            return matching[0]
        if matching:
            names = ", ".join(notice.stem for notice in matching)
            raise UsageError(f"{len(matching)} notices match", tip=f"name one of {names}")
        raise UsageError(f"there is no notice {part}".rstrip(), tip=did_you_mean(part, sorted(self.stems)))

    def translate_notice(
        self, stem: str, notice: NewNotice, wording: Wording | None, *, own_title: bool
    ) -> dict[str, str]:
        """Translate a notice into the page's other languages.

        A translation is complete where title and text come from the wording, and a draft to fill in otherwise.
        """
        files = {}
        for language in self.languages[1:]:
            text = self.fill_in(wording, notice.services, language)
            announced, updates = notice.text, notice.updates
            if text:
                announced = text if notice.text else ""
                updates = [update._replace(text=text) for update in notice.updates]
            title = wording.title(language) if wording and not own_title else ""
            compose = compose_translation if text and title else draft_translation
            files[self.locate(stem, language)] = compose(
                title or notice.title, announced, updates, self.project.zone
            )
        return files

    def translate_update(
        self, notice: Notice, update: NewUpdate, wording: Wording | None, *, to_fill_in: bool
    ) -> dict[str, str]:
        """Add an update to the existing translations of a notice, from the wording or as text to fill in."""
        files = {}
        for language in self.languages[1:]:
            path = self.locate(notice.stem, language)
            if path not in self.files:
                continue
            text = self.fill_in(wording, notice.services, language) or (
                mark_untranslated(update.text) if to_fill_in else ""
            )
            if text:
                same = NewUpdate(update.at, update.state, text)
                files[path] = add_update(self.read(path), same, self.project.zone)
        return files

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, unless they add an error. Text that is still to be translated, or to be written, is allowed.

        Raises:
            InputError: the files add an error; nothing was written.
            OutsideError: the disk failed.

        """
        changed = {**self.files, **{path: text.encode() for path, text in files.items()}}
        _, before = self.project.parse_notices(self.files, self.project.now)
        _, after = self.project.parse_notices(changed, self.project.now)
        known = {(problem.file, problem.message) for problem in before}
        new = [problem for problem in after if (problem.file, problem.message) not in known]
        errors = [
            problem
            for problem in new
            if problem.severity == "error"
            and problem.message not in (NOT_FILLED_IN, UNTRANSLATED, WITHOUT_TEXT)
        ]
        if errors:
            raise InputError(errors)
        for path, text in files.items():
            replace_file(self.project.root, path, text.encode())
