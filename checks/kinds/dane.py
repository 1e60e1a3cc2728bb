"""The kind `dane`: signed DNS records say which certificates the mail servers have, and they match (RFC 7672).

The records are worth nothing without DNSSEC. A resolver that does not validate cannot say whether they are signed: that is
unknown, never a failure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import DnsAnswer, Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble, translate_error
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from checks.records.tlsa import AUTHORITY, Tlsa, find_match
from constat.config.fields import Port, about
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    import ssl

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = (*DNS_LIBRARIES, "checks.network.smtp_session")

_MAIL_PORT = 25
"""The port in the names of the records: that of mail between servers (RFC 7672 2.2), whichever port we connect to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """Where the mail hosts show their certificates."""

    port: Annotated[Port, about("the port on which mail is accepted")] = 25


def subject(options: Options) -> str:
    """Name the domain."""
    return options.domain


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Look up the records, make sure that they are signed, and compare the servers' certificates with them."""
    return attempt(context, lambda: _check_domain(options, context))


def _check_domain(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers, dnssec=True)
    answer = lookups.ask(options.domain, "MX")
    hosts = lookups.read_mail_hosts(answer) or (options.domain,)
    answers = {host: lookups.ask(f"_{_MAIL_PORT}._tcp.{host}", "TLSA") for host in hosts}
    if not any(of_host.records for of_host in answers.values()):
        raise Trouble("record", "no TLSA")
    _require_signed(lookups, options.domain, answer)
    for host in hosts:
        if answers[host].records:
            _require_signed(lookups, host, answers[host])
    records = {host: _read_records(of_host) for host, of_host in answers.items()}
    _check_hosts(options, records, lookups, context)


def _require_signed(lookups: Lookups, name: str, answer: DnsAnswer) -> None:
    """Make sure that the resolver has validated an answer.

    Raises:
        Trouble: it is not signed, or nobody vouches for the signature; `unanswered` if the resolver does not validate.

    """
    if answer.authenticated:
        return
    if not answer.signer:
        raise Trouble("record", f"DNSSEC does not sign {name}")
    if _lacks_delegation(lookups, answer.signer):
        raise Trouble("record", f"DNSSEC has no DS for {answer.signer}")
    raise Trouble("unanswered", "the resolver does not validate DNSSEC")


def _lacks_delegation(lookups: Lookups, zone: str) -> bool:
    """Whether the zone above is known to have no DS record for a zone, so that its signatures count for nothing."""
    try:
        return not lookups.ask(zone, "DS").records
    except Trouble:  # no answer: then it is not known
        return False


def _read_records(answer: DnsAnswer) -> tuple[Tlsa, ...]:
    return tuple(Tlsa(record.usage, record.selector, record.mtype, record.cert) for record in answer.records)


def _check_hosts(
    options: Options, records: dict[str, tuple[Tlsa, ...]], lookups: Lookups, context: Context
) -> None:
    """Check each host that has records; degraded if another one has none, as senders then need not encrypt to it."""
    with_records = [host for host, of_host in records.items() if of_host]
    silent: list[Trouble] = []
    for index, host in enumerate(with_records):
        share = context.share(len(with_records) - index)
        trouble = _check_host(options, host, records[host], lookups, share)
        if trouble is not None:
            silent.append(trouble)
    if len(silent) == len(with_records):
        raise Trouble("unanswered", f"no mail server shows a certificate ({silent[0].word})")
    without = next((host for host, of_host in records.items() if not of_host), None)
    if without is not None:
        raise Trouble("record", f"no TLSA for {context.quote(without)}", outcome=Outcome.DEGRADED)


def _check_host(
    options: Options, host: str, records: Sequence[Tlsa], lookups: Lookups, context: Context
) -> Trouble | None:
    """Check one host; return the trouble of one that does not answer, which is for the kind `mx` to report.

    Raises:
        Trouble: the records cannot be used, or do not match.

    """
    if not any(record.is_usable for record in records):
        raise Trouble("record", f"TLSA of {context.quote(host)} is of a kind that no sender takes")
    try:
        address = next(iter(lookups.find_addresses(host)), "")
        if not address:
            raise Trouble("dns", "no address")  # noqa: TRY301 -- one way out for every host that cannot be reached
        chain = _fetch_chain(address, options.port, host, context)
    except (
        Exception
    ) as error:  # a library may raise anything; an error that no table knows is raised again below
        trouble = translate_error(error, context.deadline.seconds)
        if trouble is None:
            raise
        context.note(f"certificate {host}", str(trouble))
        if trouble.word in ("tls", "status", "content"):  # it answers, but encrypts nothing
            detail = f"TLSA {context.quote(host)}: {trouble.detail}"
            raise Trouble("tls", detail, outcome=trouble.outcome) from error
        return trouble
    match = find_match(records, chain)
    if match is None:
        raise Trouble("record", f"TLSA of {context.quote(host)} matches no certificate")
    record, certificate = match
    context.note(f"certificate {host}", f"matches TLSA {record.usage} {record.selector} {record.matching}")
    if record.usage == AUTHORITY:
        _verify_below(certificate, address, options, host, context)
    return None


def _fetch_chain(address: str, port: int, host: str, context: Context) -> Sequence[bytes]:
    """Fetch the certificates that a server shows after STARTTLS, its own first, as DER. Nothing is verified yet."""
    from checks.network.tls_context import unverified_context

    return _start_tls(address, port, host, unverified_context(), context)


def _verify_below(authority: bytes, address: str, options: Options, host: str, context: Context) -> None:
    """Verify the server below an authority that the DNS names: chain, time, and the host's name or the domain's (3.2.3)."""
    import ssl

    trusted = ssl.create_default_context(cadata=authority)
    trusted.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    errors: list[ssl.SSLError] = []
    for name in (host, options.domain):
        try:
            _start_tls(address, options.port, name, trusted, context)
        except ssl.SSLError as error:
            errors.append(error)
        else:
            return
    trouble = translate_error(errors[0], context.deadline.seconds)
    raise Trouble("tls", f"TLSA {context.quote(host)}: {trouble.detail if trouble else ''}") from errors[0]


def _start_tls(
    address: str, port: int, name: str, trusted: "ssl.SSLContext", context: Context
) -> Sequence[bytes]:
    """Shake hands after STARTTLS; return the certificates that the server showed."""
    import ssl

    from checks.network.connection import connect
    from checks.network.smtp_session import SmtpSession

    with connect(address, port, context) as connection:
        session = SmtpSession(connection, context, connection.find_own_name())
        session.read_greeting()
        session.say_hello()
        session.ask_for_tls()
        secure = connection.start_tls(trusted, name)
        chain = secure._sslobj.get_unverified_chain() or []  # type: ignore[attr-defined] # noqa: SLF001 -- public in 3.13
        return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in chain]
