"""Sites as checks of ours, where a kind does the same; everything else is reported."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl, urlunsplit

from constat.config.fields.network_fields import parse_host, parse_url, parse_web_socket_url
from constat.moving.built_checks import (
    BuiltCheck,
    UnfitError,
    check_header,
    name_secret,
    refuse_open_secrets,
    split_address,
    take,
    take_method,
)
from constat.moving.model import MovedSecret
from constat.moving.secret_marks import is_plain_header
from constat.moving.upptime.site_config import Table, as_table, get_word, get_words

_VARIABLE: Final = re.compile(r"\$\{?([A-Z][A-Z0-9_]*)\}?")
_DEFAULT_STATUSES: Final = ("200-208", "226", "300-308")
ATTEMPTS, PAUSE_S, TIMEOUT_S = 3, 5, 30
"""Upptime tries three times before it says down, and waits half a minute for an answer."""
_DEFAULT_SLOW_MS = 30_000
_UNASKABLE: Final = "an address that our checks cannot request"
_NO_PLACE: Final = ("icon", "assignees", "notifications", "tags")
_DEGRADED_BY_BODY: Final = (
    "__dangerous__body_degraded",
    "__dangerous__body_degraded_if_text_missing",
)
_UNVERIFIED: Final = (
    "__dangerous__insecure",
    "__dangerous__disable_verify_peer",
    "__dangerous__disable_verify_host",
)
_KNOWN: Final = frozenset(
    {
        *("name", "slug", "url", "check", "type", "location", "port", "method", "headers", "body"),
        *("expectedStatusCodes", "maxRedirects", "maxResponseTime", "verbose", "ipv6"),
        *("__dangerous__body_down", "__dangerous__body_down_if_text_missing"),
        *(*_NO_PLACE, *_DEGRADED_BY_BODY, *_UNVERIFIED),
    }
)


def build_check(site: Table, interval_s: int) -> BuiltCheck:
    """Build the check of a site, and name what has no place in it."""
    built = BuiltCheck()
    try:
        kind, options = _build(site, built)
        built.check = {"name": "check", "kind": kind, **options, **_write_timing(interval_s, built)}
    except UnfitError as unfit:
        built.give_up(unfit)
    _report_rest(site, built)
    return built


def _build(site: Table, built: BuiltCheck) -> tuple[str, dict[str, Any]]:
    check = get_word(site, "check") or "http"
    if get_word(site, "type") not in {"", "http", "https"}:
        where = get_word(site, "location")
        found = f"type {get_word(site, 'type')}" + (f" from {where}" if where else "")
        raise UnfitError(found, "no check: our checks run from our own vantages")
    family = {"ip": "6"} if get_word(site, "ipv6").lower() in {"true", "yes"} else {}
    if check == "tcp-ping":
        return "tcp", _build_tcp(site) | family
    if check == "http":
        return "http", _build_http(site, built) | family
    if check == "ws":
        return "websocket", _build_websocket(site, built)
    raise UnfitError(f"check {check}", "no check: we have no equivalent kind")


def _build_tcp(site: Table) -> dict[str, Any]:
    written = get_word(site, "url")
    if _VARIABLE.search(written):
        raise UnfitError("a secret in the address", "no check: it has no host that could be declared")
    is_bare_ipv6 = written.count(":") > 1 and "[" not in written and "//" not in written
    written = f"[{written}]" if is_bare_ipv6 else written
    parts = split_address(written if "//" in written else f"//{written}")
    port = get_word(site, "port") or str(_get_port(parts) or "")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):  # noqa: PLR2004 -- the ports that there are
        raise UnfitError("tcp-ping without a port", "no check: write the port")
    return {"host": take(parse_host, str(parts.hostname), _UNASKABLE), "port": int(port)}


def _build_websocket(site: Table, built: BuiltCheck) -> dict[str, Any]:
    """Build a WebSocket check. Upptime opens it and sends the body, if any; it waits for no message and checks nothing else."""
    written = get_word(site, "url")
    if _VARIABLE.search(written):
        raise UnfitError(
            "a secret in the address of a WebSocket", "no check: write one by hand that sends it in a header"
        )
    url = take(parse_web_socket_url, written, _UNASKABLE)
    body = site.get("body")
    if not body:
        return {"url": url}
    if not isinstance(body, str):
        raise UnfitError("a body that is not text")
    sent = _take_variables(body, str(split_address(url).hostname), built)
    refuse_open_secrets(url, built)
    return {"url": url, "send": sent}


def _get_port(parts: Any) -> int | None:  # noqa: ANN401 -- the private result of urlsplit
    try:
        port: int | None = parts.port
    except ValueError:
        return None
    return port


def _build_http(site: Table, built: BuiltCheck) -> dict[str, Any]:
    host, options = _split_address(site, built)
    method = take_method(get_word(site, "method"))
    if method != "GET":
        options["method"] = method
    headers = _build_headers(site, host, built)
    if headers:
        options["headers"] = headers
    body = site.get("body")
    if isinstance(body, str) and body:
        options["body"] = _take_variables(body, host, built)
    elif body:
        raise UnfitError("a body that is not text")
    refuse_open_secrets(str(options["url"]), built)
    options["status"] = _build_statuses(site, built)
    options |= _build_switches(site, built)
    return options


def _split_address(site: Table, built: BuiltCheck) -> tuple[str, dict[str, Any]]:
    """Split off the host, and the secrets of the address, which go into `query`; where they cannot, there is no check."""
    written = get_word(site, "url")
    if _VARIABLE.fullmatch(written):
        name = _VARIABLE.sub(r"\1", written)
        raise UnfitError(
            f"the whole address is a secret ({name})", "no check: a secret needs a host that it may go to"
        )
    parts = split_address(written)
    if "@" in parts.netloc:
        raise UnfitError("a user or password in the address", "no check: sign in with basic, in status.yml")
    if _VARIABLE.search(parts.netloc + parts.path + parts.fragment):
        raise UnfitError("a secret in the host or path of the address")
    host = take(parse_host, str(parts.hostname), _UNASKABLE)
    if not _VARIABLE.search(parts.query):
        return host, {"url": take(parse_url, written, _UNASKABLE)}
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = {name: _take_variables(value, host, built) for name, value in pairs}
    if len(query) != len(pairs) or any("$" in name for name in query):
        raise UnfitError("parameters of the address that cannot be separated")
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return host, {"url": take(parse_url, bare, _UNASKABLE), "query": query}


def _take_variables(text: str, host: str, built: BuiltCheck) -> str:
    """Replace the secrets of the repository in a text by ours, each declared for the host."""

    def replace(match: re.Match[str]) -> str:
        name = f"CONSTAT_{match[1]}"
        if name not in {secret.name for secret in built.secrets}:
            built.secrets.append(MovedSecret(name, (host,)))
            built.report(f"the secret {match[1]} of the repository", f"provide it as {name}")
        return f"${{{name}}}"

    return _VARIABLE.sub(replace, text)


def _build_headers(site: Table, host: str, built: BuiltCheck) -> dict[str, str]:
    if isinstance(site.get("headers"), dict):
        raise UnfitError("headers that are not a list of `Name: value`")
    headers: dict[str, str] = {}
    for written in _list_headers(site, built):
        name, colon, value = written.partition(":")
        name, value = name.strip(), value.strip()
        if not colon:
            raise UnfitError("a header without a value")
        check_header(name)
        if name.lower() in {known.lower() for known in headers}:
            built.report(f"the header {name} twice", "the first one counts")
            continue
        if _VARIABLE.search(value):
            headers[name] = _take_variables(value, host, built)
        elif is_plain_header(name, value):
            headers[name] = value
        else:
            secret = name_secret(get_word(site, "name"), name)
            built.secrets.append(MovedSecret(secret, (host,)))
            built.report(f"the header {name}, in clear text", f"not imported: provide it as {secret}")
            headers[name] = f"${{{secret}}}"
    return headers


def _list_headers(site: Table, built: BuiltCheck) -> list[str]:
    """The headers as `Name: value`, including those written without quotes, which YAML reads as mappings."""
    written = site.get("headers")
    listed = written if isinstance(written, list) else [written]
    headers = get_words(site, "headers")
    for each in listed:
        pairs = as_table(each)
        for name, value in pairs.items():
            if not isinstance(value, str):
                raise UnfitError(f"the header {name}, which is not text")
            built.report(f"the header {name}, written as a mapping", "read as text")
            headers.append(f"{name}: {value}")
    return headers


def _build_statuses(site: Table, built: BuiltCheck) -> list[str]:
    wanted = get_words(site, "expectedStatusCodes")
    statuses = [status for status in wanted if re.fullmatch(r"[1-5]\d\d", status)]
    if len(statuses) < len(wanted):
        built.report("invalid expectedStatusCodes", "left out")
    return statuses or list(_DEFAULT_STATUSES)


def _build_switches(site: Table, built: BuiltCheck) -> dict[str, Any]:
    switches: dict[str, Any] = {}
    if get_word(site, "maxRedirects") == "0":
        switches["follow_redirects"] = False
    for key, option in (
        ("__dangerous__body_down", "absent"),
        ("__dangerous__body_down_if_text_missing", "contains"),
    ):
        text = site.get(key)
        if text and not isinstance(text, str):
            raise UnfitError(f"{key} that is not text")
        if isinstance(text, str) and text.strip():
            if _VARIABLE.search(text):
                raise UnfitError(f"a secret in {key}")
            switches[option] = text
    if any(get_word(site, key).lower() in {"true", "yes"} for key in _UNVERIFIED):
        switches["verify"] = False
        built.report("certificates are not verified", "verify: false")
    slow = get_word(site, "maxResponseTime")
    slow_ms = int(slow) if slow.isascii() and slow.isdigit() and int(slow) else _DEFAULT_SLOW_MS
    switches["degraded_above"] = f"{slow_ms // 1000}s" if slow_ms % 1000 == 0 else f"{slow_ms}ms"
    return switches


def _write_timing(interval_s: int, built: BuiltCheck) -> dict[str, Any]:
    """Three attempts, as Upptime makes them; all of them end before the next look begins."""
    longest = (interval_s - 1 - (ATTEMPTS - 1) * PAUSE_S) // ATTEMPTS
    if longest < 1:
        built.report(
            f"three attempts of {TIMEOUT_S} s every {interval_s} s", "one attempt: they would overlap"
        )
        return {"timeout": f"{max(1, interval_s // 2)}s", "confirm": {"attempts": 1}}
    if longest < TIMEOUT_S:
        built.report(f"a timeout of {TIMEOUT_S} s every {interval_s} s", f"{longest} s, so that three fit")
    return {
        "timeout": f"{min(TIMEOUT_S, longest)}s",
        "confirm": {"attempts": ATTEMPTS, "delay": f"{PAUSE_S}s"},
    }


def _report_rest(site: Table, built: BuiltCheck) -> None:
    for key in _NO_PLACE:
        if site.get(key):
            built.report(key, "not imported: there is no equivalent here")
    for key in _DEGRADED_BY_BODY:
        if site.get(key):
            built.report(key, "not imported: none of our kinds can count a text as degraded")
    for key in site:
        if key not in _KNOWN:
            built.report(f"an unknown key {key[:60]}", "not imported")
