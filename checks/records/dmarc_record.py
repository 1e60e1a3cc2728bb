"""DMARC (RFC 9989, which replaced RFC 7489): the record, the domain where it is found, and what it asks of receivers."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple
from urllib.parse import unquote

from checks.network.dns_client import Lookups
from checks.records.tag_list import TagError, parse_tags
from constat.text.host_names import spell_host

Policy = Literal["none", "quarantine", "reject"]
POLICIES: tuple[Policy, ...] = ("none", "quarantine", "reject")
"""From the mildest to the strictest."""
_LONGEST_WALK = 8

Quote = Callable[[str], str]
"""Quotes what a domain publishes, for a reason."""


class DmarcRecord(NamedTuple):
    """One record with its defaults. `subdomains` and `missing` fall back as in section 4.7; `testing` is `t=y`."""

    domain: str
    policy: Policy
    subdomains: Policy
    missing: Policy
    dkim: Literal["r", "s"] = "r"
    spf: Literal["r", "s"] = "r"
    testing: bool = False
    public_suffix: Literal["y", "n", "u"] = "u"
    reports: tuple[str, ...] = ()


class ApplicableRecord(NamedTuple):
    """The record that a receiver applies to a domain, and the policy in it for this very domain."""

    record: DmarcRecord
    policy: Policy


def is_dmarc(text: str) -> bool:
    """Whether a TXT record is a DMARC record: `v=DMARC1` comes first, without even a space before it."""
    name, _, value = text.partition(";")[0].partition("=")
    return name.rstrip() == "v" and value.strip() == "DMARC1"


def parse_dmarc(text: str, domain: str) -> DmarcRecord:
    """Parse one record; unknown tags are ignored, a missing `p` is `none`.

    Raises:
        TagError: the record breaks the grammar, or a known tag has a value that is not allowed.

    """
    tags = {tag.lower(): value for tag, value in parse_tags(text).items()}

    def read_choice(tag: str, allowed: Sequence[str], default: str) -> str:
        value = tags.get(tag, default).lower()
        if value not in allowed:
            raise TagError(f"has a wrong {tag}:", tags[tag])
        return value

    policy = read_choice("p", POLICIES, "none")
    subdomains = read_choice("sp", POLICIES, policy)
    return DmarcRecord(
        domain=domain,
        policy=policy,  # type: ignore[arg-type] # read_choice lets nothing else through, here and below
        subdomains=subdomains,  # type: ignore[arg-type]
        missing=read_choice("np", POLICIES, subdomains),  # type: ignore[arg-type]
        dkim=read_choice("adkim", "rs", "r"),  # type: ignore[arg-type]
        spf=read_choice("aspf", "rs", "r"),  # type: ignore[arg-type]
        testing=read_choice("t", "yn", "n") == "y",
        public_suffix=read_choice("psd", "ynu", "u"),  # type: ignore[arg-type]
        reports=_parse_uris(tags.get("rua", "")),
    )


_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(//)?(.+?)(?:![0-9]+[kmgt]?)?", re.IGNORECASE)
"""A URI of a report (RFC 3986), without the size limit that RFC 7489 allowed."""


def _parse_uris(value: str) -> tuple[str, ...]:
    """Parse a list of URIs separated by commas; return the addresses of `mailto:` ones (RFC 6068), and other URIs whole.

    Raises:
        TagError: a part is not a URI, or an address is not one that reports can go to.

    """
    parts = [part.strip() for part in value.split(",") if part.strip()]
    return tuple(_parse_uri(part, value) for part in parts)


def _parse_uri(part: str, value: str) -> str:
    uri = _URI.fullmatch(part)
    if uri is None or re.search(r"\s|[\"<>]", part):
        raise TagError("has a wrong rua:", value)
    if uri[1].lower() != "mailto":
        return part
    local, at, domain = unquote(uri[3].partition("?")[0]).rpartition("@")
    try:
        address = f"{local.lower()}@{spell_host(domain)}" if local and at and not uri[2] else ""
    except ValueError:
        address = ""
    if not address:
        raise TagError("has a wrong rua:", value)
    return address


def look_up_record(
    lookups: Lookups, domain: str, faults: list[str], quote: Quote = str
) -> DmarcRecord | None:
    """Look up the record at one domain; several count as none (section 4.10).

    What is published there instead, if it looks meant as a record, is added to `faults`, quoted.
    """
    texts = lookups.find_texts(f"_dmarc.{domain}")
    records = [text for text in texts if is_dmarc(text)]
    if len(records) == 1:
        return parse_dmarc(records[0], domain)
    if records:
        faults.append(f"{len(records)} DMARC records in one place")
    else:
        for text in filter(_is_nearly_dmarc, texts):
            space = " a space and" if text[:1].isspace() else ""
            faults.append(f"no DMARC but{space} {quote(text)}")
    return None


def _is_nearly_dmarc(text: str) -> bool:
    """Whether a text that is not a record looks meant as one."""
    return bool(re.match(r"\W*v\W*dmarc", text, re.IGNORECASE))


def discover(lookups: Lookups, domain: str, faults: list[str], quote: Quote) -> ApplicableRecord | None:
    """Find the record that applies to a domain: its own, or that of the organization above it (section 4.10.1).

    What is published in place of a record is added to `faults`.
    """
    own = look_up_record(lookups, domain, faults, quote)
    if own is not None:
        return ApplicableRecord(own, own.policy)
    above = _choose_organization(_walk_up(lookups, domain, faults, quote), domain)
    if above is None:
        return None
    exists = lookups.ask(domain, "A").exists
    return ApplicableRecord(above, above.subdomains if exists else above.missing)


def find_organization(lookups: Lookups, domain: str) -> str:
    """Find the organizational domain of a domain (section 4.10.2); the domain itself if no record says."""
    try:
        own = look_up_record(lookups, domain, [])
        if own is not None and own.public_suffix != "u":
            return domain
        chosen = _choose_organization([*([own] if own else []), *_walk_up(lookups, domain, [])], domain)
    except TagError:  # a record that nobody can read names no organization
        return domain
    return chosen.domain if chosen else domain


def _walk_up(lookups: Lookups, domain: str, faults: list[str], quote: Quote = str) -> list[DmarcRecord]:
    """Look up the records of the domains above, at most eight in all, up to one that says where the organization ends."""
    labels = domain.split(".")
    first = max(1, len(labels) - _LONGEST_WALK + 1)
    walked: list[DmarcRecord] = []
    for start in range(first, len(labels)):
        record = look_up_record(lookups, ".".join(labels[start:]), faults, quote)
        if record is not None:
            walked.append(record)
            if record.public_suffix != "u":
                break
    return walked


def _choose_organization(walked: Sequence[DmarcRecord], domain: str) -> DmarcRecord | None:
    """Choose as in section 4.10.2: the fewest labels; below a public suffix, the record just below it if there is one."""
    if not walked:
        return None
    top = walked[-1]
    if top.public_suffix == "y" and len(walked) > 1:
        below = ".".join(domain.split(".")[-top.domain.count(".") - 2 :])
        return walked[-2] if walked[-2].domain == below else top
    return top


def weaken(policy: Policy) -> Policy:
    """Weaken a policy by one step, as receivers do while the domain is testing (`t=y`)."""
    return POLICIES[max(0, POLICIES.index(policy) - 1)]
