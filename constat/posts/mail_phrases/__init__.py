"""What the checks of mail find, in the words of whoever has to put it right: a table from reasons to sentences.

Reasons are short and in English, for the evidence; here each of those that a domain's records can cause has two sentences that
are translated like every other message: what was found, and what to change. `tests/constat/posts/test_mail_findings.py` holds
the table against what the kinds really say.
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
"""Kind of check -> its phrases; of those that match, the first one counts."""
