"""The kind `dmarc`: receivers are told to refuse forged mail, and to report it where we read it (RFC 9989)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records.dmarc_record import POLICIES, Found, Policy, discover, is_dmarc, weakened
from checks.records.lookup_options import RARELY, MailDomain
from checks.records.tag_list import TagError
from constat.config.fields import MailAddress, about

Alignment = Literal["relaxed", "strict"]

DEFAULTS: Mapping[str, str] = RARELY
LIBRARIES = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """What the domain should ask of receivers, at least."""

    policy: Annotated[Policy, about("the mildest policy that will do")] = "quarantine"
    subdomains: Annotated[Policy | None, about("the mildest that will do for subdomains")] = None
    dkim: Annotated[Alignment | None, about("the alignment with DKIM, where it matters")] = None
    spf: Annotated[Alignment | None, about("the alignment with SPF, where it matters")] = None
    reports: Annotated[tuple[MailAddress, ...], about("addresses that must be among those for reports")] = ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Find the record that applies and read it."""
    return attempt(context, lambda: _judge(options, context))


def _judge(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers)
    try:
        found = discover(lookups, options.domain)
    except TagError as error:
        raise Trouble("record", f"DMARC {error.what} {context.quote(error.text)}") from error
    if found is None:
        raise Trouble("record", "no DMARC")
    context.note("dmarc", f"policy {found.policy} from {found.record.domain}")
    _judge_policy(options, found)
    _judge_alignment(options, found)
    _judge_reports(options, found, lookups)


def _judge_policy(options: Options, found: Found) -> None:
    record = found.record
    policies = [
        ("", found.policy, options.policy),
        (" for subdomains", record.subdomains, options.subdomains),
    ]
    for of, said, wanted in policies:
        policy = weakened(said) if record.testing else said
        if wanted and POLICIES.index(policy) < POLICIES.index(wanted):
            testing = " while testing" if record.testing else ""
            raise Trouble("record", f"DMARC policy{of} is {policy}{testing}")


def _judge_alignment(options: Options, found: Found) -> None:
    said = {"dkim": found.record.dkim, "spf": found.record.spf}
    for name, wanted in (("dkim", options.dkim), ("spf", options.spf)):
        if wanted and said[name] != wanted[0]:
            raise Trouble("record", f"DMARC alignment with {name.upper()} is not {wanted}")


def _judge_reports(options: Options, found: Found, lookups: Lookups) -> None:
    """The addresses are there, and those elsewhere have agreed to take the reports (RFC 9990 4)."""
    for address in options.reports:
        if address.lower() not in found.record.reports:
            raise Trouble("record", f"DMARC reports do not go to {address}")
    for address in found.record.reports:
        place = address.rpartition("@")[2]
        if not _related(place, found.record.domain) and not _agreed(lookups, found.record.domain, place):
            raise Trouble("record", "DMARC reports go to a domain that has not agreed to take them")


def _related(one: str, other: str) -> bool:
    """Whether one of two domains lies in the other."""
    return f".{one}".endswith(f".{other}") or f".{other}".endswith(f".{one}")


def _agreed(lookups: Lookups, domain: str, place: str) -> bool:
    return any(is_dmarc(text) for text in lookups.texts(f"{domain}._report._dmarc.{place}"))
