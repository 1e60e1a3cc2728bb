"""`probe`: probe once by hand and report everything; nothing is stored. `probe domain-health` is `deliverability`."""

import argparse
import json
import os

from checks.registry import KINDS
from constat.config.fields.time_fields import parse_timeout
from constat.errors import UsageError
from constat.model import Kind
from tasks.kind_table import HEALTH
from tasks.probe import ManualProber, ProbeReport
from tasks.probe_options import describe_options
from tasks.probe_report import build_probe_values, format_probe_report
from tasks.project import Project
from verbs.terminal.arguments import PROGRAM, explain_unknown, typed
from verbs.terminal.mail_report import EXIT_CODES, add_report_arguments, report_on_domain
from verbs.terminal.printing import report_trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `probe`; `probe KIND --help` lists those of a kind."""
    parser.add_argument(
        "kind",
        metavar="KIND",
        help=f"{', '.join(KINDS)}, {HEALTH}, or one of the project's own kinds",
    )
    about = "as in status.yml; a bare address may stand first"
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="--option value", help=about)


def run(args: argparse.Namespace) -> int:
    """Probe and print the report. Return 0 if all is well, 1 if something is wrong, 2 if we cannot tell."""
    project = Project(args.root, args.code, args.now)
    if args.kind == HEALTH:
        return report_on_domain(_build_health_parser().parse_args(args.rest), project)
    known = (*project.kinds.names, HEALTH)
    if args.kind not in known:
        raise UsageError(explain_unknown("kind of check", args.kind, known))
    own, words = _build_parser(args.kind, project.kinds.load(args.kind)).parse_known_args(args.rest)
    prober = ManualProber(project, os.environ, report_trouble, language=own.lang, allow_exec=own.allow_exec)
    return _show_probe(prober.probe(args.kind, words, own.timeout), args.now, machine=own.machine)


def _show_probe(report: ProbeReport, now: int, *, machine: bool) -> int:
    if machine:
        print(json.dumps(build_probe_values(report, now), indent=2, ensure_ascii=False))
    else:
        print("\n".join(format_probe_report(report)))
    return EXIT_CODES[report.result.outcome]


def _build_parser(name: str, kind: Kind) -> argparse.ArgumentParser:
    """Build the parser of the options that every kind shares."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} probe {name}",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=describe_options(name, kind),
    )
    add = parser.add_argument
    add("--lang", default="", metavar="LANGUAGE", help="of the three lines to paste: fr, en, de, es or it")
    add("--json", dest="machine", action="store_true", help="print JSON, for programs")
    add("--timeout", type=typed(parse_timeout), metavar="TIME", help="timeout of one attempt: 10s")
    add(
        "--allow-exec",
        action="store_true",
        help="allow programs (the kind exec) and the project's own kinds to run",
    )
    return parser


def _build_health_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} probe {HEALTH}", allow_abbrev=False)
    add_report_arguments(parser)
    return parser
