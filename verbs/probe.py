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
from tasks.reader_language import ReaderLanguage
from verbs.terminal.arguments import ALLOW_EXEC_HELP, PROGRAM, typed
from verbs.terminal.language import read_language
from verbs.terminal.mail_report import EXIT_CODES, add_report_arguments, report_on_domain
from verbs.terminal.misspelt import Known, explain_unknown
from verbs.terminal.printing import report_trouble

_SHARED = frozenset({"language", "json", "timeout", "allow_exec"})
"""The options that may stand before the kind or behind it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `probe`; `probe KIND --help` lists those of a kind."""
    parser.add_argument(
        "kind",
        metavar="KIND",
        type=Known((*KINDS, HEALTH)),
        help=f"{', '.join(KINDS)}, {HEALTH}, or one of the project's own kinds",
    )
    _add_shared(parser, argparse.SUPPRESS)
    about = "as in status.yml; a bare address may come first"
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="--option value", help=about)


def run(args: argparse.Namespace) -> int:
    """Probe and print the report. Return 0 if all is well, 1 if something is wrong, 2 if we cannot tell."""
    project = Project(args.root, args.code, args.now)
    if args.kind == HEALTH:
        return report_on_domain(_build_health_parser().parse_args(args.rest, _take_given(args)), project)
    known = (*project.kinds.names, HEALTH)
    if args.kind not in known:
        raise UsageError(explain_unknown("kind of check", args.kind, known))
    parser = _build_parser(args.kind, project.kinds.load(args.kind))
    own, words = parser.parse_known_args(args.rest, _take_given(args))
    reader = ReaderLanguage(own.language, read_language(os.environ))
    prober = ManualProber(project, os.environ, report_trouble, reader=reader, allow_exec=own.allow_exec)
    return _show_probe(prober.probe(args.kind, words, own.timeout), args.now, machine=own.json)


def _take_given(args: argparse.Namespace) -> argparse.Namespace:
    """The options that stood before the kind: they hold unless they are given again behind it."""
    return argparse.Namespace(**{name: value for name, value in vars(args).items() if name in _SHARED})


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
    _add_shared(parser)
    return parser


def _add_shared(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Add the options that every kind shares, without defaults if `default` is `SUPPRESS`."""
    add = parser.add_argument
    about = "the language of the three lines to paste: fr, en, de, es or it (default: the terminal's, or the page's first)"
    add("--language", "--lang", default=default or "", metavar="LANGUAGE", help=about)
    add("--json", action="store_true", default=default or False, help="print JSON, for programs")
    limit = "timeout of one attempt: 10s"
    add("--timeout", type=typed(parse_timeout), default=default, metavar="TIME", help=limit)
    add("--allow-exec", action="store_true", default=default or False, help=ALLOW_EXEC_HELP)


def _build_health_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{PROGRAM} probe {HEALTH}", allow_abbrev=False)
    add_report_arguments(parser)
    return parser
