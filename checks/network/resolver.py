"""From names to addresses within a deadline, and whose fault a failure is."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from checks.probing import Deadline
from checks.reasons import Trouble

Ip = Literal["4", "6"]
Address = tuple[Any, ...]
"""A socket address as `getaddrinfo` gives it: host, port, and for IPv6 flow and scope."""


class Names(NamedTuple):
    """How names are resolved: a `getaddrinfo`, and whether our own name server answers within some seconds."""

    lookup: Callable[..., Sequence[tuple[Any, ...]]]
    alive: Callable[[float], bool]


_FAMILIES = {None: socket.AF_UNSPEC, "4": socket.AF_INET, "6": socket.AF_INET6}
_RESOLVER_PATIENCE_S = 2.0


def is_resolver_alive(seconds: float) -> bool:
    """Whether our own name server answers at all. It is asked for the name servers of the root."""
    import dns.exception
    import dns.resolver

    try:
        dns.resolver.Resolver().resolve(".", "NS", lifetime=seconds)
    except (dns.exception.DNSException, OSError):
        return False
    return True


SYSTEM = Names(socket.getaddrinfo, is_resolver_alive)


class _Question:
    """One `getaddrinfo` in a thread of its own, because it has no timeout."""

    def __init__(
        self, lookup: Callable[..., Sequence[tuple[Any, ...]]], host: str, port: int, ip: Ip | None
    ) -> None:
        self._answered = threading.Event()
        self._results: Sequence[tuple[Any, ...]] = ()
        self._error: OSError | UnicodeError | None = None
        threading.Thread(target=self._ask, args=(lookup, host, port, ip), daemon=True).start()

    def _ask(
        self, lookup: Callable[..., Sequence[tuple[Any, ...]]], host: str, port: int, ip: Ip | None
    ) -> None:
        try:
            self._results = lookup(host, port, _FAMILIES[ip], socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            self._error = error
        self._answered.set()

    def wait(self, seconds: float) -> bool:
        return self._answered.wait(seconds)

    def read_answer(self) -> Sequence[tuple[Any, ...]]:
        if isinstance(self._error, UnicodeError):
            raise Trouble("dns", "not a host name") from self._error
        if self._error is not None:
            raise self._error
        return self._results


def _await_answer(question: _Question, deadline: Deadline, alive: Callable[[float], bool]) -> Sequence[Any]:
    """Wait for half of the time; then find out whether it is our own name server that fails, and wait for the rest."""
    half = deadline.left() / 2
    if not question.wait(half) and not alive(min(half / 2, _RESOLVER_PATIENCE_S)):
        raise Trouble("resolver", "does not answer")
    if not question.wait(deadline.left()):
        raise TimeoutError
    try:
        return question.read_answer()
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN and alive(min(deadline.left(), _RESOLVER_PATIENCE_S)):
            raise Trouble("dns", "name servers do not answer") from error
        raise


def _is_address(host: str) -> bool:
    """Whether a host is an address: then no name server is asked, and none can keep us waiting."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolve(
    host: str,
    port: int,
    deadline: Deadline,
    *,
    ip: Ip | None = None,
    names: Names | None = None,
) -> tuple[tuple[int, Address], ...]:
    """Resolve a name to (family, address) pairs, in the order that our system prefers. `names`: how; by default as the system does.

    Raises:
        Trouble: the name is not valid, its name servers do not answer, or our own does not (which is unknown, not down).
        OSError: as raised by `getaddrinfo`.

    """
    names = names or SYSTEM
    if _is_address(host):
        results = names.lookup(host, port, _FAMILIES[ip], socket.SOCK_STREAM)
    else:
        results = _await_answer(_Question(names.lookup, host, port, ip), deadline, names.alive)
    return tuple(dict.fromkeys((int(family), address) for family, _, _, _, address in results))
