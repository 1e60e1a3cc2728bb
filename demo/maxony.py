"""The small Maxony: every service that its customers depend on, on free loopback ports."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from demo.dns_server import DnsServer
from demo.loop_thread import LoopThread
from demo.mail_server import Inbox, mail_protocol
from demo.smpp_server import Gateway, SmppProtocol
from demo.web_server import Answer, WebServer

WEBSITE = {
    "/": Answer("<!doctype html><title>Maxony</title><h1>Maxony</h1><p>E-mail and SMS for your customers."),
    "/faq": Answer("<!doctype html><title>FAQ</title><h1>Frequently asked questions</h1>"),
}
APPLICATIONS = {
    "/login": Answer("<!doctype html><title>Sign in</title><form><label>Customer number</label></form>")
}
API = {"/v1/status": Answer('{"status": "ok", "version": "1"}', kind="application/json")}
UNAVAILABLE = Answer('{"status": "unavailable"}', status=503, kind="application/json")


SMS_ACCOUNT = {"monitor": "demo"}
ZONE = Path(__file__).parent / "project" / "zone.txt"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything listens, as `host:port`."""

    website: str
    applications: str
    api: str
    smtp: str
    sms: str
    dns: str


@dataclass(frozen=True, slots=True)
class Maxony(Addresses):
    """The servers while they run, and the API, which can be told to fail."""

    api_server: WebServer
    inbox: Inbox

    def fail_api(self) -> None:
        """From now on the API answers 503."""
        self.api_server.failing = UNAVAILABLE

    def mend_api(self) -> None:
        """From now on the API answers again."""
        self.api_server.failing = None


@contextmanager
def maxony(tls: ssl.SSLContext) -> Iterator[Maxony]:
    """Serve everything until the end of the block. `tls` is what the relay shows after STARTTLS."""
    with ExitStack() as stack:
        website, applications, api = (
            stack.enter_context(WebServer(pages)) for pages in (WEBSITE, APPLICATIONS, API)
        )
        loop = stack.enter_context(LoopThread())
        inbox = Inbox()
        yield Maxony(
            website=website.address,
            applications=applications.address,
            api=api.address,
            smtp=loop.listen(partial(mail_protocol, tls, inbox)),
            sms=loop.listen(partial(SmppProtocol, Gateway(SMS_ACCOUNT))),
            dns=stack.enter_context(DnsServer(ZONE.read_text(encoding="utf-8"))).address,
            api_server=api,
            inbox=inbox,
        )
