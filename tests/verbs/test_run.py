"""`run`, the main job: look, then build, on a project of one's own."""

from pathlib import Path

from tests.support.command_line import generate
from tests.support.small_project import format_service, read_rows, write_project
from tests.support.tcp_speakers import hold_closed_port, send_and_wait, serve_script

NOW = "2026-11-25T10:00:00Z"
WELL = send_and_wait(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")


def test_reachable_and_unreachable_service_are_recorded_and_shown(tmp_path: Path) -> None:
    """Two rows, the unreachable one down with a short reason, the page names it in its banner, and that is a success."""
    with serve_script(WELL) as port, hold_closed_port() as closed:
        write_project(
            tmp_path,
            format_service("website", f'kind: http, url: "http://127.0.0.1:{port}/"'),
            format_service("relay", f"kind: tcp, host: 127.0.0.1, port: {closed}"),
        )
        told = generate(tmp_path, "run", "--now", NOW)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    assert sorted((row["service"], row["outcome"], row["reason"]) for row in read_rows(tmp_path)) == [
        ("relay", "down", "refused"),
        ("website", "up", ""),
    ]
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    banner = page[page.index("<h1") : page.index("</h1>")]
    assert "relay" in banner
    assert "en panne" in banner
    assert "website" not in banner


def test_invalid_configuration_builds_nothing(tmp_path: Path) -> None:
    write_project(tmp_path, format_service("website", "kind: tpc, host: 127.0.0.1, port: 9"))
    told = generate(tmp_path, "run", "--now", NOW)
    assert told.returncode == 2
    assert "tcp" in told.stderr, "it says what was probably meant"
    assert {path.name for path in tmp_path.iterdir()} == {"status.yml"}


def test_problem_of_a_notice_is_reported_once(tmp_path: Path) -> None:
    """Both the checks and the build read the notices; `run` reports the problem once."""
    with serve_script(WELL) as port:
        write_project(tmp_path, format_service("website", f'kind: http, url: "http://127.0.0.1:{port}/"'))
        (tmp_path / "incidents").mkdir()
        (tmp_path / "incidents/2026-11-25-website.md").write_text("no front matter", encoding="utf-8")
        told = generate(tmp_path, "run", "--now", NOW)
    assert told.returncode == 0
    assert told.stderr.count("incidents/2026-11-25-website.md:1: no front matter") == 1
