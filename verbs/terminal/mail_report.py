"""The options and the output of `deliverability`, which `probe domain-health` shares."""

import argparse
import json
import os

from checks.kinds import spf
from constat.config.fields.network_fields import parse_host, parse_name_server, parse_network
from constat.config.fields.text_fields import parse_whole_number
from constat.config.fields.time_fields import parse_timeout
from constat.errors import UsageError
from constat.model import Outcome
from tasks.deliverability import MailSetup
from tasks.deliverability_report import DomainReport, choose_language
from tasks.probe import ManualProber
from tasks.project import Project
from tasks.reader_language import ReaderLanguage
from verbs.terminal.arguments import typed
from verbs.terminal.language import read_language
from verbs.terminal.printing import report_trouble

LISTS = ("zen.spamhaus.org", "bl.spamcop.net")
parse_port = parse_whole_number(1, 65_535)
EXIT_CODES = {Outcome.UP: 0, Outcome.DEGRADED: 1, Outcome.DOWN: 1, Outcome.UNKNOWN: 2}


def add_report_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of a report on a domain's mail."""
    add = parser.add_argument
    add("domain", metavar="DOMAIN", type=typed(parse_host), help="the domain that the mail is sent from")
    add(
        "--language",
        "--lang",
        default="",
        metavar="LANGUAGE",
        help="the language of the report: fr, en, de, es or it",
    )
    add("--json", action="store_true", help="print JSON, for programs")
    selector = "a DKIM selector; may be repeated (default: the usual ones are tried)"
    add("--selector", action="append", default=[], type=typed(parse_host), help=selector)
    address = "an address that sends for the domain, and so must pass SPF; may be repeated"
    add("--allows", action="append", default=[], metavar="ADDRESS", help=address)
    lists = f"a DNS blocklist; may be repeated (default: {', '.join(LISTS)})"
    add("--list", action="append", type=typed(parse_host), help=lists)
    add("--resolver", action="append", default=[], type=typed(parse_name_server), help="a DNS server to ask")
    add("--port", type=typed(parse_port), default=25, help="the SMTP port of the mail hosts (default: 25)")
    add("--ca", default="", help="a file of certificate authorities to trust instead of the system's")
    add("--timeout", type=typed(parse_timeout), metavar="TIME", help="timeout of each check: 10s")


def report_on_domain(args: argparse.Namespace, project: Project) -> int:
    """Look, and print the report. Return 0 if all is well, 1 if something is wrong, 2 if we cannot tell."""
    prober = ManualProber(project, os.environ, report_trouble)
    language = choose_language(
        project, prober.config, ReaderLanguage(args.language, read_language(os.environ))
    )
    points = prober.look_at_domain(_read_setup(args), args.timeout)
    report = DomainReport(args.domain, points, language)
    if args.json:
        print(json.dumps(report.build_values(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(report.format_lines()))
    known = {outcome for outcome in report.outcomes if outcome is not Outcome.UNKNOWN}
    return max((EXIT_CODES[outcome] for outcome in known), default=2)


def _read_setup(args: argparse.Namespace) -> MailSetup:
    return MailSetup(
        domain=args.domain,
        selectors=args.selector,
        lists=LISTS if args.list is None else args.list,
        allows=[_parse_senders(text) for text in args.allows],
        resolvers=tuple(args.resolver),
        port=args.port,
        ca=args.ca,
    )


def _parse_senders(text: str) -> str:
    """Parse an address, or a range that is small enough to be checked address by address.

    Raises:
        UsageError: it is neither.

    """
    try:
        network = parse_network(text)
        spf.Options(domain="maxony.example", allows=(network,))
    except ValueError as error:
        raise UsageError(f"--allows {text}: {error}") from None
    return network
