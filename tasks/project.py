"""A project, opened once per command: each thing that a task asks for is read once, and only when it is asked for."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checks.registry import KINDS, load_kind
from constat import notices, register
from constat.availability import Account, build_account
from constat.errors import Problem
from constat.interval import Instant, Interval
from constat.model import Config, Evidence, Notice, Register
from outside.evidence import store
from outside.evidence.statements import Frozen, read_frozen_months
from outside.project import files


class ParsedNotices(NamedTuple):
    """The notices that can be shown, the earliest to begin first, and everything that is wrong with any of them."""

    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]


class Project:
    """The project at `root` as of `now`; `code` is the folder of the program, whose templates are the defaults.

    What is read stays as it was read: a task that follows a project as it changes opens it again (`reopen`).
    """

    def __init__(self, root: Path, code: Path, now: Instant) -> None:
        self.root = root
        self.code = code
        self.now = now
        self._evidence: dict[Interval, Evidence] = {}

    def reopen(self, now: Instant) -> "Project":
        """The same project, read again, as of another instant."""
        return Project(self.root, self.code, now)

    def at(self, now: Instant) -> "Project":
        """The project by the `status.yml` that was read already, as of another instant; all else is read again."""
        project = self.reopen(now)
        project.config = self.config
        return project

    @cached_property
    def config(self) -> Config:
        """`status.yml`.

        Raises:
            InputError: it is missing or wrong.
            OutsideError: it cannot be read.

        """
        return files.read_config(self.root, KINDS, load_kind)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the page."""
        return self.config.page.timezone

    @property
    def service_ids(self) -> tuple[str, ...]:
        """The services that `status.yml` names, in its order."""
        return tuple(service.id for service in self.config.services)

    @cached_property
    def templates(self) -> Mapping[str, bytes]:
        """The templates by path below `templates/`: the project's own file where it has one, ours otherwise."""
        return files.read_templates(self.root, self.code)

    @cached_property
    def notice_files(self) -> Mapping[str, bytes]:
        """The markdown files of `incidents/`, by their path in the project.

        Raises:
            OutsideError: one cannot be read.

        """
        return files.read_notices(self.root)

    @cached_property
    def pictures(self) -> Mapping[str, bytes]:
        """The files of `incidents/files/` that are published, by their path in the site.

        Raises:
            OutsideError: one cannot be read.

        """
        return files.read_pictures(self.root)

    @cached_property
    def parsed_notices(self) -> ParsedNotices:
        """The notices as they stand at `now`; a bad one is left out, and its problems are kept."""
        return self.parse_notices(self.notice_files, self.now, pictures=self.pictures)

    def parse_notices(
        self, notice_files: Mapping[str, bytes], now: Instant, *, pictures: Iterable[str] | None = None
    ) -> ParsedNotices:
        """Notices from other files than those on the disk, or as they stand at another instant."""
        known = None if pictures is None else frozenset(pictures)
        context = notices.NoticeContext.of_config(self.config, now, pictures=known)
        return ParsedNotices(*notices.parse_notices(notice_files, context))

    @cached_property
    def recorded_register(self) -> Register:
        """The register as its file has it; empty where there is none yet.

        Raises:
            OutsideError: it cannot be read.

        """
        return store.read_register(self.root)

    def append_register(self, lines: Iterable[str]) -> None:
        """Append lines to the register.

        Raises:
            OutsideError: it cannot be written.

        """
        store.append_register(self.root, lines)
        for name in ("recorded_register", "register"):
            self.__dict__.pop(name, None)  # what was read before does not have them

    @cached_property
    def register_lines(self) -> bytes:
        """The whole lines of the register's file, empty where there is none: what statements rest on.

        Raises:
            OutsideError: it cannot be read.

        """
        return store.read_register_lines(self.root)

    @cached_property
    def register(self) -> Register:
        """The register in effect: what is recorded, and what `status.yml` and the notices say where it is silent."""
        return self.effective_register(self.parsed_notices.notices)

    def effective_register(self, announced: Iterable[Notice]) -> Register:
        """The register in effect with these notices."""
        return register.build_effective_register(self.recorded_register, self.config, announced, self.now)

    def evidence(self, window: Interval) -> Evidence:
        """All that the figures of a window need of the samples, up to `now`.

        Raises:
            OutsideError: the disk does not give a file that is there.

        """
        if window not in self._evidence:
            self._evidence[window] = store.load_evidence(self.root, window, self.zone, self.now)
        return self._evidence[window]

    def account(self, service: str, window: Interval, effective: Register | None = None) -> Account:
        """The account of one service over a window, by the register in effect unless another one is given."""
        in_effect = self.register if effective is None else effective
        return build_account(in_effect, self.evidence(window), service, self.zone, self.now)

    @cached_property
    def frozen_months(self) -> tuple[Frozen, ...]:
        """Every frozen month with its statements, oldest first."""
        return read_frozen_months(self.root)
