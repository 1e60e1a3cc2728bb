"""`notify`: tell subscribers what is new."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import OutsideError, UsageError
from constat.interval import Instant
from constat.model import MailServer, Notify, Target
from constat.notices import describe_forgotten
from constat.notifications import Event, Message, Record, Row, collect_events, compose_message, select_due
from constat.posts import permanent
from outside.evidence import notification_log, troubles
from outside.github import Job
from outside.routes import apprise, mail
from tasks.build import GatheredPage, gather
from tasks.project import Project
from verbs.alarm import address
from verbs.alarm import tell as tell_maintainers

MAINTAINERS = "monitor.tell"
"""What stands for the maintainers in the record: no target can be called so."""

STOP_AFTER = 2
"""So many failures in a row, and a target is left alone for this round: its server is not there."""


class Round(NamedTuple):
    """One round of telling: what there is to tell, what was told, and the secrets it may take."""

    root: Path
    now: Instant
    found: GatheredPage
    happenings: tuple[Event, ...]
    record: Record
    secrets: Secrets
    server: MailServer | None
    dry: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `notify` takes."""
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be told, and to whom; tell nobody"
    )
    parser.add_argument("--only", metavar="TARGET", help="tell only this target of status.yml")


def run(args: argparse.Namespace) -> int:
    """Tell every target what it was not told yet. Ends with 1 where one of them did not take it."""
    found = gather(Project(args.root, args.code, args.now))
    if found.config.notify is None and not found.config.monitor.tell:
        if args.verbose:
            print("status.yml names nobody to tell (notify:)")
        return 0
    targets = _targets(found.config.notify, args.only)
    with nullcontext() if args.dry_run else notification_log.lock_notifications(args.root):
        held = Round(
            root=args.root,
            now=args.now,
            found=found,
            happenings=collect_events(found.page),
            record=notification_log.read_record(args.root),
            secrets=Secrets.of(found.config.secrets, os.environ),
            server=found.config.notify.mail if found.config.notify else None,
            dry=args.dry_run,
        )
        failures = [line for target in targets for line in _tell(held, target, verbose=args.verbose)]
        sent, _ = (0, 0) if args.dry_run else notification_log.count_results(args.root, args.now)
        failures += [] if args.dry_run else _tell_maintainers(held, failures)
    _summarise(sent, failures)
    return 1 if failures else 0


def _targets(notify: Notify | None, only: str | None) -> tuple[Target, ...]:
    every = notify.targets if notify else ()
    targets = tuple(target for target in every if only in (None, target.id))
    if only is not None and not targets:
        known = ", ".join(target.id for target in every) or "none"
        raise UsageError(f"status.yml has no target {only}", tip=f"it has: {known}")
    return targets


def _tell(held: Round, target: Target, *, verbose: bool) -> Iterator[str]:
    """Tell one target all that is due, oldest first; yields what failed. One failure stops nobody else."""
    if target.id not in held.record.since and not held.dry:
        notification_log.append_row(held.root, Row(held.now, target.id, "since"))
    in_a_row = 0
    for happening in select_due(target, held.happenings, held.record, held.now):
        words = compose_message(
            held.found.page, happening, target, held.found.languages[target.language], held.found.templates
        )
        if held.dry:
            print(f"{target.id}: {words.subject}\n{words.text}")
            continue
        failed = _attempt(held, target, happening, words)
        result = Row(held.now, target.id, "failed" if failed else "sent", happening.id, failed)
        notification_log.append_row(held.root, result)
        if verbose and not failed:
            print(f"{target.id}: {words.subject}")
        if failed:
            yield f"{target.id}: {words.subject}: {failed}"
        in_a_row = in_a_row + 1 if failed else 0
        if in_a_row == STOP_AFTER:
            return


def _tell_maintainers(held: Round, failures: list[str]) -> tuple[str, ...]:
    """Tell whoever `monitor.tell` names what failed, and once of each incident that seems forgotten; who was not reached."""
    config = held.found.config
    left = {} if not config.monitor.tell else _forgotten(held)
    waiting = {noted.partition(" ")[2] for noted in troubles.read_troubles(held.root)}
    for line in (*failures, *(each for each in left.values() if each not in waiting)):
        troubles.note_trouble(held.root, config.monitor, held.now, line)
    unreached = tell_maintainers(held.root, config, held.now)
    if len(unreached) < len(config.monitor.tell):
        for name in left:
            notification_log.append_row(held.root, Row(held.now, MAINTAINERS, "sent", name))
    return unreached


def _forgotten(held: Round) -> dict[str, str]:
    """The incidents that seem forgotten, and of which nobody was told since their last update: name -> what to say."""
    found: dict[str, str] = {}
    for shown in held.found.page.notices:
        name = permanent.of_forgotten(held.found.page.settings.id, shown.notice.stem, shown.changed)
        for problem in describe_forgotten([(shown.notice, shown.forgotten)]):
            if (MAINTAINERS, name) not in held.record.sent:
                found[name] = str(problem)
    return found


def _attempt(held: Round, target: Target, happening: Event, words: Message) -> str:
    """Send it; what went wrong, without any secret, or nothing."""
    try:
        if target.email:
            _send_mail(held, target, happening, words)
        else:
            url, allowed = address(held.secrets, target.url)
            apprise.send_message(url, allowed, words, held.found.page.settings.name)
    except (OutsideError, Trouble) as error:
        return held.secrets.redact(str(error)) or "failed"
    return ""


def _send_mail(held: Round, target: Target, happening: Event, words: Message) -> None:
    if held.server is None:
        raise OutsideError("status.yml names no server to send mail through (notify.mail)")
    to = mail.MailingList(held.found.page.settings, held.server, target)
    password = held.secrets.fill(held.server.password, held.server.host)
    mail.send_mail(held.server, password, mail.compose_mail(to, happening, words, held.now))


def _summarise(sent: int, failures: list[str]) -> None:
    """Say on standard error who could not be told; in the summary of a job, where there is one, also how many were."""
    for line in failures:
        print(line, file=sys.stderr)
    if sent or failures:
        lines = [f"Notified: {sent} sent, {len(failures)} failed.", ""]
        if failures:
            lines += ["### Not everybody could be told", "", *(f"- `{line}`" for line in failures), ""]
            lines += ["It is tried again next time, later after each failure."]
        Job.of(os.environ).append_summary("\n".join(lines) + "\n")
