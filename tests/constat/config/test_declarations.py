"""A setting is declared as it is written and as it holds: the two agree in names, in what may be missing, and in values."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

import pytest

from constat.config import sections
from constat.config.value_parsing import take
from constat.model import (
    DraftIncident,
    Hours,
    globalping,
    page_settings,
    rules,
    settings,
    sources,
    upstream,
)
from constat.model.rules import CheckRules, MaintenanceRules, ServiceRules


class Pair(NamedTuple):
    """A type as written and the types that it is resolved into.

    `renamed`: keys that are called otherwise there. `added`: fields that no key of this type is the source of.
    """

    written: type[Any]
    resolved: tuple[type[Any], ...]
    renamed: Mapping[str, tuple[str, ...]] = {}
    added: frozenset[str] = frozenset()


PAIRS = [
    Pair(sections.Brand, (page_settings.Brand,)),
    Pair(sections.Repository, (page_settings.Repository,)),
    Pair(sections.Page, (page_settings.PageSettings,)),
    Pair(sections.Confirm, (settings.Confirm,), {"delay": ("delay_s",)}),
    Pair(sections.Monitor, (settings.Monitor,), {"push_every": ("push_every_s",)}),
    Pair(sections.Vantage, (settings.Vantage,)),
    Pair(sections.Timestamp, (settings.TimestampAuthority,)),
    Pair(sections.Contract, (settings.Contract,)),
    Pair(sections.Maintenance, (MaintenanceRules,), {"notice": ("notice_s",), "monthly_cap": ("cap_s",)}),
    Pair(sections.Sla, (settings.Sla,), {"freeze_after": ("freeze_after_s",)}),
    Pair(
        sections.Check,
        (settings.CheckConfig,),
        {"interval": ("interval_s",), "timeout": ("timeout_s",)},
        frozenset({"options", "subject", "words"}),
    ),
    Pair(sections.SignIn, (sources.SignIn,)),
    Pair(sections.Globalping, (globalping.Globalping,)),
    Pair(
        sections.Source,
        (sources.Source, sources.SourceLabels),
        {"every": ("every_s",)},
        frozenset({"labels"}),
    ),
    Pair(
        sections.Service,
        (settings.ServiceConfig, ServiceRules),
        {"interval": ("interval_s",)},
        frozenset({"rules"}),
    ),
    Pair(sections.Contact, (settings.Contact,)),
    Pair(sections.Hours, (Hours,), {"from_": ("start",)}),
    Pair(sections.AgreedHours, (Hours,), {"from_": ("start",)}, frozenset({"region"})),
    Pair(sections.Credit, (rules.Credit,)),
    Pair(sections.Level, (settings.Level,), {"target": ("target_s", "target_days")}),
    Pair(sections.Support, (settings.Support,)),
    Pair(sections.MailServer, (settings.MailServer,), {"from_": ("sender",)}),
    Pair(sections.Target, (settings.Target,), {"email": ("address",), "url": ("address",)}),
    Pair(sections.Limit, (settings.MessageLimit,)),
    Pair(sections.Notify, (settings.Notify,)),
    Pair(sections.DraftIncident, (DraftIncident,), {"after": ("after_s",), "keep": ("keep_s",)}),
    Pair(sections.History, (settings.History,)),
    Pair(sections.Publish, (settings.Publish,)),
    Pair(sections.Upstream, (upstream.Upstream,), {"every": ("every_s",)}),
    Pair(sections.Root, (settings.Config,), {"subscribe": ("mailing_list_url",)}),
]
BY_WRITTEN = {pair.written: pair for pair in PAIRS}
INSIDE = {sections.Subscribe: "its one key is a field of Config"}
"""Types as written that are resolved into no type of their own."""


def names_of(kind: type[Any]) -> set[str]:
    """The fields of a dataclass or a named tuple."""
    return {each.name for each in fields(kind)} if is_dataclass(kind) else set(kind._fields)


def resolved_names(pair: Pair, name: str) -> tuple[str, ...]:
    """The fields that a key is resolved into."""
    return pair.renamed.get(name, (name,))


def may_be_none(kind: type[Any], name: str) -> bool:
    """Whether a field may hold `None`, whatever stands around the type."""
    hint = get_type_hints(kind)[name]
    return NoneType in get_args(hint)


def test_every_declaration_of_status_yml_has_its_pair() -> None:
    declared = {each for each in vars(sections).values() if isinstance(each, type) and is_dataclass(each)}
    assert declared == set(BY_WRITTEN) | set(INSIDE)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.written.__name__)
def test_both_declarations_have_the_same_fields(pair: Pair) -> None:
    written = {new for name in names_of(pair.written) for new in resolved_names(pair, name)}
    resolved = {name for kind in pair.resolved for name in names_of(kind)}
    assert written == resolved - pair.added


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.written.__name__)
def test_optional_values_come_from_optional_keys(pair: Pair) -> None:
    """A field that may hold `None` comes from a key that may be left out; a required key always gives a value."""
    required = {each.name for each in fields(pair.written) if not may_be_none(pair.written, each.name)}
    for name in required - {"target"}:  # of a level: one of two fields holds it
        for new in resolved_names(pair, name):
            kinds = [kind for kind in pair.resolved if new in names_of(kind)]
            assert not any(may_be_none(kind, new) for kind in kinds), f"{name} is written, {new} may be None"


CONFIRM = {"attempts": "4", "delay": "7s"}
MAINTENANCE = {"counts": "false", "notice": "12h", "monthly_cap": "6h"}
PAGE = {
    "id": "acme",
    "name": "Acme",
    "url": "https://status.acme.example/",
    "languages": ["fr", "en"],
    "timezone": "Europe/Paris",
    "density": "compact",
    "resolver": "https://acme.example/dns-query",
    "links": {"website": "https://acme.example/"},
    "brand": {
        "logo": "light.svg",
        "logo_dark": "dark.svg",
        "accent": "#111111",
        "accent_dark": "#eeeeee",
        "footer": {"fr": "Bonjour", "en": "Hello"},
    },
    "repository": {
        "url": "https://code.acme.example/ops/status",
        "branch": "live",
        "folder": "page/",
        "host": "gitlab",
    },
}
MONITOR = {
    "vantage": "office",
    "canaries": ["tcp://example.org:443"],
    "confirm": CONFIRM,
    "blocked": ["25"],
    "push_every": "20m",
    "workers": "8",
    "tell": ["ops@acme.example"],
    "timestamp": {"url": "https://tsa.acme.example/tsr", "ca": "certificates/tsa.pem"},
    "vantages": {"lab": {"name": {"fr": "Labo"}, "canaries": ["tcp://example.net:443"], "blocked": ["26"]}},
}
SLA = {
    "target": "99.5",
    "contract": {"version": "2026-01", "url": "https://acme.example/sla"},
    "min_coverage": "97",
    "maintenance": MAINTENANCE,
    "freeze_after": "2d",
    "hours": [
        {"days": "mon-fri", "from": "08:00", "to": "18:00", "zone": "+01:00", "holidays": ["2026-12-25"]}
    ],
    "credits": [{"below": "99", "percent": "10"}],
}
CHECK = {
    "name": "home",
    "kind": "tcp",
    "interval": "2m",
    "timeout": "4s",
    "confirm": CONFIRM,
    "affects": "performance",
    "vantages": ["east", "west"],
    "quorum": "2",
    "via": "engine",
}
SERVICE = {
    "id": "web",
    "name": "Web",
    "checks": [],
    "group": "Core",
    "description": "It takes orders",
    "link": "https://api.maxony.example/",
    "from_here": "https://api.maxony.example/ping",
    "interval": "3m",
    "target": "98.5",
    "min_coverage": "96",
    "require": "any",
    "maintenance": MAINTENANCE,
    "since": "2026-01-02",
    "retired": "2027-03-04",
}
SOURCE = {
    "id": "engine",
    "kind": "prometheus",
    "url": "https://prometheus.acme.example/",
    "query": "probe_success",
    "latency": "probe_duration_seconds",
    "service": "product",
    "check": "what",
    "vantage": "where",
    "every": "15s",
    "since": "2026-11-01",
    "bearer": "${CONSTAT_TOKEN}",
    "basic": {"username": "status", "password": "${CONSTAT_PASSWORD}"},
    "headers": {"X-Scope-OrgID": "acme"},
    "unencrypted": "true",
    "ca": "certificates/prometheus.pem",
}
GLOBALPING = {
    "locations": {"frankfurt": "Frankfurt+DE"},
    "probes": "5",
    "canary": "canary.example.org",
    "token": "${CONSTAT_TOKEN}",
    "url": "http://127.0.0.1:8080/",
    "unencrypted": "true",
}
SUPPORT = {
    "contacts": [{"channel": "phone", "address": "+41", "region": "Europe", "languages": ["fr"]}],
    "links": {"faq": "https://acme.example/faq"},
    "hours": [
        {
            "region": "Europe",
            "days": "mon-tue",
            "from": "08:00",
            "to": "17:30",
            "zone": "+01:00",
            "holidays": ["2026-12-25"],
        }
    ],
    "clock": "own",
    "levels": [
        {"id": "first", "name": "First", "target": "4h"},
        {"id": "law", "name": "Law", "target": "5wd"},
    ],
    "publish_rows": "true",
}
NOTIFY = {
    "targets": [
        {
            "id": "list",
            "email": "list@acme.example",
            "language": "en",
            "tell": ["outages"],
            "services": ["web"],
            "impact": "major",
            "name": "The list",
            "unsubscribe": "leave@acme.example",
        },
        {"id": "chat", "url": "${CONSTAT_CHAT}"},
    ],
    "limit": {"notice": "7", "run": "11"},
    "mail": {
        "host": "mail.acme.example",
        "from": "status@acme.example",
        "port": "465",
        "security": "tls",
        "user": "status",
        "password": "${CONSTAT_MAIL}",
    },
}
"""Every key, with another value than its default, so that two that are exchanged are seen."""


def resolved_service(service: sections.Service) -> tuple[object, ...]:
    """A service with one check, and its rules."""
    check = sections.ParsedCheck((), take(sections.Check, CHECK, ()), object(), "", ())
    parsed = sections.ParsedService((), service, (check,))
    monitor = sections.resolve_monitor(take(sections.Monitor, MONITOR, ()))
    config = sections.resolve_service(parsed, take(sections.Sla, SLA, ()), monitor)
    return config, config.rules


UPSTREAM = {
    "id": "dns",
    "name": "DNS",
    "kind": "statuspage",
    "url": "https://status.dns.example",
    "component": "Resolvers",
    "link": "https://www.dns.example/status",
    "every": "7m",
}

CASES: dict[str, tuple[Any, tuple[object, ...]]] = {
    "page": (page := take(sections.Page, PAGE, ()), (sections.resolve_page(page),)),
    "monitor": (monitor := take(sections.Monitor, MONITOR, ()), (sections.resolve_monitor(monitor),)),
    "sla": (sla := take(sections.Sla, SLA, ()), (sections.resolve_sla(sla),)),
    "service": (service := take(sections.Service, SERVICE, ()), resolved_service(service)),
    "check": (
        take(sections.Check, CHECK, ()),
        resolved_service(take(sections.Service, SERVICE, ()))[0].checks,  # type: ignore[attr-defined] # a ServiceConfig
    ),
    "source": (
        source := take(sections.Source, SOURCE, ("CONSTAT_TOKEN", "CONSTAT_PASSWORD")),
        ((resolved := sections.resolve_source(source)), resolved.labels),
    ),
    "globalping": (
        probed := take(sections.Globalping, GLOBALPING, ("CONSTAT_TOKEN",)),
        (sections.resolve_globalping(probed),),
    ),
    "support": (support := take(sections.Support, SUPPORT, ()), (sections.resolve_support(support),)),
    "upstream": (
        depended := take(sections.Upstream, UPSTREAM, ()),
        (sections.resolve_upstream(depended),),
    ),
    "publish": (
        publish := take(
            sections.Publish,
            {
                "to": "s3://acme/status",
                "user": "${CONSTAT_USER}",
                "password": "${CONSTAT_PASSWORD}",
                "endpoint": "https://s3.acme.example",
                "region": "eu-west-3",
            },
            ("CONSTAT_USER", "CONSTAT_PASSWORD"),
        ),
        (sections.resolve_publish(publish),),
    ),
    "history": (
        history := take(
            sections.History,
            {
                "branch": "yearly",
                "archive": {"2025": "dir:/srv/2025"},
                "user": "${CONSTAT_USER}",
                "password": "${CONSTAT_PASSWORD}",
                "endpoint": "https://s3.acme.example",
                "region": "eu-west-3",
            },
            ("CONSTAT_USER", "CONSTAT_PASSWORD"),
        ),
        (sections.resolve_history(history),),
    ),
    "draft_incident": (
        draft := take(sections.DraftIncident, {"after": "7m", "by": "commit", "keep": "20m"}, ()),
        (sections.resolve_draft_incident(draft),),
    ),
    "notify": (
        notify := take(sections.Notify, NOTIFY, ("CONSTAT_CHAT", "CONSTAT_MAIL")),
        (sections.resolve_notify(notify, "fr"),),
    ),
}


def compare(written: Any, resolved: tuple[object, ...]) -> Iterator[tuple[str, object, object]]:
    """Every value as written, and what it was resolved into, key by key all the way down."""
    pair = BY_WRITTEN[type(written)]
    for name in names_of(pair.written):
        news = resolved_names(pair, name)
        holder = next(each for each in resolved if hasattr(each, news[0]))
        before = getattr(written, name)
        after = getattr(holder, news[0]) if len(news) == 1 else tuple(getattr(holder, new) for new in news)
        where = f"{pair.written.__name__}.{name}"
        if is_dataclass(before) and type(before) in BY_WRITTEN:
            yield from compare(before, (after,))
        elif isinstance(before, tuple) and before and type(before[0]) in BY_WRITTEN:
            for one, other in zip(before, after, strict=True):
                yield from compare(one, (other,))
        elif isinstance(before, Mapping) and type(next(iter(before.values()))) in BY_WRITTEN:
            for key, one in before.items():
                yield from compare(one, (after[key],))
        elif before is not None and where != "Service.checks":
            yield where, before, after


@pytest.mark.parametrize("name", CASES)
def test_every_value_arrives_under_its_own_name(name: str) -> None:
    written, resolved = CASES[name]
    for where, before, after in compare(written, resolved):
        assert after == before, where


def test_examples_cover_every_key() -> None:
    seen = {where for written, resolved in CASES.values() for where, _, _ in compare(written, resolved)}
    nested = {
        "Page.brand",
        "Page.repository",
        "Monitor.confirm",
        "Monitor.timestamp",
        "Monitor.vantages",
        "Sla.contract",
        "Sla.maintenance",
        "Check.confirm",
        "Source.basic",
    }
    nested |= {"Service.maintenance", "Service.checks", "Support.contacts", "Support.hours", "Support.levels"}
    nested |= {"Notify.targets", "Notify.mail", "Notify.limit"}
    nested |= {f"{section}.{key}" for section in ("Sla", "Service") for key in ("hours", "credits")}
    every = {
        f"{pair.written.__name__}.{name}"
        for pair in PAIRS
        if pair.written is not sections.Root
        for name in names_of(pair.written)
    }
    assert every - nested == seen


def test_check_rules_match_its_settings() -> None:
    config, rules = resolved_service(take(sections.Service, SERVICE, ()))
    assert isinstance(config, settings.ServiceConfig)
    assert isinstance(rules, ServiceRules)
    assert names_of(CheckRules) <= names_of(settings.CheckConfig)
    for name in names_of(CheckRules):
        assert getattr(rules.checks["home"], name) == getattr(config.checks[0], name)
