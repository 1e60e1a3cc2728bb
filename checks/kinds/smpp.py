"""The kind `smpp`: an SMS gateway takes our bind and, where that is asked, delivers a message (SMPP 3.4).

Use an account of its own: a message centre sends what it has for an account to whoever is bound to it. What is not ours
is refused for now, so that it is kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from constat.config.fields import Flag, Host, Milliseconds, PhoneNumber, Port, SecretText, Text, about
from constat.config.parsing import wrong

if TYPE_CHECKING:
    from checks.network.connection import Connection
    from checks.network.smpp_session import SmppSession

DEFAULTS: Mapping[str, Any] = {}
DEFAULTS_WITH: Mapping[str, Mapping[str, Any]] = {
    "submit": {"interval": "15m", "timeout": "2m", "confirm": {"attempts": "1"}}
}
"""A message costs money and its receipt takes a while: one attempt, and not often."""

_LONGEST_PASSWORD = 8
_LONGEST_SYSTEM_ID = 15
_RECEIPT = 0x04
_MESSAGE_TYPE = 0x3C
_TRANSIENT = frozenset({"ENROUTE", "ACCEPTD", "SCHEDULED"})
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
LIBRARIES = ("checks.network.smpp_session", "checks.network.tls_context")


@dataclass(frozen=True, slots=True)
class Submit:
    """A message to send."""

    to: Annotated[PhoneNumber, about("the test number")]
    sender: Annotated[Text, about("the number or name it comes from")]
    text: Annotated[Text, about("what it says")] = "Constat"
    receipt: Annotated[Flag, about("wait for the receipt; the latency is the time until then")] = True


@dataclass(frozen=True, slots=True)
class Options:
    """Where to bind, as whom, and what to send."""

    host: Annotated[Host, about("the gateway's name or address")]
    system_id: Annotated[SecretText, about("the account")]
    password: Annotated[SecretText, about("its password, a secret of at most 8 characters")] = ""
    system_type: Annotated[Text, about("the type of system, where the gateway wants one")] = ""
    port: Annotated[Port, about("the TCP port")] = 2775
    bind: Annotated[Literal["transceiver", "receiver", "transmitter"], about("in which direction")] = (
        "transceiver"
    )
    tls: Annotated[Flag, about("speak TLS from the first byte")] = False
    server_name: Annotated[Host | None, about("the name in the certificate, where it is not the host")] = None
    ca: Annotated[Text, about("a file in the project: authorities to trust instead of the system's")] = ""
    submit: Annotated[Submit | None, about("also send a message")] = None
    degraded_above: Annotated[Milliseconds | None, about("degraded where it takes longer than this")] = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: a message that this bind cannot send, or whose receipt it cannot get.

        """
        if self.submit and self.bind == "receiver":
            raise wrong("a receiver cannot send", "write bind: transceiver")
        if self.submit and self.submit.receipt and self.bind == "transmitter":
            raise wrong("a transmitter gets no receipt", "write bind: transceiver, or receipt: false")


def probe(options: Options, context: Context) -> ProbeResult:
    """Bind, ask whether the link lives, send where asked, unbind."""
    return attempt(context, lambda: _visit(options, context), degraded_above_ms=options.degraded_above)


def _visit(options: Options, context: Context) -> int:
    from checks.network.connection import connect
    from checks.network.tls_context import verified_context

    with connect(options.host, options.port, context) as connection:
        if options.tls:
            secure = connection.start_tls(
                verified_context(options.ca, context.root), options.server_name or options.host
            )
            context.note("TLS", str(secure.version()))
        return _converse(options, connection, context)


def _converse(options: Options, connection: "Connection", context: Context) -> int:
    from checks.network.smpp_session import SmppSession

    session = SmppSession(connection, context)
    try:
        session.request(f"bind_{options.bind}", **_account(options, context))
        session.request("enquire_link")
        latency_ms = (
            _send(options.submit, session, context) if options.submit else context.deadline.elapsed_ms()
        )
        session.unbind()
    finally:
        session.close()
    return latency_ms


def _account(options: Options, context: Context) -> dict[str, str]:
    """What a bind says about us; longer names and passwords do not fit into the protocol."""
    account = {
        "system_id": context.secrets.fill(options.system_id, options.host),
        "password": context.secrets.fill(options.password, options.host),
        "system_type": options.system_type,
    }
    for key, longest in (("system_id", _LONGEST_SYSTEM_ID), ("password", _LONGEST_PASSWORD)):
        if len(account[key]) > longest or not account[key].isascii():
            raise Trouble("secret", f"{key} must be at most {longest} plain characters")
    return account


def _send(submit: Submit, session: "SmppSession", context: Context) -> int:
    """Send one message and wait for its receipt; the milliseconds from sending to then."""
    receipts: list[tuple[str, str]] = []

    def deliver(pdu: Any) -> bool:  # noqa: ANN401 (smpplib has a class for each PDU)
        receipt = _receipt(pdu)
        if receipt:
            receipts.append(receipt)
        return receipt is not None

    began_ms = context.deadline.elapsed_ms()
    session.delivered = deliver
    answer = session.request("submit_sm", **_message(submit))
    message_id = _text(answer.message_id)
    while submit.receipt and not _delivered(receipts, message_id, context):
        session.next_pdu()
    return context.deadline.elapsed_ms() - began_ms


def _message(submit: Submit) -> dict[str, Any]:
    """The fields of submit_sm: an international number, a name or a number as the sender, a receipt if wanted."""
    digits = submit.sender.lstrip("+").isdigit()
    return {
        "source_addr_ton": 1 if digits else 5,
        "source_addr_npi": 1 if digits else 0,
        "source_addr": submit.sender.lstrip("+"),
        "dest_addr_ton": 1,
        "dest_addr_npi": 1,
        "destination_addr": submit.to.lstrip("+"),
        "short_message": submit.text.encode("ascii", "replace"),
        "registered_delivery": int(submit.receipt),
    }


def _receipt(pdu: Any) -> tuple[str, str] | None:  # noqa: ANN401 (the same)
    """Message and state of a delivery receipt (5.2.12, appendix B); `None` of any other message."""
    if ((pdu.esm_class or 0) & _MESSAGE_TYPE) != _RECEIPT:
        return None
    body = _text(pdu.short_message)
    message = _text(pdu.receipted_message_id) or _first(r"\bid:(\S+)", body)
    state = _STATES.get(pdu.message_state or 0) or _first(r"\bstat:(\S+)", body)
    return message, state


def _delivered(receipts: list[tuple[str, str]], message_id: str, context: Context) -> bool:
    """Whether the receipt of our message is there, and says that it was delivered."""
    for message, state in receipts:
        if message == message_id and state not in _TRANSIENT:
            context.note("receipt", state)
            if state != "DELIVRD":
                raise Trouble("value", f"receipt {context.quote(state)}")
            return True
    return False


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else ""


def _text(value: bytes | str | None) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value or ""
