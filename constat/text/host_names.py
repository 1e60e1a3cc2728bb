"""Hosts in one spelling: whatever is compared, asked for or connected to is written the same way everywhere.

International names take the form that browsers ask for (UTS 46, non-transitional, over IDNA 2008): `straße.example` is
`xn--strae-oqa.example`, another domain than `strasse.example`. Names are in lower case and without the final dot.
"""

import ipaddress
import re
from urllib.parse import quote, urlsplit, urlunsplit

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_NAME = 253
_ZONE = re.compile(r"[A-Za-z0-9_.:-]{1,32}")
_KEPT_IN_URLS = "!#$%&'()*+,/:;=?@[]^_`{|}~\\-."


def spell_host(text: str) -> str:
    """Spell a host name or an IP address, with or without brackets.

    Raises:
        ValueError: it is neither, or an address of one network segment (fe80::) without its zone.

    """
    name = text if text.isascii() else _map_to_dns(text)
    name = name.lower().removesuffix(".")
    address = _spell_address(name)
    if address:
        return address
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError(f"{text!r} is not a valid host")
    return name


def _map_to_dns(text: str) -> str:
    """Map an international name to the form that DNS knows (UTS 46, section 4.2).

    Symbols are let through, as browsers do: IDNA 2008 alone would refuse names that people can open.
    """
    import idna  # noqa: PLC0415 -- its tables take a while to load, and few names need them

    mapped = idna.uts46_remap(text, std3_rules=False, transitional=False)
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
        for label in mapped.split(".")
    )


def _spell_address(text: str) -> str:
    """Spell an IP address; empty where the text is not one."""
    if text.startswith("[") != text.endswith("]"):
        return ""
    try:
        address = ipaddress.ip_address(text.removeprefix("[").removesuffix("]").replace("%25", "%"))
    except ValueError:
        return ""
    zone = getattr(address, "scope_id", None)
    if address.version == 6 and address.is_link_local and not zone:  # noqa: PLR2004 - IPv6
        raise ValueError(f"{text!r} is an address of one network segment, and does not say of which")
    if zone and not _ZONE.fullmatch(zone):
        return ""
    return str(address)


def write_in_url(host: str) -> str:
    """Write a spelled host as it is written in a URL (RFC 3986 3.2.2, RFC 6874)."""
    return f"[{host.replace('%', '%25')}]" if ":" in host else host


def spell_url(text: str) -> str:
    """Spell the host of a URL, and encode what is not ASCII after it as browsers do.

    Raises:
        ValueError: it has no host, or one that is not valid, or its port is not valid.

    """
    parts = urlsplit(text)
    host, port = write_in_url(spell_host(_find_host(parts.netloc))), parts.port
    user, at, _ = parts.netloc.rpartition("@")
    netloc = f"{user}{at}{host}" if port is None else f"{user}{at}{host}:{port}"
    spelled = urlunsplit(parts._replace(netloc=netloc))
    return spelled if spelled.isascii() else quote(spelled, safe=_KEPT_IN_URLS)


def read_url_host(url: str) -> str:
    """The spelled host of a URL.

    Raises:
        ValueError: it has none, or one that is not valid.

    """
    return spell_host(_find_host(urlsplit(url).netloc))


def _find_host(netloc: str) -> str:
    """The host within the authority of a URL, with its brackets."""
    host = netloc.rpartition("@")[2]
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
