"""The words that reasons begin with: what each means for readers of the evidence, and whose fault it is."""

from enum import Enum
from typing import NamedTuple

from constat.model import Outcome


class Fault(Enum):
    """Whose fault a trouble is: only one of the target says anything about the service."""

    TARGET = "target"
    OURS = "ours"
    CONFIGURATION = "configuration"


class Word(NamedTuple):
    """The outcome that a reason's first word stands for, its meaning for readers of the evidence, and whose fault it is."""

    outcome: Outcome
    meaning: str
    fault: Fault = Fault.TARGET


WORDS = {
    "timeout": Word(Outcome.DOWN, "no complete answer in time"),
    "refused": Word(Outcome.DOWN, "nobody listens on that port, or a firewall refuses"),
    "unreachable": Word(Outcome.DOWN, "a router on the way says that the host cannot be reached"),
    "reset": Word(Outcome.DOWN, "the connection was aborted"),
    "closed": Word(Outcome.DOWN, "the connection was closed before the answer was complete"),
    "dns": Word(Outcome.DOWN, "the name does not exist, or its name servers cannot answer"),
    "tls": Word(Outcome.DOWN, "no trusted TLS connection: certificate, name or version"),
    "protocol": Word(Outcome.DOWN, "the answer does not follow the protocol"),
    "auth": Word(Outcome.DOWN, "our login was refused"),
    "status": Word(Outcome.DOWN, "an answer with another status or reply code than expected"),
    "redirect": Word(Outcome.DOWN, "too many redirects, or one that we do not follow"),
    "content": Word(Outcome.DOWN, "the answer lacks what it should hold, or holds what it should not"),
    "value": Word(Outcome.DOWN, "a value is not the expected one"),
    "size": Word(Outcome.DOWN, "the answer is larger than we read"),
    "banner": Word(Outcome.DOWN, "the server does not greet as expected"),
    "record": Word(
        Outcome.DOWN,
        "a mail record (MX, SPF, DKIM, DMARC, MTA-STS, TLSA, TLSRPT, BIMI) is missing, broken or too weak",
    ),
    "loss": Word(Outcome.DOWN, "packets got no answer"),
    "late": Word(Outcome.DOWN, "a job that reports by itself has not done so in time"),
    "registration": Word(Outcome.DOWN, "a domain is not registered, on hold, or about to expire"),
    "listed": Word(Outcome.DOWN, "a blocklist names the address or the domain"),
    "reported": Word(Outcome.DOWN, "an external program reports it, in its own words"),
    "spam": Word(Outcome.DEGRADED, "our message arrived, but in the spam folder"),
    "slow": Word(Outcome.DEGRADED, "the expected answer, but later than it should"),
    "route": Word(Outcome.UNKNOWN, "ours: no route for this kind of address from here", Fault.OURS),
    "resolver": Word(Outcome.UNKNOWN, "ours: our own name server does not answer", Fault.OURS),
    "program": Word(
        Outcome.UNKNOWN,
        "ours: a program could not be run, or its output was not as expected",
        Fault.CONFIGURATION,
    ),
    "unanswered": Word(Outcome.UNKNOWN, "ours: whoever has the answer does not give it to us", Fault.OURS),
    "resources": Word(Outcome.UNKNOWN, "ours: no file descriptor, port or memory left", Fault.OURS),
    "blocked": Word(Outcome.UNKNOWN, "ours: this port cannot be reached from here", Fault.OURS),
    "permission": Word(
        Outcome.UNKNOWN, "ours: this machine does not allow what the check has to do", Fault.OURS
    ),
    "secret": Word(
        Outcome.UNKNOWN, "ours: a secret is missing, or not meant for this host", Fault.CONFIGURATION
    ),
    "settings": Word(
        Outcome.UNKNOWN, "ours: what is configured does not suit what the server offers", Fault.CONFIGURATION
    ),
    "authorities": Word(
        Outcome.UNKNOWN, "ours: the file of certificate authorities cannot be used", Fault.OURS
    ),
    "offline": Word(Outcome.UNKNOWN, "ours: the canaries could not be reached either", Fault.OURS),
    "crash": Word(Outcome.UNKNOWN, "ours: the check itself failed", Fault.OURS),
}
"""Every first word of a reason, with the outcome it stands for unless the kind decides otherwise."""
