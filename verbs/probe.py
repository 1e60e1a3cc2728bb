"""`probe`: probe once by hand and report everything; nothing is stored. `probe domain-health` probes a whole domain."""

import argparse
import json
import os
import sys

from checks.registry import KINDS
from constat.config.fields.network_fields import parse_host, parse_name_server
from constat.config.fields.time_fields import parse_timeout
from constat.model import Outcome
from tasks.domain_health import MailSetup
from tasks.probe import HealthReport, ManualProber, ProbeReport
from tasks.probe_options import describe_options
from tasks.probe_report import (
    HEALTH,
    build_health_values,
    build_probe_values,
    format_health_report,
    format_probe_report,
)
from tasks.project import Project
from verbs.terminal.arguments import PROGRAM, OneOf

LISTS = ("zen.spamhaus.org", "bl.spamcop.net")
_EXIT = {Outcome.UP: 0, Outcome.DEGRADED: 1, Outcome.DOWN: 1, Outcome.UNKNOWN: 2}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `probe`; `probe KIND --help` lists those of a kind."""
    parser.add_argument(
        "kind",
        metavar="KIND",
        type=OneOf("kind of check", [*KINDS, HEALTH]),
        help=f"{', '.join(KINDS)}, or {HEALTH}",
    )
    about = "as in status.yml; a bare address may stand first"
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="--option value", help=about)


def run(args: argparse.Namespace) -> int:
    """Probe and print the report. Return 0 if all is well, 1 if something is wrong, 2 if we cannot tell."""
    own, words = _build_parser(args.kind).parse_known_args(args.rest)
    project = Project(args.root, args.code, args.now)
    prober = ManualProber(project, os.environ, _warn, language=own.lang, allow_exec=own.allow_exec)
    if args.kind == HEALTH:
        health = prober.look_at_domain(_read_setup(own), own.timeout)
        return _show_health(health, args.now, machine=own.machine)
    return _show_probe(prober.probe(args.kind, words, own.timeout), args.now, machine=own.machine)


def _warn(line: str) -> None:
    print(f"constat: {line}", file=sys.stderr)


def _show_probe(report: ProbeReport, now: int, *, machine: bool) -> int:
    if machine:
        print(json.dumps(build_probe_values(report, now), indent=2, ensure_ascii=False))
    else:
        print("\n".join(format_probe_report(report)))
    return _EXIT[report.result.outcome]


def _show_health(report: HealthReport, now: int, *, machine: bool) -> int:
    if machine:
        print(json.dumps(build_health_values(report, now), indent=2, ensure_ascii=False))
    else:
        print("\n".join(format_health_report(report)))
    outcomes = {row.result.outcome for row in report.rows} - {Outcome.UNKNOWN}
    return max((_EXIT[outcome] for outcome in outcomes), default=2)


def _build_parser(name: str) -> argparse.ArgumentParser:
    """Build the parser of the options that every kind shares."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} probe {name}",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="" if name == HEALTH else describe_options(name),
    )
    add = parser.add_argument
    add("--lang", default="", metavar="LANGUAGE", help="of the three lines to paste: fr, en, de, es or it")
    add("--json", dest="machine", action="store_true", help="print JSON, for programs")
    add("--timeout", type=parse_timeout, metavar="TIME", help="timeout of one attempt: 10s")
    add("--allow-exec", action="store_true", help="allow programs to run (the kind exec)")
    if name == HEALTH:
        _add_setup(parser)
    return parser


def _add_setup(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("domain", type=parse_host)
    add("--selector", action="append", default=[], type=parse_host, help="a DKIM selector; may be repeated")
    address = "an address that must pass SPF; may be repeated"
    add("--allows", action="append", default=[], metavar="ADDRESS", help=address)
    lists = f"a DNS blocklist; may be repeated (default: {', '.join(LISTS)})"
    add("--list", action="append", type=parse_host, help=lists)
    add("--resolver", action="append", default=[], type=parse_name_server, help="a DNS server to ask")
    add("--port", type=int, default=25, help="the SMTP port of the mail hosts (default: 25)")
    add("--ca", default="", help="a file of certificate authorities to trust instead of the system's")


def _read_setup(own: argparse.Namespace) -> MailSetup:
    return MailSetup(
        domain=own.domain,
        selectors=own.selector,
        lists=LISTS if own.list is None else own.list,
        allows=own.allows,
        resolvers=tuple(own.resolver),
        port=own.port,
        ca=own.ca,
    )
