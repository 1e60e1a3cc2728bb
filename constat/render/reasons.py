"""Why a service was down, for those who are not engineers: the first word of a reason (the table of checks/reasons.py) in words."""

from collections.abc import Mapping

from markupsafe import Markup

from constat.i18n import Language, message

WORDS: Mapping[str, str] = {
    "timeout": message("no complete answer in time"),
    "refused": message("connection refused"),
    "unreachable": message("server not reachable"),
    "reset": message("connection broken off"),
    "closed": message("connection closed too early"),
    "dns": message("name not found"),
    "tls": message("no trusted encryption"),
    "protocol": message("answer not understood"),
    "auth": message("login refused"),
    "status": message("answered with an error"),
    "redirect": message("sent on to another place"),
    "content": message("not the expected content"),
    "value": message("not the expected value"),
    "size": message("answer too long"),
    "banner": message("unexpected greeting"),
    "record": message("mail record missing or wrong"),
    "listed": message("on a blocklist"),
    "reported": message("seen by a test of our own"),
    "slow": message("slow answer"),
    "correction": message("set by a correction"),
}
"""First word of a reason -> what customers read. `correction` stands where people decided it."""


def words(reason: str, language: Language) -> Markup:
    """A reason in words; as it is where its first word is not one of ours."""
    known = WORDS.get(reason.partition(" ")[0])
    return Markup("{}").format(reason) if known is None else language.say(known)
