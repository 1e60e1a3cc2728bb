"""`notify`: notify subscribers of what is new."""

import argparse
import os
import sys
from collections.abc import Sequence

from checks.secrets import Secrets
from constat.model import Target
from constat.notifications import MessageSources
from outside.github import Job
from tasks.gather import gather
from tasks.notify import Notification, RoundResult, notify_targets, preview_notifications, select_targets
from tasks.project import Project
from verbs.terminal.printing import conclude, quantify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `notify`."""
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be sent, and to whom; send nothing"
    )
    parser.add_argument("--only", metavar="TARGET", help="notify only this target of status.yml")


def run(args: argparse.Namespace) -> int:
    """Notify every target of what is new to it. Return 1 if a target or maintainer could not be reached."""
    project = Project(args.root, args.code, args.now)
    gathered = gather(project)
    sources = MessageSources(gathered.page, gathered.languages, gathered.templates)
    if project.config.notify is None and not project.config.monitor.tell:
        conclude(args, "status.yml names nobody to notify (notify:)")
        return 0
    targets = select_targets(project.config.notify, args.only)
    if args.dry_run:
        _print_preview(project, sources, targets)
        return 0
    secrets = Secrets.of(project.config.secrets, os.environ)
    report = _print_sent if args.verbose else lambda _notification: None
    result = notify_targets(project, sources, targets, secrets, report)
    _report(result)
    conclude(args, f"{quantify(result.sent, 'message')} sent, {len(result.failures)} failed")
    return 1 if result.failures else 0


def _print_preview(project: Project, sources: MessageSources, targets: Sequence[Target]) -> None:
    for notification in preview_notifications(project, sources, targets):
        print(f"{notification.target}: {notification.message.subject}\n{notification.message.text}")


def _print_sent(notification: Notification) -> None:
    if not notification.failure:
        print(f"{notification.target}: {notification.message.subject}")


def _report(result: RoundResult) -> None:
    """Print which targets could not be reached, and which messages bundled several events. In a job, append both and the counts to its summary."""
    for line in (*result.failures, *result.bundled):
        print(line, file=sys.stderr)
    if result.sent or result.failures:
        Job.of(os.environ).append_summary(_format_summary(result))


def _format_summary(result: RoundResult) -> str:
    """Format the result as Markdown."""
    lines = [f"Notified: {result.sent} sent, {len(result.failures)} failed.", ""]
    if result.failures:
        lines += ["### Some could not be reached", "", *map(_format_item, result.failures), ""]
        lines += ["The next run tries again, and waits longer after each failure.", ""]
    if result.bundled:
        lines += ["### Too many messages", "", *map(_format_item, result.bundled)]
    return "\n".join(lines) + "\n"


def _format_item(line: str) -> str:
    """Format a line as an item of a list, as code: what people wrote in it stays text."""
    return "- `" + line.replace("`", "'") + "`"
