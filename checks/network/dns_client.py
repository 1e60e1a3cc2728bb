"""DNS for the kinds that ask it: chosen resolvers or the system's, within the probe's deadline, through dnspython.

Its `Resolver` pauses beyond its own lifetime before it gives up, so the servers are asked in turn here, and again while
there is time, each question with a patience of its own. `dns` is imported inside: a build never pays for it.
"""

import ipaddress
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from checks.network.resolver import is_resolver_alive
from checks.probing import Context
from checks.reasons import Trouble

if TYPE_CHECKING:
    import dns.message
    import dns.nameserver

LIBRARIES = ("dns.nameserver", "dns.resolver")
PATIENCE_S = 2.0
"""How long one server may take before the next is asked, or the same again: a datagram can be lost."""
_LARGEST_DATAGRAM = 1232


class Answer(NamedTuple):
    """What a resolver said of one name and type. `exists` is false for NXDOMAIN; `records` are dnspython's rdata."""

    exists: bool
    records: tuple[Any, ...] = ()
    authenticated: bool = False


class SystemResolver(NamedTuple):
    """Our own name servers, for who chooses none: where they are written, and whether they answer at all."""

    configuration: str = "/etc/resolv.conf"
    answers: Callable[[float], bool] = is_resolver_alive


_SYSTEM = SystemResolver()


class Lookups:
    """Asks questions for one probe, and notes each as a step."""

    def __init__(
        self,
        context: Context,
        resolvers: Sequence[str] = (),
        *,
        tcp: bool = False,
        dnssec: bool = False,
        system: SystemResolver = _SYSTEM,
    ) -> None:
        self._context = context
        self._tcp = tcp
        self._dnssec = dnssec
        self._system = None if resolvers else system
        self._servers = _servers(resolvers or _configured(system.configuration))

    def ask(self, name: str, kind: str) -> Answer:
        """Ask for the records of a name, aliases followed.

        Raises:
            TimeoutError: no answer within the deadline.
            Trouble: `dns` where every resolver refused or failed, `resolver` where the system's do not answer.
            OSError: none of the chosen resolvers can be reached.

        """
        import dns.exception

        try:
            answer = self._answer(name, kind)
        except dns.exception.DNSException as error:  # the library's root: a name too long, an endless chain
            raise Trouble("dns", "malformed name or answer") from error
        said = ", ".join(record.to_text() for record in answer.records) or "no such record"
        self._context.note(f"dns {kind} {name}", said if answer.exists else "no such name")
        return answer

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records of a name, each with its strings joined; none where the name does not exist."""
        records = self.ask(name, "TXT").records
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in records)

    def addresses(self, name: str) -> tuple[str, ...]:
        """The IPv4 and then the IPv6 addresses of a name."""
        return tuple(record.address for kind in ("A", "AAAA") for record in self.ask(name, kind).records)

    def reverse_names(self, address: str) -> tuple[str, ...]:
        """The names that an address says it has, without the final dot."""
        records = self.ask(ipaddress.ip_address(address).reverse_pointer, "PTR").records
        return tuple(record.target.to_text(omit_final_dot=True).lower() for record in records)

    def _answer(self, name: str, kind: str) -> Answer:
        import dns.flags
        import dns.message
        import dns.rcode

        query = dns.message.make_query(
            name, kind, use_edns=0, payload=_LARGEST_DATAGRAM, want_dnssec=self._dnssec
        )
        if self._dnssec:
            query.flags |= dns.flags.AD
        response = self._exchange(query)
        if response.rcode() == dns.rcode.NXDOMAIN:
            return Answer(exists=False, authenticated=bool(response.flags & dns.flags.AD))
        found = response.resolve_chaining().answer
        records = tuple(sorted(found or ()))
        return Answer(exists=True, records=records, authenticated=bool(response.flags & dns.flags.AD))

    def _exchange(self, query: "dns.message.QueryMessage") -> "dns.message.QueryMessage":
        """Ask one server after the other, and all again, until one answers; one that fails is not asked again."""
        import dns.exception

        servers, failure = list(self._servers), Exception()
        while servers:
            for server in list(servers):
                patience = min(self._left(), PATIENCE_S)
                try:
                    return self._ask_one(server, query, patience)
                except dns.exception.Timeout:
                    continue
                except TimeoutError:  # an OSError, but of our deadline
                    raise
                except (OSError, EOFError, Trouble, dns.exception.DNSException) as error:
                    servers.remove(server)
                    failure = error
        raise self._ours_or_theirs(failure)

    def _ask_one(
        self, server: "dns.nameserver.Nameserver", query: "dns.message.QueryMessage", patience: float
    ) -> "dns.message.QueryMessage":
        """One question to one server, again by TCP where the answer is truncated."""
        import dns.message
        import dns.rcode

        try:
            response = _send(server, query, patience, tcp=self._tcp)
        except dns.message.Truncated:
            response = _send(server, query, min(self._context.deadline.left(), PATIENCE_S), tcp=True)
        if response.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise Trouble("dns", dns.rcode.to_text(response.rcode()).lower())
        return response

    def _left(self) -> float:
        """The seconds left for asking; of ours, some are kept to find out whether it is ours that are silent.

        Raises:
            TimeoutError: none is left.
            Trouble: none is left, and our own resolvers answer nothing at all.

        """
        left = self._context.deadline.left()
        if self._system is None:
            return left
        kept = self._context.deadline.seconds / 4
        if left > kept:
            return left - kept
        if self._system.answers(left):
            raise TimeoutError
        raise Trouble("resolver", "does not answer")

    def _ours_or_theirs(self, failure: Exception) -> Exception:
        """What the last server's failure means: one that cannot be reached is our trouble where it is our own."""
        if isinstance(failure, OSError) and self._system is not None:
            return Trouble("resolver", "cannot be reached")
        return failure if isinstance(failure, OSError | Trouble) else Trouble("dns", "malformed answer")


def _configured(path: str) -> Sequence[str]:
    """The system's name servers, as `address:port`."""
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(path)
    except dns.resolver.NoResolverConfiguration:
        raise Trouble("resolver", "none is configured") from None
    return tuple(f"[{server}]:{resolver.port}" for server in resolver.nameservers)


def _servers(places: Sequence[str]) -> Sequence["dns.nameserver.Nameserver"]:
    import dns.nameserver

    split = (place.rpartition(":") for place in places)
    return tuple(dns.nameserver.Do53Nameserver(address.strip("[]"), int(port)) for address, _, port in split)


def _send(
    server: "dns.nameserver.Nameserver", query: "dns.message.QueryMessage", patience: float, *, tcp: bool
) -> "dns.message.QueryMessage":
    answer = server.query(query, patience, source=None, source_port=0, max_size=tcp)
    return cast("dns.message.QueryMessage", answer)
