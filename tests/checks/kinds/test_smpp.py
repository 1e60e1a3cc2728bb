"""`smpp` against a gateway made by another implementation (npm's smpp), the demo's own, and scripts."""

import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from checks.contract import CheckKind
from checks.kinds import smpp
from checks.kinds.smpp import Submit
from checks.secrets import Secrets
from demo.loop_thread import LoopThread
from demo.smpp_server import Gateway, SmppProtocol
from tests.support.certificates import NAME, Certificates
from tests.support.probe_context import format_result, look
from tests.support.scripted_server import RESET, SILENCE, Act, ScriptedServer, Trickle
from tests.support.smpp_gateway import PASSWORD, SYSTEM_ID, run_smpp_gateway
from tests.support.tcp_speakers import hold_closed_port

KIND: CheckKind[smpp.Options] = smpp

SECRETS = Secrets({"CONSTAT_SMPP": PASSWORD}, {"CONSTAT_SMPP": ("127.0.0.1",)})
ACCOUNT: dict[str, Any] = {"host": "127.0.0.1", "system_id": SYSTEM_ID, "password": "${CONSTAT_SMPP}"}
MESSAGE = Submit("+41000000000", "Maxony")
BIND_RESP, ENQUIRE_RESP, SUBMIT_RESP, NACK, UNBIND = 0x80000009, 0x80000015, 0x80000004, 0x80000000, 6


def visit(port: int, within: float = 5, secrets: Secrets = SECRETS, **options: Any) -> Any:
    result = look(smpp, within=within, secrets=secrets, **{**ACCOUNT, "port": port, **options})
    assert PASSWORD not in str(result)
    return result


@pytest.fixture(scope="module")
def gateway() -> Iterator[int]:
    with run_smpp_gateway() as port:
        yield port


@pytest.mark.parametrize("bind", ["transceiver", "receiver", "transmitter"])
def test_every_kind_of_bind_is_up(gateway: int, bind: str) -> None:
    result = visit(gateway, bind=bind)
    assert format_result(result) == "up"
    steps = [step.name for step in result.steps]
    assert steps == ["resolve", "connect", f"bind_{bind}", "enquire_link", "unbind"]


def test_a_message_is_delivered_and_the_latency_is_that_of_its_receipt(gateway: int) -> None:
    """Other people's messages and the gateway's own questions come in between, and do not disturb."""
    result = visit(gateway, submit=MESSAGE)
    assert format_result(result) == "up"
    assert [step.name for step in result.steps][-3:] == ["submit_sm", "receipt", "unbind"]
    assert result.latency_ms < result.steps[-1].ms


def test_message_without_receipt_is_up_once_accepted(gateway: int) -> None:
    result = visit(gateway, bind="transmitter", submit=Submit("+41000000000", "900", receipt=False))
    assert format_result(result) == "up"
    assert "receipt" not in [step.name for step in result.steps]


def test_a_wrong_password_is_a_refused_login(gateway: int) -> None:
    wrong = Secrets({"CONSTAT_SMPP": "wrong"}, SECRETS.hosts)
    assert format_result(visit(gateway, secrets=wrong)) == "down auth 0xe to bind_transceiver"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("UNDELIV", "down value receipt 'UNDELIV'"),
        ("EXPIRED", "down value receipt 'EXPIRED'"),
        ("ENROUTE", "down timeout after 0.5 s"),
        ("FULL", "down status 0x14 to submit_sm"),
    ],
)
def test_undelivered_message_is_down(state: str, expected: str) -> None:
    with run_smpp_gateway(state) as port:
        within = 0.5 if "timeout" in expected else 5
        assert format_result(visit(port, within, submit=MESSAGE)) == expected


def test_gateway_is_reached_over_tls(certificates: Certificates) -> None:
    with run_smpp_gateway(certificate=certificates.files()) as port:
        trusted: dict[str, Any] = {"tls": True, "ca": certificates.ca, "server_name": NAME}
        assert format_result(visit(port, **trusted)) == "up"
        trusted["server_name"] = "other.example"
        assert format_result(visit(port, **trusted)) == "down tls certificate for another name"


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("expired", "down tls certificate expired"),
        ("self_signed", "down tls certificate self-signed"),
        ("unknown_authority", "down tls certificate from an unknown authority"),
    ],
)
def test_a_bad_certificate_is_down(certificates: Certificates, trouble: str, expected: str) -> None:
    with ScriptedServer(getattr(certificates, trouble)) as server:
        assert format_result(visit(server.port, tls=True, ca=certificates.ca, server_name=NAME)) == expected


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("longer than eight", "unknown secret password must be at most 8 plain characters"),
        ("naïve", "unknown secret password must be at most 8 plain characters"),
    ],
)
def test_password_too_long_for_the_protocol_is_unknown(secret: str, expected: str) -> None:
    with ScriptedServer(SILENCE) as server:
        secrets = Secrets({"CONSTAT_SMPP": secret}, SECRETS.hosts)
        assert format_result(visit(server.port, secrets=secrets)) == expected


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


def take(client: socket.socket) -> int:
    """Read one whole PDU of the client; its sequence number."""
    length, _, _, sequence = struct.unpack(">LLLL", client.recv(16))
    client.recv(length - 16)
    return int(sequence)


def answer(command: int, body: bytes = b"", status: int = 0) -> Callable[[socket.socket], None]:
    """Read one PDU and answer it."""
    return lambda client: client.sendall(pdu(command, take(client), body, status))


BOUND = (answer(BIND_RESP, b"x\0"),)
ALIVE = (*BOUND, answer(ENQUIRE_RESP))
FAILURES: dict[str, tuple[tuple[Act, ...], dict[str, Any], str]] = {
    "silence": ((SILENCE,), {}, "down timeout after 0.3 s"),
    "silence after bind": ((*BOUND, SILENCE), {}, "down timeout after 0.3 s"),
    "silence after submit": ((*ALIVE, SILENCE), {"submit": MESSAGE}, "down timeout after 0.3 s"),
    "no receipt": (
        (*ALIVE, answer(SUBMIT_RESP, b"7\0"), SILENCE),
        {"submit": MESSAGE},
        "down timeout after 0.3 s",
    ),
    "a trickle": ((Trickle(pdu(BIND_RESP, 1, b"x" * 99)),), {}, "down timeout after 0.3 s"),
    "closes": ((), {}, "down closed"),
    "closes after bind": ((*BOUND, take), {}, "down closed"),
    "closes after submit": ((*ALIVE, take), {"submit": MESSAGE}, "down closed"),
    "closes in a PDU": ((pdu(BIND_RESP, 1, b"x" * 99)[:30],), {}, "down closed"),
    "unbinds": ((*BOUND, take, pdu(UNBIND, 1)), {}, "down closed by unbind"),
    "unbinds before bind": ((take, pdu(UNBIND, 1)), {}, "down protocol unbind out of place"),
    "torn down": ((take, RESET), {}, "down reset"),
    "no such account": ((answer(BIND_RESP, status=0x0F),), {}, "down auth 0xf to bind_transceiver"),
    "no bind today": ((answer(BIND_RESP, status=0x05),), {}, "down status 0x5 to bind_transceiver"),
    "a link that is refused": (
        (*BOUND, answer(ENQUIRE_RESP, status=0x08)),
        {},
        "down status 0x8 to enquire_link",
    ),
    "another answer": ((answer(ENQUIRE_RESP),), {}, "down protocol enquire_link_resp to bind_transceiver"),
    "a refusal of everything": ((answer(NACK, status=0x03),), {}, "down status 0x3 to bind_transceiver"),
    "another protocol": ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), {}, "down protocol no SMPP answer"),
    "a PDU that is too short": ((struct.pack(">L", 3) + b"\0" * 40,), {}, "down protocol no SMPP answer"),
    "an unknown command": ((pdu(0x7777, 1),), {}, "down protocol no SMPP answer"),
    "junk": ((b"\0\0\0\x20" + b"\xff" * 28,), {}, "down protocol no SMPP answer"),
}


@pytest.mark.parametrize(("acts", "options", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_each_failure_has_its_reason(acts: tuple[Act, ...], options: dict[str, Any], expected: str) -> None:
    within = 0.3 if "timeout" in expected else 5
    with ScriptedServer(*acts) as server:
        assert format_result(visit(server.port, within, **options)) == expected


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert format_result(visit(port)) == "down refused"


def test_demo_gateway_speaks_the_same_protocol(capsys: pytest.CaptureFixture[str]) -> None:
    gateway = Gateway({SYSTEM_ID: PASSWORD})
    with LoopThread() as loop:
        port = int(loop.listen(lambda: SmppProtocol(gateway)).rpartition(":")[2])
        assert format_result(visit(port, submit=MESSAGE)) == "up"
        assert gateway.sent == [("41000000000", b"Constat")]
        gateway.state = "REJECTD"
        assert format_result(visit(port, submit=MESSAGE)) == "down value receipt 'REJECTD'"
        gateway.accepts = False
        assert format_result(visit(port, submit=MESSAGE)) == "down status 0x45 to submit_sm"
        assert format_result(visit(port, system_id="nobody")) == "down auth 0xf to bind_transceiver"
        wrong = Secrets({"CONSTAT_SMPP": "wrong"}, SECRETS.hosts)
        assert format_result(visit(port, secrets=wrong)) == "down auth 0xe to bind_transceiver"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bind": "receiver", "submit": MESSAGE}, "a receiver cannot send"),
        ({"bind": "transmitter", "submit": MESSAGE}, "a transmitter gets no receipt"),
    ],
)
def test_invalid_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        smpp.Options(**ACCOUNT, **options)


def deliver(text: bytes, *, esm_class: int = 4, parameters: bytes = b"") -> bytes:
    """A deliver_sm with a text and optional parameters."""
    head = b"\0\1\x01123\0\1\x01456\0" + bytes([esm_class]) + b"\0\0\0\0\0\0\0\0"
    return pdu(5, 900, head + bytes([len(text)]) + text + parameters)


def parameter(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def make_receipt(sent: bytes, told: bytes, state: bytes = b"DELIVRD") -> tuple[bytes, bytes]:
    """The id that the centre gave, and a receipt by its text."""
    return sent, deliver(b"id:%s sub:001 dlvrd:001 submit date:2611290941 stat:%s err:000" % (told, state))


TEXT = b"id:77 sub:001 stat:DELIVRD err:000"
RECEIPTS = {
    "decimal of a hexadecimal id": make_receipt(b"1A2B", b"6699"),
    "padded with zeros": make_receipt(b"0000012345", b"12345"),
    "in another case": make_receipt(b"ab12-x", b"AB12-X"),
    "a state in small letters": make_receipt(b"77", b"77", b"delivrd"),
    "a state written out": make_receipt(b"77", b"77", b"DELIVERED"),
    "names in capitals": (b"77", deliver(b"ID:77 SUB:001 STAT:DELIVRD")),
    "blanks after the colons": (b"77", deliver(b"id: 77 sub: 001 stat: DELIVRD")),
    "no type of message": (b"77", deliver(TEXT, esm_class=0)),
    "the text in message_payload": (b"77", deliver(b"", parameters=parameter(0x0424, TEXT))),
    "parameters before the text": (
        b"88",
        deliver(TEXT, parameters=parameter(0x001E, b"88\0") + parameter(0x0427, b"\x02")),
    ),
    "after that of another message": (b"77", make_receipt(b"", b"5", b"UNDELIV")[1] + deliver(TEXT)),
}


@pytest.mark.parametrize(("given", "receipt"), RECEIPTS.values(), ids=RECEIPTS)
def test_receipt_is_read_in_every_known_format(given: bytes, receipt: bytes) -> None:
    acts = (*ALIVE, answer(SUBMIT_RESP, given + b"\0"), receipt, SILENCE)
    with ScriptedServer(*acts) as server:
        result = visit(server.port, within=1, submit=MESSAGE)
    assert "receipt DELIVRD" in [f"{step.name} {step.detail}" for step in result.steps]


def test_receipt_of_another_message_is_listed_in_the_steps() -> None:
    with ScriptedServer(*ALIVE, answer(SUBMIT_RESP, b"77\0"), make_receipt(b"", b"5")[1], SILENCE) as server:
        result = visit(server.port, within=0.3, submit=MESSAGE)
    assert format_result(result) == "down timeout after 0.3 s"
    assert [step.detail for step in result.steps if step.name == "receipt"] == [
        "of another message, '5': DELIVRD"
    ]


UNASKED = {
    "a question before the answer": pdu(0x15, 77),
    "outbind": pdu(0x0B, 5, b"sys\0pw\0"),
    "a command of the vendor's": pdu(0x00010200, 5, b"xx"),
    "alert_notification": pdu(0x102, 9, b"\1\x01123\0\1\x01456\0"),
}


@pytest.mark.parametrize("first", UNASKED.values(), ids=UNASKED)
def test_messages_before_the_bind_response_are_ignored(first: bytes) -> None:
    def bind(client: socket.socket) -> None:
        sequence = take(client)
        client.sendall(first)
        if first is UNASKED["a question before the answer"]:
            assert take(client) == 77, "the answer bears the number of the question"
        client.sendall(pdu(BIND_RESP, sequence, b"x\0"))

    with ScriptedServer(bind, answer(ENQUIRE_RESP), answer(0x80000006)) as server:
        assert format_result(visit(server.port)) == "up"


def test_refusal_without_sequence_number_is_a_refusal() -> None:
    with ScriptedServer(take, pdu(NACK, 0, status=3)) as server:
        assert format_result(visit(server.port)) == "down status 0x3 to bind_transceiver"
