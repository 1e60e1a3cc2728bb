"""Findings about the logo that receivers show beside a domain's mail: BIMI."""

from constat.i18n import message
from constat.posts.mail_phrases.phrase import QUOTED, phrase

_CORRECT_LOGO = message(
    "Save the logo as SVG in the profile Tiny PS: version 1.2, baseProfile tiny-ps, with a title, and with nothing that moves, runs or links."
)
_RENEW = message(
    "Order a mark certificate (VMC or CMC) for %(domain)s, and replace the present PEM file with its own."
)

BIMI = (
    phrase(
        "record (?:no BIMI$|BIMI declined)",
        message("Receivers show no logo beside the domain's mail: no BIMI record names one."),
        message(
            "If a logo is wanted, publish at default._bimi.%(domain)s the TXT record v=BIMI1; l= with the https address of an SVG."
        ),
    ),
    phrase(
        "record no BIMI certificate",
        message(
            "The BIMI record names a logo, but no certificate that says whose it is; most receivers then show none."
        ),
        message(
            "Order a mark certificate (VMC or CMC) for %(domain)s, and add its https address to the record as a=."
        ),
    ),
    phrase(
        r"record (?P<n>\d+) BIMI records in one place",
        message("There are %(n)s BIMI records in one place; receivers then act as if there were none."),
        message("Keep one of them, and delete the others."),
    ),
    phrase(
        f"record no BIMI but{QUOTED}",
        message(
            "There is a record that is meant to be %(record)s, but receivers do not recognize it: %(text)s"
        ),
        message("Let it begin with exactly %(begin)s, with nothing before it, not even a blank."),
        record="BIMI",
        begin="v=BIMI1;",
    ),
    phrase(
        "record BIMI needs DMARC",
        message("Receivers show no logo, because the domain does not ask them to stop forged mail (DMARC)."),
        message(
            "Set the DMARC policy at _dmarc.%(domain)s to quarantine or reject, for subdomains too, without t=y."
        ),
    ),
    phrase(
        r".*\(BIMI logo\)$",
        message("The logo that the BIMI record names cannot be fetched, so none is shown."),
        message(
            "Serve it by HTTPS from exactly the address in the record, as image/svg+xml, of at most 32 kB, without a redirect."
        ),
    ),
    phrase(
        r".*\(BIMI certificate\)$",
        message(
            "The mark certificate that the BIMI record names cannot be fetched, so most receivers show no logo."
        ),
        message("Serve its PEM file by HTTPS from exactly the address in the record, without a redirect."),
    ),
    phrase(
        f"record BIMI logo is not SVG Tiny PS:{QUOTED}",
        message("Receivers refuse the logo: the file breaks the profile SVG Tiny PS at %(text)s."),
        _CORRECT_LOGO,
    ),
    phrase(
        "record BIMI logo is no SVG",
        message("Receivers refuse the logo: the file is not SVG."),
        _CORRECT_LOGO,
    ),
    phrase(
        "record BIMI logo is not square",
        message("The logo is not square; receivers cut it or show none."),
        message("Draw it in a square viewBox, such as 0 0 64 64, with some space around it."),
    ),
    phrase(
        r"record BIMI certificate ends in (?P<days>\d+) days",
        message("The mark certificate of the logo ends in %(days)s days."),
        _RENEW,
    ),
    phrase(
        r"record BIMI certificate ended (?P<days>\d+) days ago",
        message("The mark certificate of the logo ended %(days)s days ago."),
        _RENEW,
    ),
    phrase(
        "record BIMI certificate ",
        message(
            "The mark certificate of the logo cannot be used: it is not yet valid, is for another domain or another purpose, or cannot be read."
        ),
        _RENEW,
    ),
    phrase(
        f"record BIMI [^']+{QUOTED}",
        message("The BIMI record has a mistake, for which receivers ignore it: %(text)s"),
        message(
            "Correct it; a whole record reads: v=BIMI1; l=https://%(domain)s/logo.svg; a=https://%(domain)s/logo.pem"
        ),
    ),
)
