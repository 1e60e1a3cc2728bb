"""MTA-STS (RFC 8461): the record that announces a policy, and the policy itself."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from checks.records.tag_list import TagError, parse_tags

Mode = Literal["none", "testing", "enforce"]
MODES: tuple[Mode, ...] = ("none", "testing", "enforce")
"""From the mildest to the strictest."""
LONGEST_AGE_S = 31_557_600
"""The most that `max_age` may be, about a year (section 3.2)."""
_MX = re.compile(
    r"(?:\*\.)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


class PolicyError(Exception):
    """The policy breaks the grammar. `what`: the mistake in our words; `text`: the offending part, if there is one."""

    def __init__(self, what: str, text: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.text = text


class StsPolicy(NamedTuple):
    """A policy: what senders do with a host that fits no pattern, how long they keep the policy, and the patterns."""

    mode: Mode
    max_age_s: int
    hosts: tuple[str, ...]

    def names(self, host: str) -> bool:
        """Whether a mail host fits a pattern; `*` stands for exactly one label (section 4.1)."""
        return any(_fits(pattern, host.lower()) for pattern in self.hosts)


def _fits(pattern: str, host: str) -> bool:
    return host.partition(".")[2] == pattern[2:] if pattern.startswith("*.") else host == pattern


def is_sts(text: str) -> bool:
    """Whether a TXT record announces a policy; other records are passed over (section 3.1)."""
    return re.match(r"v=STSv1[ \t]*(?:;|$)", text) is not None


def parse_sts_record(text: str) -> str:
    """Parse the record that announces a policy; return its id.

    Raises:
        TagError: the record breaks the grammar, or has no id of 1 to 32 letters and digits.

    """
    tags = parse_tags(text)
    if not re.fullmatch(r"[A-Za-z0-9]{1,32}", tags.get("id", "")):
        raise TagError("has a wrong id:", tags.get("id", ""))
    return tags["id"]


def parse_policy(text: str) -> StsPolicy:
    """Parse a policy; unknown keys are passed over, and the first of a repeated one counts, except for `mx` (section 3.2).

    Raises:
        PolicyError: it breaks the grammar, or lacks what it must have.

    """
    pairs = list(_split_lines(text))
    fields = dict(reversed(pairs))
    if fields.get("version") != "STSv1":
        raise PolicyError("has no version STSv1")
    mode = _parse_mode(fields)
    age = fields.get("max_age", "")
    if not re.fullmatch(r"[0-9]{1,10}", age) or int(age) > LONGEST_AGE_S:
        raise PolicyError("has a wrong max_age", age)
    hosts = tuple(_parse_hosts([value for key, value in pairs if key == "mx"]))
    if not hosts and mode != "none":
        raise PolicyError("names no mail host")
    return StsPolicy(mode, int(age), hosts)


def _split_lines(text: str) -> Iterator[tuple[str, str]]:
    for line in re.split(r"\r?\n", text):
        if not line.strip():
            continue
        key, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}", key):
            raise PolicyError("has no key and value in", line)
        yield key, value.strip()


def _parse_mode(fields: dict[str, str]) -> Mode:
    for mode in MODES:
        if fields.get("mode") == mode:
            return mode
    raise PolicyError("has a wrong mode", fields.get("mode", ""))


def _parse_hosts(values: Sequence[str]) -> Iterator[str]:
    for value in values:
        if not _MX.fullmatch(value):
            raise PolicyError("has a wrong mx", value)
        yield value.lower()
