"""`new`: write a valid notice, or add an update to one; print its path and what to do next."""

import argparse
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from constat.model import IMPACTS, STATES
from tasks.draft import Draft, lay_down, list_wordings
from tasks.notice_requests import IncidentRequest, MaintenanceRequest, UpdateRequest
from tasks.project import Project
from verbs.terminal.arguments import add_common

TIME = "TIME (2026-12-01T22:00+01:00; without an offset, the page's time)"
SPAN = "TIME, or a span: 3h, 30m"
REQUESTS: Mapping[str, type[IncidentRequest] | type[MaintenanceRequest] | type[UpdateRequest]] = {
    "incident": IncidentRequest,
    "maintenance": MaintenanceRequest,
    "update": UpdateRequest,
}
"""The type of request for each subcommand; its fields have the names of the arguments."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `new`: one subcommand for each thing that can be new."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    incident = _add_command(what, "incident", "something does not work")
    _add_notice_arguments(incident)
    add = incident.add_argument
    add("--impact", choices=IMPACTS, help="the impact (default: that of the template, else minor)")
    add("--state", choices=STATES["incident"], help="state of its first update (default: investigating)")
    add("--next", metavar="WHEN", help=f"when the next update is due: {SPAN}")
    add(
        "--from-outage",
        metavar="SERVICE",
        help="take times and services from the last outage of this service",
    )
    maintenance = _add_command(what, "maintenance", "planned work")
    _add_notice_arguments(maintenance)
    add = maintenance.add_argument
    add("--starts", required=True, metavar="TIME", help=TIME)
    add("--ends", required=True, metavar="WHEN", help=SPAN)
    add("--remind", metavar="SPANS", help="remind subscribers this long before the start: 24h or 2d,1h")
    _add_update_arguments(_add_command(what, "update", "an update of an existing notice"))
    _add_command(what, "wordings", "list the ready-made wordings for --template")


def _add_command(
    what: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    """Add a subcommand, after which the options of every verb are accepted too."""
    command = what.add_parser(name, help=summary, description=summary)
    add_common(command, in_help=False)
    return command


def _add_notice_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("title", nargs="?", metavar="TITLE", help="a few words, in the page's first language")
    add("--services", metavar="IDS", help="the affected services: smtp,api")
    add("--text", help="the text: what is known, what customers notice, what they can do")
    _add_wording_arguments(command)


def _add_update_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    states = f"{', '.join(STATES['incident'])}; {', '.join(STATES['maintenance'])}"
    stem = "the notice's name without .md, or a part of it that matches only one open notice"
    add("notice", metavar="STEM", help=stem)
    add("state", metavar="STATE", help=states)
    add("text", nargs="?", metavar="TEXT", help="the text of the update")
    add("--impact", choices=IMPACTS, help="the impact from now on")
    add("--services", metavar="IDS", help="the affected services from now on: smtp,api")
    add("--next", metavar="WHEN", help=f"when the next update is due: {SPAN}")
    add("--starts", metavar="TIME", help="the new start, with the state rescheduled")
    add("--ends", metavar="WHEN", help=f"the new end, with the state rescheduled: {SPAN}")
    add("--at", metavar="TIME", help="the time of the update (default: now)")
    _add_wording_arguments(command)


def _add_wording_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--template", metavar="NAME", help="a ready-made wording; list them with: new wordings"
    )
    marked = "add the page's other languages, and mark the text that is left to fill in"
    command.add_argument("--translate", action="store_true", help=marked)


def run(args: argparse.Namespace) -> int:
    """Write what is requested, and print what to do next."""
    project = Project(args.root, args.code, args.now)
    if args.what == "wordings":
        for wording in list_wordings(project):
            print(f"{wording.name:18} {wording.about:14} {wording.text}")
        return 0
    request = REQUESTS[args.what]
    written = {name: getattr(args, name) for name in request._fields}
    _report(args.root, lay_down(project, request(**written), os.environ))
    return 0


def _report(root: Path, draft: Draft) -> None:
    """Print the paths of a draft, and the two commands that publish it."""
    option = "" if root == Path() else f" --root {shlex.quote(str(root))}"
    written = [(root / path).as_posix() for path in draft.paths]
    print(*written, sep="\n")
    print("\nNext: read it, fill in what is missing, then")
    print(f"  constat validate{option} {shlex.join(written)}")
    print(f"  {_format_push(root, draft) if draft.in_git else f'constat build{option}'}")


def _format_push(root: Path, draft: Draft) -> str:
    git = "git" if root == Path() else f"git -C {shlex.quote(str(root))}"
    message = shlex.quote(draft.summary)
    return f"{git} add {shlex.join(draft.paths)} && {git} commit -m {message} && {git} push"
