"""Why a service was down, in customers' words, by the first word of the reason (the table of checks/reason_words.py)."""

from collections.abc import Mapping

from markupsafe import Markup

from constat.i18n import Language, message
from constat.text.reason_cells import decode_reason

REASONS: Mapping[str, str] = {
    "timeout": message("no complete answer in time"),
    "refused": message("connection refused"),
    "unreachable": message("server not reachable"),
    "reset": message("connection interrupted"),
    "closed": message("connection closed too early"),
    "dns": message("name not found"),
    "tls": message("no trusted encryption"),
    "protocol": message("answer not understood"),
    "auth": message("login refused"),
    "status": message("answered with an error"),
    "redirect": message("redirected elsewhere"),
    "content": message("not the expected content"),
    "value": message("not the expected value"),
    "size": message("answer too long"),
    "banner": message("unexpected greeting"),
    "record": message("mail record missing or wrong"),
    "loss": message("packets lost on the way"),
    "late": message("a job has not reported in time"),
    "registration": message("domain not registered, or not for much longer"),
    "listed": message("on a blocklist"),
    "reported": message("found by a custom test"),
    "spam": message("arrived among spam"),
    "slow": message("slow answer"),
    "correction": message("set by a correction"),
}
"""First word of a reason -> what customers read. `correction`: decided by people."""


def show_detail(cell: str) -> str:
    """A reason in its own words, for operators; empty where only the publisher of the DNS record can act on it."""
    return "" if cell.partition(" ")[0] == "record" else decode_reason(cell)


def describe_reason(reason: str, language: Language) -> Markup:
    """A reason in customers' words; unchanged if its first word is not in the table."""
    words = REASONS.get(reason.partition(" ")[0])
    return Markup("{}").format(decode_reason(reason)) if words is None else language.say(words)
