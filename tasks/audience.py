"""Who will be told of a notice once it is merged: by which route, in which language, and when."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from constat.errors import ConstatError
from constat.interval import local, write_offset_if_needed
from constat.model import Notice, Target
from constat.notifications import Event, NotificationLog, collect_events, is_interested, select_due
from constat.page import Page
from constat.posts import Post
from outside.evidence import notification_log
from tasks.gather import gather
from tasks.project import Project

_ROUTES = {"mail": "by mail", "apprise": "through Apprise"}
"""What a route is called in a review."""


def describe_audience(project: Project, notices: Iterable[Notice]) -> Mapping[str, tuple[str, ...]]:
    """Describe for each notice, by its stem, who is told of it and when; empty where the page cannot be made."""
    try:
        page = gather(project).page
        log = notification_log.read_log(project.root)
    except ConstatError:  # reported as a problem elsewhere
        return {}
    events = collect_events(page)
    return {notice.stem: tuple(_describe(project, page, events, log, notice)) for notice in notices}


def _describe(
    project: Project, page: Page, events: Iterable[Event], log: NotificationLog, notice: Notice
) -> Iterator[str]:
    own = [event for event in events if _find_stem(event) == notice.stem]
    yield "on the page, in the feeds and the calendar: as soon as it is built"
    notify = project.config.notify
    for target in notify.targets if notify else ():
        yield f"{target.id}, {_ROUTES.get(target.route, target.route)}, in {target.language}: {_describe_messages(page, target, own, log)}"
    if not notify or not notify.targets:
        yield "nobody by mail or chat: status.yml has no targets of notify"


def _describe_messages(page: Page, target: Target, own: list[Event], log: NotificationLog) -> str:
    """Say which messages about a notice a target gets now and which later, or why it gets none."""
    wanted = [event for event in own if is_interested(target, event)]
    if not wanted:
        return "nothing of it, since it asked for other services, topics or impacts"
    due = select_due(target, wanted, log, page.now)
    later = [event for event in wanted if event.at > page.now]
    parts = []
    if due:
        parts.append(f"{len(due)} message{'s' if len(due) > 1 else ''} with the next run of notify")
    if later:
        parts.append("then " + ", ".join(_format_time(event.at, page) for event in later))
    if not parts:
        sent = any((target.id, event.id) in log.sent for event in wanted)
        return "nothing more, it was sent already" if sent else "nothing, since it was added after that"
    return "; ".join(parts)


def _format_time(at: int, page: Page) -> str:
    moment: datetime = local(at, page.settings.timezone)
    return f"{moment:%Y-%m-%d %H:%M}{write_offset_if_needed(at, page.settings.timezone)}"


def _find_stem(event: Event) -> str | None:
    return event.source.shown_notice.notice.stem if isinstance(event.source, Post) else None
