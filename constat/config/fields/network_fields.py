"""Hosts, addresses and HTTP statuses: their parsers, and the types of fields that are read by them."""

import ipaddress
import re
from collections.abc import Collection, Mapping
from typing import Annotated
from urllib.parse import urlsplit

from constat.config.fields.marks import SCALAR, JsonSchema, Reads, matching, wrong
from constat.config.fields.text_fields import parse_plain_text, parse_secret_table
from constat.text.host_names import spell_host, spell_url, write_in_url

_ZONELESS = "write the network interface too, as in fe80::1%eth0"


def parse_host(value: object) -> str:
    """A host name or an IP address, spelled as it is used on the network (`constat.text.host_names`)."""
    text = parse_plain_text(value).strip()
    try:
        return spell_host(text)
    except ValueError as error:
        if "network segment" in str(error):
            raise wrong(str(error), _ZONELESS) from None
        raise wrong(
            f"{text!r} is not a valid host", "write a name such as www.maxony.example, or an IP address"
        ) from None


def parse_url(value: object) -> str:
    """A URL that begins with `http://` or `https://` and contains no password; its host is spelled as `parse_host` does."""
    text = parse_plain_text(value).strip()
    try:
        parts, spelled = urlsplit(text), spell_url(text)
        is_valid = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError as error:
        if "network segment" in str(error):
            raise wrong(str(error), "write it with its interface: http://[fe80::1%25eth0]/") from None
        is_valid = False
    if not is_valid or re.search(r"[\s<>\"\\^`{|}\x00-\x1f]", text):
        raise wrong(f"{text!r} is not a valid web address", "write it in full: https://www.maxony.example/")
    if "@" in parts.netloc:
        raise wrong(
            "a URL with a user name or password in it", "take them out, and use the options for signing in"
        )
    return spelled


def parse_web_socket_url(value: object) -> str:
    """A URL that begins with `ws://` or `wss://` (RFC 6455 3); its host is spelled as `parse_host` does."""
    text = parse_plain_text(value).strip()
    scheme, mark, rest = text.partition("://")
    if scheme not in ("ws", "wss") or not mark or "#" in rest:
        raise wrong(
            f"{text!r} is not the address of a WebSocket", "write it in full: wss://www.maxony.example/live"
        )
    return parse_url(f"http{scheme[2:]}://{rest}").replace("http", "ws", 1)


def parse_mail_address(value: object) -> str:
    """A mail address as it is written between the angle brackets of MAIL FROM and RCPT TO (RFC 5321, without quoting)."""
    text = parse_plain_text(value).strip()
    local, at, domain = text.rpartition("@")
    if (
        not at
        or not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}", local)
        or "." not in parse_host(domain)
    ):
        raise wrong(
            f"{text!r} is not a valid mail address", "write the address alone: monitor@maxony.example"
        )
    return f"{local}@{parse_host(domain)}"


def parse_name_server(value: object) -> str:
    """The address of a DNS server, with its port: `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:5353`."""
    text = parse_plain_text(value).strip()
    match = re.fullmatch(
        r"\[(?P<six>[0-9A-Fa-f:.]+)\](?::(?P<port6>\d{1,5}))?|(?P<four>[\d.]+)(?::(?P<port4>\d{1,5}))?", text
    )
    try:
        address = ipaddress.ip_address((match["six"] or match["four"]) if match else text)
        port = int((match["port6"] or match["port4"] or 53) if match else 53)
    except ValueError:
        address, port = None, 0
    if address is None or not 0 < port <= 65_535:  # noqa: PLR2004 - the largest port
        raise wrong(
            f"{text!r} is not the address of a name server",
            "write an IP address, and a port if it is not 53: 192.0.2.1:5353",
        )
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"  # noqa: PLR2004 - IPv6


def parse_network(value: object) -> str:
    """An IP address or a range of them: `192.0.2.1`, `192.0.2.0/28`."""
    text = parse_plain_text(value).strip()
    try:
        return str(ipaddress.ip_network(text)).removesuffix("/32").removesuffix("/128")
    except ValueError as error:
        raise wrong(
            f"{text!r} is not a valid IP address or range: {error}", "write 192.0.2.1 or 192.0.2.0/28"
        ) from None


def parse_phone_number(value: object) -> str:
    """A telephone number in international form (E.164): `+41000000000`."""
    text = re.sub(r"[ ()./-]", "", parse_plain_text(value))
    if not re.fullmatch(r"\+[0-9]{6,15}", text):
        raise wrong(
            f"{parse_plain_text(value)!r} is not a valid telephone number",
            "write it with its country code: +41 00 000 00 00",
        )
    return text


def parse_own_name(value: object) -> str:
    """The name that we announce ourselves by in EHLO: a host name, or an address literal such as `[192.0.2.1]`."""
    text = parse_plain_text(value).strip()
    return text if re.fullmatch(r"\[[0-9A-Za-z:.]{2,60}\]", text) else parse_host(text)


def parse_canary(value: object) -> str:
    """The address of a canary: `tcp://host:port`."""
    text = parse_plain_text(value)
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme == "tcp" and bool(parts.port) and not parts.path
        host = write_in_url(spell_host(parts.hostname or ""))
    except ValueError:
        is_valid = False
    if not is_valid:
        raise wrong(f"{text!r} is not a valid canary", "write tcp://HOST:PORT, such as tcp://example.org:443")
    return f"tcp://{host}:{parts.port}"


_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SET_BY_HTTP_CLIENT = ("connection", "content-length", "transfer-encoding")


def parse_headers(value: object, secrets: Collection[str]) -> Mapping[str, str]:
    """Headers of a request (RFC 9110 5): names and texts; the texts may contain secrets."""
    headers = parse_secret_table(value, secrets)
    for name, text in headers.items():
        if not _TOKEN.fullmatch(name):
            raise wrong(
                f"{name!r} is not a valid header name", "write letters, digits and hyphens: X-Api-Key"
            )
        if name.lower() in _SET_BY_HTTP_CLIENT:
            raise wrong(f"the header {name} is worked out from the request", "take it out")
        if not is_header_text(text):
            raise wrong(
                f"the header {name} cannot be sent: {text!r}",
                "write Latin letters on one line, without spaces at the ends",
            )
    return headers


def is_header_text(text: str) -> bool:
    """Whether a text can be the value of a header: one line in Latin-1, which is all that HTTP/1.1 can carry."""
    return text == text.strip() and not re.search(r"[^\t\x20-\x7e\xa0-\xff]", text)


def parse_statuses(value: object) -> tuple[tuple[int, int], ...]:
    """Expected HTTP statuses as ranges, both ends included: `200`, `2xx`, `200-204`, or a list of them."""
    parts = value if isinstance(value, list) else [value]
    if not parts:
        raise wrong("an empty list", "write what is expected: 200, 2xx or 200-204")
    return tuple(_parse_status_range(part) for part in parts)


def _parse_status_range(value: object) -> tuple[int, int]:
    text = parse_plain_text(value)
    if re.fullmatch(r"[1-5]xx", text, re.IGNORECASE):
        return int(text[0]) * 100, int(text[0]) * 100 + 99
    match = re.fullmatch(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?", text)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise wrong(f"{text!r} is not a valid HTTP status", "write 200, 2xx or 200-204")
    return int(match[1]), int(match[2] or match[1])


Headers = Annotated[
    Mapping[str, str],
    Reads(parse_headers, {"type": "object", "additionalProperties": SCALAR}, secrets=True),
]
"""Headers of a request; their texts may contain secrets."""
Host = Annotated[str, Reads(parse_host, matching("^[^\\s/]+$", "www.maxony.example"))]
"""A host name (ASCII form) or an IP address."""
Url = Annotated[str, Reads(parse_url, matching("^https?://", "https://www.maxony.example/"))]
"""An http or https address without a password."""
WebSocketUrl = Annotated[
    str, Reads(parse_web_socket_url, matching("^wss?://", "wss://www.maxony.example/live"))
]
"""The address of a WebSocket, without a password."""
MailAddress = Annotated[
    str,
    Reads(parse_mail_address, matching("^[^\\s@<>]+@[^\\s@<>]+$", "monitor@maxony.example")),
]
"""A bare mail address."""
NameServer = Annotated[
    str,
    Reads(
        parse_name_server,
        {"type": "string", "examples": ["192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53"]},
    ),
]
"""The address of a DNS server, always with its port."""
Addresses = Annotated[
    str,
    Reads(parse_network, {"type": "string", "examples": ["192.0.2.1", "192.0.2.0/28"]}),
]
"""An IP address, or a range of them."""
PhoneNumber = Annotated[
    str,
    Reads(parse_phone_number, matching("^\\+[0-9 ()./-]+$", "+41 00 000 00 00")),
]
"""A telephone number with its country code."""
OwnName = Annotated[str, Reads(parse_own_name, matching("^\\S+$", "monitor.maxony.example"))]
"""The name that we announce ourselves by in EHLO."""
Canary = Annotated[
    str,
    Reads(parse_canary, matching("^tcp://.+:[0-9]+$", "tcp://example.org:443")),
]
"""`tcp://host:port`."""
_STATUS: JsonSchema = {"type": ["integer", "string"], "examples": [200, "2xx", "200-204"]}
StatusRanges = Annotated[
    tuple[tuple[int, int], ...],
    Reads(parse_statuses, {"anyOf": [_STATUS, {"type": "array", "items": _STATUS, "minItems": 1}]}),
]
"""HTTP statuses as ranges, both ends included."""
