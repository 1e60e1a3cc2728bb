"""`show --at TIME [SERVICE]`: show what was known at an instant, as support needs it on the phone."""

import argparse
import json
from zoneinfo import ZoneInfo

from constat.errors import UsageError
from constat.interval import Instant, Interval, format_instant, local, write_offset_if_needed
from constat.snapshot import format_json, format_text
from tasks.project import Project
from tasks.show import InstantView, view_instant
from verbs.terminal.archive_reader import bring_days
from verbs.terminal.clock import parse_time, resolve_time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `show`."""
    parser.add_argument(
        "--at",
        type=parse_time,
        required=True,
        metavar="TIME",
        help="2026-11-23T10:15+01:00; without an offset, the page's time",
    )
    parser.add_argument("service", nargs="?", metavar="SERVICE", help="only this service (default: all)")
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def run(args: argparse.Namespace) -> int:
    """Print what is known of the instant."""
    project = Project(args.root, args.code, args.now)
    at = _read_instant(args, project)
    bring_days(project, Interval(at, at + 1))
    view = view_instant(project, at, args.service)
    print(_format_json(view, project.zone) if args.json else _format_text(view, project.zone))
    return 0


def _read_instant(args: argparse.Namespace, project: Project) -> Instant:
    """Return the instant that is asked for.

    Raises:
        UsageError: it is in the future.

    """
    asked = resolve_time(args.at, lambda: project.zone)
    if asked > project.now:
        raise UsageError(f"{format_instant(asked)} is in the future")
    return asked


def _format_json(view: InstantView, zone: ZoneInfo) -> str:
    services = [format_json(*service) for service in view.services]
    content = {"at": format_instant(view.at), "timezone": zone.key, "services": services}
    return json.dumps(content, indent=2, ensure_ascii=False)


def _format_text(view: InstantView, zone: ZoneInfo) -> str:
    head = f"{local(view.at, zone):%Y-%m-%d %H:%M:%S}{write_offset_if_needed(view.at, zone)} in {zone.key} ({format_instant(view.at)})"
    services = (
        "\n".join(format_text(snapshot, shown, zone, view.searched, recorded))
        for snapshot, shown, recorded in view.services
    )
    return "\n\n".join([head, *services])
