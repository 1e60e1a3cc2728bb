"""A message is sent with the secrets that its route needs and no others; failures are reported without them."""

from dataclasses import replace

import pytest

from checks.secrets import Secrets
from constat.model import MailServer
from constat.notifications import Message
from outside.routes.delivery import Delivery
from tasks.delivery import deliver
from tests.support.page_objects import NOW, SETTINGS
from tests.support.smtp_server import SmtpServer
from tests.support.webhook_listener import listen_for_posts

DECLARED = {"CONSTAT_CHAT": ("127.0.0.1",), "CONSTAT_MAIL": ("127.0.0.1",), "CONSTAT_OTHER": ("127.0.0.1",)}
MESSAGE = Message("Maxony: something needs a look", "The chain broke.\n")


def secrets(**values: str) -> Secrets:
    return Secrets.of(DECLARED, values)


def delivery(address: str, server: MailServer | None = None) -> Delivery:
    return Delivery(address, MESSAGE, SETTINGS, server, NOW)


def server(port: int, host: str = "127.0.0.1") -> MailServer:
    return MailServer(host, port, "none", "status@maxony.example", "", "${CONSTAT_MAIL}")


def test_each_address_uses_its_route() -> None:
    mails: list[bytes] = []
    with SmtpServer(deliver=mails.append) as relay, listen_for_posts() as chat:
        url = f"json://127.0.0.1:{chat.port}/"
        known = secrets(CONSTAT_CHAT=url, CONSTAT_MAIL="hunter2")
        for address in ("${CONSTAT_CHAT}", "ops@maxony.example"):
            assert deliver(delivery(address, server(relay.port)), known) == ""
    assert (len(mails), chat.titles) == (1, ["Maxony: something needs a look"])


@pytest.mark.parametrize(
    ("address", "failure"),
    [
        ("json://${CONSTAT_CHAT}:${CONSTAT_OTHER}@127.0.0.1/", "CONSTAT_CHAT, CONSTAT_OTHER is not set"),
        ("ops@maxony.example", "secret CONSTAT_MAIL is not set"),
    ],
)
def test_a_secret_that_is_not_set_is_named(address: str, failure: str) -> None:
    assert deliver(delivery(address, server(25)), secrets()) == failure


def test_the_password_goes_to_no_server_that_it_is_not_declared_for() -> None:
    elsewhere = server(25, "mail.elsewhere.example")
    known = secrets(CONSTAT_MAIL="hunter2")
    assert deliver(delivery("ops@maxony.example", elsewhere), known) == (
        "secret CONSTAT_MAIL is not declared for this host"
    )


def test_mail_without_a_server_fails() -> None:
    assert deliver(delivery("ops@maxony.example"), secrets()) == (
        "status.yml names no server to send mail through (notify.mail)"
    )


def test_a_failure_does_not_show_the_secret() -> None:
    with SmtpServer() as relay:
        gone = relay.port
    known = secrets(CONSTAT_MAIL="hunter2", CONSTAT_CHAT=f"json://hunter2hunter2@127.0.0.1:{gone}/")
    failure = deliver(delivery("${CONSTAT_CHAT}"), known)
    assert failure
    assert "hunter2" not in failure + repr(replace(delivery("${CONSTAT_CHAT}"), address="hunter2"))
