"""A project, opened once per command: everything that tasks need of it is read lazily, and only once."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat import notices, register
from constat.availability import Account, build_account
from constat.errors import Problem
from constat.imported import ImportedFile, read_tree
from constat.interval import Instant, Interval
from constat.model import Config, Evidence, Notice, Register, SkippedRows
from outside.evidence import imported, store
from outside.evidence.derived import DerivedFiles
from outside.evidence.statements import Frozen, read_frozen_months
from outside.project import files
from tasks.kind_table import KindTable


class ParsedNotices(NamedTuple):
    """The valid notices, ordered by their start, and the problems of all notices."""

    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]


class ImportedEvidence(NamedTuple):
    """What other tools measured (rule 20): the files of `history/imported/` by name, and their parsed content.

    `skipped`: the files and rows that were left out.
    """

    files: Mapping[str, bytes]
    tree: tuple[ImportedFile, ...]
    skipped: tuple[SkippedRows, ...]


class Project:
    """The project at `root` as of `now`; `code` is the folder of `generate.py`, with the default templates.

    What was read is never read again: a task that follows a changing project opens it again (`reopen`).
    """

    def __init__(self, root: Path, code: Path, now: Instant) -> None:
        self.root = root
        self.code = code
        self.now = now
        self._evidence: dict[Interval, Evidence] = {}

    def reopen(self, now: Instant) -> "Project":
        """Return the same project as of another instant, with nothing read yet."""
        return Project(self.root, self.code, now)

    def at(self, now: Instant) -> "Project":
        """Return the same project as of another instant, keeping only the `status.yml` that was read already."""
        project = self.reopen(now)
        project.config = self.config
        return project

    @cached_property
    def config(self) -> Config:
        """The configuration, from `status.yml`.

        Raises:
            InputError: the file is missing or invalid.
            OutsideError: the file cannot be read.

        """
        return files.read_config(self.root, self.kinds.names, self.kinds.load)

    @cached_property
    def kinds(self) -> KindTable:
        """The kinds of check: ours, and those that the project brings."""
        return KindTable.of_project(self.root, self.code)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the page."""
        return self.config.page.timezone

    @property
    def service_ids(self) -> tuple[str, ...]:
        """The ids of the services, in the order of `status.yml`."""
        return tuple(service.id for service in self.config.services)

    @cached_property
    def templates(self) -> Mapping[str, bytes]:
        """The templates by path below `templates/`; the project's own files take precedence over ours."""
        return files.read_templates(self.root, self.code)

    @cached_property
    def has_trusted_templates(self) -> bool:
        """Whether all templates are ours: those beside the code."""
        return self.templates == files.read_brought_templates(self.code)

    @cached_property
    def wordings(self) -> Mapping[str, notices.Wording]:
        """The ready wordings by name; the project's own take precedence over ours.

        Raises:
            InputError: a file is not valid.
            OutsideError: a file cannot be read.

        """
        texts = (files.read_text(folder, files.WORDINGS) for folder in dict.fromkeys((self.code, self.root)))
        return notices.read_wordings((files.WORDINGS, text) for text in texts if text is not None)

    @cached_property
    def notice_files(self) -> Mapping[str, bytes]:
        """The Markdown files of `incidents/`, by their path in the project.

        Raises:
            OutsideError: a file cannot be read.

        """
        return files.read_notices(self.root)

    @cached_property
    def pictures(self) -> Mapping[str, bytes]:
        """The files of `incidents/files/` that are published, by their path in the site.

        Raises:
            OutsideError: a file cannot be read.

        """
        return files.read_pictures(self.root)

    @cached_property
    def parsed_notices(self) -> ParsedNotices:
        """The notices as of `now`; an invalid one is left out, and its problems are listed."""
        return self.parse_notices(self.notice_files, self.now, pictures=self.pictures)

    def parse_notices(
        self, notice_files: Mapping[str, bytes], now: Instant, *, pictures: Iterable[str] | None = None
    ) -> ParsedNotices:
        """Parse notices from other files than those on the disk, or as of another instant."""
        known = None if pictures is None else frozenset(pictures)
        context = notices.NoticeContext.of_config(self.config, now, pictures=known)
        return ParsedNotices(*notices.parse_notices(notice_files, context))

    @cached_property
    def recorded_register(self) -> Register:
        """The register as recorded in its file; empty if there is none yet.

        Raises:
            OutsideError: the file cannot be read.

        """
        return store.read_register(self.root, self.now)

    def append_register(self, lines: Iterable[str]) -> None:
        """Append lines to the register.

        Raises:
            OutsideError: the file cannot be written.

        """
        store.append_register(self.root, lines)
        for name in ("recorded_register", "register", "derived"):
            self.__dict__.pop(name, None)  # the cached register lacks these lines

    @cached_property
    def register_lines(self) -> bytes:
        """The complete lines of the register's file, which statements rest on; empty if there is no file.

        Raises:
            OutsideError: the file cannot be read.

        """
        return store.read_register_lines(self.root)

    @cached_property
    def register(self) -> Register:
        """The effective register: what is recorded, completed from `status.yml` and the notices."""
        return self.effective_register(self.parsed_notices.notices)

    def effective_register(self, announced: Iterable[Notice]) -> Register:
        """Build the effective register, completed from these notices."""
        return register.build_effective_register(self.recorded_register, self.config, announced, self.now)

    def evidence(self, window: Interval) -> Evidence:
        """Load the evidence that the figures of a window rest on, up to `now`.

        Raises:
            OutsideError: a file exists but cannot be read.

        """
        if window not in self._evidence:
            self._evidence[window] = self.derived.load_evidence(window)
        return self._evidence[window]

    def release_evidence(self) -> None:
        """Let go of the evidence: with a thousand services it takes more memory than the page that is made from it."""
        self._evidence.clear()

    def forget_evidence(self) -> None:
        """Read the evidence again the next time it is asked for, since day files were added."""
        self.release_evidence()
        self.__dict__.pop("derived", None)

    @cached_property
    def derived(self) -> DerivedFiles:
        """The derived files, from which evidence is read.

        Raises:
            OutsideError: the register exists but cannot be read.

        """
        return store.open_derived_files(self.root, self.zone, self.now)

    @cached_property
    def imported(self) -> ImportedEvidence:
        """What other tools measured and an importer brought. The page shows it; no figure may use it."""
        read, unread = imported.read_imported_files(self.root)
        tree = read_tree(read)
        return ImportedEvidence(read, tree, (*unread, *(file.skipped for file in tree if file.skipped)))

    def account(self, service: str, window: Interval, effective: Register | None = None) -> Account:
        """Build the account of a service over a window, by the effective register unless another one is given."""
        register_used = self.register if effective is None else effective
        return build_account(register_used, self.evidence(window), service, self.zone, self.now)

    @cached_property
    def frozen_months(self) -> tuple[Frozen, ...]:
        """Every frozen month with its statements, oldest first."""
        return read_frozen_months(self.root)
