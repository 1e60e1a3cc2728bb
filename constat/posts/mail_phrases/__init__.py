"""The findings of checks of mail, in the words of those who have to put them right: a table from reasons to sentences.

Reasons are short and in English, for the evidence. Here, each reason that a domain's records can cause has two sentences,
translated like every other message: what was found, and what to change. `tests/constat/posts/test_mail_findings.py` checks
the table against the reasons that the kinds really give.
"""

from collections.abc import Mapping

from constat.posts.mail_phrases import brand, senders, servers, transport
from constat.posts.mail_phrases.phrase import Phrase
from constat.posts.mail_phrases.servers import ANY_KIND

__all__ = ["ANY_KIND", "PHRASES", "Phrase"]

PHRASES: Mapping[str, tuple[Phrase, ...]] = {
    "mail": servers.MAIL,
    "mx": servers.MX,
    "spf": senders.SPF,
    "dkim": senders.DKIM,
    "dmarc": senders.DMARC,
    "bimi": brand.BIMI,
    "blocklist": servers.BLOCKLIST,
    "mtasts": transport.MTASTS,
    "dane": transport.DANE,
    "tlsrpt": transport.TLSRPT,
}
"""Kind of check -> its phrases, of which the first match counts."""
