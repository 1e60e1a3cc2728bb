"""The small Maxony speaks the real protocols, on loopback, and can be told to fail."""

import smtplib
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import trustme

from demo.certificates import server_context
from demo.maxony import Maxony, maxony

_AUTHORITY = trustme.CA()


@pytest.fixture(scope="module")
def servers() -> Iterator[Maxony]:
    with maxony(server_context(_AUTHORITY, "127.0.0.1")) as running:
        yield running


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_website_has_a_faq(servers: Maxony) -> None:
    status, body = _get(f"{servers.website}/faq")
    assert status == 200
    assert "Frequently asked questions" in body


def test_what_is_not_there_is_404(servers: Maxony) -> None:
    assert _get(f"{servers.applications}/nothing")[0] == 404


def test_the_api_fails_and_recovers_when_told(servers: Maxony) -> None:
    assert _get(f"{servers.api}/v1/status") == (200, '{"status": "ok", "version": "1"}')
    servers.fail_api()
    assert _get(f"{servers.api}/v1/status")[0] == 503
    servers.mend_api()
    assert _get(f"{servers.api}/v1/status")[0] == 200


def test_the_relay_takes_mail_after_verified_starttls(servers: Maxony) -> None:
    trusting = ssl.create_default_context()
    _AUTHORITY.configure_trust(trusting)
    host, _, port = servers.smtp.partition(":")
    with smtplib.SMTP(host, int(port), timeout=5) as relay:
        relay.starttls(context=trusting)
        relay.sendmail("a@example.org", ["b@example.org"], "Subject: hello\r\n\r\nHello.\r\n")
    assert servers.inbox.taken == 1


def test_the_sms_gateway_listens(servers: Maxony) -> None:
    host, _, port = servers.sms.partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as gateway:
        assert gateway.recv(64).startswith(b"Maxony SMS gateway")
