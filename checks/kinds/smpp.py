"""The kind `smpp`: an SMS gateway accepts our bind and, where that is configured, delivers a message (SMPP 3.4).

The check needs an account of its own: a message centre sends whatever it holds for an account to whoever is bound to it.
Messages that are not ours are refused temporarily, so that the centre keeps them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from checks.option_types import Authorities, DegradedAbove, ServerName
from checks.probing import Context, ProbeResult, attempt
from checks.reasons import Trouble
from checks.records.delivery_receipt import (
    DELIVERED,
    TRANSIENT,
    Receipt,
    is_same_message,
    parse_receipt,
)
from checks.secrets import find_secret_uses
from constat.config.fields import Flag, Host, PhoneNumber, Port, SecretText, Text, about, wrong
from constat.model.kinds import Defaults, SecretUse

if TYPE_CHECKING:
    from checks.network.connection import Connection
    from checks.network.smpp_session import SmppSession

DEFAULTS: Defaults = Defaults(with_option={"submit": Defaults(interval="15m", timeout="2m", attempts="1")})
"""A message costs money and its receipt takes a while: one attempt, and not often."""
LIBRARIES: tuple[str, ...] = ("checks.network.smpp_session", "checks.network.tls_context")

_LONGEST_PASSWORD = 8
_LONGEST_SYSTEM_ID = 15
_RECEIPT = 0x04
_MESSAGE_TYPE = 0x3C


@dataclass(frozen=True, slots=True)
class Submit:
    """A message to send."""

    to: Annotated[PhoneNumber, about("the test number")]
    sender: Annotated[Text, about("the sender: a number or a name")]
    text: Annotated[Text, about("its text")] = "Constat"
    receipt: Annotated[Flag, about("wait for the receipt; the latency is the time until then")] = True


@dataclass(frozen=True, slots=True)
class Options:
    """The gateway, the account to bind with, and the message to send."""

    host: Annotated[Host, about("the gateway's name or address")]
    system_id: Annotated[SecretText, about("the account")]
    password: Annotated[SecretText, about("its password, a secret of at most 8 characters")] = ""
    system_type: Annotated[Text, about("the system type, if the gateway requires one")] = ""
    port: Annotated[Port, about("the TCP port")] = 2775
    bind: Annotated[Literal["transceiver", "receiver", "transmitter"], about("the direction of the bind")] = (
        "transceiver"
    )
    tls: Annotated[Flag, about("speak TLS from the first byte")] = False
    server_name: ServerName = None
    ca: Authorities = ""
    submit: Annotated[Submit | None, about("also send a message")] = None
    degraded_above: DegradedAbove = None

    def __post_init__(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            ValueError: a bind in this direction cannot send the message, or cannot get its receipt.

        """
        if self.submit and self.bind == "receiver":
            raise wrong("a receiver cannot send", "write bind: transceiver")
        if self.submit and self.submit.receipt and self.bind == "transmitter":
            raise wrong("a transmitter gets no receipt", "write bind: transceiver, or receipt: false")


def subject(options: Options) -> str:
    """Name the gateway."""
    return options.host


def secret_uses(options: Options) -> tuple[SecretUse, ...]:
    """List the account's secrets, which go to the gateway."""
    return find_secret_uses(options.host, options.system_id, options.password)


def probe(options: Options, context: Context) -> ProbeResult:
    """Bind, check that the link is alive, send a message where one is configured, unbind."""
    return attempt(context, lambda: _connect(options, context), degraded_above=options.degraded_above)


def _connect(options: Options, context: Context) -> int:
    from checks.network.connection import connect
    from checks.network.tls_context import start_verified_tls

    with connect(options.host, options.port, context) as connection:
        if options.tls:
            start_verified_tls(connection, options.server_name or options.host, options.ca, context)
        return _converse(options, connection, context)


def _converse(options: Options, connection: "Connection", context: Context) -> int:
    from checks.network.smpp_session import SmppSession

    session = SmppSession(connection, context)
    try:
        session.request(f"bind_{options.bind}", **_build_account(options, context))
        session.request("enquire_link")
        latency_ms = (
            _send(options.submit, session, context) if options.submit else context.deadline.elapsed_ms()
        )
        session.unbind()
    finally:
        session.close()
    return latency_ms


def _build_account(options: Options, context: Context) -> dict[str, str]:
    """Build the fields of a bind that identify us; longer names and passwords do not fit into the protocol."""
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
    """Send one message and wait for its receipt; return the milliseconds that this took."""
    receipts: list[Receipt] = []

    def take_receipt(pdu: Any) -> bool:  # noqa: ANN401 (smpplib has a class for each PDU)
        receipt = _read_receipt(pdu)
        if receipt:
            receipts.append(receipt)
        return receipt is not None

    began_ms = context.deadline.elapsed_ms()
    session.on_deliver = take_receipt
    answer = session.request("submit_sm", **_build_message(submit))
    message_id = _decode(answer.message_id)
    while submit.receipt and not _is_delivered(receipts, message_id, context):
        session.read_pdu()
    return context.deadline.elapsed_ms() - began_ms


def _build_message(submit: Submit) -> dict[str, Any]:
    """Build the fields of submit_sm: an international number, a name or a number as the sender, a receipt if wanted."""
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


def _read_receipt(pdu: Any) -> Receipt | None:  # noqa: ANN401 (as above)
    """Read the receipt in a deliver_sm; `None` for any other message.

    Not every centre sets the type of the message, so a text that reads like a receipt is one.
    """
    text = _decode(pdu.short_message) or _decode(pdu.message_payload)
    message, state = _decode(pdu.receipted_message_id), pdu.message_state or 0
    receipt = parse_receipt(text, message=message, state=state)
    if receipt is None and ((pdu.esm_class or 0) & _MESSAGE_TYPE) == _RECEIPT:
        return Receipt(message, "")
    return receipt


def _is_delivered(receipts: list[Receipt], message_id: str, context: Context) -> bool:
    """Whether the receipt of our message has arrived. Receipts that were looked at are removed from the list.

    Raises:
        Trouble: the receipt says that the message was not delivered.

    """
    while receipts:
        receipt = receipts.pop(0)
        if not is_same_message(receipt.message, message_id):
            context.note("receipt", f"of another message, {context.quote(receipt.message)}: {receipt.state}")
        elif receipt.state in TRANSIENT:
            context.note("receipt", f"{receipt.state}, not final")
        else:
            context.note("receipt", receipt.state)
            if receipt.state != DELIVERED:
                raise Trouble("value", f"receipt {context.quote(receipt.state)}")
            return True
    return False


def _decode(value: bytes | str | None) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value or ""
