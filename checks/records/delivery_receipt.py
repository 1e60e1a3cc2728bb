"""Delivery receipts of SMPP, as message centres write them (SMPP 3.4, 5.3.2.12, 5.3.2.35 and appendix B).

The specification leaves the text of a receipt to the vendor: letter case, spaces and the base of the number differ.
"""

import re
from typing import NamedTuple

TRANSIENT = frozenset({"ENROUTE", "ACCEPTD", "SCHEDULED"})
"""States after which another receipt follows."""
DELIVERED = "DELIVRD"

_STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
_WRITTEN_OUT = {
    "DELIVERED": "DELIVRD",
    "ACCEPTED": "ACCEPTD",
    "REJECTED": "REJECTD",
    "UNDELIVERED": "UNDELIV",
    "UNDELIVERABLE": "UNDELIV",
}
_ID = re.compile(r"\bid:\s*([^\s,;]+)", re.IGNORECASE)
_STATE = re.compile(r"\bstat:\s*([a-z]+)", re.IGNORECASE)


class Receipt(NamedTuple):
    """What a receipt says: of which message, and its state in the protocol's seven letters."""

    message: str
    state: str


def parse_receipt(text: str, *, message: str = "", state: int = 0) -> Receipt | None:
    """Parse the text of a receipt; `None` if it is not one.

    `message`, `state`: the parameters `receipted_message_id` and `message_state`, which take precedence over the text.
    """
    id_match, state_match = _ID.search(text), _STATE.search(text)
    message_id = message or (id_match[1] if id_match else "")
    name = _STATES.get(state) or (state_match[1].upper() if state_match else "")
    return Receipt(message_id, _WRITTEN_OUT.get(name, name)) if message_id and name else None


def is_same_message(one: str, other: str) -> bool:
    """Whether two ids name one message: letter case, leading zeros, and decimal or hexadecimal make no difference."""
    plain = [text.strip().lower().lstrip("0") for text in (one, other)]
    if plain[0] == plain[1]:
        return True
    return bool(_read_numbers(one) & _read_numbers(other))


def _read_numbers(text: str) -> set[int]:
    """Read the numbers that an id may stand for."""
    plain = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{1,32}", plain):
        return set()
    return {int(plain, 16)} | ({int(plain)} if plain.isdecimal() else set())
