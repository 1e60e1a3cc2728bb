"""What may be a secret, by its name and its look. Where that is in doubt it is taken for one: a value is never a reason to guess."""

import re
from typing import Final

SUSPICIOUS_NAME: Final = re.compile(
    r"auth|token|secret|passw|pwd|cookie|session|credential|signature|\bsig\b|\bcode\b|key", re.IGNORECASE
)
SUSPICIOUS_VALUE: Final = re.compile(
    r"secret|passw|token|bearer|basic |FAKE|-----BEGIN|eyJ[A-Za-z0-9_-]{8}"
    r"|(?=[A-Za-z0-9+/_=-]*[0-9])(?=[A-Za-z0-9+/_=-]*[A-Za-z])[A-Za-z0-9+/_=-]{20,}",
    re.IGNORECASE,
)
_HARMLESS_HEADERS: Final = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "content-type", "host", "user-agent"}
)
_PLAIN_WORDS: Final = re.compile(r"[a-z]+(?:[ /._-][a-z0-9]{1,6})*", re.IGNORECASE)
_LONGEST_PLAIN = 40


def looks_secret(name: str, value: str) -> bool:
    """Whether a value of that name, such as a parameter of an address, may be a secret."""
    return bool(SUSPICIOUS_NAME.search(name) or SUSPICIOUS_VALUE.search(value))


def is_plain_header(name: str, value: str) -> bool:
    """Whether a header is plainly none: where that is in doubt, its value is a secret."""
    if looks_secret(name, value):
        return False
    is_words = len(value) <= _LONGEST_PLAIN and _PLAIN_WORDS.fullmatch(value)
    return name.lower() in _HARMLESS_HEADERS or bool(is_words)
