"""The demo's servers speak the real protocols, and the API can be told to fail."""

import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from checks.kinds import dkim, dmarc, smpp, spf
from demo.certificates import AUTHORITY, build_server_context
from demo.maxony import Maxony, serve_maxony
from tests.support.probe_context import format_result, look


@pytest.fixture(scope="module")
def servers() -> Iterator[Maxony]:
    with serve_maxony(build_server_context()) as running:
        yield running


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}", timeout=5) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_website_has_a_faq(servers: Maxony) -> None:
    status, body = _get(f"{servers.website}/faq")
    assert status == 200
    assert "Frequently asked questions" in body


def test_an_unknown_path_is_answered_with_404(servers: Maxony) -> None:
    assert _get(f"{servers.applications}/nothing")[0] == 404


def test_the_api_fails_and_recovers_on_request(servers: Maxony) -> None:
    assert _get(f"{servers.api}/v1/status") == (200, '{"status": "ok", "version": "1"}')
    servers.fail_api()
    assert _get(f"{servers.api}/v1/status")[0] == 503
    servers.restore_api()
    assert _get(f"{servers.api}/v1/status")[0] == 200


def test_the_relay_accepts_mail_after_verified_starttls(servers: Maxony) -> None:
    context = ssl.create_default_context()
    context.load_verify_locations(AUTHORITY)
    host, _, port = servers.smtp.partition(":")
    with smtplib.SMTP(host, int(port), timeout=5) as relay:
        relay.starttls(context=context)
        relay.sendmail("a@example.org", ["b@example.org"], "Subject: hello\r\n\r\nHello.\r\n")
    assert servers.inbox.accepted == 1


def test_the_sms_gateway_accepts_a_bind(servers: Maxony) -> None:
    host, _, port = servers.sms.partition(":")
    assert format_result(look(smpp, host=host, port=int(port), system_id="monitor", password="demo")) == "up"


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        (spf, {"domain": "maxony.example", "allows": ("192.0.2.0/28", "203.0.113.25")}, "up"),
        (dkim, {"domain": "maxony.example", "selector": "s1"}, "up"),
        (dkim, {"domain": "maxony.example", "selector": "s2"}, "up"),
        (dmarc, {"domain": "maxony.example", "policy": "reject"}, "up"),
        (spf, {"domain": "news.maxony.example"}, "down record SPF has 2 records 'news.maxony.example'"),
        (dkim, {"domain": "news.maxony.example", "selector": "s1"}, "degraded record DKIM key has 1024 bits"),
        (dmarc, {"domain": "news.maxony.example"}, "down record DMARC policy is none without reports"),
    ],
)
def test_the_name_server_has_good_and_broken_records(
    servers: Maxony, kind: ModuleType, options: dict[str, Any], expected: str
) -> None:
    assert format_result(look(kind, resolvers=(servers.dns,), **options)) == expected
