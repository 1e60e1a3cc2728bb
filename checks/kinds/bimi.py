"""The kind `bimi`: receivers can show the domain's logo beside its mail (draft-brand-indicators-for-message-identification)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, NamedTuple
from urllib.parse import urlsplit

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.network.shown_certificate import WARN_S
from checks.option_types import Authorities
from checks.probing import Context, ProbeResult, attempt, naming
from checks.reasons import Trouble
from checks.records.brand_logo import LARGEST, LogoError, inspect_logo
from checks.records.dmarc_record import discover, find_organization, weaken
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from checks.records.mark_certificate import MarkCertificate, parse_mark_certificate
from checks.records.only_record import take_only_record
from checks.records.tag_list import TagError, parse_tags
from constat.config.fields import Duration, Flag, Host, about
from constat.interval import DAY_S
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.network.pinned_https import PinnedAnswer

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = (*DNS_LIBRARIES, "checks.network.pinned_https", "xml.etree.ElementTree")
_LOGO, _CERTIFICATE = "BIMI logo", "BIMI certificate"
_TYPES = ("image/svg+xml", "image/svg")
_HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """Which logo to look for, and which of the conditions that receivers set must hold."""

    selector: Annotated[Host, about("the selector, as in SELECTOR._bimi.DOMAIN")] = "default"
    certificate: Annotated[
        Flag, about("also require a mark certificate; without one, most receivers show no logo")
    ] = False
    warn: Annotated[Duration, about("degraded if the mark certificate expires sooner than this")] = WARN_S
    ca: Authorities = ""


class Indicator(NamedTuple):
    """The record: the addresses of the logo and of the certificate, which may be empty."""

    logo: str
    certificate: str


class Document(NamedTuple):
    """A document that the record names: what it is called in reasons, where it is, and the types that it may have."""

    name: str
    url: str
    types: tuple[str, ...] = ()


def subject(options: Options) -> str:
    """Name the domain, and the selector if it is not the usual one."""
    return options.domain if options.selector == "default" else f"{options.selector}._bimi.{options.domain}"


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Look up the record, and check policy, logo and certificate against what receivers require."""
    return attempt(context, lambda: _check_domain(options, context))


def _check_domain(options: Options, context: Context) -> None:
    lookups = Lookups(context, options.resolvers)
    indicator = _find_indicator(lookups, options, context)
    _check_policy(lookups, options.domain, context)
    if options.certificate and not indicator.certificate:
        raise Trouble("record", "no BIMI certificate")
    logo = _fetch(Document(_LOGO, indicator.logo, _TYPES), lookups, options, context)
    is_square = _inspect(logo.body, context)
    if indicator.certificate:
        certificate = _fetch(Document(_CERTIFICATE, indicator.certificate), lookups, options, context)
        _check_certificate(certificate.body, options, context)
    if not is_square:
        raise Trouble("record", "BIMI logo is not square", outcome=Outcome.DEGRADED)


def _find_indicator(lookups: Lookups, options: Options, context: Context) -> Indicator:
    """Find the record of the domain, or that of the organization above it (section 7.2).

    Raises:
        Trouble: there is none, or receivers would not take it.

    """
    texts = lookups.find_texts(f"{options.selector}._bimi.{options.domain}")
    records = _filter_records(texts)
    above = "" if records else find_organization(lookups, options.domain)
    if not records and above != options.domain:
        records = _filter_records(lookups.find_texts(f"{options.selector}._bimi.{above}"))
    record = take_only_record("BIMI", records, texts, context)
    try:
        indicator = _parse_record(record)
    except TagError as error:
        raise Trouble("record", f"BIMI {error.what} {context.quote(error.text)}") from error
    context.note("bimi", f"logo {indicator.logo}, certificate {indicator.certificate or 'none'}")
    return indicator


def _filter_records(texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if re.match(r"v[ \t]*=[ \t]*BIMI1[ \t]*(?:;|$)", text)]


def _parse_record(text: str) -> Indicator:
    """Parse a record.

    Raises:
        TagError: it breaks the grammar, or an address in it is not an HTTPS URL.
        Trouble: it says that no logo is wanted (section 4.2).

    """
    tags = parse_tags(text)
    logo, certificate = tags.get("l", ""), tags.get("a", "")
    if not logo and not certificate and "l" in tags:
        raise Trouble("record", "BIMI declined")
    if not _is_address(logo):
        raise TagError("has a wrong l:", logo)
    if certificate and not _is_address(certificate):
        raise TagError("has a wrong a:", certificate)
    return Indicator(logo, certificate)


def _is_address(text: str) -> bool:
    """Whether a text is an HTTPS URL that can be requested as it is: no user, no space, and ASCII only."""
    if not re.fullmatch(r"https://[!-~]+", text, re.IGNORECASE):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


def _check_policy(lookups: Lookups, domain: str, context: Context) -> None:
    """Check that DMARC stops forged mail: otherwise receivers show no logo (section 7.1).

    Raises:
        Trouble: it does not.

    """
    try:
        applicable = discover(lookups, domain, [], context.quote)
    except TagError:
        applicable = None
    if applicable is None:
        raise Trouble("record", "BIMI needs DMARC: there is none that can be read")
    policies = {applicable.policy, applicable.record.subdomains}
    if applicable.record.testing:
        policies = set(map(weaken, policies))
    context.note("dmarc", f"policy {applicable.policy} from {applicable.record.domain}")
    if "none" in policies:
        raise Trouble("record", "BIMI needs DMARC: the policy is none, for the domain or below it")


def _fetch(document: Document, lookups: Lookups, options: Options, context: Context) -> "PinnedAnswer":
    """Fetch a document; the reason of any trouble names it.

    Raises:
        Trouble: it cannot be fetched.

    """
    with naming(f"({document.name})", context):
        return _request(document, lookups, options, context)


def _request(document: Document, lookups: Lookups, options: Options, context: Context) -> "PinnedAnswer":
    from checks.network.pinned_https import Place, fetch_at

    parts = urlsplit(document.url)
    name = parts.hostname or ""
    addresses = lookups.find_addresses(name)
    if not addresses:
        raise Trouble("dns", "no address")
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    place = Place(name, addresses[0], parts.port or _HTTPS)
    answer = fetch_at(place, path, context, ca=options.ca, most=LARGEST)
    if answer.status != 200:  # noqa: PLR2004 - OK
        raise Trouble("status", str(answer.status))
    if document.types and answer.content_type not in document.types:
        raise Trouble("content", f"of type {context.quote(answer.content_type)}")
    return answer


def _inspect(logo: bytes, context: Context) -> bool:
    """Whether the logo is square.

    Raises:
        Trouble: receivers refuse it.

    """
    try:
        return inspect_logo(logo)
    except LogoError as error:
        said = f"not SVG Tiny PS: {context.quote(error.what)}" if error.what else "no SVG"
        raise Trouble("record", f"BIMI logo is {said}") from error


def _check_certificate(pem: bytes, options: Options, context: Context) -> None:
    """Check the purpose, the names and the dates of the mark certificate.

    Raises:
        Trouble: one of them is wrong.

    """
    try:
        certificate = parse_mark_certificate(pem)
    except ValueError as error:
        raise Trouble("record", "BIMI certificate cannot be read") from error
    if not certificate.is_for_marks:
        raise Trouble("record", "BIMI certificate is not for marks")
    if not any(map(certificate.names, _list_names(options))):
        raise Trouble("record", "BIMI certificate is for another domain")
    _check_dates(certificate, options.warn, context)


def _check_dates(certificate: MarkCertificate, warn_s: int, context: Context) -> None:
    """Check that a certificate is valid now, and will be for a while.

    Raises:
        Trouble: it is not; degraded if it merely ends soon.

    """
    left_s = certificate.ends - context.now
    context.note("certificate", f"{left_s // DAY_S} days left")
    if certificate.begins > context.now:
        raise Trouble("record", "BIMI certificate is not valid yet")
    if left_s < 0:
        raise Trouble("record", f"BIMI certificate ended {-left_s // DAY_S} days ago")
    if left_s < warn_s:
        raise Trouble("record", f"BIMI certificate ends in {left_s // DAY_S} days", outcome=Outcome.DEGRADED)


def _list_names(options: Options) -> Iterator[str]:
    """List the names of which a mark certificate must bear one: the record's, the domain's, or that of a domain above it."""
    yield f"{options.selector}._bimi.{options.domain}"
    name = options.domain
    while "." in name:
        yield name
        name = name.partition(".")[2]
