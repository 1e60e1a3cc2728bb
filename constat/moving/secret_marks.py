"""Recognition of what may be a secret, by its name and its form. In doubt, a value counts as a secret."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

_SUSPICIOUS_NAME: Final = re.compile(
    r"auth|token|secret|pass|pwd|\bpw\b|cookie|session|credential|signature|\bsig\b|\bcode\b|api.?key|\bkey\b|access",
    re.IGNORECASE,
)
_SUSPICIOUS_WORDS: Final = re.compile(
    r"secret|passw|token|bearer\b|\bbasic |-----BEGIN|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"
    r"|\b(?:gh[opsu]|github_pat|glpat|xox[abprs]|[srp]k_(?:live|test)|dop_v1|npm)[-_]\w{6}|\bAKIA[0-9A-Z]{12}",
    re.IGNORECASE,
)
"""Words for secrets, UUIDs, and the prefixes that issuers give to their tokens."""
_RANDOM: Final = re.compile(r"(?=[A-Za-z_]*[0-9])(?=[0-9_]*[A-Za-z])[A-Za-z0-9_+=]{20,}|eyJ[A-Za-z0-9_-]{8}")
"""Letters and digits without a break, and the beginning of a JSON Web Token (RFC 7519)."""
_HARMLESS_HEADERS: Final = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "content-type", "host", "user-agent"}
)
_PLAIN: Final = re.compile(r"(?:[A-Z]?[a-z0-9]+|[ +/._:,;=*()-])*")
"""Words with at most their first letter in upper case."""
_LONGEST_PLAIN = 60
_MIXED: Final = re.compile(r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{10,}")
"""Letters and digits in one word that is longer than a version or an identifier of a few letters."""
_ALTERNATING: Final = re.compile(r"(?=[A-Za-z0-9]{10})(?:[A-Za-z]+[0-9]+){3}")
_SHORTEST_HIDDEN: Final = 8
_BREAKS: Final = re.compile(r"[\s\"'<>{}()\[\]=:;,&/\\]+")


def looks_secret(name: str, value: str) -> bool:
    """Whether a value of that name may be a secret."""
    return bool(_SUSPICIOUS_NAME.search(name) or is_suspicious(value))


def is_suspicious(value: str) -> bool:
    """Whether a value looks like a secret, whatever its name."""
    return bool(_SUSPICIOUS_WORDS.search(value) or _RANDOM.search(value))


def is_plain(name: str, value: str) -> bool:
    """Whether a value of that name is plainly no secret: a few words or a number."""
    if looks_secret(name, value) or len(value) > _LONGEST_PLAIN or not _PLAIN.fullmatch(value):
        return False
    return not _MIXED.search(value)


def may_hide(text: str) -> bool:
    """Whether a word of an address or a body may be a secret: long, and not made of ordinary words and numbers."""
    plain = unquote(text).strip("@~!$&'")
    if looks_secret("", plain) or _ALTERNATING.search(plain):
        return True
    return len(plain) >= _SHORTEST_HIDDEN and plain.isascii() and not _PLAIN.fullmatch(plain)


def may_hide_in_text(text: str) -> bool:
    """Whether any word of a text may be a secret."""
    return any(may_hide(word) for word in _BREAKS.split(text))


def may_hide_in_path(address: str) -> bool:
    """Whether an address may hold a secret where no reference can replace it: in its path, its fragment, or the name of a parameter."""
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    is_odd = any(
        len(name) >= _SHORTEST_HIDDEN and not _PLAIN.fullmatch(name) if value else may_hide(name)
        for name, value in pairs
    )
    return is_odd or any(may_hide(segment) for segment in (*parts.path.split("/"), parts.fragment))


def may_hide_in_address(address: str) -> bool:
    """Whether an address may hold a secret anywhere behind its host."""
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return may_hide_in_path(address) or any(not is_plain(name, value) for name, value in pairs)


def is_plain_header(name: str, value: str) -> bool:
    """Whether the value of a header is plainly not a secret; in doubt it counts as one."""
    is_harmless = name.lower() in _HARMLESS_HEADERS and not is_suspicious(value)
    return is_harmless or is_plain(name, value)
