"""HTTP monitors as checks of kind `http`: the address, what is sent and what is accepted. Secrets are only named."""

import re
from typing import Any, Final
from urllib.parse import parse_qsl, urlunsplit

from constat.config.fields.network_fields import parse_host, parse_url
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
from constat.moving.kuma.kuma_secrets import list_texts_in
from constat.moving.kuma.tables import Row, get_flag, get_json, get_number, get_text
from constat.moving.model import MovedSecret
from constat.moving.secret_marks import (
    is_plain,
    is_plain_header,
    looks_secret,
    may_hide_in_path,
    may_hide_in_text,
)

_CONTENT_TYPES: Final = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "text/xml; charset=utf-8",
}
_BODY_MAX = 16_384


def build_http(row: Row, built: BuiltCheck) -> dict[str, Any]:
    """Build the options of kind `http` from a monitor of any of Kuma's HTTP types.

    Raises:
        UnfitError: no check of ours does the same.

    """
    options: dict[str, Any] = _split_address(row, built)
    method = take_method(get_text(row, "method"))
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
    refuse_open_secrets(str(options["url"]), built)
    options["status"] = _build_statuses(row, built)
    options |= _build_http_switches(row, built)
    return options


def _split_address(row: Row, built: BuiltCheck) -> dict[str, Any]:
    """Split the address from what may be a secret in it, which goes into `query`; where it cannot, there is no check."""
    written = get_text(row, "url")
    parts = split_address(written)
    if "@" in parts.netloc:
        raise UnfitError("a password in the address", "no check: sign in with basic, in status.yml")
    if may_hide_in_path(written):
        raise UnfitError("a possible secret in the path or the name of a parameter")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    hidden = [(name, value) for name, value in pairs if not is_plain(name, value)]
    if not hidden:
        return {"url": take(parse_url, written, "the address is not one that we can request")}
    query = {}
    for name, value in pairs:
        secret = _declare(row, built, f"QUERY_{name}") if (name, value) in hidden else value
        query[name] = secret
    if len(query) != len(pairs):
        raise UnfitError("a repeated parameter in an address with a secret")
    bare = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return {"url": take(parse_url, bare, "the address is not one that we can request"), "query": query}


def _declare(row: Row, built: BuiltCheck, field_name: str) -> str:
    """Declare a secret of a monitor, and return the reference to it."""
    name = name_secret(get_text(row, "name"), f"{row.get('id')} {field_name}")
    host = take(
        parse_host, str(split_address(get_text(row, "url")).hostname), "the host is none that we can ask"
    )
    built.secrets.append(MovedSecret(name, (host,)))
    built.report(f"a secret ({field_name.lower()})", f"its value is never written: provide it as {name}")
    return f"${{{name}}}"


def _build_headers(row: Row, built: BuiltCheck) -> dict[str, str]:
    written = get_json(row, "headers")
    if written is None:
        if get_text(row, "headers"):
            raise UnfitError("headers that are not JSON")
        return {}
    if not isinstance(written, dict):
        raise UnfitError("headers that are not a table")
    headers = {}
    for name, value in written.items():
        text = value if isinstance(value, str) else str(value)
        headers[check_header(name)] = text if is_plain_header(name, text) else _declare(row, built, name)
    return headers


def _build_body(row: Row, built: BuiltCheck) -> str:
    body = get_text(row, "body")
    if not body:
        return ""
    if len(body) > _BODY_MAX:
        raise UnfitError(f"a body of {len(body)} characters")
    if any(True for _ in list_texts_in(body)) or may_hide_in_text(body) or "${" in body:
        return _declare(row, built, "body")
    return body


def _build_sign_in(row: Row, built: BuiltCheck) -> dict[str, Any]:
    method = get_text(row, "auth_method").lower()
    if method in {"", "null", "none", "basic"} and get_text(row, "basic_auth_user"):
        user = get_text(row, "basic_auth_user")
        hidden = looks_secret("", user) or "${" in user
        username = _declare(row, built, "basic_auth_user") if hidden else user
        return {"basic": {"username": username, "password": _declare(row, built, "basic_auth_pass")}}
    if method == "bearer" and get_text(row, "bearer_token"):
        return {"bearer": _declare(row, built, "bearer_token")}
    if method not in {"", "null", "none", "basic", "bearer"}:
        raise UnfitError(f"auth_method {method[:20]}", "no check: none of our kinds signs in that way")
    return {}


def _build_statuses(row: Row, built: BuiltCheck) -> list[str]:
    written = get_json(row, "accepted_statuscodes_json")
    wanted = [str(status).strip() for status in written] if isinstance(written, list) else ["200-299"]
    statuses = [status for status in wanted if re.fullmatch(r"[1-5]\d\d(?:-[1-5]\d\d)?", status)]
    if len(statuses) < len(wanted):
        built.report("invalid accepted statuses", "left out")
    if not statuses:
        raise UnfitError("no accepted status", "no check")
    return statuses


def _build_http_switches(row: Row, built: BuiltCheck) -> dict[str, Any]:
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
