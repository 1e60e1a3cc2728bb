"""The kind `mtasts`: senders are told to encrypt, and can: record, policy and the mail hosts agree (RFC 8461)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.network.shown_certificate import WantedCertificate, check_certificate
from checks.option_types import Authorities
from checks.probing import Context, ProbeResult, attempt, naming
from checks.reasons import Trouble
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from checks.records.mta_sts import MODES, Mode, PolicyError, StsPolicy, is_sts, parse_policy, parse_sts_record
from checks.records.only_record import take_only_record
from checks.records.tag_list import TagError
from constat.config.fields import Flag, Port, about
from constat.interval import DAY_S
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

_PATH = "/.well-known/mta-sts.txt"

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = (*DNS_LIBRARIES, "checks.network.pinned_https", "checks.network.smtp_session")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """The mildest mode that is accepted, and how closely to look at the mail hosts."""

    mode: Annotated[Mode, about("the mildest mode of the policy that is accepted")] = "enforce"
    certificates: Annotated[
        Flag, about("each mail host must show a certificate that is valid for its name, after STARTTLS")
    ] = True
    port: Annotated[Port, about("the port on which mail is accepted")] = 25
    policy_port: Annotated[Port, about("the port on which the policy is published; senders use 443")] = 443
    ca: Authorities = ""


def subject(options: Options) -> str:
    """Name the domain."""
    return options.domain


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Look up the record, fetch the policy, and check the mail hosts against it."""
    return attempt(context, lambda: _check_domain(options, context))


def _check_domain(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers)
    _check_record(lookups, options.domain, context)
    policy = _read_policy(lookups, options, context)
    hosts = lookups.find_mail_hosts(options.domain) or (options.domain,)
    stranger = next((host for host in hosts if not policy.names(host)), None)
    if policy.mode != "none" and stranger is not None:
        outcome = Outcome.DOWN if policy.mode == "enforce" else Outcome.DEGRADED
        raise Trouble("record", f"MTA-STS policy does not name {context.quote(stranger)}", outcome=outcome)
    if options.certificates and policy.mode != "none":
        _check_certificates(lookups, options, hosts, context)
    if MODES.index(policy.mode) < MODES.index(options.mode):
        raise Trouble("record", f"MTA-STS mode is {policy.mode}", outcome=Outcome.DEGRADED)
    if policy.max_age_s < DAY_S:
        raise Trouble("record", f"MTA-STS max_age is {policy.max_age_s} s", outcome=Outcome.DEGRADED)


def _check_record(lookups: Lookups, domain: str, context: Context) -> None:
    """Check the record that announces the policy; several count as none (section 3.1)."""
    texts = lookups.find_texts(f"_mta-sts.{domain}")
    record = take_only_record("MTA-STS", list(filter(is_sts, texts)), texts, context)
    try:
        context.note("mta-sts", f"id {parse_sts_record(record)}")
    except TagError as error:
        raise Trouble("record", f"MTA-STS {error.what} {context.quote(error.text)}") from error


def _read_policy(lookups: Lookups, options: Options, context: Context) -> StsPolicy:
    """Fetch the policy as a sender does, without following a redirect (section 3.3), and parse it."""
    body = _fetch_policy(lookups, options, context)
    try:
        policy = parse_policy(body.decode("utf-8", "replace"))
    except PolicyError as error:
        quoted = f" {context.quote(error.text)}" if error.text else ""
        raise Trouble("record", f"MTA-STS policy {error.what}{quoted}") from error
    context.note("policy", f"mode {policy.mode}, max_age {policy.max_age_s} s, mx {' '.join(policy.hosts)}")
    return policy


def _fetch_policy(lookups: Lookups, options: Options, context: Context) -> bytes:
    """Fetch the policy; the reason of any trouble names it.

    Raises:
        Trouble: it cannot be fetched.

    """
    with naming("(policy)", context):
        return _request_policy(lookups, options, context)


def _request_policy(lookups: Lookups, options: Options, context: Context) -> bytes:
    from checks.network.pinned_https import Place, fetch_at

    name = f"mta-sts.{options.domain}"
    addresses = lookups.find_addresses(name)
    if not addresses:
        raise Trouble("dns", "no address")
    answer = fetch_at(Place(name, addresses[0], options.policy_port), _PATH, context, ca=options.ca)
    if answer.status != 200:  # noqa: PLR2004 - OK
        raise Trouble("status", str(answer.status))
    if answer.content_type != "text/plain":
        raise Trouble("content", f"of type {context.quote(answer.content_type)}")
    return answer.body


def _check_certificates(lookups: Lookups, options: Options, hosts: Sequence[str], context: Context) -> None:
    """Check the certificate of each mail host. One that does not answer is passed over: the kind `mx` reports it."""
    if options.port in context.blocked:
        context.note("certificates", f"port {options.port} cannot be reached from here")
        return
    for index, host in enumerate(hosts):
        share = context.share(len(hosts) - index)
        address = next(iter(lookups.find_addresses(host)), None)
        if address is None:
            continue
        wanted = WantedCertificate(address, options.port, host, "smtp", options.ca)
        result = attempt(share, partial(check_certificate, wanted, share))
        context.note(f"certificate {host}", result.reason or "valid")
        word, _, detail = result.reason.partition(" ")
        if word in ("tls", "status", "content"):  # no trusted certificate, or no STARTTLS to begin with
            raise Trouble("tls", f"MX {context.quote(host)}: {detail}", outcome=result.outcome)
