"""Find the problems of all files that people write, given a valid `status.yml`, and review what merging would publish."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from constat import notices, register
from constat.availability import find_outages, is_idle
from constat.config.locating import locate_settings
from constat.config.vantage_rules import find_missing_quorums, find_unreachable_mail
from constat.config.written_secrets import find_written_secrets
from constat.errors import InputError, Problem, without_notes
from constat.history import REGISTER
from constat.interval import DAY_S, Instant, Interval
from constat.maintainers.review import Effects, format_review, quote_verbatim
from constat.model import Correction, Notice, Register
from constat.register import corrections_file
from constat.register.corrections_file import CORRECTIONS
from constat.templating import find_template_problems
from outside.branch.git import Git
from outside.branch.tracked import find_tracked_files
from outside.project import files, tickets
from outside.site.stamps import read_certificates
from tasks.audience import describe_audience
from tasks.build import rehearse_site
from tasks.project import Project
from tasks.record import list_pending_lines
from tasks.sealed_past import find_broken_past


def find_tracked_evidence(project: Project, environment: Mapping[str, str]) -> tuple[Problem, ...]:
    """Find what the project's repository tracks in place of evidence. If there is any, nothing else may be read.

    `environment` is that of git.

    Raises:
        OutsideError: git could not tell.

    """
    return find_tracked_files(Git(project.root, environment))


def find_problems(project: Project, only: Collection[str] = ()) -> tuple[Problem, ...]:
    """Find all problems besides an invalid `status.yml`, ordered by file and line; with `only`, those of these files.

    Raises:
        InputError: `status.yml` is invalid.
        OutsideError: a file cannot be read.

    """
    of_each = (
        _check_written_settings(project),
        project.kinds.find_problems(),
        _check_notices(project),
        _check_wordings(project),
        _check_corrections(project),
        _check_tickets(project),
        _describe_pending(project),
        _check_page(project),
        find_broken_past(project),
        _rehearse(project),
    )
    problems = sorted({problem for problems in of_each for problem in problems})
    return tuple(problem for problem in problems if not only or problem.file in only)


def review(project: Project, problems: Iterable[Problem], only: Collection[str] = ()) -> str:
    """Describe what merging would publish, of the named files or of all, below their problems; in Markdown."""
    announced = project.parse_notices(project.notice_files, project.now).notices
    stems = {Path(path).name.partition(".")[0] for path in only or project.notice_files}
    shown = without_notes(problems)
    head = _list_below("What is wrong", (problem for problem in shown if problem.severity != "hint"))
    head += _list_below("What readers may miss", (problem for problem in shown if problem.severity == "hint"))
    chosen = [notice for notice in announced if notice.stem in stems]
    effects = Effects(
        project.effective_register(announced),
        list_pending_lines(project).lines,
        describe_audience(project, chosen),
    )
    return head + format_review(project.config, chosen, effects, project.now)


def _list_below(heading: str, problems: Iterable[Problem]) -> str:
    """List problems below a heading, in Markdown; nothing where there are none."""
    listed = "\n".join(f"- {quote_verbatim(str(problem))}" for problem in problems)
    return f"## {heading}\n\n{listed}\n\n" if listed else ""


def _check_written_settings(project: Project) -> Iterator[Problem]:
    """Ask for quorums that `status.yml` leaves open, ports that cannot be reached, and written passwords; it is valid so."""
    text = files.read_text(project.root, files.SETTINGS)
    if text is not None:
        yield from dict.fromkeys(find_missing_quorums(text, files.SETTINGS))
        yield from dict.fromkeys(find_unreachable_mail(text, files.SETTINGS))
        yield from find_written_secrets(text, files.SETTINGS)


def _check_notices(project: Project) -> Iterator[Problem]:
    """Find problems of the notices: in their files, against the register, and against the measurements."""
    announced, problems = project.parsed_notices
    recorded = project.recorded_register
    yield from problems
    yield from _find_unpublished(project.root)
    yield from notices.find_moved(announced, project.notice_files, recorded.maintenance)
    yield from notices.find_removed(project.notice_files, recorded, project.now)
    yield from _read_as_customer(project, announced)
    if any(notice.is_open_incident(project.now) for notice in announced):
        up = _find_up_since(project)
        yield from notices.describe_forgotten(
            (notice, notices.find_forgotten(notice, up, project.now)) for notice in announced
        )


def _read_as_customer(project: Project, announced: Iterable[Notice]) -> Iterator[Problem]:
    """Give hints where a customer would miss something in a notice, or not understand it."""
    named = [(service.id, service.name, service.description) for service in project.config.services]
    words = []
    for service, *texts in named:
        words.append(service)
        words += [text for translations in texts if translations for text in translations.values()]
    down = _find_down_since(project) if any(each.is_open_incident(project.now) for each in announced) else {}
    for notice in announced:
        since = [down[service] for service in notice.services if service in down]
        is_open = notice.is_open_incident(project.now)
        yield from notices.find_hints(
            notice, project.now, min(since, default=None) if is_open else None, words
        )


def _find_down_since(project: Project) -> Mapping[str, Instant]:
    """Find since when each service has been down, for those that are down now, within the past day."""
    window = Interval(project.now - DAY_S, project.now + 1)
    outages = ((name, find_outages(project.account(name, window), [window])) for name in project.service_ids)
    return {name: found[-1].start for name, found in outages if found and not found[-1].recovered}


def _find_unpublished(root: Path) -> Iterator[Problem]:
    """Find files that look as if they were published, but are not."""
    kinds = ", ".join(sorted(kind.removeprefix(".") for kind in files.PUBLISHED_SUFFIXES))
    for path in files.list_unpublished(root):
        hint = "call a notice YYYY-MM-DD-some-words.md, and put pictures under incidents/files/"
        if path.startswith(files.FILES):
            hint = f"put there only {kinds}"
        yield Problem(path, 0, 0, "this file is not published", hint)
    yield from files.find_unfit_files(root)
    yield from files.find_placeholders(root)


def _find_up_since(project: Project) -> Mapping[str, Instant | None]:
    """Find since when each service has been measured up, within the past day."""
    window = Interval(project.now - DAY_S, project.now + 1)
    accounts = (project.account(service, window) for service in project.service_ids)
    return {account.service: notices.find_up_since(account.measured, project.now) for account in accounts}


def _check_wordings(project: Project) -> Iterable[Problem]:
    """Find problems of the project's own wordings."""
    try:
        text = files.read_text(project.root, files.WORDINGS)
        notices.read_wordings([(files.WORDINGS, text)] if text is not None else [])
    except InputError as error:
        return error.problems
    return ()


def _check_corrections(project: Project) -> Iterator[Problem]:
    """Find problems of corrections. Services that are gone from `status.yml` may still be corrected."""
    try:
        text = files.read_text(project.root, CORRECTIONS)
    except InputError as error:
        yield from error.problems
        return
    if text is None:
        return
    effective = project.effective_register(())
    known = {line.service for line in effective.services}
    decided, problems = corrections_file.parse_corrections(text, CORRECTIONS, known, project.now)
    yield from problems
    for correction in decided:
        if _is_idle(project, effective, correction):
            message = f"the correction changes no second of {correction.service}"
            hint = "up and unknown replace what was down or degraded, down replaces what was unknown"
            yield Problem(CORRECTIONS, correction.line, 0, message, hint, "warning")


def _is_idle(project: Project, effective: Register, correction: Correction) -> bool:
    """Return whether a correction has no effect on the evidence; false without evidence, which cannot tell."""
    if not project.evidence(correction.window).firsts:
        return False
    measured = project.account(correction.service, correction.window, effective).measured
    return is_idle(correction, measured)


def _check_tickets(project: Project) -> Iterable[Problem]:
    """Find problems of tickets. Levels and regions that are gone from `status.yml` may still have tickets."""
    recorded = (promise.support for promise in tickets.find_support_promises(project.recorded_register))
    return tickets.read_tickets(project.root, [project.config.support, *recorded], project.now)[1]


def _check_page(project: Project) -> Iterator[Problem]:
    """Find problems of `status.yml` that its text alone does not show, and problems of the project's templates."""
    text = files.read_text(project.root, files.SETTINGS) or ""
    yield from locate_settings(_check_settings(project), text, files.SETTINGS)
    yield from find_template_problems(project.templates, files.read_brought_templates(project.code))


def _check_settings(project: Project) -> Iterator[Problem]:
    """Find settings that their own text does not show to be wrong; each problem begins with the name of one."""
    recorded = [page.id for page in project.recorded_register.pages if page.id]
    page_id = project.config.page.id
    if recorded and recorded[-1] != page_id:
        message = f"page.id: {page_id} was {recorded[-1]} until now: to subscribers everything would be new"
        yield Problem(files.SETTINGS, 0, 0, message, f"write id: {recorded[-1]}; it is permanent")
    authority = project.config.monitor.timestamp
    if authority is not None and not read_certificates(project.root, authority.ca):
        message = f"monitor.timestamp.ca: there is no certificate in {authority.ca}"
        hint = "put there the authority's root certificate, in PEM; a link is not followed"
        yield Problem(files.SETTINGS, 0, 0, message, hint)


def _rehearse(project: Project) -> Iterator[Problem]:
    """Make the page as a build would, and find what a build would refuse, leave out or warn of.

    What is left out of the evidence is only a warning: people do not write there, and must not correct it.
    """
    try:
        built = rehearse_site(project)
    except InputError as error:
        yield from error.problems
        return
    yield from built.problems
    for problem in built.omissions:
        yield replace(problem, severity="warning")


def _describe_pending(project: Project) -> Iterator[Problem]:
    """Describe what the next run will record, since that becomes a binding promise."""
    for line in list_pending_lines(project).lines:
        message = f"the next run will record {register.describe_line(line)}"
        yield Problem(f"history/{REGISTER}", 0, 0, message, severity="note")
