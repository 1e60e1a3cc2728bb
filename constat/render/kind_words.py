"""The wording for customers of each kind of check: one row for each kind, translated like every other message."""

from collections.abc import Mapping
from typing import NamedTuple

from constat.i18n import message


class KindWords(NamedTuple):
    """A kind of check in customers' words. `expectation`: what such a check expects of its subject.

    `deliverability`: whether it checks that messages arrive, and so is listed on the page about deliverability.
    """

    expectation: str
    deliverability: bool = False


KIND_WORDS: Mapping[str, KindWords] = {
    "http": KindWords(message("a page that answers correctly")),
    "websocket": KindWords(message("a live connection that opens and answers")),
    "grpc": KindWords(message("an interface that says it is in service")),
    "tcp": KindWords(message("a port that accepts connections")),
    "icmp": KindWords(message("a server that answers pings")),
    "smtp": KindWords(message("a mail server that greets, encrypts and accepts our mail")),
    "mail": KindWords(message("a message that arrives"), deliverability=True),
    "dns": KindWords(message("a name that resolves correctly")),
    "mx": KindWords(message("mail servers that are published and answer"), deliverability=True),
    "spf": KindWords(message("a valid SPF record"), deliverability=True),
    "dkim": KindWords(message("a valid DKIM key"), deliverability=True),
    "dmarc": KindWords(message("a valid DMARC policy"), deliverability=True),
    "blocklist": KindWords(message("addresses that are on no blocklist"), deliverability=True),
    "mtasts": KindWords(
        message("encryption that senders are asked for, and can rely on"), deliverability=True
    ),
    "dane": KindWords(message("certificates that the DNS announces"), deliverability=True),
    "tlsrpt": KindWords(message("a place for reports on encryption"), deliverability=True),
    "bimi": KindWords(message("a logo that mailboxes can show"), deliverability=True),
    "tls": KindWords(message("a certificate that is valid and does not expire soon")),
    "smpp": KindWords(message("an SMS gateway that accepts our session")),
    "mqtt": KindWords(message("a message broker that answers")),
    "proxy": KindWords(message("a proxy that lets us through")),
    "redis": KindWords(message("a data store that answers")),
    "postgres": KindWords(message("a database that answers")),
    "domain": KindWords(message("a domain that stays registered")),
    "heartbeat": KindWords(message("a job that reports in time")),
    "exec": KindWords(message("a custom test that succeeds")),
}
"""Name of the kind in `status.yml` -> its words. Adding a kind adds one row here."""


def describe_kind(kind: str) -> KindWords:
    """The words for a kind; one that a project brings has those of `exec`, which is a custom test too."""
    return KIND_WORDS.get(kind) or KIND_WORDS["exec"]
