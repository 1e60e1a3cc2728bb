"""`new`: lay down a notice, or an update in one, that validates; print where it is and what to do next."""

import argparse
import os
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

from checks.registry import KINDS, load_kind
from constat.errors import UsageError
from constat.model import IMPACTS, STATES, Impact, Notice, NoticeKind, State
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
from outside.project import files as project
from tasks.notice_editor import DetectedOutage, NoticeEditor

TIME = "TIME (2026-12-01T22:00+01:00; without an offset, the page's time)"
SPAN = "TIME, or how long: 3h, 30m"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command for each thing that can be new."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    incident = _command(what, "incident", "something does not work")
    _notice_arguments(incident)
    incident.add_argument(
        "--impact", choices=IMPACTS, help="how much it hurts (default: the template's, else minor)"
    )
    incident.add_argument(
        "--state", choices=STATES["incident"], help="of its first update (default: investigating)"
    )
    incident.add_argument("--next", metavar="WHEN", help=f"when the next news is due: {SPAN}")
    incident.add_argument(
        "--from-outage", metavar="SERVICE", help="take times and services from its last outage"
    )
    maintenance = _command(what, "maintenance", "work that is planned")
    _notice_arguments(maintenance)
    maintenance.add_argument("--starts", required=True, metavar="TIME", help=TIME)
    maintenance.add_argument("--ends", required=True, metavar="WHEN", help=SPAN)
    maintenance.add_argument(
        "--remind", metavar="SPANS", help="tell subscribers again, so long before: 24h or 2d,1h"
    )
    _update_arguments(_command(what, "update", "news of a notice that is there"))
    _command(what, "wordings", "the ready wordings that --template takes")


def _command(
    what: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str
) -> argparse.ArgumentParser:
    """A sub-command; what every verb takes may stand after it too."""
    command = what.add_parser(name, help=summary, description=summary)
    command.add_argument("--root", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    command.add_argument(
        "-v", "--verbose", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )
    return command


def _notice_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "title", nargs="?", metavar="TITLE", help="a few words, in the page's first language"
    )
    command.add_argument("--services", metavar="IDS", help="the services it is about: smtp,api")
    command.add_argument("--text", help="what is known, what customers notice, what they can do")
    _wording_arguments(command)


def _update_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "notice",
        metavar="STEM",
        help="the notice's name without .md, or a part that only one open notice has",
    )
    command.add_argument(
        "state", metavar="STATE", help=f"{', '.join(STATES['incident'])}; {', '.join(STATES['maintenance'])}"
    )
    command.add_argument("text", nargs="?", metavar="TEXT", help="the news")
    command.add_argument("--impact", choices=IMPACTS, help="what it is from now on")
    command.add_argument("--services", metavar="IDS", help="the services it is about from now on: smtp,api")
    command.add_argument("--next", metavar="WHEN", help=f"when the next news is due: {SPAN}")
    command.add_argument("--starts", metavar="TIME", help="with rescheduled: the new beginning")
    command.add_argument("--ends", metavar="WHEN", help=f"with rescheduled: the new end: {SPAN}")
    command.add_argument("--at", metavar="TIME", help="when it was (default: now)")
    _wording_arguments(command)


def _wording_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--template", metavar="NAME", help="a ready wording, see: new wordings")
    command.add_argument(
        "--translate",
        action="store_true",
        help="add the other languages, marked where there is text to fill in",
    )


def run(args: argparse.Namespace) -> int:
    """Lay down what is asked for."""
    config = project.read_config(args.root, KINDS, load_kind)
    _WHAT[args.what](args, NoticeEditor.at(args.root, args.code, args.now, config))
    return 0


def _incident(args: argparse.Namespace, desk: NoticeEditor) -> None:
    outage = desk.outage(args.from_outage) if args.from_outage else None
    over = outage is not None and outage.end is not None
    wording = _wording(args, desk, "incident") or (desk.wordings.get("down") if outage else None)
    services = desk.services(args.services) or (outage.services if outage else ())
    state: State = args.state or ("resolved" if over else "investigating")
    if (
        wording and state == "resolved" and "resolved" in desk.wordings
    ):  # "we are looking" would be wrong by now
        wording = wording._replace(texts=desk.wordings["resolved"].texts)
    update = NewUpdate(
        at=outage.end if outage and outage.end and state == "resolved" else desk.minute(),
        state=state,
        text=args.text or desk.words(wording, services),
        next=desk.time(args.next, desk.minute()) if args.next else None,
    )
    _require(services)
    notice = NewNotice(
        kind="incident",
        title=_title(args, desk, wording),
        services=services,
        impact=_impact(args, wording, outage),
        starts=outage.start if outage else None,
        updates=(update,),
    )
    _lay_down(args, desk, notice, wording, desk.day(outage.start if outage else desk.now))


def _require(services: tuple[str, ...]) -> None:
    if not services:
        raise UsageError("it is about no service", tip="add --services and their ids: --services smtp,api")


def _impact(args: argparse.Namespace, wording: Wording | None, outage: DetectedOutage | None) -> Impact:
    written = args.impact or (wording.impact if wording else "") or ("major" if outage else "minor")
    return next(impact for impact in IMPACTS if impact == written)


def _maintenance(args: argparse.Namespace, desk: NoticeEditor) -> None:
    wording = _wording(args, desk, "maintenance")
    services = desk.services(args.services)
    _require(services)
    starts = desk.time(args.starts, desk.minute())
    notice = NewNotice(
        kind="maintenance",
        title=_title(args, desk, wording),
        services=services,
        text=args.text or desk.words(wording, services),
        starts=starts,
        ends=desk.time(args.ends, starts),
        remind=tuple(filter(None, re.split(r"[,\s]+", args.remind or ""))),
    )
    _lay_down(args, desk, notice, wording, desk.day(starts))


def _lay_down(
    args: argparse.Namespace, desk: NoticeEditor, notice: NewNotice, wording: Wording | None, day: str
) -> None:
    name = make_stem(day, notice.title, desk.stems)
    files = {desk.path(name): compose_notice(notice, desk.zone)}
    if args.translate:
        ready = None if args.text else wording
        files |= desk.translations(name, notice, ready, own_title=bool(args.title))
    desk.write(files)
    _tell(args, files, f"{notice.kind.capitalize()}: {notice.title}")


def _update(args: argparse.Namespace, desk: NoticeEditor) -> None:
    notice = desk.notice(args.notice)
    state = next((each for each in STATES[notice.kind] if each == args.state), None)
    if state is None:
        raise UsageError(
            f"{args.state} is no state of {notice.kind}", tip=did_you_mean(args.state, STATES[notice.kind])
        )
    wording = _wording(args, desk, state)
    update = NewUpdate(
        at=desk.time(args.at, desk.now) if args.at else desk.minute(notice),
        state=state,
        text=args.text or desk.words(wording, notice.services),
        impact=args.impact,
        services=desk.services(args.services),
        next=desk.time(args.next, desk.minute()) if args.next else None,
    )
    text = _moved(args, desk, notice) if args.starts or args.ends else desk.read(desk.path(notice.stem))
    files = {desk.path(notice.stem): add_update(text, update, desk.zone)}
    files |= desk.translated_updates(
        notice, update, None if args.text else wording, to_fill_in=args.translate
    )
    desk.write(files)
    _tell(args, files, f"{notice.stem}: {state}")


def _moved(args: argparse.Namespace, desk: NoticeEditor, notice: Notice) -> str:
    """The file of a maintenance with another window: a change that nobody is told of would not validate."""
    if args.state != "rescheduled":
        raise UsageError("--starts and --ends go with rescheduled", tip="a window that moves has to be told")
    starts = desk.time(args.starts, desk.minute()) if args.starts else notice.starts
    ends = desk.time(args.ends, starts) if args.ends else notice.ends
    return replace_window(desk.read(desk.path(notice.stem)), starts, ends, desk.zone)


def _wordings(args: argparse.Namespace, desk: NoticeEditor) -> None:
    del args
    language = desk.languages[0]
    for wording in desk.wordings.values():
        shown = wording.title(language) or desk.words(wording, ())
        print(f"{wording.name:16} {wording.about:14} {shown}")


def _wording(args: argparse.Namespace, desk: NoticeEditor, about: NoticeKind | str) -> Wording | None:
    if not args.template:
        return None
    wording = desk.wordings.get(args.template)
    fitting = [name for name, each in desk.wordings.items() if each.about == about]
    if wording is None or wording.about != about:
        raise UsageError(f"no wording {args.template} for {about}", tip=did_you_mean(args.template, fitting))
    return wording


def _title(args: argparse.Namespace, desk: NoticeEditor, wording: Wording | None) -> str:
    title = args.title or (wording.title(desk.languages[0]) if wording else "")
    if not title:
        raise UsageError(
            "there is no title", tip='write it after the word: new incident "The relay is slow" ...'
        )
    return str(title)


def _tell(args: argparse.Namespace, files: Mapping[str, str], message: str) -> None:
    """Where it is, and the two commands that publish it."""
    written = [(args.root / path).as_posix() for path in files]
    root = "" if args.root == Path() else f" --root {shlex.quote(str(args.root))}"
    print(*written, sep="\n")
    print("\nNext: read it, fill in what is missing, then")
    print(f"  python generate.py validate{root} {shlex.join(written)}")
    print(f"  {_publishing(args, list(files), message, root)}")


def _publishing(args: argparse.Namespace, paths: list[str], message: str, root: str) -> str:
    """What publishes it: where git keeps the project a push, else the page made anew."""
    if not git.accepts_file(args.root, paths[0], os.environ):
        return f"python generate.py build{root}"
    here = "git" if args.root == Path() else f"git -C {shlex.quote(str(args.root))}"
    return f"{here} add {shlex.join(paths)} && {here} commit -m {shlex.quote(message)} && {here} push"


_WHAT: Mapping[str, Callable[[argparse.Namespace, NoticeEditor], None]] = {
    "incident": _incident,
    "maintenance": _maintenance,
    "update": _update,
    "wordings": _wordings,
}
