"""The servers of the small Maxony: every service that its customers depend on, on free loopback ports."""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from demo.dns_server import DnsServer
from demo.loop_thread import LoopThread
from demo.mail_server import Inbox, mail_protocol
from demo.smpp_server import Gateway, SmppProtocol
from demo.web_server import FixedAnswer, WebServer

WEBSITE = {
    "/": FixedAnswer(
        "<!doctype html><title>Maxony</title><h1>Maxony</h1><p>E-mail and SMS for your customers."
    ),
    "/faq": FixedAnswer("<!doctype html><title>FAQ</title><h1>Frequently asked questions</h1>"),
}
APPLICATIONS = {
    "/login": FixedAnswer("<!doctype html><title>Sign in</title><form><label>Customer number</label></form>")
}
API = {"/v1/status": FixedAnswer('{"status": "ok", "version": "1"}', content_type="application/json")}
UNAVAILABLE = FixedAnswer('{"status": "unavailable"}', status=503, content_type="application/json")

SMS_ACCOUNT = {"monitor": "demo"}
ZONE = Path(__file__).parent / "project" / "zone.txt"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address of each server, as `host:port`."""

    website: str
    applications: str
    api: str
    smtp: str
    sms: str
    dedicated: str
    dns: str


@dataclass(frozen=True, slots=True)
class Maxony(Addresses):
    """The running servers. Those on the web can be told to fail."""

    web_servers: Mapping[str, WebServer]
    inbox: Inbox

    def fail_web(self, service: str) -> None:
        """Make a service that is on the web answer 503."""
        self.web_servers[service].failing = UNAVAILABLE

    def restore_web(self, service: str) -> None:
        """Make a service that is on the web answer normally again."""
        self.web_servers[service].failing = None

    def fail_api(self) -> None:
        """Make the API answer 503."""
        self.fail_web("api")

    def restore_api(self) -> None:
        """Make the API answer normally again."""
        self.restore_web("api")


@contextmanager
def serve_maxony(tls: ssl.SSLContext) -> Iterator[Maxony]:
    """Run all servers until the end of the block. `tls`: the context that the relay uses after STARTTLS."""
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
            dedicated=loop.listen(partial(SmppProtocol, Gateway(SMS_ACCOUNT))),
            dns=stack.enter_context(DnsServer(ZONE.read_text(encoding="utf-8"))).address,
            web_servers={"api": api, "website": website, "applications": applications},
            inbox=inbox,
        )
