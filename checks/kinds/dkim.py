"""The kind `dkim`: the public key that receivers need is there and good (RFC 6376 3.6, RFC 8301, RFC 8463)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from checks.network.dns_client import LIBRARIES as DNS_LIBRARIES
from checks.network.dns_client import Lookups
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records.lookup_options import RARELY, MailDomain
from checks.records.rsa_key import measure_modulus
from checks.records.tag_list import TagError, parse_tags
from constat.config.fields import Bits, Host, about
from constat.model import Outcome

LEAST_BITS = 1024
"""Receivers do not believe a shorter RSA key (RFC 8301 3.2)."""
_ED25519_BYTES = 32

DEFAULTS: Mapping[str, str] = RARELY
LIBRARIES = DNS_LIBRARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(MailDomain):
    """Which key, and how strong it should be."""

    selector: Annotated[Host, about("the selector, as in SELECTOR._domainkey.DOMAIN")]
    bits: Annotated[Bits, about("degraded where an RSA key is shorter; below 1024 it is down")] = 2048


def probe(options: Options, context: Context) -> ProbeResult:
    """Ask for the key and read it."""
    return attempt(context, lambda: _judge(options, context))


def _judge(options: Options, context: Context) -> None:
    name = f"{options.selector}._domainkey.{options.domain}"
    records = Lookups(context, options.resolvers).texts(name)
    if not records:
        raise Trouble("record", "no DKIM key")
    if len(records) > 1:
        raise Trouble("record", f"{len(records)} DKIM keys in one place")
    try:
        found = parse_tags(records[0])
    except TagError as error:
        raise Trouble("record", f"DKIM key {error.what} {context.quote(error.text)}") from error
    _judge_tags(found, next(iter(found), ""), context)
    _judge_key(found, options.bits, context)


def _judge_tags(found: Mapping[str, str], first: str, context: Context) -> None:
    """What a receiver looks at before the key itself."""
    if "v" in found and (first != "v" or found["v"] != "DKIM1"):
        raise Trouble("record", f"DKIM key has another version {context.quote(found['v'])}")
    if "p" not in found:
        raise Trouble("record", "DKIM record without a key")
    if not found["p"]:
        raise Trouble("record", "DKIM key is revoked")
    if not {"*", "email"} & set(_words(found.get("s", "*"))):
        raise Trouble("record", f"DKIM key is not for mail but for {context.quote(found['s'])}")
    if "sha256" not in _words(found.get("h", "sha256")):
        raise Trouble("record", f"DKIM key allows only {context.quote(found['h'])}")
    if "y" in _words(found.get("t", "")):
        context.note("dkim", "the domain says that it is testing (t=y)")


def _judge_key(found: Mapping[str, str], bits: int, context: Context) -> None:
    kind = found.get("k", "rsa")
    try:
        key = base64.b64decode("".join(found["p"].split()), validate=True)
    except ValueError:  # binascii.Error, or letters that are no ASCII
        raise Trouble("record", "DKIM key is not base64") from None
    if kind == "ed25519":
        if len(key) != _ED25519_BYTES:
            raise Trouble("record", f"DKIM key has {len(key)} bytes; Ed25519 needs {_ED25519_BYTES}")
        context.note("dkim", "Ed25519")
    elif kind == "rsa":
        _judge_rsa(key, bits, context)
    else:
        raise Trouble("record", f"DKIM key of an unknown kind {context.quote(kind)}")


def _judge_rsa(key: bytes, bits: int, context: Context) -> None:
    try:
        length = measure_modulus(key)
    except ValueError:
        raise Trouble("record", "DKIM key is no RSA key") from None
    context.note("dkim", f"RSA, {length} bits")
    if length < bits:
        outcome = Outcome.DOWN if length < LEAST_BITS else Outcome.DEGRADED
        raise Trouble("record", f"DKIM key has {length} bits", outcome=outcome)


def _words(value: str) -> list[str]:
    """The parts of a list with colons."""
    return [word.strip() for word in value.split(":")]
