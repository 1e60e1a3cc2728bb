"""The findings of checks of mail in customers' words: what is expected, found and to be changed, for the page and for support."""

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from constat.i18n import Language, message
from constat.posts.mail_phrases import ANY_KIND, PHRASES
from constat.text.reason_cells import decode_reason


class Finding(NamedTuple):
    """Two sentences: what was found, and what to change."""

    found: Markup
    change: Markup


class Sight(NamedTuple):
    """The target of a check of mail: the `kind` of the check, and its `subject` as a page names it (may be empty)."""

    kind: str
    subject: str

    @property
    def domain(self) -> str:
        """The domain of the subject: for a DKIM key, the domain that it signs for."""
        return self.subject.rpartition(SEPARATORS.get(self.kind, "\0"))[2]

    @property
    def selector(self) -> str:
        """The selector of a key or a logo; empty for other kinds."""
        return self.subject.rpartition(SEPARATORS.get(self.kind, "\0"))[0]


SEPARATORS: Mapping[str, str] = {"dkim": "._domainkey.", "bimi": "._bimi."}
"""Kinds that look at a selector of a domain -> what separates the two in their subject."""

EXPECTED: Mapping[str, str] = {
    "mail": message("A message that we send arrives, and soon."),
    "mx": message(
        "The domain names its mail servers; each has an address and a name that leads back to it, and answers."
    ),
    "spf": message(
        "One SPF record names every server that sends for the domain, takes at most 10 look-ups, and ends with ~all or -all."
    ),
    "dkim": message(
        "The key that receivers check signatures with is published, valid and of at least 2048 bits."
    ),
    "dmarc": message(
        "A policy tells receivers to stop forged mail (quarantine or reject), and reports reach somebody who reads them."
    ),
    "blocklist": message("No blocklist names the addresses or the domain."),
    "mtasts": message(
        "A policy, published by HTTPS, asks senders to encrypt, and every mail server has a valid certificate for its name."
    ),
    "tlsrpt": message(
        "A record says where senders report that they could not encrypt, and somebody reads the reports."
    ),
    "bimi": message(
        "A record names the domain's logo, which receivers accept, and the domain's DMARC policy stops forged mail."
    ),
    "dane": message("The DNS, signed, says which certificate each mail server has, and each has that one."),
    "dns": message("The domain exists, and its name servers answer."),
    "tls": message(
        "The mail server offers encryption, with a certificate that is valid for its name and for a while yet."
    ),
}
"""Kind of check -> what it expects, in a sentence."""


def describe_finding(sight: Sight, reason: str, language: Language) -> Finding:
    """Put the reason of a check that is not up into words; `reason` as in a cell of the evidence, or decoded.

    Every reason has words: one that matches no phrase of its kind gets general ones.
    """
    plain = decode_reason(reason)
    phrases = (*PHRASES.get(sight.kind, ()), *ANY_KIND)
    phrase, match = next((each, found) for each in phrases if (found := each.pattern.match(plain)))
    named = {name: text for name, text in match.groupdict().items() if text is not None}
    values = {
        "domain": sight.domain,
        "name": sight.subject,
        "selector": sight.selector,
        **phrase.values,
        **named,
    }
    return Finding(language.say(phrase.found, **values), language.say(phrase.change, **values))
