"""A signed zone: nsd serves what ldns has signed, and unbound validates it, all on loopback and in the foreground."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import dns.exception
import dns.message
import dns.query

from tests.support.free_ports import find_free_port
from tests.support.required_programs import needs

_NSD = """server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: test
  zonefile: test.signed
"""
_UNBOUND = """server:
  interface: 127.0.0.1@{port}
  port: {port}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  do-daemonize: no
  do-not-query-localhost: no
  module-config: "{modules}"
  {anchor}
  local-zone: "test." nodefault
  local-zone: "." transparent
  {data}
remote-control:
  control-enable: no
stub-zone:
  name: "test."
  stub-addr: 127.0.0.1@{authoritative}
"""


class SignedZone(NamedTuple):
    """Addresses of resolvers for the zone `test.`.

    `validating` validates it. `careless` passes signatures on without validating them. `insecure` too, and says that the zone above has no
    DS record for it.
    """

    validating: str
    careless: str
    insecure: str


@contextmanager
def serve_signed(records: str, folder: Path) -> Iterator[SignedZone]:
    """Sign and serve the zone `test.`; skip the test where a program is missing."""
    nsd, unbound = needs("nsd", "nsd"), needs("unbound", "unbound")
    key = _sign(records, folder)
    port = find_free_port(socket.SOCK_DGRAM)
    (folder / "nsd.conf").write_text(_NSD.format(port=port, folder=folder))
    delegation = (folder / f"{key}.ds").read_text().strip().replace("\t", " ")
    settings = {
        "validating": ("validator iterator", f'trust-anchor-file: "{folder / key}.key"', ""),
        "careless": ("iterator", "", f'local-data: "{delegation}"'),
        "insecure": ("iterator", "", 'local-data: "test. TXT nothing"'),
    }
    with ExitStack() as running:
        running.enter_context(_run([nsd, "-d", "-c", str(folder / "nsd.conf")], folder))
        _await_answer(port)
        addresses = []
        for name, (modules, anchor, data) in settings.items():
            own = find_free_port(socket.SOCK_DGRAM)
            values = {"modules": modules, "anchor": anchor, "data": data, "authoritative": port}
            (folder / f"{name}.conf").write_text(_UNBOUND.format(port=own, folder=folder, **values))
            running.enter_context(_run([unbound, "-d", "-c", str(folder / f"{name}.conf")], folder))
            _await_answer(own)
            addresses.append(f"127.0.0.1:{own}")
        yield SignedZone(*addresses)


def _sign(records: str, folder: Path) -> str:
    """Sign the zone with one key; return the name of its files."""
    head = "$TTL 60\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60\n@ NS ns.test.\nns A 127.0.0.1\n"
    (folder / "test").write_text(f"$ORIGIN test.\n{head}{records}\n")
    keygen = [needs("ldns-keygen", "ldnsutils"), "-k", "-a", "ECDSAP256SHA256", "-r", "/dev/urandom", "test"]
    made = subprocess.run(keygen, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    sign = [needs("ldns-signzone", "ldnsutils"), "-f", "test.signed", "test", made]
    subprocess.run(sign, cwd=folder, capture_output=True, check=True)  # noqa: S603
    return made


@contextmanager
def _run(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answer(port: int) -> None:
    """Wait until a server answers; a closed port raises an error that asks for another try."""
    query = dns.message.make_query("test.", "SOA")
    for _ in range(100):
        try:
            dns.query.udp(query, "127.0.0.1", timeout=0.2, port=port)
        except (OSError, dns.exception.DNSException):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"no name server on port {port}")
