"""Whatever our machine lacks, no target is down for it: every kind of check, on a monitor without one thing after another."""

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from checks.kinds.smpp import Submit
from checks.network import dns_client, resolver, tls_context
from checks.network.mail_server import ProbedMailServer, SmtpServer
from checks.probing import ProbeResult
from checks.reason_words import WORDS, Fault
from checks.reasons import ERRNO, translate_error
from checks.registry import KINDS, load_kind, warm_up
from constat.model import Outcome
from tests.support.certificates import Certificates
from tests.support.configured_probe import look
from tests.support.scripted_server import ScriptedServer

PROGRAMS = {"PATH": os.environ["PATH"]}
ADDRESSES = {"sender": "a@maxony.example", "recipient": "b@maxony.example"}


def build_options(host: str, port: int, *, tls: bool = False) -> dict[str, dict[str, Any]]:
    """Options of every kind that talks to a host, or asks a name server at that host."""
    where: dict[str, Any] = {"host": host, "port": port}
    in_url = f"[{host}]" if ":" in host else host
    servers = {"resolvers": (f"{in_url}:{port}",)}
    return {
        "http": {"url": f"http{'s' if tls else ''}://{in_url}:{port}/"},
        "websocket": {"url": f"ws{'s' if tls else ''}://{in_url}:{port}/"},
        "grpc": {**where, "tls": tls},
        "tcp": where,
        "icmp": {"host": host, "packets": 1},
        "smtp": {**where, "tls": tls},
        "tls": where,
        "mail": {"smtp": SmtpServer(**where), "imap": ProbedMailServer(**where, tls=tls), **ADDRESSES},
        "mqtt": {**where, "tls": tls},
        "proxy": {**where, "target": "www.maxony.example", "tls": tls},
        "redis": {**where, "tls": tls},
        "postgres": {**where, "username": "u", "tls": tls},
        "domain": {"domain": "x.example", "server": f"http{'s' if tls else ''}://{in_url}:{port}/"},
        "heartbeat": {"url": f"http{'s' if tls else ''}://{in_url}:{port}/", "warn": 60, "fail": 60},
        "smpp": {**where, "system_id": "x", "tls": tls, "submit": Submit("+41000000000", "x")},
        "dns": {"domain": "maxony.example", **servers},
        "mx": {"domain": "maxony.example", **servers},
        "spf": {"domain": "maxony.example", **servers},
        "dkim": {"domain": "maxony.example", "selector": "s", **servers},
        "dmarc": {"domain": "maxony.example", **servers},
        "mtasts": {"domain": "maxony.example", **servers},
        "tlsrpt": {"domain": "maxony.example", **servers},
        "bimi": {"domain": "maxony.example", **servers},
        "dane": {"domain": "maxony.example", **servers},
        "blocklist": {"targets": ("192.0.2.1",), "lists": ("list.example",), **servers},
    }


BY_NAME = (
    "http",
    "websocket",
    "grpc",
    "tcp",
    "icmp",
    "smtp",
    "tls",
    "mail",
    "smpp",
    "mqtt",
    "proxy",
    "redis",
    "postgres",
    "domain",
    "heartbeat",
)
WITHOUT_TLS = ("tcp", "icmp")
ASKING = ("dns", "mx", "spf", "dkim", "dmarc", "mtasts", "tlsrpt", "dane", "bimi", "blocklist")


def attempt(name: str, options: dict[str, Any], seconds: float = 2) -> ProbeResult:
    return look(name, seconds, load_kind(name).Options(**options), programs=PROGRAMS)


def find_fault(result: ProbeResult) -> tuple[Outcome, Fault]:
    return result.outcome, WORDS[result.reason.partition(" ")[0]].fault


OURS = (Outcome.UNKNOWN, Fault.OURS)


def test_every_kind_is_covered() -> None:
    walked = {*BY_NAME, *ASKING, "exec"}
    assert walked == set(KINDS), "add it to BY_NAME or ASKING, and its options to build_options"


@pytest.fixture(scope="module")
def warm() -> None:
    """All that a probe imports is loaded: no file is opened for it any more."""
    warm_up(KINDS)
    with ScriptedServer() as server:
        for name, options in build_options("127.0.0.1", server.port).items():
            attempt(name, options, 0.2)


@contextmanager
def without_descriptors() -> Iterator[None]:
    """A process that may open nothing more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(map(int, os.listdir("/proc/self/fd"))) + 1  # noqa: PTH208 (a folder of the kernel)
    taken: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open("/dev/null", os.O_RDONLY))
        yield
    finally:
        for descriptor in taken:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("warm")
def test_missing_file_descriptors_make_no_target_down() -> None:
    asked = {**build_options("127.0.0.1", 9), "exec": {"command": ("/bin/true",)}}
    with without_descriptors():
        results = {name: attempt(name, options) for name, options in asked.items()}
    assert {name: find_fault(result) for name, result in results.items()} == dict.fromkeys(KINDS, OURS)


class _WithoutIpv6(socket.socket):
    """Sockets of a kernel that has no IPv6."""

    def __init__(self, family: int = socket.AF_INET, *more: Any, **named: Any) -> None:
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        super().__init__(family, *more, **named)


@pytest.mark.usefixtures("warm")
def test_missing_ipv6_makes_no_target_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", _WithoutIpv6)
    asked = build_options("2001:db8::1", 9)
    found = {name: find_fault(attempt(name, options)) for name, options in asked.items()}
    assert found == dict.fromkeys(asked, OURS)


def _find_nothing(*_: object) -> Any:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("configuration", ["/nonexistent/resolv.conf", "/dev/null"])
def test_missing_resolver_makes_no_target_down(monkeypatch: pytest.MonkeyPatch, configuration: str) -> None:
    monkeypatch.setattr(resolver, "SYSTEM", resolver.Names(_find_nothing, lambda _: False))
    monkeypatch.setattr(dns_client, "SYSTEM", dns_client.SystemResolver(configuration, lambda _: False))
    asked = build_options("www.maxony.example", 9)
    by_name = {name: find_fault(attempt(name, asked[name])) for name in BY_NAME}
    asking = {name: find_fault(attempt(name, {**asked[name], "resolvers": ()})) for name in ASKING}
    assert by_name | asking == dict.fromkeys(asked, OURS)


@pytest.fixture
def no_authorities(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/cert.pem")
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent/certs")
    tls_context._load_context.cache_clear()
    yield
    tls_context._load_context.cache_clear()


@pytest.mark.usefixtures("warm", "no_authorities")
def test_missing_ca_certificates_make_no_target_down(certificates: Certificates) -> None:
    with ScriptedServer(certificates.good) as server:
        asked = build_options("127.0.0.1", server.port, tls=True)
        results = {name: attempt(name, asked[name]) for name in BY_NAME if name not in WITHOUT_TLS}
    assert {result.reason for result in results.values()} == {"authorities none on this machine"}
    assert {find_fault(result) for result in results.values()} == {OURS}


@pytest.mark.usefixtures("no_authorities")
def test_project_ca_file_works_without_the_machines(certificates: Certificates) -> None:
    with ScriptedServer(certificates.good) as server:
        result = attempt("tls", {"host": "127.0.0.1", "port": server.port, "ca": certificates.ca})
    assert result.outcome is Outcome.UP


def test_only_faults_of_the_target_decide_its_outcome() -> None:
    for name, word in WORDS.items():
        assert (word.outcome is Outcome.UNKNOWN) == (word.fault is not Fault.TARGET), name
    for number in ERRNO:
        trouble = translate_error(OSError(number, ""), 1)
        assert trouble is not None
        assert trouble.word in WORDS
