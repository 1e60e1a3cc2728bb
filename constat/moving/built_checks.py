"""A check built from one of another tool, and what was found on the way: shared by sources that run checks themselves."""

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
"""The most characters of the name of a secret after `CONSTAT_`."""
_HASH_LENGTH: Final = 6
BY_HAND: Final = "no check: write it by hand"


@dataclass(slots=True)
class BuiltCheck:
    """A check, `None` where no kind of ours does the same; what was found on the way, and its secrets."""

    check: dict[str, Any] | None = None
    findings: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[MovedSecret] = field(default_factory=list)

    def report(self, found: str, done: str) -> None:
        """Note something that was found, and what was done with it."""
        self.findings.append((found, done))

    def give_up(self, unfit: "UnfitError") -> None:
        """Note why there is no check."""
        self.check = None
        self.secrets.clear()
        self.report(unfit.found, unfit.done)


class UnfitError(Exception):
    """No check of ours does the same: what was found, and what is done instead."""

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
    """Parse a value as a field of status.yml; `why`: what to say is wrong with it where it is refused.

    Raises:
        UnfitError: it is refused.

    """
    try:
        return parse(value)
    except WrongError:
        raise UnfitError(why) from None


def take_method(written: str) -> str:
    """The HTTP method, GET where none is written.

    Raises:
        UnfitError: no check of ours can send it.

    """
    method = written.upper() or "GET"
    if method not in METHODS:
        raise UnfitError(f"method {method[:20]}", "no check: none of our kinds sends it")
    return method


def check_header(name: str) -> str:
    """Check the name of a header, and return it.

    Raises:
        UnfitError: HTTP has no such name.

    """
    if not _HEADER_NAME.fullmatch(name):
        raise UnfitError("a header with a name that HTTP does not allow")
    return name


def name_secret(owner: str, rest: str) -> str:
    """Name a secret of a check. A name too long for `secrets:` is cut, and made unique by a hash of the owner and the rest."""
    first, last = (_NO_NAME.sub("_", text.upper()).strip("_") for text in (owner, rest))
    name = f"{first}_{last}".strip("_")
    if len(name) > _LONGEST_SECRET_NAME:
        digest = hashlib.sha256(f"{owner}\n{rest}".encode()).hexdigest()[:_HASH_LENGTH].upper()
        last = last[: _LONGEST_SECRET_NAME // 2]
        left = _LONGEST_SECRET_NAME - len(last) - _HASH_LENGTH - len("__")
        name = "_".join(filter(None, (first[:left].strip("_"), digest, last)))
    return f"CONSTAT_{name}"


def refuse_open_secrets(url: str, built: BuiltCheck) -> None:
    """Refuse to send a secret without TLS.

    Raises:
        UnfitError: a secret would be sent so.

    """
    if built.secrets and not url.startswith(("https:", "wss:")):
        raise UnfitError("a secret that travels without TLS", f"{BY_HAND}, with https:// or wss://")
