"""DNS questions to chosen resolvers or the system's, within a probe's deadline, through dnspython.

dnspython's `Resolver` pauses beyond its own lifetime before it gives up, so the servers are asked in turn here, and again
while there is time, each question with a timeout of its own. `dns` is imported inside functions: a build never pays for it.
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
"""How long a server may take before the next one is asked, or the same one again: a datagram can be lost."""
_LARGEST_DATAGRAM = 1232


class DnsAnswer(NamedTuple):
    """The answer of a resolver for one name and type. `exists` is false for NXDOMAIN; `records` are dnspython's rdata.

    `authenticated`: the resolver has validated it. `signer`: the zone that signed it, if signatures came with it.
    """

    exists: bool
    records: tuple[Any, ...] = ()
    authenticated: bool = False
    signer: str = ""


class SystemResolver(NamedTuple):
    """Our own name servers, used where none are chosen: the file that lists them, and whether they answer at all."""

    configuration: str = "/etc/resolv.conf"
    answers: Callable[[float], bool] = is_resolver_alive


SYSTEM = SystemResolver()


class Lookups:
    """Asks questions for one probe, and notes each as a step."""

    def __init__(
        self,
        context: Context,
        resolvers: Sequence[str] = (),
        *,
        tcp: bool = False,
        dnssec: bool = False,
        system: SystemResolver | None = None,
    ) -> None:
        self._context = context
        self._tcp = tcp
        self._dnssec = dnssec
        own = system or SYSTEM
        self._system = None if resolvers else own
        self._servers = _build_servers(resolvers or _read_system_servers(own.configuration))

    def ask(self, name: str, kind: str) -> DnsAnswer:
        """Ask for the records of a name, aliases followed.

        Raises:
            TimeoutError: no answer within the deadline.
            Trouble: `dns` if every resolver refused or failed, `resolver` if the system's do not answer.
            OSError: none of the chosen resolvers can be reached.

        """
        import dns.exception

        try:
            answer = self._answer(name, kind)
        except dns.exception.DNSException as error:  # the library's root: a name too long, an endless chain
            raise Trouble("dns", "malformed name or answer") from error
        values = ", ".join(record.to_text() for record in answer.records) or "no such record"
        self._context.note(f"dns {kind} {name}", values if answer.exists else "no such name")
        return answer

    def find_texts(self, name: str) -> tuple[str, ...]:
        """Look up the TXT records of a name, each with its strings joined; none where the name does not exist."""
        records = self.ask(name, "TXT").records
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in records)

    def find_addresses(self, name: str) -> tuple[str, ...]:
        """Look up the IPv4 and then the IPv6 addresses of a name."""
        return tuple(record.address for kind in ("A", "AAAA") for record in self.ask(name, kind).records)

    def find_mail_hosts(self, domain: str) -> tuple[str, ...]:
        """Look up the hosts that the MX records of a domain name, most preferred first; `.` for a null MX (RFC 7505)."""
        return self.read_mail_hosts(self.ask(domain, "MX"))

    @staticmethod
    def read_mail_hosts(answer: DnsAnswer) -> tuple[str, ...]:
        """List the hosts of an answer with MX records, most preferred first."""
        records = sorted(answer.records, key=lambda record: int(record.preference))
        return tuple(record.exchange.to_text(omit_final_dot=True).lower() for record in records)

    def find_reverse_names(self, address: str) -> tuple[str, ...]:
        """Look up the names of an address (PTR), without the final dot."""
        records = self.ask(ipaddress.ip_address(address).reverse_pointer, "PTR").records
        return tuple(record.target.to_text(omit_final_dot=True).lower() for record in records)

    def _answer(self, name: str, kind: str) -> DnsAnswer:
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
            return DnsAnswer(exists=False, authenticated=bool(response.flags & dns.flags.AD))
        records = tuple(sorted(response.resolve_chaining().answer or ()))
        authenticated = bool(response.flags & dns.flags.AD)
        return DnsAnswer(
            exists=True, records=records, authenticated=authenticated, signer=_find_signer(response)
        )

    def _exchange(self, query: "dns.message.QueryMessage") -> "dns.message.QueryMessage":
        """Ask the servers in turn, again and again until one answers; one that fails is not asked again."""
        import dns.exception

        servers, failure = list(self._servers), Exception()
        while servers:
            for server in list(servers):
                seconds = min(self._find_time_left(), PATIENCE_S)
                try:
                    return self._ask_one(server, query, seconds)
                except dns.exception.Timeout:
                    continue
                except TimeoutError:  # an OSError, but raised by our deadline
                    raise
                except (OSError, EOFError, Trouble, dns.exception.DNSException) as error:
                    servers.remove(server)
                    failure = error
        raise self._classify(failure)

    def _ask_one(
        self, server: "dns.nameserver.Nameserver", query: "dns.message.QueryMessage", seconds: float
    ) -> "dns.message.QueryMessage":
        """Ask one server once, and again by TCP if the answer is truncated."""
        import dns.message
        import dns.rcode

        try:
            response = _send(server, query, seconds, tcp=self._tcp)
        except dns.message.Truncated:
            response = _send(server, query, min(self._context.deadline.left(), PATIENCE_S), tcp=True)
        if response.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise Trouble("dns", dns.rcode.to_text(response.rcode()).lower())
        return response

    def _find_time_left(self) -> float:
        """The seconds left for asking; a quarter is reserved to find out whether our own resolvers are the ones that fail.

        Raises:
            TimeoutError: none is left.
            Trouble: none is left, and our own resolvers do not answer at all.

        """
        left = self._context.deadline.left()
        if self._system is None:
            return left
        reserve = self._context.deadline.seconds / 4
        if left > reserve:
            return left - reserve
        if self._system.answers(left):
            raise TimeoutError
        raise Trouble("resolver", "does not answer")

    def _classify(self, failure: Exception) -> Exception:
        """Decide whose failure the last one was: one of our own servers that cannot be reached is our own trouble."""
        if isinstance(failure, OSError) and self._system is not None:
            return Trouble("resolver", "cannot be reached")
        return failure if isinstance(failure, OSError | Trouble) else Trouble("dns", "malformed answer")


def _find_signer(response: "dns.message.QueryMessage") -> str:
    """Find the zone of the first signature in an answer."""
    import dns.rdatatype

    signatures = (rrset for rrset in response.answer if rrset.rdtype == dns.rdatatype.RRSIG)
    return next((str(rrset[0].signer) for rrset in signatures), "")


def _read_system_servers(path: str) -> Sequence[str]:
    """Read the system's name servers, as `address:port`."""
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(path)
    except dns.resolver.NoResolverConfiguration:
        raise Trouble("resolver", "none is configured") from None
    return tuple(f"[{server}]:{resolver.port}" for server in resolver.nameservers)


def _build_servers(addresses: Sequence[str]) -> Sequence["dns.nameserver.Nameserver"]:
    import dns.nameserver

    parts = (address.rpartition(":") for address in addresses)
    return tuple(dns.nameserver.Do53Nameserver(host.strip("[]"), int(port)) for host, _, port in parts)


def _send(
    server: "dns.nameserver.Nameserver", query: "dns.message.QueryMessage", seconds: float, *, tcp: bool
) -> "dns.message.QueryMessage":
    answer = server.query(query, seconds, source=None, source_port=0, max_size=tcp)
    return cast("dns.message.QueryMessage", answer)
