"""Findings about servers: those that take mail, their names, and blocklists; and findings that any kind can have."""

from constat.i18n import message
from constat.posts.mail_phrases.phrase import QUOTED, phrase

MX = (
    phrase(
        "record no MX",
        message("The domain does not say which server takes its mail: it has no MX record."),
        message("Publish an MX record for %(domain)s with the name of the server that takes its mail."),
    ),
    phrase(
        "record MX says that the domain takes no mail",
        message(
            "The domain says that it takes no mail at all, so answers and error reports cannot reach it."
        ),
        message(
            "If %(domain)s is to receive mail, replace the MX record “.” by the name of its mail server."
        ),
    ),
    phrase(
        f"record MX names{QUOTED} which is an alias",
        message(
            "The MX record names %(text)s, which is only an alias (CNAME); some servers then refuse to deliver."
        ),
        message("Write the name that the alias leads to into the MX record."),
    ),
    phrase(
        f"record MX names (?:a host|{QUOTED.strip()}) without an address",
        message("The MX record names a server that has no address."),
        message("Correct the name in the MX record, or publish an address (A or AAAA) for that name."),
    ),
    phrase(
        "record (?P<address>[0-9a-f.:]+) has no name that leads back to it",
        message(
            "The address %(address)s has no name that leads back to it (reverse DNS); many receivers refuse mail from such an address."
        ),
        message(
            "Ask whoever provides the address to set its reverse name (PTR) to the name of the mail server, and publish the address under that name."
        ),
    ),
    phrase(
        f"value MX{QUOTED}",
        message("The MX records name other servers than expected: %(text)s"),
        message("Let the MX records of %(domain)s name exactly the servers that take its mail."),
    ),
)

BLOCKLIST = (
    phrase(
        r"listed (?P<target>\S+) on (?P<list>\S+)",
        message(
            "%(target)s is on the blocklist %(list)s; receivers who use it refuse mail or take it for spam."
        ),
        message(
            "First stop what led to it (a stolen password, an open form, a bought list of addresses), then ask at %(list)s to be taken off."
        ),
    ),
)

MAIL = (
    phrase(
        "spam",
        message("Our message arrived, but in the folder for spam."),
        message(
            "First put right what the checks of the sender's domain find (SPF, DKIM, DMARC, blocklists); then ask the provider of the mailbox why."
        ),
    ),
)

ANY_KIND = (
    phrase(
        r"tls certificate(?: of an authority)? ends in (?P<days>-?\d+) day",
        message("The certificate of the mail server ends in %(days)s days."),
        message("Renew it in time, and see why that does not happen by itself."),
    ),
    phrase(
        "(?:tls|authorities) ",
        message("The certificate of the mail server is not valid, or no encrypted connection can be made."),
        message(
            "Install a certificate of a known authority for the server's own name, together with its chain."
        ),
    ),
    phrase(
        "(?:timeout|refused|unreachable|reset|closed)",
        message("The server does not answer, or breaks off."),
        message("Check that it runs, and that no firewall stands in the way."),
    ),
    phrase(
        "dns",
        message("The name does not exist, or its name servers do not answer."),
        message(
            "Check that the domain is paid for, and that its name servers are entered correctly with the registrar."
        ),
    ),
    phrase(
        "slow",
        message("It works, but takes longer than it should."),
        message("Have whoever runs the server look at its load."),
    ),
    phrase(
        "",
        message("What was found is not what is expected."),
        message("Have whoever runs the mail server or the DNS look at it; our support has the details."),
    ),
)
"""Phrases for trouble that any kind can have; the last one matches every reason."""
