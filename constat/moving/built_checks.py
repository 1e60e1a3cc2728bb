"""A check made of another tool's, and what is found on the way: shared by the sources that look themselves."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from constat.config.fields.marks import WrongError
from constat.moving.model import MovedSecret

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_NO_NAME: Final = re.compile(r"[^A-Z0-9]+")
_LONGEST_SECRET_NAME: Final = 60
"""Characters of the name of a secret behind `CONSTAT_`."""
_HASH_LENGTH: Final = 6
BY_HAND: Final = "no check: write it by hand"


@dataclass(slots=True)
class BuiltCheck:
    """A check, `None` where no kind of ours says the same; what was found on the way, and its secrets."""

    check: dict[str, Any] | None = None
    findings: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[MovedSecret] = field(default_factory=list)

    def report(self, found: str, done: str) -> None:
        """Note what has no place here."""
        self.findings.append((found, done))

    def give_up(self, unfit: "UnfitError") -> None:
        """Note why there is no check."""
        self.check = None
        self.secrets.clear()
        self.report(unfit.found, unfit.done)


class UnfitError(Exception):
    """No check of ours says the same: what was found, and what is done instead."""

    def __init__(self, found: str, done: str = BY_HAND) -> None:
        super().__init__(found)
        self.found = found
        self.done = done


def split_address(address: str) -> SplitResult:
    """Take an address apart.

    Raises:
        UnfitError: it has no host.

    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        host = None
    if not host:
        raise UnfitError("an address without a host")
    return parts


def take(parse: Callable[[object], str], value: str, why: str) -> str:
    """A value as a field of status.yml has it; `why`: what is wrong with it where it is refused.

    Raises:
        UnfitError: it is refused.

    """
    try:
        return parse(value)
    except WrongError:
        raise UnfitError(why) from None


def take_method(written: str) -> str:
    """A method of HTTP, GET where none is written.

    Raises:
        UnfitError: no check of ours sends it.

    """
    method = written.upper() or "GET"
    if method not in METHODS:
        raise UnfitError(f"method {method[:20]}", "no check: no kind of ours sends it")
    return method


def check_header(name: str) -> str:
    """The name of a header.

    Raises:
        UnfitError: HTTP has no such name.

    """
    if not _HEADER_NAME.fullmatch(name):
        raise UnfitError("a header with a name that HTTP does not have")
    return name


def name_secret(owner: str, rest: str) -> str:
    """The name of a secret of a check. One too long for `secrets:` is cut, and told from others by a hash of its owner."""
    first, last = (_NO_NAME.sub("_", text.upper()).strip("_") for text in (owner, rest))
    name = f"{first}_{last}".strip("_")
    if len(name) > _LONGEST_SECRET_NAME:
        told = hashlib.sha256(f"{owner}\n{rest}".encode()).hexdigest()[:_HASH_LENGTH].upper()
        last = last[: _LONGEST_SECRET_NAME // 2]
        left = _LONGEST_SECRET_NAME - len(last) - _HASH_LENGTH - len("__")
        name = "_".join(filter(None, (first[:left].strip("_"), told, last)))
    return f"CONSTAT_{name}"


def refuse_open_secrets(url: str, built: BuiltCheck) -> None:
    """Refuse to send a secret without TLS.

    Raises:
        UnfitError: it would be.

    """
    if built.secrets and not url.startswith(("https:", "wss:")):
        raise UnfitError("a secret that travels without TLS", f"{BY_HAND}, with https:// or wss://")
