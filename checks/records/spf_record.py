"""The SPF record (RFC 7208), parsed: its mechanisms in order, and the domain that it redirects to."""

import ipaddress
import re
from typing import Literal, NamedTuple

Qualifier = Literal["+", "-", "~", "?"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NEEDING_DNS = frozenset({"include", "a", "mx", "ptr", "exists"})
"""The mechanisms that count against the limit of look-ups; `redirect` counts too (section 4.6.4)."""


class SpfError(Exception):
    """A permanent error (section 2.6.7): receivers treat such a record as broken, whoever the sender is.

    `what`: the mistake in our words; `text`: the offending part of the record.
    """

    def __init__(self, what: str, text: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.text = text


class Mechanism(NamedTuple):
    """One mechanism. `domain` may hold macros, and is empty for the current domain.

    `network` belongs to ip4 and ip6; `prefix4` and `prefix6` belong to a and mx.
    """

    qualifier: Qualifier
    name: str
    domain: str = ""
    network: Network | None = None
    prefix4: int = 32
    prefix6: int = 128

    def __str__(self) -> str:
        return f"{self.name}:{self.domain}" if self.domain else self.name


class SpfRecord(NamedTuple):
    """A parsed record. Whatever follows `all` is ignored."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    redirect: str = ""

    @property
    def all(self) -> Qualifier | None:
        """The qualifier of `all`, if there is one."""
        return next((mechanism.qualifier for mechanism in self.mechanisms if mechanism.name == "all"), None)


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record (section 4.5)."""
    return bool(re.match(r"v=spf1(?: |$)", text, re.IGNORECASE))


def explain_near_miss(text: str) -> str:
    """Say why receivers do not take a text for SPF though it looks meant as SPF; else empty.

    The phrase ends where the text itself follows.
    """
    if is_spf(text) or not re.match(r"[\W_]*v\W*spf1", text, re.IGNORECASE):
        return ""
    if text[:1].isspace():
        return "begins with a space in"
    return (
        "needs one space after v=spf1 in" if text[:6].lower() == "v=spf1" else "does not begin with v=spf1 in"
    )


_MODIFIER = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_.-]*)=(?P<value>.*)", re.DOTALL)
_MECHANISM = re.compile(
    r"(?P<qualifier>[-+~?]?)(?P<name>[A-Za-z][A-Za-z0-9_.-]*)(?P<rest>[:/].*)?", re.DOTALL
)
_MACRO = re.compile(r"%%|%_|%-|%\{[slodiphcrtvSLODIPHCRTV](?:[1-9][0-9]*)?r?[.\-+,/_=]*\}")
_DUAL_PREFIX = re.compile(r"(?P<domain>.*?)(?:/(?P<four>0|[1-9][0-9]?))?(?://(?P<six>0|[1-9][0-9]{0,2}))?")


def parse_spf(text: str) -> SpfRecord:
    """Parse one record.

    Raises:
        SpfError: a term breaks the grammar of sections 4.6.1 and 12.

    """
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in text.split(" ")[1:]:
        if modifier := _MODIFIER.fullmatch(term):
            _keep_modifier(modifier["name"].lower(), modifier["value"], modifiers)
        elif term:
            mechanisms.append(_parse_mechanism(term))
    names = [mechanism.name for mechanism in mechanisms]
    last = names.index("all") + 1 if "all" in names else len(names)
    redirect = "" if "all" in names else modifiers.get("redirect", "")
    return SpfRecord(text, tuple(mechanisms[:last]), redirect)


def _keep_modifier(name: str, value: str, modifiers: dict[str, str]) -> None:
    if name in ("redirect", "exp"):
        if name in modifiers:
            raise SpfError(f"has {name} twice")
        _check_domain(value, f"{name}={value}")
    _check_macros(value, f"{name}={value}")
    modifiers[name] = value


def _parse_mechanism(term: str) -> Mechanism:
    match = _MECHANISM.fullmatch(term)
    parse = _PARSERS.get(match["name"].lower()) if match else None
    if not match or parse is None:
        raise SpfError("has an unknown term", term)
    qualifier: Qualifier = match["qualifier"] or "+"  # type: ignore[assignment] # the pattern allows no other
    mechanism = parse(qualifier, match["name"].lower(), match["rest"] or "")
    if mechanism is None:
        raise SpfError("has an invalid term", term)
    return mechanism


def _parse_all(qualifier: Qualifier, name: str, rest: str) -> Mechanism | None:
    """Parse `all`."""
    return Mechanism(qualifier, name) if not rest else None


def _parse_network(qualifier: Qualifier, name: str, rest: str) -> Mechanism | None:
    """Parse `ip4:192.0.2.0/24` or `ip6:2001:db8::/32`."""
    version = ipaddress.IPv4Network if name == "ip4" else ipaddress.IPv6Network
    address, slash, prefix = rest[1:].partition("/")
    if not rest.startswith(":") or (slash and not re.fullmatch(r"0|[1-9][0-9]{0,2}", prefix)):
        return None
    try:
        return Mechanism(qualifier, name, network=version(rest[1:], strict=False)) if address else None
    except ValueError:
        return None


def _parse_with_prefixes(qualifier: Qualifier, name: str, rest: str) -> Mechanism | None:
    """Parse `a`, `mx`, `a:domain/24//64`."""
    match = _DUAL_PREFIX.fullmatch(rest)
    if match is None:
        return None
    four, six = int(match["four"] or 32), int(match["six"] or 128)
    if four > 32 or six > 128 or match["domain"] == ":":  # noqa: PLR2004 - the lengths of addresses
        return None
    domain = match["domain"].removeprefix(":")
    if domain:
        _check_domain(domain, f"{name}{rest}")
    return Mechanism(qualifier, name, domain, prefix4=four, prefix6=six)


def _parse_optional_domain(qualifier: Qualifier, name: str, rest: str) -> Mechanism | None:
    """Parse `ptr` or `ptr:domain`."""
    return _parse_domain(qualifier, name, rest) if rest else Mechanism(qualifier, name)


def _parse_domain(qualifier: Qualifier, name: str, rest: str) -> Mechanism | None:
    """Parse `include:domain` and `exists:domain`."""
    if not rest.startswith(":"):
        return None
    _check_domain(rest[1:], f"{name}{rest}")
    return Mechanism(qualifier, name, rest[1:])


_PARSERS = {
    "all": _parse_all,
    "ip4": _parse_network,
    "ip6": _parse_network,
    "a": _parse_with_prefixes,
    "mx": _parse_with_prefixes,
    "ptr": _parse_optional_domain,
    "include": _parse_domain,
    "exists": _parse_domain,
}


def _check_macros(value: str, term: str) -> None:
    if "%" in _MACRO.sub("", value) or not re.fullmatch(r"[\x21-\x7e]*", value):
        raise SpfError("has an invalid macro", term)


def _check_domain(value: str, term: str) -> None:
    """Check that a domain ends in a label that is not a number, or in a macro (section 7.1)."""
    _check_macros(value, term)
    plain = value.removesuffix(".")
    last = plain.rpartition(".")[2]
    letters = re.fullmatch(r"(?=.*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", last)
    if not plain or not (plain.endswith("}") or ("." in plain and letters)):
        raise SpfError("has no domain", term)
