"""Compose new notices, and updates of existing ones, from a maintainer's request, and write them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from constat.errors import UsageError
from constat.model import IMPACTS, STATES, Impact, Notice, State
from constat.notices import Wording
from constat.notices.drafting import (
    NewNotice,
    NewUpdate,
    add_update,
    compose_notice,
    make_stem,
    replace_window,
)
from constat.text.suggest import did_you_mean
from outside.branch import git
from tasks.last_outage import DetectedOutage, find_last_outage
from tasks.notice_editor import NoticeEditor
from tasks.notice_requests import IncidentRequest, MaintenanceRequest, Request, UpdateRequest
from tasks.project import Project


class Draft(NamedTuple):
    """The files that were written: paths in the project, the notice first. `in_git`: whether git accepts such files."""

    paths: tuple[str, ...]
    summary: str
    in_git: bool


class WordingSummary(NamedTuple):
    """A ready wording: its name, what it is for, and its title (or the first line of its text if it has none)."""

    name: str
    about: str
    text: str


def lay_down(project: Project, request: Request, environment: Mapping[str, str]) -> Draft:
    """Write the requested notice or update; `environment` is the environment of git.

    Raises:
        UsageError: the request names something that does not exist, or contradicts itself.
        InputError: the result would not validate; nothing was written.
        OutsideError: the disk failed.

    """
    editor = NoticeEditor.open(project)
    files, summary = _compose(editor, request)
    editor.write(files)
    paths = tuple(files)
    return Draft(paths, summary, git.accepts_file(project.root, paths[0], environment))


def list_wordings(project: Project) -> tuple[WordingSummary, ...]:
    """List the ready wordings, in the first language of the page.

    Raises:
        InputError: the wordings are invalid.

    """
    editor = NoticeEditor.open(project)
    return tuple(
        WordingSummary(
            wording.name, wording.about, wording.title(editor.languages[0]) or _first_line(editor, wording)
        )
        for wording in editor.wordings.values()
    )


def _first_line(editor: NoticeEditor, wording: Wording) -> str:
    return editor.fill_in(wording, ()).lstrip("# ").partition("\n")[0]


class _Composed(NamedTuple):
    """Texts by path, the notice first, and a short summary of the change."""

    files: Mapping[str, str]
    summary: str


def _compose(editor: NoticeEditor, request: Request) -> _Composed:
    if isinstance(request, IncidentRequest):
        return _compose_incident(editor, request)
    if isinstance(request, MaintenanceRequest):
        return _compose_maintenance(editor, request)
    return _compose_update(editor, request)


def _compose_incident(editor: NoticeEditor, request: IncidentRequest) -> _Composed:
    outage = _find_outage(editor, request.from_outage)
    wording = _find_wording(editor, request.template, "incident") or (
        editor.wordings.get("down") if outage else None
    )
    services = editor.parse_services(request.services) or (outage.services if outage else ())
    is_over = outage is not None and outage.end is not None
    state: State = request.state or ("resolved" if is_over else "investigating")
    wording = _speak_of_the_past(editor, wording, state)
    update = NewUpdate(
        at=outage.end if outage and outage.end and state == "resolved" else editor.choose_time(),
        state=state,
        text=request.text or editor.fill_in(wording, services),
        next=editor.parse_time(request.next, editor.choose_time()) if request.next else None,
    )
    _require(services)
    notice = NewNotice(
        kind="incident",
        title=_choose_title(editor, request.title, wording),
        services=services,
        impact=_choose_impact(request.impact, wording, outage),
        starts=outage.start if outage else None,
        updates=(update,),
    )
    date = editor.format_date(outage.start if outage else editor.project.now)
    return _compose_files(editor, request, notice, wording, date)


def _find_outage(editor: NoticeEditor, service: str | None) -> DetectedOutage | None:
    """Find the last outage of a service; `None` without a service.

    Raises:
        UsageError: there is no such service, or it had no recent outage.

    """
    if not service:
        return None
    editor.parse_services(service)
    return find_last_outage(editor.project, service)


def _speak_of_the_past(editor: NoticeEditor, wording: Wording | None, state: State) -> Wording | None:
    """Return the wording, with the texts of `resolved` once it is over: "we are looking" would be wrong by now."""
    if wording and state == "resolved" and "resolved" in editor.wordings:
        return wording._replace(texts=editor.wordings["resolved"].texts)
    return wording


def _require(services: tuple[str, ...]) -> None:
    if not services:
        raise UsageError("no service is named", tip="add --services and their ids: --services smtp,api")


def _choose_impact(asked: Impact | None, wording: Wording | None, outage: DetectedOutage | None) -> Impact:
    written = asked or (wording.impact if wording else "") or ("major" if outage else "minor")
    return next(impact for impact in IMPACTS if impact == written)


def _compose_maintenance(editor: NoticeEditor, request: MaintenanceRequest) -> _Composed:
    wording = _find_wording(editor, request.template, "maintenance")
    services = editor.parse_services(request.services)
    _require(services)
    starts = editor.parse_time(request.starts, editor.choose_time())
    notice = NewNotice(
        kind="maintenance",
        title=_choose_title(editor, request.title, wording),
        services=services,
        text=request.text or editor.fill_in(wording, services),
        starts=starts,
        ends=editor.parse_time(request.ends, starts),
        remind=tuple(filter(None, re.split(r"[,\s]+", request.remind or ""))),
    )
    return _compose_files(editor, request, notice, wording, editor.format_date(starts))


def _compose_files(
    editor: NoticeEditor,
    request: IncidentRequest | MaintenanceRequest,
    notice: NewNotice,
    wording: Wording | None,
    date: str,
) -> _Composed:
    """Compose the file of a new notice, and those of its translations if they are requested."""
    stem = make_stem(date, notice.title, editor.stems)
    files = {editor.locate(stem): compose_notice(notice, editor.project.zone)}
    if request.translate:
        ready = None if request.text else wording
        files |= editor.translate_notice(stem, notice, ready, own_title=bool(request.title))
    return _Composed(files, f"{notice.kind.capitalize()}: {notice.title}")


def _compose_update(editor: NoticeEditor, request: UpdateRequest) -> _Composed:
    notice = editor.find_notice(request.notice, request.state)
    state = _find_state(notice, request.state)
    wording = _find_wording(editor, request.template, state)
    update = NewUpdate(
        at=editor.parse_time(request.at, editor.project.now) if request.at else editor.choose_time(notice),
        state=state,
        text=request.text or editor.fill_in(wording, notice.services),
        impact=request.impact,
        services=editor.parse_services(request.services),
        next=editor.parse_time(request.next, editor.choose_time()) if request.next else None,
    )
    text = _move_window(editor, request, notice)
    files = {editor.locate(notice.stem): add_update(text, update, editor.project.zone)}
    ready = None if request.text else wording
    files |= editor.translate_update(notice, update, ready, to_fill_in=request.translate)
    return _Composed(files, f"{notice.stem}: {state}")


def _find_state(notice: Notice, written: str) -> State:
    """Find the state of that name.

    Raises:
        UsageError: notices of this kind have no such state.

    """
    states = STATES[notice.kind]
    state = next((state for state in states if state == written), None)
    if state is None:
        raise UsageError(f"{written!r} is not a valid {notice.kind} state", tip=did_you_mean(written, states))
    return state


def _move_window(editor: NoticeEditor, request: UpdateRequest, notice: Notice) -> str:
    """Return the text of a notice, with its window moved if that is requested.

    Raises:
        UsageError: the update is not `rescheduled`: a window may not move without an announcement.

    """
    text = editor.read(editor.locate(notice.stem))
    if not (request.starts or request.ends):
        return text
    if request.state != "rescheduled":
        raise UsageError(
            "--starts and --ends need the state rescheduled", tip="a window that moves has to be announced"
        )
    starts = editor.parse_time(request.starts, editor.choose_time()) if request.starts else notice.starts
    ends = editor.parse_time(request.ends, starts) if request.ends else notice.ends
    return replace_window(text, starts, ends, editor.project.zone)


def _find_wording(editor: NoticeEditor, name: str | None, about: str) -> Wording | None:
    """Find a ready wording by its name; `about` is the kind of the notice, or the state of the update.

    Raises:
        UsageError: there is no such wording for this kind or state.

    """
    if not name:
        return None
    wording = editor.wordings.get(name)
    if wording is None or wording.about != about:
        fitting = [other.name for other in editor.wordings.values() if other.about == about]
        raise UsageError(f"there is no wording {name!r} for {about}", tip=did_you_mean(name, fitting))
    return wording


def _choose_title(editor: NoticeEditor, written: str | None, wording: Wording | None) -> str:
    title = written or (wording.title(editor.languages[0]) if wording else "")
    if not title:
        raise UsageError(
            "there is no title", tip='write it after the kind: new incident "The relay is slow" ...'
        )
    return title
