"""`probe`: look once, by hand, and tell everything; nothing is stored. `probe domain-health` looks at all of a domain."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from checks.domain_health import Row, Subject, look_at_domain
from checks.manual_options import find_default_timeout, parse_manual_options
from checks.probing import Context, Deadline, ProbeResult
from checks.registry import KINDS, load_kind, warm_up
from checks.secrets import Secrets
from checks.support_lines import Wording, format_health, format_probe, format_time
from constat.config.network import parse_host, parse_name_server
from constat.config.times import parse_timeout
from constat.errors import InputError, UsageError
from constat.interval import format_instant
from constat.model import Config, Outcome
from outside.project.files import read_config

HEALTH = "domain-health"
LISTS = ("zen.spamhaus.org", "bl.spamcop.net")
_EXIT = {Outcome.UP: 0, Outcome.DEGRADED: 1, Outcome.DOWN: 1, Outcome.UNKNOWN: 2}
_MARKS = {Outcome.UP: "ok", Outcome.DEGRADED: "weak", Outcome.DOWN: "BAD", Outcome.UNKNOWN: "?"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `probe`; those of a kind are told by `probe KIND --help`."""
    parser.add_argument(
        "kind", metavar="KIND", choices=[*KINDS, HEALTH], help=f"{', '.join(KINDS)}, or {HEALTH}"
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="--option value", help="as in status.yml")


def run(args: argparse.Namespace) -> int:
    """0: all is well. 1: something is wrong. 2: we could not tell."""
    own, rest = _own_parser(args.kind).parse_known_args(args.rest)
    world = _World.of(args, own)
    return _health(world, own) if args.kind == HEALTH else _probe(world, args.kind, rest)


def _own_parser(name: str) -> argparse.ArgumentParser:
    """What is said to the verb, whatever the kind."""
    parser = argparse.ArgumentParser(
        prog=f"generate.py probe {name}",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="" if name == HEALTH else _options_told(name),
    )
    parser.add_argument(
        "--lang", default="", metavar="LANGUAGE", help="of the three lines to paste: fr, en, de, es, it"
    )
    parser.add_argument("--json", dest="machine", action="store_true", help="for machines")
    parser.add_argument("--timeout", type=parse_timeout, metavar="TIME", help="for one attempt: 10s")
    parser.add_argument("--allow-exec", action="store_true", help="run programs (the kind exec)")
    if name == HEALTH:
        _add_health(parser)
    return parser


def _add_health(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("domain", type=parse_host)
    parser.add_argument(
        "--selector", action="append", default=[], type=parse_host, help="of a DKIM key; may be repeated"
    )
    parser.add_argument(
        "--allows", action="append", default=[], metavar="ADDRESS", help="must pass SPF; may be repeated"
    )
    parser.add_argument(
        "--list",
        action="append",
        type=parse_host,
        help=f"a blocklist; may be repeated; default {', '.join(LISTS)}",
    )
    parser.add_argument(
        "--resolver", action="append", default=[], type=parse_name_server, help="a DNS server to ask"
    )
    parser.add_argument("--port", type=int, default=25, help="where mail is taken (25)")
    parser.add_argument("--ca", default="", help="a file of authorities to trust instead of the system's")


def _options_told(name: str) -> str:
    """Every option of a kind with its description."""
    from constat.config.pydantic_path import build_json_schema  # noqa: PLC0415 -- it loads pydantic, which nothing else here needs

    properties: Mapping[str, Any] = build_json_schema(load_kind(name).Options)["properties"]
    width = max(map(len, properties))
    told = [f"  --{key:{width}}  {value.get('description', '')}" for key, value in properties.items()]
    return "\n".join([f"options of {name} (a key within a table: --table.key; a list: repeat)", *told])


class _World:
    """What the probes of one call share: secrets, language, time."""

    def __init__(self, args: argparse.Namespace, own: argparse.Namespace, config: Config | None) -> None:
        self.args, self.own = args, own
        self.declared = config.secrets if config else {}
        self._blocked = config.monitor.blocked if config else ()
        self._secrets = Secrets.of(self.declared, os.environ)
        language = own.lang or (config.page.languages[0] if config else "en")
        zone = str(config.page.timezone) if config else "UTC"
        texts = yaml.safe_load(_template(args).read_text(encoding="utf-8"))
        if language not in texts["up"]:
            raise UsageError(f"no language {language}", tip=f"there is: {', '.join(texts['up'])}")
        self.wording = Wording(texts, language, format_time(args.now, language, zone))

    @classmethod
    def of(cls, args: argparse.Namespace, own: argparse.Namespace) -> "_World":
        """With what `status.yml` says of secrets and blocked ports, where there is one."""
        try:
            config = read_config(args.root, KINDS, load_kind) if (args.root / "status.yml").exists() else None
        except InputError as error:  # whoever has a customer on the line is not the one to mend it
            print(f"constat: status.yml is wrong, so its secrets cannot be used: {error}", file=sys.stderr)
            config = None
        return cls(args, own, config)

    def context(self, seconds: Decimal) -> Context:
        """A world for one probe, which begins now."""
        return Context(
            Deadline(float(seconds)),
            now=self.args.now,
            secrets=self._secrets,
            blocked=self._blocked,
            root=self.args.root,
            programs=os.environ if self.own.allow_exec else None,
        )


def _template(args: argparse.Namespace) -> Path:
    """The texts of the lines to paste: the project's own, or ours."""
    own: Path = args.root / "templates" / "probe.yml"
    ours: Path = args.code / "templates" / "probe.yml"
    return own if own.exists() else ours


def _probe(world: _World, name: str, words: Sequence[str]) -> int:
    """Look once, by one kind."""
    options = parse_manual_options(name, words, world.declared)
    warm_up([name])
    seen = load_kind(name).probe(
        options, world.context(world.own.timeout or find_default_timeout(name, words))
    )
    target = next((getattr(options, key) for key in ("host", "domain", "url") if hasattr(options, key)), "")
    what = f"{name} {target}".rstrip()
    lines = format_probe(world.wording, what, seen)
    if world.own.machine:
        _print_json({"kind": name, "target": target, **_plain(world, seen), "lines": lines})
    else:
        _print_steps(what, seen)
        print("\n".join(["", *lines]))
    return _EXIT[seen.outcome]


def _health(world: _World, own: argparse.Namespace) -> int:
    """Look at everything about a domain's mail."""
    subject = Subject(
        domain=own.domain,
        selectors=own.selector,
        lists=LISTS if own.list is None else own.list,
        allows=own.allows,
        resolvers=tuple(own.resolver),
        port=own.port,
        ca=own.ca,
    )
    warm_up(("dns", "tls"))
    rows = look_at_domain(subject, partial(world.context, own.timeout or Decimal(10)))
    lines = format_health(world.wording, subject.domain, rows)
    if own.machine:
        told = [{"name": row.name, **_plain(world, row.seen)} for row in rows]
        _print_json({"kind": HEALTH, "target": subject.domain, "rows": told, "lines": lines})
    else:
        _print_table(subject.domain, rows)
        print("\n".join(["", *lines]))
    return max(
        (_EXIT[row.seen.outcome] for row in rows if row.seen.outcome is not Outcome.UNKNOWN), default=2
    )


def _plain(world: _World, seen: ProbeResult) -> dict[str, Any]:
    """What was seen, for machines."""
    return {
        "at": format_instant(world.args.now),
        "outcome": seen.outcome.value,
        "reason": seen.reason,
        "latency_ms": seen.latency_ms,
        "steps": [{"name": step.name, "ms": step.ms, "detail": step.detail} for step in seen.steps],
    }


def _print_json(told: Mapping[str, Any]) -> None:
    print(json.dumps(told, indent=2, ensure_ascii=False))


def _print_steps(what: str, seen: ProbeResult) -> None:
    """Every step with the time at which it ended, and the outcome."""
    print(what)
    width = max((len(step.name) for step in seen.steps), default=0)
    for step in seen.steps:
        first, *others = _printable(step.detail).splitlines() or [""]
        print(f"{step.ms:7d} ms  {step.name:{width}}  {first}".rstrip())
        for other in others:
            print(f"{'':12}{'':{width}}  {other}")
    print(f"{seen.outcome.value} after {seen.latency_ms} ms{': ' if seen.reason else ''}{seen.reason}")


def _printable(text: str) -> str:
    """Text of a target on our terminal: line breaks stay, nothing else can move the cursor."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "?" for letter in text.replace("\r", "")
    )


def _print_table(domain: str, rows: Sequence[Row]) -> None:
    print(domain)
    width = max(len(row.name) for row in rows)
    for row in rows:
        mark = _MARKS[row.seen.outcome]
        print(f"  {row.name:{width}}  {mark:4}  {row.seen.latency_ms:6d} ms  {row.seen.reason}".rstrip())
