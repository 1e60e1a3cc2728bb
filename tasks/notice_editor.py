"""Where a maintainer writes: the notices and wordings of a project, what is written by hand read, and files laid down."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from constat.errors import InputError, UsageError
from constat.interval import MINUTE_S, Instant, local_date, parse_seconds
from constat.model import Notice, choose_text
from constat.notices.audit import UNTRANSLATED
from constat.notices.drafting import (
    NewNotice,
    NewUpdate,
    add_update,
    compose_translation,
    draft_translation,
    mark_untranslated,
)
from constat.notices.times import TimeError, read_clock
from constat.notices.wordings import Wording, read_wordings
from constat.text.suggest import did_you_mean
from outside.disk import replace_file
from outside.project.files import NOTICES, WORDINGS, read_text
from tasks.project import Project

_SPAN = re.compile(r"[1-9][0-9]{0,3}[mhd]")


class NoticeEditor(NamedTuple):
    """A project whose notices are written; `wordings`: the ready ones by name."""

    project: Project
    wordings: Mapping[str, Wording]

    @classmethod
    def open(cls, project: Project) -> "NoticeEditor":
        """Open a project for writing; its own wordings come before ours.

        Raises:
            InputError: the wordings are wrong.
            OutsideError: something cannot be read.

        """
        texts = (read_text(folder, WORDINGS) for folder in dict.fromkeys((project.code, project.root)))
        return cls(project, read_wordings((WORDINGS, text) for text in texts if text is not None))

    @property
    def languages(self) -> tuple[str, ...]:
        """The page's languages, the first first."""
        return self.project.config.page.languages

    @property
    def files(self) -> Mapping[str, bytes]:
        """The notices by path, as they are on the disk."""
        return self.project.notice_files

    @property
    def stems(self) -> frozenset[str]:
        """The names of the notices there are."""
        return frozenset(Path(path).name.partition(".")[0] for path in self.files)

    def locate(self, stem: str, language: str = "") -> str:
        """The path of a notice, or of its translation."""
        return f"{NOTICES}/{stem}{'.' if language else ''}{language}.md"

    def read(self, path: str) -> str:
        """A notice as it is written."""
        return self.files[path].decode("utf-8-sig")

    def format_date(self, at: Instant) -> str:
        """The page's date at an instant."""
        return local_date(at, self.project.zone).isoformat()

    def parse_services(self, written: str | None) -> tuple[str, ...]:
        """The services of a list such as `smtp,api`; none where nothing is written.

        Raises:
            UsageError: there is no such service.

        """
        names = tuple(dict.fromkeys(name for name in re.split(r"[,\s]+", written or "") if name))
        for name in names:
            if name not in self.project.service_ids:
                raise UsageError(f"unknown service {name}", tip=did_you_mean(name, self.project.service_ids))
        return names

    def parse_time(self, written: str, start: Instant) -> Instant:
        """A time, in the page's zone where it has no offset; or a span such as `3h` after a start.

        Raises:
            UsageError: it is neither.

        """
        if _SPAN.fullmatch(written):
            return start + parse_seconds(written)
        try:
            return read_clock(written, self.project.zone)
        except TimeError as error:
            raise UsageError(str(error), tip=error.hint) from None

    def choose_time(self, notice: Notice | None = None) -> Instant:
        """Now, to the minute; to the second where the notice has an update within that minute already."""
        newest = max((update.at for update in notice.updates), default=0) if notice else 0
        now = self.project.now
        minute = now - now % MINUTE_S
        return minute if minute > newest else max(now, newest + 1)

    def fill_in(self, wording: Wording | None, services: tuple[str, ...], language: str = "") -> str:
        """The text of a wording about some services, in the first language unless another is asked for."""
        chosen = language or self.languages[0]
        return wording.text(chosen, self._name_services(services, chosen)) if wording else ""

    def _name_services(self, services: tuple[str, ...], language: str) -> str:
        """Services as customers call them."""
        names = self.project.config.service_names
        return ", ".join(choose_text(names[each], language) for each in services)

    def find_notice(self, name: str) -> Notice:
        """The notice of a stem (or of its file's path), or the only one that is not over with such a part in its name.

        Raises:
            UsageError: there is none, or more than one.
            InputError: it cannot be read.

        """
        stem = Path(name).name.partition(".")[0]
        notices, problems = self.project.parse_notices(self.files, self.project.now)
        notice = next((each for each in notices if each.stem == stem), None)
        if notice is not None:
            return notice
        if stem in self.stems:
            raise InputError(problem for problem in problems if problem.file == self.locate(stem))
        return self._find_by_part(stem, [each for each in notices if not each.is_over(self.project.now)])

    def _find_by_part(self, part: str, running: Sequence[Notice]) -> Notice:
        """The one notice that is not over and has a part of a name in its own; with no part, the only one."""
        matching = [notice for notice in running if part in notice.stem]
        if len(matching) == 1:
            return matching[0]
        if matching:
            names = ", ".join(notice.stem for notice in matching)
            raise UsageError(f"{len(matching)} notices could be meant", tip=f"name one of {names}")
        raise UsageError(f"there is no notice {part}".rstrip(), tip=did_you_mean(part, sorted(self.stems)))

    def translate_notice(
        self, stem: str, notice: NewNotice, wording: Wording | None, *, own_title: bool
    ) -> dict[str, str]:
        """The notice in the page's other languages: ready where title and text are the wording's, else to be filled in."""
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
        """The translations of a notice that are there, with an update: ready where the wording is, or to be filled in."""
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
        """Write files, if what is new in them is sound (but for what is still to be translated).

        Raises:
            InputError: it is not; nothing was written.
            OutsideError: the disk did not do it.

        """
        changed = {**self.files, **{path: text.encode() for path, text in files.items()}}
        _, before = self.project.parse_notices(self.files, self.project.now)
        _, after = self.project.parse_notices(changed, self.project.now)
        known = {(problem.file, problem.message) for problem in before}
        new = [problem for problem in after if (problem.file, problem.message) not in known]
        wrong = [each for each in new if each.severity == "error" and each.message != UNTRANSLATED]
        if wrong:
            raise InputError(wrong)
        for path, text in files.items():
            (self.project.root / path).parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.project.root / path, text.encode())
