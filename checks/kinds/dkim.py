"""The kind `dkim`: the public key that receivers need is published and strong (RFC 6376 3.6, RFC 8301, RFC 8463)."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records.lookup_options import INFORMATIONAL, MailDomain
from checks.records.rsa_key import measure_modulus
from checks.records.tag_list import TagError, parse_tags
from constat.config.fields import Bits, Host, about
from constat.model import Outcome
from constat.model.kinds import Defaults, SecretUse

LEAST_BITS = 1024
"""Receivers do not trust a shorter RSA key (RFC 8301 3.2)."""
_ED25519_BYTES = 32

DEFAULTS: Defaults = INFORMATIONAL
LIBRARIES: tuple[str, ...] = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """Which key to read, and how strong it should be."""

    selector: Annotated[Host, about("the selector, as in SELECTOR._domainkey.DOMAIN")]
    bits: Annotated[Bits, about("degraded if an RSA key is shorter; below 1024 bits it is down")] = 2048


def subject(options: Options) -> str:
    """Name the key: a domain may have several, each with a check of its own."""
    return f"{options.selector}._domainkey.{options.domain}"


def secret_uses(_options: Options) -> tuple[SecretUse, ...]:
    """List none: no secret is sent."""
    return ()


def probe(options: Options, context: Context) -> ProbeResult:
    """Look up the key and read it."""
    return attempt(context, lambda: _check_key_record(options, context))


def _check_key_record(options: Options, context: Context) -> None:
    texts = Lookups(context, options.resolvers).find_texts(subject(options))
    records = [text for text in texts if is_key(text)] if len(texts) > 1 else texts
    if not records:
        raise Trouble("record", "no DKIM key")
    if len(records) > 1:
        raise Trouble("record", f"{len(records)} DKIM keys in one place")
    try:
        tags = parse_tags(records[0])
    except TagError as error:
        raise Trouble("record", f"DKIM key {error.what} {context.quote(error.text)}") from error
    _check_tags(tags, context)
    _check_key(tags, options.bits, context)


def is_key(text: str) -> bool:
    """Whether a record is meant as a key: receivers ignore others at the same name, such as those of a wildcard."""
    return (
        re.match(r"\s*v\s*=\s*DKIM", text, re.IGNORECASE) is not None
        or re.search(r"(?:^|;)\s*p\s*=", text) is not None
    )


def _check_tags(tags: Mapping[str, str], context: Context) -> None:
    """Check everything that a receiver looks at before the key itself."""
    first = next(iter(tags), "")
    if "v" in tags and (first != "v" or tags["v"] != "DKIM1"):
        raise Trouble("record", f"DKIM key has another version {context.quote(tags['v'])}")
    if "p" not in tags:
        raise Trouble("record", "DKIM record without a key")
    if not tags["p"]:
        raise Trouble("record", "DKIM key is revoked")
    if not {"*", "email"} & set(_split_words(tags.get("s", "*"))):
        raise Trouble("record", f"DKIM key is not for mail but for {context.quote(tags['s'])}")
    if "sha256" not in _split_words(tags.get("h", "sha256")):
        raise Trouble("record", f"DKIM key allows only {context.quote(tags['h'])}")
    if "y" in _split_words(tags.get("t", "")):
        context.note("dkim", "the domain says that it is testing (t=y)")


def _check_key(tags: Mapping[str, str], bits: int, context: Context) -> None:
    kind = tags.get("k", "rsa")
    try:
        key = base64.b64decode("".join(tags["p"].split()), validate=True)
    except ValueError:  # binascii.Error, or characters outside ASCII
        raise Trouble("record", "DKIM key is not base64") from None
    if kind == "ed25519":
        if len(key) != _ED25519_BYTES:
            raise Trouble("record", f"DKIM key has {len(key)} bytes; Ed25519 needs {_ED25519_BYTES}")
        context.note("dkim", "Ed25519")
    elif kind == "rsa":
        _check_rsa(key, bits, context)
    else:
        raise Trouble("record", f"DKIM key of an unknown kind {context.quote(kind)}")


def _check_rsa(key: bytes, bits: int, context: Context) -> None:
    try:
        length = measure_modulus(key)
    except ValueError:
        raise Trouble("record", "DKIM key is not a valid RSA key") from None
    context.note("dkim", f"RSA, {length} bits")
    if length < bits:
        outcome = Outcome.DOWN if length < LEAST_BITS else Outcome.DEGRADED
        raise Trouble("record", f"DKIM key has {length} bits", outcome=outcome)


def _split_words(value: str) -> list[str]:
    """Split a list that is separated by colons."""
    return [word.strip() for word in value.split(":")]
