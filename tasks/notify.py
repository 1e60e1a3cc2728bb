"""A round of notifications: send every target what is new to it, and alert the maintainers to what failed."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from checks.secrets import Secrets
from constat.errors import UsageError
from constat.interval import Instant
from constat.model import MessageLimit, Notify, Target
from constat.notices import describe_forgotten
from constat.notifications import (
    Event,
    LogEntry,
    Message,
    MessageSources,
    NotificationLog,
    Result,
    bundle_events,
    collect_events,
    compose_message,
    select_due,
)
from constat.page import Page
from constat.posts import permanent
from outside.evidence import notification_log, troubles
from outside.routes.delivery import Announcement, Delivery
from outside.routes.registry import load_route
from tasks.alarm import alert_maintainers
from tasks.delivery import deliver
from tasks.project import Project

MAINTAINERS = "monitor.tell"
"""The maintainers in the notification log: no target can have this name."""

STOP_AFTER = 2
"""After this many failures in a row, a target is skipped for the rest of the round: its server is probably down."""


class Notification(NamedTuple):
    """A message for a target. `failure`: why it was not sent, empty if it was. `events`: how many events it covers."""

    target: str
    message: Message
    failure: str = ""
    events: int = 1


class RoundResult(NamedTuple):
    """The result of a round: how many messages were sent, which could not be sent and why, and which bundled several events."""

    sent: int
    failures: tuple[str, ...]
    bundled: tuple[str, ...] = ()


class _Round(NamedTuple):
    """One round: the project and its page, all events, the log of what was sent before, and the secrets."""

    project: Project
    sources: MessageSources
    events: tuple[Event, ...]
    log: NotificationLog
    secrets: Secrets


def select_targets(notify: Notify | None, only: str | None) -> tuple[Target, ...]:
    """Select every target, or only the named one.

    Raises:
        UsageError: there is no target of that name.

    """
    every = notify.targets if notify else ()
    targets = tuple(target for target in every if only in (None, target.id))
    if only is not None and not targets:
        known = ", ".join(target.id for target in every) or "none"
        raise UsageError(f"status.yml has no target {only}", tip=f"it has: {known}")
    return targets


def preview_notifications(
    project: Project, sources: MessageSources, targets: Sequence[Target]
) -> Iterator[Notification]:
    """Compose what would be sent to each target now, without sending it.

    Raises:
        OutsideError: the notification log cannot be read.

    """
    events, log = collect_events(sources.page), notification_log.read_log(project.root)
    for target in targets:
        due = select_due(target, events, log, project.now)
        for bundle in bundle_events(due, _get_limit(project)):
            yield Notification(target.id, _compose(sources, target, bundle), events=len(bundle))


def _get_limit(project: Project) -> MessageLimit:
    return project.config.notify.limit if project.config.notify else MessageLimit()


def notify_targets(
    project: Project,
    sources: MessageSources,
    targets: Sequence[Target],
    secrets: Secrets,
    report: Callable[[Notification], None],
) -> RoundResult:
    """Send each target everything that is due, then alert the maintainers; each attempt is reported as it is made.

    Raises:
        OutsideError: another round is running, or the log or the troubles cannot be read or written.

    """
    with notification_log.lock_notifications(project.root):
        this_round = _Round(
            project,
            sources,
            collect_events(sources.page),
            notification_log.read_log(project.root),
            secrets,
        )
        failures: list[str] = []
        bundled: list[str] = []
        for notification in chain.from_iterable(_notify(this_round, target) for target in targets):
            report(notification)
            subject = f"{notification.target}: {notification.message.subject}"
            if notification.failure:
                failures.append(f"{subject}: {notification.failure}")
            elif notification.events > 1:
                bundled.append(f"{subject}: {notification.events} messages sent as one (notify.limit)")
        sent, _ = notification_log.count_results(project.root, project.now)
        unreached = _alert_maintainers(this_round, (*failures, *bundled))
    return RoundResult(sent, (*failures, *unreached), tuple(bundled))


def _notify(this_round: _Round, target: Target) -> Iterator[Notification]:
    """Send a target everything that is due, oldest first, within the limit. A failure affects no other target."""
    root, now = this_round.project.root, this_round.project.now
    if target.id not in this_round.log.since:
        notification_log.append_entry(root, LogEntry(now, target.id, "since"))
    failures_in_a_row = 0
    due = select_due(target, this_round.events, this_round.log, now)
    for bundle in bundle_events(due, _get_limit(this_round.project)):
        notification = _send(this_round, target, bundle)
        failure = notification.failure
        notification_log.append_entries(root, _list_results(now, target, bundle, failure))
        yield notification
        failures_in_a_row = failures_in_a_row + 1 if failure else 0
        if failures_in_a_row == STOP_AFTER:
            return


def _list_results(now: Instant, target: Target, bundle: Sequence[Event], failure: str) -> Iterator[LogEntry]:
    """List the log entries of a message: its newest event as sent, its other events as included."""
    for event in bundle:
        result: Result = "failed" if failure else "sent" if event is bundle[-1] else "included"
        yield LogEntry(now, target.id, result, event.id, failure)


def _send(this_round: _Round, target: Target, bundle: Sequence[Event]) -> Notification:
    config = this_round.project.config
    message = _compose(this_round.sources, target, bundle)
    delivery = Delivery(
        address=target.address,
        message=message,
        page=config.page,
        server=config.notify.mail if config.notify else None,
        now=this_round.project.now,
        announcement=Announcement(bundle[-1], target),
    )
    return Notification(target.id, message, deliver(delivery, this_round.secrets), len(bundle))


def _compose(sources: MessageSources, target: Target, bundle: Sequence[Event]) -> Message:
    return compose_message(sources, bundle, target, load_route(target.route).TEMPLATES)


def _alert_maintainers(this_round: _Round, troubled: Sequence[str]) -> tuple[str, ...]:
    """Alert the maintainers to what went wrong, and once to each incident that seems forgotten. Return whom it did not reach."""
    project = this_round.project
    monitor = project.config.monitor
    forgotten = dict(_find_forgotten(this_round.sources.page, this_round.log)) if monitor.tell else {}
    noted = {line.partition(" ")[2] for line in troubles.read_troubles(project.root)}
    for line in (*troubled, *(problem for problem in forgotten.values() if problem not in noted)):
        troubles.note_trouble(project.root, monitor, project.now, line)
    unreached = alert_maintainers(project, this_round.secrets).failures
    if len(unreached) < len(monitor.tell):
        for name in forgotten:
            notification_log.append_entry(project.root, LogEntry(project.now, MAINTAINERS, "sent", name))
    return unreached


def _find_forgotten(page: Page, log: NotificationLog) -> Iterator[tuple[str, str]]:
    """Find incidents that seem forgotten, except for those that the maintainers were alerted to since their last update.

    Yields the permanent name of each such state of an incident, and the problem in words.
    """
    for shown in page.notices:
        name = permanent.of_forgotten(page.settings.id, shown.notice.stem, shown.changed)
        for problem in describe_forgotten([(shown.notice, shown.forgotten)]):
            if (MAINTAINERS, name) not in log.sent:
                yield name, str(problem)
