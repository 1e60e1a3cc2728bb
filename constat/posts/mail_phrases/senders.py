"""Findings about the records that say who may send for a domain: SPF, DKIM and DMARC."""

from constat.i18n import message
from constat.posts.mail_phrases.phrase import QUOTED, phrase

_UNRECOGNIZED = message(
    "There is a record that is meant to be %(record)s, but receivers do not recognize it: %(text)s"
)
_BEGIN = message("Let it begin with exactly %(begin)s, with nothing before it, not even a blank.")

_SPF_BROKEN = message("The SPF record has a mistake, for which receivers ignore all of it: %(text)s")
_SPF_CORRECT = message("Correct or remove that part of the record.")

SPF = (
    phrase(
        "record no SPF",
        message("The domain has no SPF record, so receivers cannot tell which servers may send for it."),
        message(
            "Publish one TXT record at %(domain)s that begins with v=spf1, names every server that sends for the domain, and ends with ~all or -all."
        ),
    ),
    phrase(
        r"record SPF has (?P<n>\d+) records '(?P<text>.*)'",
        message("There are %(n)s SPF records at %(text)s; receivers then ignore all of them."),
        message("Merge them into one: a single TXT record that begins with v=spf1."),
    ),
    phrase(
        "record SPF needs ",
        message(
            "To read the SPF record takes more than 10 look-ups in the DNS; receivers then ignore all of it."
        ),
        message(
            "Take out each include: that is no longer used, or write the addresses that it stands for (ip4:, ip6:) in its place."
        ),
    ),
    phrase(
        "record SPF looks up ",
        message("The SPF record names more than 2 hosts that do not exist; receivers then ignore all of it."),
        message("Take the names that no longer exist out of the record."),
    ),
    phrase(
        r"record SPF ends in (?P<end>\S+)",
        message(
            "The SPF record ends with %(end)s: it does not ask receivers to stop mail from other servers."
        ),
        message("End the record with -all, or with ~all until all your servers are named in it."),
    ),
    phrase(
        r"record SPF gives (?P<address>\S+) (?P<result>\S+)",
        message("The SPF record does not allow %(address)s to send for the domain (%(result)s)."),
        message("Add that address (ip4: or ip6:), or the include: of the service that it belongs to."),
    ),
    phrase(
        f"record SPF refers to a domain without a record{QUOTED}",
        message("The SPF record refers to %(text)s, which has none; receivers then ignore all of it."),
        _SPF_CORRECT,
    ),
    phrase(
        f"record SPF (?:begins with a (?:blank|space)|needs one (?:blank|space) after v=spf1|does not begin with v=spf1) in{QUOTED}",
        _UNRECOGNIZED,
        _BEGIN,
        record="SPF",
        begin="v=spf1",
    ),
    phrase(r"record SPF has (?P<text>redirect|exp) twice", _SPF_BROKEN, _SPF_CORRECT),
    phrase(rf"record SPF [^']+{QUOTED}", _SPF_BROKEN, _SPF_CORRECT),
)

_STRONGER = message(
    "Have your mail service create a key of 2048 bits, publish it, and sign with it; withdraw this one afterwards."
)

DKIM = (
    phrase(
        "record no DKIM key",
        message("There is no DKIM key at %(name)s, so receivers cannot check the signature of your mail."),
        message(
            "Publish the key that your mail service shows you for the selector %(selector)s, at %(name)s."
        ),
    ),
    phrase(
        r"record (?P<n>\d+) DKIM keys in one place",
        message("There are %(n)s DKIM keys at %(name)s; receivers may take the wrong one."),
        message("Keep the one that your mail service shows you, and delete the others."),
    ),
    phrase(
        "record DKIM key is revoked",
        message("The DKIM key at %(name)s is revoked: signatures made with it no longer count."),
        message(
            "Have your mail service sign with a current key, and publish that one; or enter the key of this selector again."
        ),
    ),
    phrase(
        r"record DKIM key has (?P<bits>\d{1,3}|10[01]\d|102[0-3]) bits",
        message("The DKIM key has only %(bits)s bits; receivers ignore keys of less than 1024."),
        _STRONGER,
    ),
    phrase(
        r"record DKIM key has (?P<bits>\d+) bits",
        message("The DKIM key has %(bits)s bits; it works, but 2048 are advised today."),
        _STRONGER,
    ),
    phrase(
        f"record DKIM key (?:is not for mail but for|allows only){QUOTED}",
        message("The DKIM key is not meant for the way in which mail is signed today: %(text)s"),
        message("Publish the record without s= and h=, as your mail service shows it."),
    ),
    phrase(
        "record DKIM ",
        message(
            "The DKIM key at %(name)s cannot be read: part of the record is missing, or was changed in copying."
        ),
        message("Copy the record from your mail service again, whole and unchanged."),
    ),
)

_STRICTER = message(
    "Once the reports show that all your own mail passes, change the policy to p=quarantine, later to p=reject."
)

DMARC = (
    phrase(
        "record no DMARC$",
        message("The domain has no DMARC policy; large mail services trust its mail less for that."),
        message(
            "Publish a TXT record at _dmarc.%(domain)s: v=DMARC1; p=none; rua=mailto: and an address whose reports you read. Make the policy stricter later."
        ),
    ),
    phrase(
        r"record (?P<n>\d+) DMARC records in one place",
        message("There are %(n)s DMARC records in one place; receivers then act as if there were none."),
        message("Keep one of them, and delete the others."),
    ),
    phrase(
        f"record no DMARC but(?: a (?:blank|space) and)?{QUOTED}",
        _UNRECOGNIZED,
        _BEGIN,
        record="DMARC",
        begin="v=DMARC1;",
    ),
    phrase(
        r"record DMARC policy(?: for subdomains)? is \S+ while testing",
        message("The DMARC record says that it is only a test (t=y); receivers then apply a milder policy."),
        message("Take t=y out of the record."),
    ),
    phrase(
        "record DMARC policy is none without reports",
        message(
            "The DMARC policy is “none”, and nobody receives the reports: it protects the domain from nothing."
        ),
        message(
            "Add rua=mailto: and an address whose reports you read; once they show that all your own mail passes, change the policy to p=quarantine."
        ),
    ),
    phrase(
        "record DMARC policy(?: for subdomains)? is none",
        message("The DMARC policy is “none”: receivers are not asked to stop forged mail."),
        _STRICTER,
    ),
    phrase(
        r"record DMARC policy(?: for subdomains)? is (?P<policy>\S+)",
        message("The DMARC policy is “%(policy)s”: receivers are asked for less than they should be."),
        _STRICTER,
    ),
    phrase(
        r"record DMARC alignment with (?P<mechanism>\S+) is not (?P<wanted>\S+)",
        message("The DMARC record is not as strict with %(mechanism)s, or not as lenient, as was agreed."),
        message("Correct adkim= (for DKIM) or aspf= (for SPF): r is lenient, s is strict."),
    ),
    phrase(
        r"record DMARC reports do not go to (?P<address>\S+)",
        message("The DMARC reports do not go to %(address)s."),
        message("Add mailto:%(address)s to rua= in the record."),
    ),
    phrase(
        r"record DMARC reports go to (?P<receiver>[^\s,]+), which has not agreed",
        message(
            "The DMARC reports go to %(receiver)s, which has not agreed to take them, so they are not sent."
        ),
        message(
            "Have the operator of %(receiver)s agree by a TXT record, %(domain)s._report._dmarc.%(receiver)s: v=DMARC1; or send the reports elsewhere."
        ),
    ),
    phrase(
        f"record DMARC [^']+{QUOTED}",
        message("The DMARC record has a mistake, for which receivers ignore it: %(text)s"),
        message(
            "Correct that part; a simple record reads: v=DMARC1; p=quarantine; rua=mailto:reports@%(domain)s"
        ),
    ),
)
