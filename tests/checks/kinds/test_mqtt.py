"""The `mqtt` check: against a real broker with accounts, in both versions, and against servers that break the protocol."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from checks.contract import CheckKind
from checks.kinds import mqtt
from checks.kinds.mqtt import Options
from checks.probing import ProbeResult
from checks.secrets import Secrets
from constat.config.fields import WrongError
from tests.support.certificates import Certificates
from tests.support.configured_probe import look, read_outcome
from tests.support.required_programs import needs
from tests.support.tcp_speakers import (
    Script,
    hang,
    hold_closed_port,
    reset,
    send_and_wait,
    serve_script,
    shut,
    trickle,
)

KIND: CheckKind[mqtt.Options] = mqtt

PASSWORD = "hunter2-4711-xyz"
SECRETS = Secrets({"CONSTAT_MQTT": PASSWORD}, {"CONSTAT_MQTT": ("127.0.0.1",)})
ACCOUNT: dict[str, Any] = {"username": "status", "password": "${CONSTAT_MQTT}", "unencrypted": True}
VERSIONS = ("3.1.1", "5")


class Ports(NamedTuple):
    """Where the broker listens: for accounts, for the same over TLS, and for everybody."""

    accounts: int
    tls: int
    everybody: int


@pytest.fixture(scope="module")
def ports(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """A broker in which the account `status` may use the topic `status/probe`."""
    program, passwords = needs("mosquitto", "mosquitto"), needs("mosquitto_passwd", "mosquitto")
    with ExitStack() as reserved:
        ports = Ports(*(reserved.enter_context(hold_closed_port()) for _ in Ports._fields))
    folder = tmp_path_factory.mktemp("mosquitto")
    chain, key = certificates.files()
    subprocess.run([passwords, "-c", "-b", folder / "users", "status", PASSWORD], check=True)  # noqa: S603 (our own words)
    (folder / "rights").write_text("user status\ntopic readwrite status/probe\n", encoding="ascii")
    known = f"allow_anonymous false\npassword_file {folder}/users\nacl_file {folder}/rights\n"
    settings = (
        "per_listener_settings true\nuser root\nlog_dest none\n"
        f"listener {ports.accounts} 127.0.0.1\n{known}"
        f"listener {ports.tls} 127.0.0.1\n{known}certfile {chain}\nkeyfile {key}\n"
        f"listener {ports.everybody} 127.0.0.1\nallow_anonymous true\n"
    )
    (folder / "mosquitto.conf").write_text(settings, encoding="ascii")
    with subprocess.Popen([program, "-c", folder / "mosquitto.conf"]) as broker:  # noqa: S603 (our own words)
        _wait_for(ports.everybody)
        yield ports
        broker.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while read_outcome(look("mqtt", 1, Options("127.0.0.1", port)))[0] != "up":
        assert time.monotonic() < until, "the broker must start"
        time.sleep(0.02)


def visit(port: int, seconds: float = 5, **options: Any) -> ProbeResult:
    return look("mqtt", seconds, Options("127.0.0.1", port, **options), SECRETS)


@pytest.mark.parametrize("version", VERSIONS)
def test_real_broker_accepts_us_and_delivers_a_message(ports: Ports, version: str) -> None:
    assert read_outcome(visit(ports.everybody, version=version)) == ("up", "")
    assert read_outcome(visit(ports.accounts, version=version, **ACCOUNT, client_id="status")) == ("up", "")
    result = visit(ports.accounts, version=version, **ACCOUNT, topic="status/probe")
    assert read_outcome(result) == ("up", "")
    assert [step.name for step in result.steps[2:]] == ["login", "subscribe", "message"]


@pytest.mark.parametrize(
    ("version", "password", "why"),
    [
        ("3.1.1", "wrong", "CONNECT not authorized"),
        ("5", "wrong", "CONNECT not authorized"),
        ("5", "", "CONNECT not authorized"),
    ],
)
def test_a_wrong_password_is_a_refused_login(ports: Ports, version: str, password: str, why: str) -> None:
    options = {**ACCOUNT, "password": password}
    assert read_outcome(visit(ports.accounts, version=version, **options)) == ("down", f"auth {why}")


def test_forbidden_topic_is_reported_if_the_protocol_can(ports: Ports) -> None:
    result = visit(ports.accounts, version="5", **ACCOUNT, topic="other")
    assert read_outcome(result) == ("down", "auth PUBLISH not authorized")
    silent = visit(ports.accounts, 0.3, version="3.1.1", **ACCOUNT, topic="other")
    assert read_outcome(silent) == ("down", "timeout after 0.3 s")


def test_tls_certificate_is_verified(ports: Ports, certificates: Certificates) -> None:
    asked = {**ACCOUNT, "tls": True, "topic": "status/probe"}
    assert read_outcome(visit(ports.tls, **asked, ca=certificates.ca)) == ("up", "")
    assert read_outcome(visit(ports.tls, **asked))[1].startswith("tls certificate")


WELCOME = b"\x20\x02\0\0"
WELCOME_5 = b"\x20\x03\0\0\0"
SUBSCRIBED = b"\x90\x03\0\1\0"
TOPIC: dict[str, Any] = {"topic": "t"}
TOPIC_5: dict[str, Any] = {"topic": "t", "version": "5"}


def turns(*says: bytes) -> Script:
    """Say one thing after each that is heard, then nothing more."""

    def script(connection: socket.socket) -> None:
        for said in says:
            connection.recv(65_536)
            connection.sendall(said)
        hang(connection)

    return script


def pass_message_on(connection: socket.socket) -> None:
    """Pass the message on behind one of somebody else's, with a ping in between."""
    connection.recv(65_536)
    connection.sendall(WELCOME)
    connection.recv(65_536)
    connection.sendall(SUBSCRIBED)
    published = connection.recv(65_536)
    connection.sendall(b"\x30\x06\0\1tnot" + b"\xd0\0" + b"\x40\x02\0\2" + b"\x30" + published[1:])
    hang(connection)


BROKEN: dict[str, tuple[Script, dict[str, Any], tuple[str, str]]] = {
    "silence": (hang, {}, ("down", "timeout after 0.3 s")),
    "a drip": (trickle(b"\x20\xff\x0f"), {}, ("down", "timeout after 0.3 s")),
    "a torn connection": (reset, {}, ("down", "reset")),
    "nothing": (shut, {}, ("down", "closed")),
    "garbage": (send_and_wait(b"\xff\1\xff"), {}, ("down", "protocol not MQTT '\ufffd?\ufffd'")),
    "another protocol": (
        send_and_wait(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 80),
        {},
        ("down", "protocol not MQTT 'HTTP/1.1 400 Bad Request"),
    ),
    "a length without an end": (
        send_and_wait(b"\x20\xff\xff\xff\xff\1"),
        {},
        ("down", "protocol not MQTT '\ufffd\ufffd\ufffd\ufffd'"),
    ),
    "too much": (send_and_wait(b"\x20\xff\xff\xff\x7f" + b"x" * 2_000_000), {}, ("down", "size")),
    "half an answer": (send_and_wait(b"\x20\2\0"), {}, ("down", "closed")),
    "a short answer": (send_and_wait(b"\x20\1\0"), {}, ("down", "protocol not MQTT '?'")),
    "another version": (
        send_and_wait(b"\x20\2\0\1"),
        {},
        ("unknown", "settings the server does not speak this version of MQTT"),
    ),
    "a name that is not taken": (
        send_and_wait(b"\x20\2\0\2"),
        {},
        ("unknown", "settings the server does not take our client identifier"),
    ),
    "a server that is not ready": (
        send_and_wait(b"\x20\2\0\3"),
        {},
        ("down", "status CONNECT server unavailable"),
    ),
    "a bad name": (send_and_wait(b"\x20\2\0\4"), {}, ("down", "auth CONNECT bad user name or password")),
    "a code of its own": (send_and_wait(b"\x20\2\0\x09"), {}, ("down", "status CONNECT refused with 0x80")),
    "a code of its own in 5": (
        send_and_wait(b"\x20\3\0\xff\0"),
        {"version": "5"},
        ("down", "status CONNECT refused with 0xff"),
    ),
    "no subscription": (
        turns(WELCOME, b"\x90\3\0\1\x80"),
        TOPIC,
        ("down", "status SUBSCRIBE refused with 0x80"),
    ),
    "a subscription of nothing": (
        turns(WELCOME, b"\x90\0"),
        TOPIC,
        ("down", "status SUBSCRIBE refused with 0x80"),
    ),
    "a message that never comes": (
        turns(WELCOME, SUBSCRIBED, b"\x40\2\0\2"),
        TOPIC,
        ("down", "timeout after 0.3 s"),
    ),
    "a packet of a client": (turns(WELCOME, b"\x82\0"), TOPIC, ("down", "protocol not MQTT '\ufffd?'")),
    "a goodbye": (
        turns(WELCOME_5, b"\xe0\1\x8e"),
        TOPIC_5,
        ("down", "closed by the server: session taken over"),
    ),
    "a goodbye without a word": (
        turns(WELCOME_5, b"\xe0\0"),
        TOPIC_5,
        ("down", "closed by the server: reason 0x00"),
    ),
    "messages of others": (pass_message_on, TOPIC, ("up", "")),
}


@pytest.mark.parametrize(("script", "options", "expected"), BROKEN.values(), ids=BROKEN)
def test_each_server_answer_has_its_outcome(
    script: Script, options: dict[str, Any], expected: tuple[str, str]
) -> None:
    with serve_script(script) as port:
        outcome, reason = read_outcome(visit(port, 0.3 if "timeout" in expected[1] else 5, **options))
        assert (outcome, reason[: len(expected[1])]) == expected
        assert expected[1] or not reason


def echo(connection: socket.socket) -> None:
    """Repeat the password in a packet, as a careless broker may."""
    heard = connection.recv(65_536)
    connection.sendall(b"\xf0" + bytes([len(PASSWORD)]) + heard[-len(PASSWORD) :])


def test_the_password_is_never_repeated() -> None:
    with serve_script(echo) as port:
        outcome, reason = read_outcome(visit(port, **ACCOUNT))
    assert (outcome, PASSWORD in reason, "[secret]" in reason) == ("down", False, True)


def test_closed_port_is_refused() -> None:
    with hold_closed_port() as port:
        assert read_outcome(visit(port)) == ("down", "refused")


def test_text_too_long_for_the_protocol_is_unknown() -> None:
    with serve_script(hang) as port:
        assert read_outcome(visit(port, client_id="x" * 70_000)) == (
            "unknown",
            "settings a text too long for MQTT",
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"password": "${CONSTAT_MQTT}", "unencrypted": True}, "a password without a username"),
        ({**ACCOUNT, "unencrypted": False}, "unencrypted"),
        ({"topic": "status/#"}, "not a topic that takes messages"),
        ({"topic": ""}, "not a topic that takes messages"),
        ({"topic": "x" * 70_000}, "65535"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongError, match=message):
        Options("127.0.0.1", **options)
