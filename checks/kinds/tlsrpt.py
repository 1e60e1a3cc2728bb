"""The kind `tlsrpt`: senders know where to report that they could not encrypt (RFC 8460)."""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote, urlsplit

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from checks.records.only_record import take_only_record
from checks.records.tag_list import TagError, parse_tags
from constat.config.fields import MailAddress, about
from constat.model.kinds import Defaults, SecretUse

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """Where the reports must go."""

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
    """Look up the record and read it."""
    return attempt(context, lambda: _check_record(options, context))


def _check_record(options: Options, context: Context) -> None:
    texts = Lookups(context, options.resolvers).find_texts(f"_smtp._tls.{options.domain}")
    records = [text for text in texts if re.match(r"v=TLSRPTv1[ \t]*(?:;|$)", text)]
    record = take_only_record("TLSRPT", records, texts, context)  # section 3: several count as none
    try:
        places = parse_tags(record).get("rua", "")
        addresses = [_parse_place(place.strip()) for place in places.split(",")]
    except TagError as error:
        raise Trouble("record", f"TLSRPT {error.what} {context.quote(error.text)}") from error
    context.note("tlsrpt", f"reports to {' '.join(addresses)}")
    missing = next((address for address in options.reports if address.lower() not in addresses), None)
    if missing is not None:
        raise Trouble("record", f"TLSRPT reports do not go to {missing}")


def _parse_place(place: str) -> str:
    """Parse where reports go: the address of `mailto:`, in lower case, or a whole `https:` address.

    Raises:
        TagError: it is neither.

    """
    scheme, _, rest = place.partition(":")
    if scheme.lower() == "mailto":
        address = unquote(rest.partition("?")[0]).lower()
        if re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+", address):
            return address
    elif scheme.lower() == "https" and urlsplit(place).hostname and not re.search(r"[\s<>\"]", place):
        return place
    raise TagError("has a wrong rua:", place)
