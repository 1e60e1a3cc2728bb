"""`show --at TIME [SERVICE]`: what we knew of an instant, for whoever is asked about it on the phone."""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from checks.registry import KINDS, load_kind
from constat import notices, register
from constat.availability import build_account, determine_standing
from constat.errors import UsageError
from constat.interval import DAY_S, FIRST_YEAR, LAST_YEAR, Instant, Interval, format_instant, local
from constat.model import Config, Notice, Register, Sample, Standing
from constat.snapshot import Snapshot, format_json, format_text, take_snapshot
from outside.evidence import store
from outside.project import files

AROUND_S = 2 * DAY_S
"""So far around the instant we look for where its state began and ended."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """When, of what, and for whom."""
    parser.add_argument(
        "--at",
        type=_moment,
        required=True,
        metavar="TIME",
        help="2026-11-23T10:15+01:00; without an offset it is the clock of the page",
    )
    parser.add_argument("service", nargs="?", metavar="SERVICE", help="only this one (default: every one)")
    parser.add_argument("--json", action="store_true", help="for programs")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write it as 2026-11-23T10:15+01:00")
    return moment


def run(args: argparse.Namespace) -> int:
    """Tell it."""
    config = files.read_config(args.root, KINDS, load_kind)
    zone = config.page.timezone
    asked = args.at if args.at.tzinfo else args.at.replace(tzinfo=zone)
    at = int(asked.timestamp())
    if at > args.now:
        raise UsageError(f"{asked.isoformat()} is in the future")
    known = _known(args.root, config, at, args.now)
    found = [_look(known, service) for service in _services(known, args.service)]
    if args.json:
        services = [format_json(one, shown) for one, shown in found]
        told = {"at": format_instant(at), "timezone": zone.key, "services": services}
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    looked = Interval(known.window.start, min(known.window.end, args.now))
    print(f"{local(at, zone):%Y-%m-%d %H:%M:%S} in {zone.key} ({format_instant(at)})")
    for one, shown in found:
        print("\n" + "\n".join(format_text(one, shown, zone, looked)))
    return 0


class _Known(NamedTuple):
    """What a project knows around an instant."""

    root: Path
    config: Config
    register: Register
    notices: tuple[Notice, ...]
    samples: tuple[Sample, ...]
    window: Interval
    at: Instant
    now: Instant

    @property
    def zone(self) -> ZoneInfo:
        return self.config.page.timezone


def _known(root: Path, config: Config, at: Instant, now: Instant) -> _Known:
    """Read it. Notices are as they stood then: later updates are not among them."""
    context = notices.NoticeContext.of_config(config, at)
    authored, _ = notices.parse_notices(files.read_notices(root), context)
    held = register.build_effective_register(store.read_register(root), config, (), now)
    window = Interval(at - AROUND_S, min(at + AROUND_S, now + 1))
    samples = store.read_samples(root, Interval(at - _longest_speech(held), at + 1), at)
    return _Known(root, config, held, authored, samples, window, at, now)


def _longest_speech(held: Register) -> int:
    """The longest that any sample may speak, and a day to name the last one that fell silent."""
    intervals = (
        check.interval_s for line in held.services if line.rules for check in line.rules.checks.values()
    )
    return DAY_S + 2 * max(intervals, default=0)


def _services(known: _Known, only: str | None) -> list[str]:
    """Those of `status.yml`, then those that only the register knows.

    Raises:
        UsageError: nobody knows the one that is asked for.

    """
    named = [service.id for service in known.config.services]
    recorded = [line.service for line in known.register.services]
    every = list(dict.fromkeys([*named, *recorded]))
    if only is not None and only not in every:
        raise UsageError(f"there is no service {only}", tip=f"known: {', '.join(every)}")
    return [only] if only is not None else every


def _look(known: _Known, service: str) -> tuple[Snapshot, Standing]:
    """What is known now of that instant, and what the page said then."""
    evidence = store.load_evidence(known.root, known.window, known.zone, known.now)
    held = build_account(known.register, evidence, service, known.zone, known.now)
    own = [sample for sample in known.samples if sample.service == service]
    then = store.load_evidence(known.root, Interval(known.window.start, known.at + 1), known.zone, known.at)
    shown = determine_standing(
        build_account(known.register, then, service, known.zone, known.at),
        known.notices,
        known.at,
        known.config.monitor.push_every_s,
    )
    return take_snapshot(held, known.register, own, known.notices, known.at), shown
