"""Where a maintainer writes: the project's settings, notices, wordings and outages, and what is laid down."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat import notices, register
from constat.availability import build_account, find_outages
from constat.errors import InputError, Problem, UsageError
from constat.interval import MINUTE_S, WEEK_S, Instant, Interval, local_date, parse_seconds
from constat.model import Config, Notice, choose_text
from constat.model import Outage as Measured
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
from outside.evidence import store
from outside.project import files as project

WORDINGS = "wordings.yml"
OUTAGES_OF_S = WEEK_S
_SPAN = re.compile(r"[1-9][0-9]{0,3}[mhd]")


class DetectedOutage(NamedTuple):
    """A detected outage: the services that it took down, and when it ended, if it has."""

    start: Instant
    end: Instant | None
    services: tuple[str, ...]


class NoticeEditor(NamedTuple):
    """A project that is written in, at an instant. `files`: its notices by path, as they are."""

    root: Path
    now: Instant
    config: Config
    files: Mapping[str, bytes]
    wordings: Mapping[str, Wording]

    @classmethod
    def at(cls, root: Path, code: Path, now: Instant, config: Config) -> "NoticeEditor":
        """Sit down at a project; its own wordings come before ours.

        Raises:
            InputError: the wordings are wrong.
            OutsideError: something cannot be read.

        """
        path = f"{project.TEMPLATES}/{WORDINGS}"
        texts = (project.read_text(folder, path) for folder in dict.fromkeys((code, root)))
        wordings = read_wordings((path, text) for text in texts if text is not None)
        return cls(root, now, config, project.read_notices(root), wordings)

    @property
    def zone(self) -> ZoneInfo:
        """The page's zone."""
        return self.config.page.timezone

    @property
    def languages(self) -> tuple[str, ...]:
        """The page's languages, the first first."""
        return self.config.page.languages

    @property
    def stems(self) -> frozenset[str]:
        """The names of the notices there are."""
        return frozenset(Path(path).name.partition(".")[0] for path in self.files)

    def path(self, stem: str, language: str = "") -> str:
        """Where a notice, or its translation, is written."""
        return f"{project.NOTICES}/{stem}{'.' if language else ''}{language}.md"

    def read(self, path: str) -> str:
        """A notice as it is written."""
        return self.files[path].decode("utf-8-sig")

    def day(self, at: Instant) -> str:
        """The page's date at an instant."""
        return local_date(at, self.zone).isoformat()

    def services(self, written: str | None) -> tuple[str, ...]:
        """The services of a list such as `smtp,api`; none where nothing is written.

        Raises:
            UsageError: there is no such service.

        """
        names = tuple(dict.fromkeys(name for name in re.split(r"[,\s]+", written or "") if name))
        known = [service.id for service in self.config.services]
        for name in names:
            if name not in known:
                raise UsageError(f"unknown service {name}", tip=did_you_mean(name, known))
        return names

    def time(self, written: str, start: Instant) -> Instant:
        """A time, in the page's zone where it has no offset; or a span such as `3h` after a start.

        Raises:
            UsageError: it is neither.

        """
        if _SPAN.fullmatch(written):
            return start + parse_seconds(written)
        try:
            return read_clock(written, self.zone)
        except TimeError as error:
            raise UsageError(str(error), tip=error.hint) from None

    def minute(self, notice: Notice | None = None) -> Instant:
        """Now, to the minute; to the second where the notice has an update within that minute already."""
        newest = max((update.at for update in notice.updates), default=0) if notice else 0
        at = self.now - self.now % MINUTE_S
        return at if at > newest else max(self.now, newest + 1)

    def words(self, wording: Wording | None, services: tuple[str, ...], language: str = "") -> str:
        """What a wording says of some services, in the first language unless another is asked for."""
        spoken = language or self.languages[0]
        return wording.text(spoken, self.names(services, spoken)) if wording else ""

    def names(self, services: tuple[str, ...], language: str) -> str:
        """Services as customers call them."""
        named = self.config.service_names
        return ", ".join(choose_text(named[each], language) for each in services)

    def notice(self, name: str) -> Notice:
        """The notice of a stem (or of its file's path), or the only one that is not over with such a part in its name.

        Raises:
            UsageError: there is none, or more than one.
            InputError: it cannot be read.

        """
        stem = Path(name).name.partition(".")[0]
        found, problems = self._parsed(self.files)
        notice = next((each for each in found if each.stem == stem), None)
        if notice is not None:
            return notice
        if stem in self.stems:
            raise InputError(problem for problem in problems if problem.file == self.path(stem))
        return self._meant(stem, [each for each in found if not each.is_over(self.now)])

    def _meant(self, part: str, running: Sequence[Notice]) -> Notice:
        """The one notice that is not over and has a part of a name in its own; with no part, the only one."""
        meant = [each for each in running if part in each.stem]
        if len(meant) == 1:
            return meant[0]
        if meant:
            names = ", ".join(each.stem for each in meant)
            raise UsageError(f"{len(meant)} notices could be meant", tip=f"name one of {names}")
        raise UsageError(f"there is no notice {part}".rstrip(), tip=did_you_mean(part, sorted(self.stems)))

    def _parsed(self, files: Mapping[str, bytes]) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
        return notices.parse_notices(files, notices.NoticeContext.of_config(self.config, self.now))

    def outage(self, service: str) -> DetectedOutage:
        """The last outage of a service, with every service that was down during it.

        Raises:
            UsageError: there is no such service, or it had no outage in the last seven days.

        """
        self.services(service)
        window = Interval(self.now - OUTAGES_OF_S, self.now + 1)
        found = self._outages(window)
        if not found.get(service):
            raise UsageError(f"no outage of {service} was seen in the last seven days")
        last = found[service][-1]
        during = Interval(last.start, last.end)
        down = [
            each
            for each, spans in found.items()
            if any(span.start < during.end and during.start < span.end for span in spans)
        ]
        return DetectedOutage(
            last.start,
            last.end if last.recovered else None,
            (service, *(each for each in down if each != service)),
        )

    def _outages(self, window: Interval) -> dict[str, tuple[Measured, ...]]:
        read, _ = self._parsed(self.files)
        held = register.build_effective_register(store.read_register(self.root), self.config, read, self.now)
        evidence = store.load_evidence(self.root, window, self.zone, self.now)
        return {
            service.id: find_outages(build_account(held, evidence, service.id, self.zone, self.now), window)
            for service in self.config.services
        }

    def translations(
        self, stem: str, notice: NewNotice, wording: Wording | None, *, own_title: bool
    ) -> dict[str, str]:
        """The notice in the page's other languages: ready where title and text are the wording's, else to be filled in."""
        files = {}
        for language in self.languages[1:]:
            text = self.words(wording, notice.services, language)
            announced, updates = notice.text, notice.updates
            if text:
                announced = text if notice.text else ""
                updates = [update._replace(text=text) for update in notice.updates]
            title = wording.title(language) if wording and not own_title else ""
            write = compose_translation if text and title else draft_translation
            files[self.path(stem, language)] = write(title or notice.title, announced, updates, self.zone)
        return files

    def translated_updates(
        self, notice: Notice, update: NewUpdate, wording: Wording | None, *, to_fill_in: bool
    ) -> dict[str, str]:
        """The translations of a notice that are there, with an update: ready where the wording is, or to be filled in."""
        files = {}
        for language in self.languages[1:]:
            path = self.path(notice.stem, language)
            if path not in self.files:
                continue
            text = self.words(wording, notice.services, language) or (
                mark_untranslated(update.text) if to_fill_in else ""
            )
            if text:
                same = NewUpdate(update.at, update.state, text)
                files[path] = add_update(self.read(path), same, self.zone)
        return files

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, if what is new in them is sound (but for what is still to be translated).

        Raises:
            InputError: it is not; nothing was written.
            OutsideError: the disk did not do it.

        """
        _, before = self._parsed(self.files)
        _, after = self._parsed({**self.files, **{path: text.encode() for path, text in files.items()}})
        known = {(problem.file, problem.message) for problem in before}
        new = [problem for problem in after if (problem.file, problem.message) not in known]
        wrong = [each for each in new if each.severity == "error" and each.message != UNTRANSLATED]
        if wrong:
            raise InputError(wrong)
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            replace_file(self.root / path, text.encode())
