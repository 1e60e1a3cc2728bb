"""Findings about the records and policies that make servers encrypt mail in transit: MTA-STS, reports on TLS, and DANE."""

from constat.i18n import message
from constat.posts.mail_phrases.phrase import QUOTED, phrase

_POLICY_PLACE = message(
    "Serve the policy at https://mta-sts.%(domain)s/.well-known/mta-sts.txt, as text/plain, without a redirect, with a certificate that is valid for that name."
)

_OFFER = message(
    "The mail server %(text)s offers no encryption (STARTTLS); careful senders do not deliver there."
)
_SWITCH_ON = message("Switch STARTTLS on at the server, with a certificate for its own name.")

MTASTS = (
    phrase(
        "record no MTA-STS$",
        message("The domain does not ask senders to encrypt: it has no MTA-STS record."),
        message(
            "Publish a policy and, at _mta-sts.%(domain)s, the TXT record v=STSv1; id=1. Begin with the mode “testing”."
        ),
    ),
    phrase(
        r"record (?P<n>\d+) MTA-STS records in one place",
        message("There are %(n)s MTA-STS records in one place; senders then act as if there were none."),
        message("Keep one of them, and delete the others."),
    ),
    phrase(
        f"record no MTA-STS but{QUOTED}",
        message(
            "There is a record that is meant to be %(record)s, but receivers do not recognize it: %(text)s"
        ),
        message("Let it begin with exactly %(begin)s, with nothing before it, not even a blank."),
        record="MTA-STS",
        begin="v=STSv1;",
    ),
    phrase(
        f"record MTA-STS policy does not name{QUOTED}",
        message(
            "The MTA-STS policy does not name the mail server %(text)s; careful senders do not deliver there."
        ),
        message(
            "Add the server to the policy as a line mx:, and change the id in the record at _mta-sts.%(domain)s."
        ),
    ),
    phrase(
        r"record MTA-STS mode is (?P<mode>\S+)",
        message("The MTA-STS policy is in the mode “%(mode)s”, which protects no mail yet."),
        message(
            "Once the reports on TLS show no failures, write mode: enforce, and change the id in the record."
        ),
    ),
    phrase(
        "record MTA-STS max_age is",
        message("Senders keep the MTA-STS policy for less than a day, which protects little."),
        message("Write a max_age of a week or more into the policy: 604800."),
    ),
    phrase(f"tls MX{QUOTED}: EHLO without STARTTLS", _OFFER, _SWITCH_ON),
    phrase(
        f"tls MX{QUOTED}:",
        message(
            "The mail server %(text)s has no certificate that is valid for its name; careful senders do not deliver there."
        ),
        message(
            "Install a certificate of a known authority for the server's own name, together with its chain."
        ),
    ),
    phrase(
        r".*\(policy\)$",
        message("The MTA-STS policy cannot be fetched, so the record has no effect."),
        _POLICY_PLACE,
    ),
    phrase(
        "record MTA-STS policy ",
        message("The MTA-STS policy has a mistake, for which senders ignore it."),
        message(
            "Correct it; it has four kinds of line: version: STSv1, mode: enforce, mx: and a server, max_age: 604800."
        ),
    ),
    phrase(
        f"record MTA-STS [^']+{QUOTED}",
        message("The MTA-STS record has a mistake, for which senders ignore it: %(text)s"),
        message(
            "Correct it; a whole record reads: v=STSv1; id=1 with another id of letters and digits at every change."
        ),
    ),
)

TLSRPT = (
    phrase(
        "record no TLSRPT$",
        message(
            "Nobody learns when senders cannot encrypt mail to the domain: it has no record for reports on TLS."
        ),
        message(
            "Publish at _smtp._tls.%(domain)s the TXT record v=TLSRPTv1; rua=mailto: with an address whose reports you read."
        ),
    ),
    phrase(
        r"record (?P<n>\d+) TLSRPT records in one place",
        message(
            "There are %(n)s records for reports on TLS in one place; senders then act as if there were none."
        ),
        message("Keep one of them, and delete the others."),
    ),
    phrase(
        f"record no TLSRPT but{QUOTED}",
        message(
            "There is a record that is meant to be %(record)s, but receivers do not recognize it: %(text)s"
        ),
        message("Let it begin with exactly %(begin)s, with nothing before it, not even a blank."),
        record="TLSRPT",
        begin="v=TLSRPTv1;",
    ),
    phrase(
        r"record TLSRPT reports do not go to (?P<address>\S+)",
        message("The reports on TLS do not go to %(address)s."),
        message("Add mailto:%(address)s to rua= in the record."),
    ),
    phrase(
        f"record TLSRPT [^']+{QUOTED}",
        message("The record for reports on TLS has a mistake, for which senders ignore it: %(text)s"),
        message("Correct it; a whole record reads: v=TLSRPTv1; rua=mailto:reports@%(domain)s"),
    ),
)

DANE = (
    phrase(
        "record no TLSA$",
        message("The DNS does not say which certificates the mail servers have: there are no TLSA records."),
        message(
            "If the domain is signed with DNSSEC, publish for each mail server a TLSA record, as in _25._tcp.mail.%(domain)s, with the usage 3 1 1."
        ),
    ),
    phrase(
        f"record no TLSA for{QUOTED}",
        message("The mail server %(text)s has no TLSA record, so mail by way of it is not protected."),
        message("Publish a TLSA record for it too, with the usage 3 1 1."),
    ),
    phrase(
        r"record DNSSEC does not sign (?P<text>\S+)",
        message("There are TLSA records, but %(text)s is not signed with DNSSEC; senders then ignore them."),
        message(
            "Switch DNSSEC on with whoever runs the name servers, and enter its DS record with the registrar."
        ),
    ),
    phrase(
        r"record DNSSEC has no DS for (?P<text>\S+)",
        message(
            "%(text)s is signed with DNSSEC, but the zone above does not vouch for it; senders then ignore the TLSA records."
        ),
        message("Enter the DS record that your name servers show you with the registrar of the domain."),
    ),
    phrase(
        f"record TLSA of{QUOTED} is of a kind",
        message("The TLSA record of %(text)s has a usage that senders of mail ignore."),
        message("Publish it with the usage 3 1 1: the SHA-256 of the server's public key."),
    ),
    phrase(f"tls TLSA{QUOTED}: EHLO without STARTTLS", _OFFER, _SWITCH_ON),
    phrase(
        f"(?:record TLSA of|tls TLSA){QUOTED}",
        message(
            "The certificate of %(text)s is not the one that the TLSA record announces; careful senders do not deliver there."
        ),
        message(
            "Publish a TLSA record of the present certificate; before the next change, publish that of the next one as well."
        ),
    ),
)
