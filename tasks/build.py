"""Build the site: read a project, make its page, and render the page in every form that is published."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from constat.config.locating import locate_settings
from constat.errors import InputError, Problem
from constat.notices import Wording
from constat.page import Page, ShownService
from constat.render import RenderInputs, build_hosting_files, list_pages
from outside.branch.git import Git
from outside.branch.tracked import refuse_tracked_files
from outside.github import Job
from outside.project.files import SETTINGS, open_template_cache, read_text
from outside.site import publishing
from outside.site.packing import (
    build_evidence_files,
    build_imported_files,
    build_statement_files,
    pack_days,
)
from outside.site.stamps import build_stamp_files
from tasks import side_by_side
from tasks.garbage import without_garbage_search
from tasks.gather import GatheredPage, gather
from tasks.project import Project
from tasks.sealed_past import refuse_broken_past

T = TypeVar("T")
SERVICES_AT_ONCE = 20
"""How many services' files for programs are built in one go: these take about as long as a page."""
Keep = Callable[[str, bytes], T]
"""A function that keeps a file, given its path in the site and its content: in memory, or on the disk."""
Builder = Callable[[], Mapping[str, bytes]]
"""A function that builds some of the files of a site, by path."""


class BuiltSite(NamedTuple, Generic[T]):
    """A site. `files`: its files by path, as they were kept. `copies`: files that are published unchanged, by path.

    `page`, `problems` and `omissions` are those of `GatheredPage`.
    """

    page: Page
    files: Mapping[str, T]
    copies: Mapping[str, Path]
    problems: tuple[Problem, ...] = ()
    omissions: tuple[Problem, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is wrong and what was left out, each on a line."""
        return tuple(map(str, (*self.problems, *self.omissions)))


def build_and_publish(
    project: Project,
    environment: Mapping[str, str],
    warn: Callable[[str], None],
    tell: Callable[[str], object] = str,
) -> BuiltSite[None]:
    """Build the site into `site/`; report its warnings through `warn` and in the summary of the job that runs us.

    `tell` receives a line before each step that may take long where there are many services.

    A project whose repository tracks evidence, or a site, is refused before any of it is read.

    Raises:
        EvidenceError: the evidence no longer matches the seals that the old site shows; the old site stays.
        ConstatError: `status.yml` or a translation is wrong, or the disk failed; the old site stays.

    """
    refuse_tracked_files(Git(project.root, environment))
    refuse_broken_past(project, environment, warn)
    with without_garbage_search(), _locate_problems(project):
        tell("reading the evidence")
        gathered = _gather_alone(project)
        tell(f"making the pages ({len(gathered.page.services):,} services)")
        with publishing.open_stage(project.root) as stage:
            built = _render(project, gathered, stage.write)._replace(
                copies=pack_days(project.root, project.now)
            )
            stage.copy(built.copies)
    for warning in built.warnings:
        warn(warning)
    if built.warnings:
        listed = "".join(f"- `{warning}`\n" for warning in built.warnings)
        Job.of(environment).append_summary(f"### The page was built, but\n\n{listed}")
    return built


def rehearse_site(project: Project) -> BuiltSite[bytes]:
    """Build everything but the copies, and write nothing: this is how `validate` learns what a build would report.

    Raises:
        InputError: `status.yml`, a template or a translation is wrong; each problem has its line, where it has one.
        ConstatError: a file cannot be read.

    """
    with _locate_problems(project):
        return _render(project, _gather_alone(project), _keep_in_memory)


def _keep_in_memory(_path: str, data: bytes) -> bytes:
    """Keep a file as its content."""
    return data


@contextmanager
def _locate_problems(project: Project) -> Iterator[None]:
    """Give the problems of `status.yml` their lines."""
    try:
        yield
    except InputError as error:
        text = read_text(project.root, SETTINGS) or ""
        raise InputError(locate_settings(error.problems, text, SETTINGS)) from error


def _gather_alone(project: Project) -> GatheredPage:
    """Gather the page and keep nothing else in memory."""
    gathered = gather(project)
    project.release_evidence()
    return gathered


def _render(project: Project, gathered: GatheredPage, keep: Keep[T]) -> BuiltSite[T]:
    wordings, unfit = _read_wordings(project)
    inputs = RenderInputs(
        gathered.templates, gathered.languages, wordings, trusted=project.has_trusted_templates
    )
    pages = list_pages(gathered.page, inputs, open_template_cache(project.code))

    def make(builder: Builder) -> dict[str, T]:
        return {path: keep(path, data) for path, data in builder().items()}

    made = side_by_side.spread(make, [*_list_machine_builders(gathered), *pages])
    files = {path: kept for files in made for path, kept in files.items()}
    page_paths = (path for rendered in made[-len(pages) :] for path in rendered)
    rest = {
        **gathered.pictures,
        **_build_record_files(project),
        **build_hosting_files(gathered.page, page_paths),
    }
    files |= make(lambda: rest)
    return BuiltSite(gathered.page, files, {}, (*gathered.problems, *unfit), gathered.omissions)


def _read_wordings(project: Project) -> tuple[Mapping[str, Wording], tuple[Problem, ...]]:
    """Read the ready wordings, which only a page with a repository offers; none if they are invalid, and their problems."""
    if project.config.page.repository is None:
        return {}, ()
    try:
        return project.wordings, ()
    except InputError as error:
        return {}, tuple(error.problems)


def _build_record_files(project: Project) -> dict[str, bytes]:
    """Build the files of the frozen statements, of their evidence except for the day files, and of the time stamps."""
    frozen, support = project.frozen_months, project.config.support
    publish_tickets = support is not None and support.publish_rows
    evidence_files = build_evidence_files(project.root, frozen, tickets=publish_tickets)
    imported = build_imported_files(project.imported.files)
    stamps = build_stamp_files(project.root, project.config.monitor.timestamp)
    return {**build_statement_files(frozen), **evidence_files, **imported, **stamps}


def _list_machine_builders(gathered: GatheredPage) -> list[Builder]:
    """The builders of the files that programs read and other sites embed: feeds, calendars, APIs, badges, the banner."""
    from constat import api, calendar, feeds, metrics  # noqa: PLC0415 -- they load libraries that only they need
    from constat.embed import badge, share_picture, widget  # noqa: PLC0415 -- the same

    built, languages = gathered.page, gathered.languages
    first = languages[built.settings.languages[0]]
    return [  # those that take longest are first
        lambda: feeds.build_files(built, languages),
        lambda: calendar.build_files(built, languages),
        lambda: api.build_files(built, first),
        lambda: metrics.build_files(built),
        lambda: widget.build_files(built, languages, gathered.templates),
        share_picture.build_files,
        *(partial(api.build_history_files, built, some) for some in _split(built.services)),
        *(partial(badge.build_files, some, first) for some in _split(built.services)),
    ]


def _split(services: Sequence[ShownService]) -> Iterator[Sequence[ShownService]]:
    for first in range(0, len(services), SERVICES_AT_ONCE):
        yield services[first : first + SERVICES_AT_ONCE]
