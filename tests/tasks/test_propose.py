"""Checks are proposed from one look: at a website, at its certificate, and at the mail servers of its domain."""

import time
from pathlib import Path

import pytest
import yaml

from checks.probing import Context, Deadline
from checks.registry import KINDS, load_kind
from demo.dns_server import DnsServer
from outside.project.files import read_config
from outside.project.starter import Guess, Wishes, write_starter
from tasks.propose import Proposal, Surroundings, propose_checks
from tests.support.certificates import Certificates
from tests.support.scripted_server import HEAR, ScriptedServer
from tests.support.source_tree import ROOT

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
RECORDS = """
maxony.test.          MX 10 mail.maxony.test.
shop.maxony.test.     MX 0 .
"""


def _look_around(url: str, around: Surroundings) -> Proposal:
    return propose_checks(url, lambda: Context(Deadline(2), now=int(time.time())), around)


def test_website_and_its_certificate_are_proposed(tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    with ScriptedServer(certificates.good, HEAR, ANSWER) as server:
        seen = _look_around(f"https://127.0.0.1:{server.port}/", Surroundings(ca=certificates.ca))
    home, certificate = seen.sights
    assert home.outcome.startswith("answers in ")
    assert certificate.outcome.startswith("answers in ")
    [service] = yaml.safe_load(seen.lines)
    assert [(check["kind"], check.get("port")) for check in service["checks"]] == [
        ("http", None),
        ("tls", server.port),
    ]


@pytest.mark.parametrize("host", ["www.maxony.test", "shop.maxony.test", "maxony.test"])
def test_mail_servers_of_the_nearest_domain_are_proposed(tmp_path: Path, host: str) -> None:
    """The website, which cannot be reached, is proposed all the same: somebody asked for it."""
    with DnsServer(RECORDS) as names:
        seen = _look_around(f"http://{host}/", Surroundings(resolvers=(names.address,)))
    assert seen.sights[-1] == ("the mail of maxony.test", "taken by mail.maxony.test")
    assert not seen.sights[0].outcome.startswith("answers")
    guess = Guess("maxony", "Maxony", "https://status.example.org/", "UTC")
    write_starter(ROOT, tmp_path, guess, Wishes(checks=seen.lines, promise="99.5"))
    config = read_config(tmp_path, KINDS, load_kind)
    assert [service.id for service in config.services] == ["website", "mail"]
    assert [check.subject for service in config.services for check in service.checks] == [host, "maxony.test"]
    assert str(config.sla.target) == "99.5"
