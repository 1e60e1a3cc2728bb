"""Verifying the files of a hostile publisher is safe: bounded in time and memory, without requests to other origins."""

import sys
from pathlib import Path

import pytest

from tests.support.command_line import build_command, build_environment, generate
from tests.support.evil_publisher import MODES, serve_publisher
from tests.support.frozen_project import freeze_all, publish_records, write_frozen_project
from tests.support.peak_memory import run_measured
from tests.support.site_server import serve_files

MOST_BYTES = 300 << 20
TOLD = {
    "redirect": "redirects to another place: ",
    "dripbody": "/api/sla/2026-10.json takes longer than 1.5 s",
    "driphead": "/api/sla/2026-10.json takes longer than 1.5 s",
    "continue": "/api/sla/2026-10.json takes longer than 1.5 s",
    "bomb": ".csv.gz is larger than 32 MiB once it is unpacked",
    "deep": "does not verify: 2026-10 maintenance[2026-10-14-relay]: frozen something else, recomputed nothing",
    "deep-statement": "statements/2026-10.json is not a valid statement: nested more than 64 levels deep",
    "flood": "/api/sla/2026-10.json is larger than 4,194,304 bytes",
}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that verifies."""
    root = write_frozen_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    publish_records(root)
    return root / "site"


@pytest.mark.parametrize("mode", MODES)
def test_no_attack_exhausts_or_misleads_the_verifier(site: Path, tmp_path: Path, mode: str) -> None:
    """One sentence says what it was; nothing is sent to another origin, and no password to anybody."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password CANARY\n", encoding="utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    with serve_files({}) as elsewhere, serve_publisher(site, mode, elsewhere.url.rstrip("/")) as publisher:
        words = ("verify", "--evidence", publisher.url, "--timeout", "1.5", "--now", "2026-11-05T12:00:00Z")
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"), elsewhere.url)
        ended = run_measured(
            build_command(tmp_path, *words),
            build_environment(HOME=str(tmp_path), **proxies, no_proxy=""),
            timeout_s=60,
        )
    assert ended.code in (1, 2)
    assert TOLD[mode] in ended.out + ended.err
    assert "Traceback" not in ended.err
    assert ended.peak < MOST_BYTES, f"{ended.peak >> 20} MiB"
    assert elsewhere.asked == []
    assert publisher.asked
    assert not [headers for _, headers in publisher.asked if "Authorization" in headers]


def test_configured_proxy_is_used(site: Path, tmp_path: Path) -> None:
    files = {
        f"http://status.maxony.example/{path.relative_to(site)}": path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }
    with serve_files(files) as proxy:
        words = ("verify", "2026-10", "--evidence", "http://status.maxony.example", "--proxy", proxy.url)
        done = generate(tmp_path, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-10  api" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--evidence", "ftp://a.example"), "ftp://a.example is not a URL of a page"),
        (
            ("--evidence", "http://a.example:x"),
            "is not a URL: Port could not be cast to integer value as 'x'",
        ),
        (("--evidence", "http://a.example", "--proxy", "socks5://b"), "socks5://b is not a URL of a page"),
        (("--evidence", "http://a.example", "--proxy", "https://b"), "a proxy is reached over http"),
        (("--evidence", "http://a.example", "--timeout", "0"), "'0' is not a number of seconds up to 3600"),
    ],
)
def test_unusable_address_is_reported(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    done = generate(tmp_path, "verify", *words)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert told in done.stderr
