"""The reason that a beat was down, as a word of our own table.

Kuma never shows its messages on a status page: they may hold addresses, answers and passwords. So none is published;
each is replaced by the word that our own checks would use.
"""

import re
from typing import Final

_WORDS: Final = (
    (re.compile(r"status code (\d{3})\b"), "status"),
    (re.compile(r"No heartbeat in the time window"), "timeout"),
    (re.compile(r"certificate|self.signed|\bTLS\b|\bSSL\b", re.IGNORECASE), "tls"),
    (re.compile(r"ECONNREFUSED|connection refused", re.IGNORECASE), "refused"),
    (re.compile(r"ECONNRESET|socket hang up", re.IGNORECASE), "reset"),
    (re.compile(r"ENOTFOUND|EAI_AGAIN|ESERVFAIL|ENODATA|\bquery[A-Z]+ E", re.IGNORECASE), "dns"),
    (re.compile(r"EHOSTUNREACH|ENETUNREACH|packet loss|unreachable", re.IGNORECASE), "unreachable"),
    (re.compile(r"timeout|timed out|ETIMEDOUT", re.IGNORECASE), "timeout"),
    (re.compile(r"keyword", re.IGNORECASE), "content"),
    (re.compile(r"JSON query does not pass", re.IGNORECASE), "value"),
)


def find_reason(msg: str) -> str:
    """The word for a message, with the status where it names one; empty where none fits."""
    for pattern, word in _WORDS:
        match = pattern.search(msg)
        if match:
            return f"{word} {match[1]}" if match.groups() else word
    return ""
