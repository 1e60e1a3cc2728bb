"""`run`, the main job: look, then build, on a project of one's own."""

from pathlib import Path

from tests.support.command_line import generate
from tests.support.small_project import rows, service, write_project
from tests.support.tcp_speakers import closed_port, saying, serving

NOW = "2026-11-25T10:00:00Z"
WELL = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")


def test_one_reachable_and_one_unreachable_service(tmp_path: Path) -> None:
    """Two rows, the unreachable one down with a short reason, the page names it in its banner, and that is a success."""
    with serving(WELL) as port, closed_port() as closed:
        write_project(
            tmp_path,
            service("website", f'kind: http, url: "http://127.0.0.1:{port}/"'),
            service("relay", f"kind: tcp, host: 127.0.0.1, port: {closed}"),
        )
        told = generate(tmp_path, "run", "--now", NOW)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    assert sorted((row["service"], row["outcome"], row["reason"]) for row in rows(tmp_path)) == [
        ("relay", "down", "refused"),
        ("website", "up", ""),
    ]
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    banner = page[page.index("<h1") : page.index("</h1>")]
    assert "relay" in banner
    assert "en panne" in banner
    assert "website" not in banner


def test_a_wrong_configuration_builds_nothing(tmp_path: Path) -> None:
    write_project(tmp_path, service("website", "kind: tpc, host: 127.0.0.1, port: 9"))
    told = generate(tmp_path, "run", "--now", NOW)
    assert told.returncode == 2
    assert "tcp" in told.stderr, "it says what was probably meant"
    assert {path.name for path in tmp_path.iterdir()} == {"status.yml"}


def test_what_is_wrong_with_a_notice_is_told_once(tmp_path: Path) -> None:
    """The look reads the notices for the register, the build for the page; whoever runs both reads the problem once."""
    with serving(WELL) as port:
        write_project(tmp_path, service("website", f'kind: http, url: "http://127.0.0.1:{port}/"'))
        (tmp_path / "incidents").mkdir()
        (tmp_path / "incidents/2026-11-25-website.md").write_text("no front matter", encoding="utf-8")
        told = generate(tmp_path, "run", "--now", NOW)
    assert told.returncode == 0
    assert told.stderr.count("incidents/2026-11-25-website.md:1: no front matter") == 1
