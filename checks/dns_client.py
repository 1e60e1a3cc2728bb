"""DNS for the kinds that ask it: chosen resolvers or the system's, within the probe's deadline, through dnspython.

`dns` is imported inside: a build or a validation never pays for it.
"""

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.probing import Context

if TYPE_CHECKING:
    import dns.resolver

DNS_PORT = 53


class LookupFailedError(Exception):
    """No resolver gave a usable answer: `code` is the last one's response code, or `malformed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NoResolverError(Exception):
    """Our own side cannot ask: no resolver is configured, or the system's cannot be reached."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a resolver said of one name and type. `exists` is false for NXDOMAIN; `records` are dnspython's rdata."""

    exists: bool
    records: tuple[Any, ...] = ()
    authenticated: bool = False


def resolver_address(text: str) -> tuple[str, int]:
    """Split `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353` into address and port.

    Raises:
        ValueError: it is none of these.

    """
    address, port = text, str(DNS_PORT)
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        port = port.removeprefix(":") or str(DNS_PORT)
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    return str(ipaddress.ip_address(address)), int(port)


class Lookups:
    """Asks questions for one probe, and notes each as a step."""

    def __init__(
        self, context: Context, resolvers: tuple[str, ...] = (), *, tcp: bool = False, dnssec: bool = False
    ) -> None:
        self._context = context
        self._own = bool(resolvers)
        self._tcp = tcp
        self._resolver = _resolver(resolvers)
        if dnssec:
            import dns.flags

            self._resolver.use_edns(0, dns.flags.DO, 1232)
            self._resolver.flags = dns.flags.RD | dns.flags.AD

    def ask(self, name: str, kind: str) -> Answer:
        """Ask for the records of a name.

        Raises:
            TimeoutError: no answer within the deadline.
            LookupFailedError: every resolver refused, failed or sent nonsense.
            NoResolverError: the system's resolvers cannot be reached.

        """
        answer = self._ask(name, kind)
        said = ", ".join(record.to_text() for record in answer.records) or "no such record"
        self._context.note(f"dns {kind} {name}", said if answer.exists else "no such name")
        return answer

    def texts(self, name: str) -> tuple[str, ...]:
        """The TXT records of a name, each with its strings joined; none where the name does not exist."""
        return tuple(
            b"".join(record.strings).decode("ascii", "replace") for record in self.ask(name, "TXT").records
        )

    def addresses(self, name: str) -> tuple[str, ...]:
        """The IPv4 and then the IPv6 addresses of a name."""
        return tuple(record.address for kind in ("A", "AAAA") for record in self.ask(name, kind).records)

    def reverse_names(self, address: str) -> tuple[str, ...]:
        """The names that an address says it has, without the final dot."""
        pointer = ipaddress.ip_address(address).reverse_pointer
        return tuple(
            record.target.to_text(omit_final_dot=True).lower() for record in self.ask(pointer, "PTR").records
        )

    def _ask(self, name: str, kind: str) -> Answer:
        import dns.exception
        import dns.flags
        import dns.resolver

        left = self._context.deadline.left()
        try:
            found = self._resolver.resolve(
                name, kind, tcp=self._tcp, lifetime=left, raise_on_no_answer=False, search=False
            )
        except dns.resolver.NXDOMAIN:
            return Answer(exists=False)
        except dns.exception.Timeout:
            raise TimeoutError from None
        except dns.resolver.NoNameservers as error:
            raise self._failure(error) from None
        except dns.exception.DNSException:  # the library's root: a name too long, a chain that never ends
            raise LookupFailedError("malformed") from None
        authenticated = bool(found.response.flags & dns.flags.AD)
        return Answer(exists=True, records=tuple(found.rrset or ()), authenticated=authenticated)

    def _failure(self, error: "dns.resolver.NoNameservers") -> Exception:
        """What the last resolver that was asked said: a response code, or trouble on the way to it."""
        troubles = error.kwargs["errors"]
        said = troubles[-1][3] if troubles else "malformed"
        if isinstance(said, OSError):
            return said if self._own else NoResolverError()
        return LookupFailedError(said.lower() if isinstance(said, str) else "malformed")


def _resolver(resolvers: tuple[str, ...]) -> "dns.resolver.Resolver":
    """A resolver of dnspython for the given servers, or for the system's where none is given.

    Raises:
        NoResolverError: the system names no resolver.

    """
    import dns.nameserver
    import dns.resolver

    try:
        resolver = dns.resolver.Resolver(configure=not resolvers)
    except dns.resolver.NoResolverConfiguration:
        raise NoResolverError from None
    if resolvers:
        resolver.nameservers = [
            dns.nameserver.Do53Nameserver(*resolver_address(server)) for server in resolvers
        ]
    return resolver
