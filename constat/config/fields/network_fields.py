"""Hosts, addresses and HTTP statuses: their parsers, and the types of fields that are read by them."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from constat.config.fields.marks import JsonSchema, Reads, matching, wrong
from constat.config.fields.text_fields import parse_plain_text

_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")


def parse_host(value: object) -> str:
    """A host name or an IP address, as it is used on the network (an international name in its ASCII form)."""
    text = parse_plain_text(value).strip()
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    ascii_name = (text if text.isascii() else _in_ascii(text)).lower()
    if not all(_LABEL.fullmatch(label) for label in ascii_name.removesuffix(".").split(".")):
        raise wrong(
            f"{text!r} is not a valid host", "write a name such as www.maxony.example, or an IP address"
        )
    return ascii_name


def _in_ascii(text: str) -> str:
    """An international name as DNS knows it; empty where there is no such form."""
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def parse_url(value: object) -> str:
    """A URL that begins with `http://` or `https://` and contains no password."""
    text = parse_plain_text(value).strip()
    try:
        parts = urlsplit(text)
        is_valid = (
            parts.scheme in ("http", "https") and bool(parse_host(parts.hostname or "")) and parts.port != 0
        )
    except ValueError:
        is_valid = False
    if not is_valid or re.search(r"[\s<>\"\\^`{|}\x00-\x1f]", text):
        raise wrong(f"{text!r} is not a valid web address", "write it in full: https://www.maxony.example/")
    if "@" in parts.netloc:
        raise wrong(
            "a URL with a user name or password in it", "take them out, and use the options for signing in"
        )
    return text


def parse_mail_address(value: object) -> str:
    """A mail address as it stands between the angle brackets of MAIL FROM and RCPT TO (RFC 5321, without quoting)."""
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
        is_valid = parts.scheme == "tcp" and bool(parse_host(parts.hostname or "")) and bool(parts.port)
    except ValueError:
        is_valid = False
    if not is_valid or parts.path:
        raise wrong(f"{text!r} is not a valid canary", "write tcp://HOST:PORT, such as tcp://example.org:443")
    return text


def parse_statuses(value: object) -> tuple[tuple[int, int], ...]:
    """Expected HTTP statuses as ranges, both ends included: `200`, `2xx`, `200-204`, or a list of them."""
    parts = value if isinstance(value, list) else [value]
    if not parts:
        raise wrong("an empty list", "write what is expected: 200, 2xx or 200-204")
    return tuple(_status_range(part) for part in parts)


def _status_range(value: object) -> tuple[int, int]:
    text = parse_plain_text(value)
    if re.fullmatch(r"[1-5]xx", text, re.IGNORECASE):
        return int(text[0]) * 100, int(text[0]) * 100 + 99
    match = re.fullmatch(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?", text)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise wrong(f"{text!r} is not a valid HTTP status", "write 200, 2xx or 200-204")
    return int(match[1]), int(match[2] or match[1])


Host = Annotated[str, Reads(parse_host, matching("^[^\\s/]+$", "www.maxony.example"))]
"""A host name (ASCII form) or an IP address."""
Url = Annotated[str, Reads(parse_url, matching("^https?://", "https://www.maxony.example/"))]
"""An http or https address without a password."""
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
