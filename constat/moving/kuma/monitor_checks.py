"""Monitors as checks of ours, where a kind says the same; all else is reported."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from constat.config.fields.marks import WrongError
from constat.config.fields.network_fields import parse_host, parse_name_server, parse_url
from constat.moving.kuma.kuma_secrets import SECRET_COLUMNS, list_texts_in
from constat.moving.kuma.monitor_timing import write_timing
from constat.moving.kuma.tables import Row, get_flag, get_json, get_number, get_text
from constat.moving.model import MovedSecret
from constat.moving.secret_marks import is_plain_header, looks_secret

OTHER_TYPES: Final[Mapping[str, str]] = {
    "ping": "no kind of ours sends ICMP; where a port is open, use tcp",
    "push": "no kind of ours waits to be told",
    "group": "it is derived from its children",
    "manual": "people set its state; a notice says the same",
}
"""Types that say nothing that a check of ours says, and what to do; for all others an exec plugin may exist."""

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_RECORD_TYPES: Final = frozenset(
    {"A", "AAAA", "CAA", "CNAME", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT"}
)
_DOTTED: Final = re.compile(r"[A-Za-z_][\w-]*(?:\.(?:[\w-]+))*")
_CONTENT_TYPES: Final = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "text/xml; charset=utf-8",
}
_OPERATORS: Final = {"": "=", "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_BODY_MAX = 16_384


@dataclass(slots=True)
class MonitorCheck:
    """The check of a monitor, `None` where no kind of ours says the same; what was found on the way, and its secrets."""

    check: dict[str, Any] | None = None
    findings: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[MovedSecret] = field(default_factory=list)

    def report(self, found: str, done: str) -> None:
        """Note what has no place here."""
        self.findings.append((found, done))


class _Unfit(Exception):  # noqa: N818 -- the reason why there is no check
    """No check of ours says the same: what was found, and why not."""

    def __init__(self, found: str, done: str) -> None:
        super().__init__(found)
        self.found = found
        self.done = done


def build_check(row: Row) -> MonitorCheck:
    """Build the check of a monitor, and name what has no place in it."""
    built = MonitorCheck()
    type_ = get_text(row, "type")
    try:
        _refuse_unfit(row)
        options = _BUILDERS.get(type_, _refuse_type)(row, built)
        built.check = {"name": "check", "kind": _KINDS[type_], **options, **write_timing(row, built.report)}
    except _Unfit as unfit:
        built.secrets.clear()
        built.report(unfit.found, unfit.done)
    _report_rest(row, built)
    return built


def _refuse_type(row: Row, _built: MonitorCheck) -> dict[str, Any]:
    type_ = get_text(row, "type")
    why = OTHER_TYPES.get(type_, "no kind of ours says the same; an exec plugin may")
    raise _Unfit(f"type {type_[:40]}", f"no check: {why}")


def _refuse_unfit(row: Row) -> None:
    if not get_flag(row, "active", otherwise=True):
        raise _Unfit("paused", "no check: Kuma did not look any more")
    if get_flag(row, "upside_down"):
        raise _Unfit("upside down (up means down)", "no check: no kind of ours says that")


def _report_rest(row: Row, built: MonitorCheck) -> None:
    """Name the columns that have no place here. Secrets are named by their columns, never by their values."""
    for column in SECRET_COLUMNS:
        if get_text(row, column) and not (built.check and column in {"basic_auth_pass", "bearer_token"}):
            built.report(f"a secret in {column}", "not brought; its value is written nowhere")
    if get_number(row, "proxy_id"):
        built.report("it looks through a proxy", "not brought: our checks look directly")
    if get_flag(row, "cache_bust"):
        built.report("cache_bust: a random parameter in each request", "not brought")
    if get_number(row, "resend_interval"):
        built.report("it repeats notifications", "not brought: notify is set up in status.yml")


def _build_http(row: Row, built: MonitorCheck) -> dict[str, Any]:
    options: dict[str, Any] = _split_address(row, built)
    method = get_text(row, "method").upper() or "GET"
    if method not in _METHODS:
        raise _Unfit(f"method {method[:20]}", "no check: no kind of ours sends it")
    if method != "GET":
        options["method"] = method
    headers = _build_headers(row, built)
    body = _build_body(row, built)
    if body:
        options["body"] = body
        content_type = _CONTENT_TYPES.get(get_text(row, "http_body_encoding") or "json")
        if content_type and "content-type" not in {name.lower() for name in headers}:
            headers["Content-Type"] = content_type
    if headers:
        options["headers"] = headers
    options |= _build_sign_in(row, built)
    _refuse_open_secret(options, built)
    options["status"] = _build_statuses(row, built)
    options |= _build_http_switches(row, built)
    return options


def _split_address(row: Row, built: MonitorCheck) -> dict[str, Any]:
    """The address, without what may be a secret in it: that goes into `query`, or there is no check."""
    written = get_text(row, "url")
    parts = _split(written)
    if "@" in parts.netloc:
        raise _Unfit("a password in the address", "no check: sign in with basic, in status.yml")
    if any(looks_secret("", segment) for segment in (*parts.path.split("/"), parts.fragment)):
        raise _Unfit("what may be a secret in the path of the address", "no check: write it by hand")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    hidden = [(name, value) for name, value in pairs if looks_secret(name, value)]
    if not hidden:
        return {"url": _parse(parse_url, written, "the address is none that we can ask")}
    query = {}
    for name, value in pairs:
        secret = _declare(row, built, f"QUERY_{name}") if (name, value) in hidden else value
        query[name] = secret
    if len(query) != len(pairs):
        raise _Unfit("a parameter twice in an address with a secret", "no check: write it by hand")
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return {"url": _parse(parse_url, bare, "the address is none that we can ask"), "query": query}


def _split(address: str) -> Any:  # noqa: ANN401 -- the private result of urlsplit
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        raise _Unfit("an address without a host", "no check")
    return parts


def _parse(parse: Callable[[object], str], value: str, why: str) -> str:
    try:
        return parse(value)
    except WrongError:
        raise _Unfit(why, "no check: write it by hand") from None


def _declare(row: Row, built: MonitorCheck, field_name: str) -> str:
    """Declare a secret of a monitor; the reference to it."""
    words = re.sub(r"[^A-Z0-9]+", "_", f"{get_text(row, 'name')} {row.get('id')} {field_name}".upper())
    name = f"CONSTAT_{words.strip('_')}"
    host = _parse(parse_host, _split(get_text(row, "url")).hostname, "the host is none that we can ask")
    built.secrets.append(MovedSecret(name, (host,)))
    built.report(f"a secret ({field_name.lower()})", f"its value is written nowhere: hand it in as {name}")
    return f"${{{name}}}"


def _build_headers(row: Row, built: MonitorCheck) -> dict[str, str]:
    written = get_json(row, "headers")
    if written is None:
        if get_text(row, "headers"):
            raise _Unfit("headers that are no JSON", "no check: write it by hand")
        return {}
    if not isinstance(written, dict):
        raise _Unfit("headers that are no table", "no check: write it by hand")
    headers = {}
    for name, value in written.items():
        text = value if isinstance(value, str) else str(value)
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", name):
            raise _Unfit("a header with a name that HTTP does not have", "no check: write it by hand")
        headers[name] = text if is_plain_header(name, text) else _declare(row, built, name)
    return headers


def _build_body(row: Row, built: MonitorCheck) -> str:
    body = get_text(row, "body")
    if not body:
        return ""
    if len(body) > _BODY_MAX:
        raise _Unfit(f"a body of {len(body)} characters", "no check: write it by hand")
    if any(True for _ in list_texts_in(body)) or looks_secret("", body) or "${" in body:
        return _declare(row, built, "body")
    return body


def _build_sign_in(row: Row, built: MonitorCheck) -> dict[str, Any]:
    method = get_text(row, "auth_method").lower()
    if method in {"", "null", "none", "basic"} and get_text(row, "basic_auth_user"):
        user = get_text(row, "basic_auth_user")
        hidden = looks_secret("", user) or "${" in user
        username = _declare(row, built, "basic_auth_user") if hidden else user
        return {"basic": {"username": username, "password": _declare(row, built, "basic_auth_pass")}}
    if method == "bearer" and get_text(row, "bearer_token"):
        return {"bearer": _declare(row, built, "bearer_token")}
    if method not in {"", "null", "none", "basic", "bearer"}:
        raise _Unfit(f"auth_method {method[:20]}", "no check: no kind of ours signs in that way")
    return {}


def _refuse_open_secret(options: Mapping[str, Any], built: MonitorCheck) -> None:
    if built.secrets and not str(options["url"]).startswith("https:"):
        raise _Unfit("a secret that travels without TLS", "no check: write it by hand, with https://")


def _build_statuses(row: Row, built: MonitorCheck) -> list[str]:
    written = get_json(row, "accepted_statuscodes_json")
    wanted = [str(one).strip() for one in written] if isinstance(written, list) else ["200-299"]
    statuses = [one for one in wanted if re.fullmatch(r"[1-5]\d\d(?:-[1-5]\d\d)?", one)]
    if len(statuses) < len(wanted):
        built.report("accepted statuses that are none", "left out")
    if not statuses:
        raise _Unfit("no accepted status", "no check")
    return statuses


def _build_http_switches(row: Row, built: MonitorCheck) -> dict[str, Any]:
    switches: dict[str, Any] = {}
    if row.get("maxredirects") is not None and get_number(row, "maxredirects", 10) == 0:
        switches["follow_redirects"] = False
    if get_flag(row, "ignore_tls"):
        switches["verify"] = False
        built.report("certificates are not verified", "verify: false")
    family = re.search(r"[46]", get_text(row, "ip_family"))
    if family:
        switches["ip"] = family[0]
    return switches


def _build_keyword(row: Row, built: MonitorCheck) -> dict[str, Any]:
    keyword = str(row.get("keyword") or "")
    if not keyword.strip():
        raise _Unfit("an empty keyword", "no check")
    if looks_secret("", keyword):
        raise _Unfit("a keyword that may be a secret", "no check: write it by hand")
    word = "absent" if get_flag(row, "invert_keyword") else "contains"
    return {**_build_http(row, built), word: keyword}


def _build_json_query(row: Row, built: MonitorCheck) -> dict[str, Any]:
    path = get_text(row, "json_path").removeprefix("$.")
    path = re.sub(r"\[(\d+)\]", r".\1", path)
    operator = get_text(row, "json_path_operator")
    if not _DOTTED.fullmatch(path):
        raise _Unfit("a JSON query that is no plain path", "no check: ours take one path")
    if operator not in _OPERATORS:
        raise _Unfit(f"the operator {operator[:20]} of a JSON query", "no check: ours compare whole values")
    expected = get_text(row, "expected_value")
    if looks_secret("", expected):
        raise _Unfit("an expected value that may be a secret", "no check: write it by hand")
    plain = _OPERATORS[operator] == "=" and not re.match(r"[<>=!]", expected)
    value = expected if plain else f"{_OPERATORS[operator]} {expected}"
    return {**_build_http(row, built), "json": {path: value}}


def _build_dns(row: Row, built: MonitorCheck) -> dict[str, Any]:
    type_ = get_text(row, "dns_resolve_type").upper() or "A"
    if type_ not in _RECORD_TYPES:
        raise _Unfit(f"DNS records of type {type_[:10]}", "no check: ours do not ask for them")
    options: dict[str, Any] = {"domain": _build_host(row), "type": type_}
    servers = []
    for server in filter(None, map(str.strip, get_text(row, "dns_resolve_server").split(","))):
        port = get_number(row, "port", 53) or 53
        joined = f"[{server}]:{port}" if server.count(":") > 1 else f"{server}:{port}"
        try:
            servers.append(parse_name_server(joined))
        except WrongError:
            built.report("a name server that is no address", "left out: ours are IP addresses")
    if servers:
        options["resolvers"] = servers
    _report_conditions(row, built)
    return options


def _report_conditions(row: Row, built: MonitorCheck) -> None:
    if get_json(row, "conditions"):
        built.report("conditions of its own", "not brought: the check is up with any answer")


def _build_host(row: Row) -> str:
    return _parse(parse_host, get_text(row, "hostname"), "a host that is none")


def _build_port(row: Row) -> int:
    port = get_number(row, "port")
    if not 0 < port < 65_536:  # noqa: PLR2004 -- the ports that there are
        raise _Unfit("a port that is none", "no check")
    return port


def _build_tcp(row: Row, built: MonitorCheck) -> dict[str, Any]:
    _report_conditions(row, built)
    return {"host": _build_host(row), "port": _build_port(row)}


def _build_smtp(row: Row, built: MonitorCheck) -> dict[str, Any]:
    _report_conditions(row, built)
    options: dict[str, Any] = {"host": _build_host(row), "port": _build_port(row)}
    security = get_text(row, "smtp_security").lower()
    if security in {"secure", "tls"}:
        options["tls"] = True
    elif security == "starttls":
        options["starttls"] = True
    return options


_BUILDERS: Final[Mapping[str, Callable[[Row, MonitorCheck], dict[str, Any]]]] = {
    "http": _build_http,
    "keyword": _build_keyword,
    "json-query": _build_json_query,
    "dns": _build_dns,
    "port": _build_tcp,
    "smtp": _build_smtp,
}
_KINDS: Final = {
    "http": "http",
    "keyword": "http",
    "json-query": "http",
    "dns": "dns",
    "port": "tcp",
    "smtp": "smtp",
}
