"""A message reaches a real HTTP listener by a URL that Apprise knows, and a secret only a host that it is declared for."""

import sys

import pytest

from constat.errors import OutsideError
from constat.notifications import Message
from outside.routes import apprise
from outside.routes.delivery import Delivery, RouteSecret, Secret
from tests.support.page_objects import NOW, SETTINGS
from tests.support.webhook_listener import listen_for_posts

MESSAGE = Message("SMTP relay: delays", "We are looking into it.\n")


def delivery(address: str, **secrets: Secret) -> Delivery:
    return Delivery(address, MESSAGE, SETTINGS, None, NOW, secrets=secrets)


def test_a_message_arrives_with_its_subject_and_its_text() -> None:
    with listen_for_posts() as chat:
        apprise.send(delivery(f"json://127.0.0.1:{chat.port}/"))
    (posted,) = chat.posted
    assert posted["title"] == "SMTP relay: delays"
    assert posted["message"].strip() == "We are looking into it."


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a failure of this target alone: the others are still told."""
    monkeypatch.setitem(sys.modules, "apprise", None)  # as Python marks a module that is not there
    with pytest.raises(OutsideError, match=r'type: pip install "constat-status\[chat\]"'):
        apprise.send(delivery("json://127.0.0.1:9/"))


def test_secrets_in_a_url_have_no_host_until_filled_in() -> None:
    uses = apprise.secret_uses(delivery("json://${CONSTAT_USER}:${CONSTAT_WORD}@chat.maxony.example/"))
    assert uses == (RouteSecret("CONSTAT_USER", None), RouteSecret("CONSTAT_WORD", None))


def test_the_secrets_are_filled_in() -> None:
    with listen_for_posts() as chat:
        url = Secret(f"json://127.0.0.1:{chat.port}/", ("127.0.0.1",))
        apprise.send(delivery("${CONSTAT_CHAT}", CONSTAT_CHAT=url))
    assert chat.titles == ["SMTP relay: delays"]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("json://${CONSTAT_WORD}@localhost/", "localhost"),
        ("discord://4174216298/${CONSTAT_WORD}", "discord.com"),
    ],
)
def test_secret_is_not_sent_to_an_undeclared_host(address: str, host: str) -> None:
    """The host of the URL, or of the service that it is for."""
    word = Secret("JHMHI8qBe7bk2ZwO5U711o3dV_js", ("chat.maxony.example",))
    with pytest.raises(OutsideError, match=f"its secret is not declared for {host}"):
        apprise.send(delivery(address, CONSTAT_WORD=word))


def test_unknown_apprise_url_is_refused() -> None:
    with pytest.raises(OutsideError, match="not one that Apprise knows"):
        apprise.send(delivery("pigeon://loft/"))


def test_a_listener_that_refuses_is_an_error() -> None:
    with listen_for_posts() as chat:
        chat.status = 500
        with pytest.raises(OutsideError):
            apprise.send(delivery(f"json://127.0.0.1:{chat.port}/"))
    assert not chat.posted
