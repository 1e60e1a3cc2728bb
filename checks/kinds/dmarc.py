"""The kind `dmarc`: receivers are asked to refuse forged mail and to report it to us (RFC 9989)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records.dmarc_record import (
    POLICIES,
    ApplicableRecord,
    DmarcRecord,
    Policy,
    discover,
    find_organization,
    is_dmarc,
    weaken,
)
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from checks.records.tag_list import TagError
from constat.config.fields import MailAddress, about
from constat.model.kinds import Defaults, SecretUse

Alignment = Literal["relaxed", "strict"]

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """The least that the domain should ask of receivers."""

    policy: Annotated[Policy, about("the mildest policy that is accepted")] = "quarantine"
    subdomains: Annotated[Policy | None, about("the mildest policy that is accepted for subdomains")] = None
    dkim: Annotated[Alignment | None, about("the required alignment with DKIM, if any")] = None
    spf: Annotated[Alignment | None, about("the required alignment with SPF, if any")] = None
    reports: Annotated[
        tuple[MailAddress, ...], about("addresses that must be among those that receive reports")
    ] = ()


def subject(options: Options) -> str:
    """Name the domain."""
    return options.domain


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Find the record that applies and read it."""
    return attempt(context, lambda: _check_record(options, context))


def _check_record(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers)
    faults: list[str] = []
    try:
        applicable = discover(lookups, options.domain, faults, context.quote)
    except TagError as error:
        raise Trouble("record", f"DMARC {error.what} {context.quote(error.text)}") from error
    for fault in faults:
        context.note("dmarc", fault)
    if applicable is None:
        raise Trouble("record", faults[0] if faults else "no DMARC")
    record = applicable.record
    context.note("dmarc", f"policy {applicable.policy} from {record.domain}")
    _check_policy(options, applicable)
    _check_alignment(options, record)
    _check_reports(options, record, lookups, context)


def _check_policy(options: Options, applicable: ApplicableRecord) -> None:
    record = applicable.record
    policies = [
        ("", applicable.policy, options.policy),
        (" for subdomains", record.subdomains, options.subdomains),
    ]
    for scope, published, required in policies:
        policy = weaken(published) if record.testing else published
        if required and POLICIES.index(policy) < POLICIES.index(required):
            testing = " while testing" if record.testing else ""
            is_ignored = policy == "none" and not record.reports and not record.testing
            without = " without reports" if is_ignored else ""
            raise Trouble("record", f"DMARC policy{scope} is {policy}{testing}{without}")


def _check_alignment(options: Options, record: DmarcRecord) -> None:
    published = {"dkim": record.dkim, "spf": record.spf}
    for mechanism, required in (("dkim", options.dkim), ("spf", options.spf)):
        if required and published[mechanism] != required[0]:
            raise Trouble("record", f"DMARC alignment with {mechanism.upper()} is not {required}")


def _check_reports(options: Options, record: DmarcRecord, lookups: Lookups, context: Context) -> None:
    """Check that our addresses get reports, and that other organizations have agreed to take theirs (RFC 9990 4)."""
    for address in options.reports:
        if address.lower() not in record.reports:
            raise Trouble("record", f"DMARC reports do not go to {address}")
    for address in record.reports:
        if "@" not in address or ":" in address:
            context.note("dmarc", f"reports to {context.quote(address)}: only mailto: is looked at")
            continue
        receiver = address.rpartition("@")[2]
        if not _takes_reports(lookups, record.domain, receiver):
            raise Trouble("record", f"DMARC reports go to {receiver}, which has not agreed to take them")


def _takes_reports(lookups: Lookups, domain: str, receiver: str) -> bool:
    """Whether the receiver may get reports: within one organization, or by agreement."""
    if _is_related(receiver, domain) or _has_agreed(lookups, domain, receiver):
        return True
    return find_organization(lookups, domain) == find_organization(lookups, receiver)


def _is_related(one: str, other: str) -> bool:
    """Whether one of two domains is the other or a subdomain of it."""
    return f".{one}".endswith(f".{other}") or f".{other}".endswith(f".{one}")


def _has_agreed(lookups: Lookups, domain: str, receiver: str) -> bool:
    """Whether a domain that receives reports says that it takes those about another domain."""
    return any(is_dmarc(text) for text in lookups.find_texts(f"{domain}._report._dmarc.{receiver}"))
