"""Monitors as checks of ours, where a kind does the same; everything else is reported."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from constat.config.fields.marks import WrongError
from constat.config.fields.network_fields import parse_host, parse_name_server
from constat.moving.built_checks import BuiltCheck, UnfitError, take
from constat.moving.kuma.http_monitors import build_http
from constat.moving.kuma.kuma_secrets import SECRET_COLUMNS
from constat.moving.kuma.monitor_timing import write_timing
from constat.moving.kuma.tables import Row, get_flag, get_json, get_number, get_text
from constat.moving.secret_marks import looks_secret

OTHER_TYPES: Final[Mapping[str, str]] = {
    "push": "write one of kind heartbeat by hand",
    "group": "its state is derived from its children",
    "manual": "its state is set by people; use a notice",
}
"""Types that no check of ours can replace, with the reason; for other unknown types an exec plugin may exist."""

_RECORD_TYPES: Final = frozenset(
    {"A", "AAAA", "CAA", "CNAME", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT"}
)
_DOTTED: Final = re.compile(r"[A-Za-z_][\w-]*(?:\.(?:[\w-]+))*")
_OPERATORS: Final = {"": "=", "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def build_check(row: Row) -> BuiltCheck:
    """Build the check of a monitor, and name what has no place in it."""
    built = BuiltCheck()
    type_ = get_text(row, "type")
    try:
        _refuse_unfit(row)
        options = _BUILDERS.get(type_, _refuse_type)(row, built)
        built.check = {"name": "check", "kind": _KINDS[type_], **options, **write_timing(row, built.report)}
    except UnfitError as unfit:
        built.give_up(unfit)
    _report_rest(row, built)
    return built


def _refuse_type(row: Row, _built: BuiltCheck) -> dict[str, Any]:
    type_ = get_text(row, "type")
    why = OTHER_TYPES.get(type_, "we have no equivalent kind; an exec plugin may do this")
    raise UnfitError(f"type {type_[:40]}", f"no check: {why}")


def _refuse_unfit(row: Row) -> None:
    if not get_flag(row, "active", otherwise=True):
        raise UnfitError("paused", "no check: Kuma no longer checked it")
    if get_flag(row, "upside_down"):
        raise UnfitError("upside down (up means down)", "no check: none of our kinds can express that")


def _report_rest(row: Row, built: BuiltCheck) -> None:
    """Name the columns that have no place here. Secrets are named by their columns, never by their values."""
    for column in SECRET_COLUMNS:
        if get_text(row, column) and not (built.check and column in {"basic_auth_pass", "bearer_token"}):
            built.report(f"a secret in {column}", "not imported; its value is never written")
    if get_number(row, "proxy_id"):
        built.report("it connects through a proxy", "not imported: our checks connect directly")
    if get_flag(row, "cache_bust"):
        built.report("cache_bust: a random parameter in each request", "not imported")
    if get_number(row, "resend_interval"):
        built.report("it repeats notifications", "not imported: notify is set up in status.yml")


def _build_keyword(row: Row, built: BuiltCheck) -> dict[str, Any]:
    keyword = str(row.get("keyword") or "")
    if not keyword.strip():
        raise UnfitError("an empty keyword", "no check")
    if looks_secret("", keyword):
        raise UnfitError("a keyword that may be a secret")
    word = "absent" if get_flag(row, "invert_keyword") else "contains"
    return {**build_http(row, built), word: keyword}


def _build_json_query(row: Row, built: BuiltCheck) -> dict[str, Any]:
    path = get_text(row, "json_path").removeprefix("$.")
    path = re.sub(r"\[(\d+)\]", r".\1", path)
    operator = get_text(row, "json_path_operator")
    if not _DOTTED.fullmatch(path):
        raise UnfitError("a JSON query that is not a plain path", "no check: our checks take a single path")
    if operator not in _OPERATORS:
        raise UnfitError(
            f"the operator {operator[:20]} of a JSON query", "no check: our checks compare whole values"
        )
    expected = get_text(row, "expected_value")
    if looks_secret("", expected):
        raise UnfitError("an expected value that may be a secret")
    plain = _OPERATORS[operator] == "=" and not re.match(r"[<>=!]", expected)
    value = expected if plain else f"{_OPERATORS[operator]} {expected}"
    return {**build_http(row, built), "json": {path: value}}


def _build_dns(row: Row, built: BuiltCheck) -> dict[str, Any]:
    type_ = get_text(row, "dns_resolve_type").upper() or "A"
    if type_ not in _RECORD_TYPES:
        raise UnfitError(f"DNS records of type {type_[:10]}", "no check: our checks do not query them")
    options: dict[str, Any] = {"domain": _build_host(row), "type": type_}
    servers = []
    for server in filter(None, map(str.strip, get_text(row, "dns_resolve_server").split(","))):
        port = get_number(row, "port", 53) or 53
        joined = f"[{server}]:{port}" if server.count(":") > 1 else f"{server}:{port}"
        try:
            servers.append(parse_name_server(joined))
        except WrongError:
            built.report("a name server that is not an address", "left out: our checks need IP addresses")
    if servers:
        options["resolvers"] = servers
    _report_conditions(row, built)
    return options


def _report_conditions(row: Row, built: BuiltCheck) -> None:
    if get_json(row, "conditions"):
        built.report("conditions of its own", "not imported: the check is up with any answer")


def _build_host(row: Row) -> str:
    return take(parse_host, get_text(row, "hostname"), "an invalid host")


def _build_port(row: Row) -> int:
    port = get_number(row, "port")
    if not 0 < port < 65_536:  # noqa: PLR2004 -- the ports that there are
        raise UnfitError("an invalid port", "no check")
    return port


def _build_tcp(row: Row, built: BuiltCheck) -> dict[str, Any]:
    _report_conditions(row, built)
    return {"host": _build_host(row), "port": _build_port(row)}


def _build_icmp(row: Row, built: BuiltCheck) -> dict[str, Any]:
    _report_conditions(row, built)
    return {"host": _build_host(row)}


def _build_smtp(row: Row, built: BuiltCheck) -> dict[str, Any]:
    _report_conditions(row, built)
    options: dict[str, Any] = {"host": _build_host(row), "port": _build_port(row)}
    security = get_text(row, "smtp_security").lower()
    if security in {"secure", "tls"}:
        options["tls"] = True
    elif security == "starttls":
        options["starttls"] = True
    return options


_BUILDERS: Final[Mapping[str, Callable[[Row, BuiltCheck], dict[str, Any]]]] = {
    "http": build_http,
    "keyword": _build_keyword,
    "json-query": _build_json_query,
    "dns": _build_dns,
    "port": _build_tcp,
    "ping": _build_icmp,
    "smtp": _build_smtp,
}
_KINDS: Final = {
    "http": "http",
    "keyword": "http",
    "json-query": "http",
    "dns": "dns",
    "port": "tcp",
    "ping": "icmp",
    "smtp": "smtp",
}
