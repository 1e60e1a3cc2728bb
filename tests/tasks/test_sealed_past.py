"""What a site shows of the past, and that no new site takes the place of one whose seals it breaks."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from constat.errors import EvidenceError
from outside.evidence.troubles import read_troubles
from tasks.build import build_and_publish
from tasks.project import Project
from tasks.record import record_pending_lines
from tasks.seal import seal_folder
from tasks.sealed_past import find_broken_past
from tests.support.availability_cases import parse_time
from tests.support.git_remote import ENVIRONMENT
from tests.support.site_server import serve_files
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

HEADER = "at,service,check,outcome,latency_ms,attempts,interval_s,vantage,reason\n"
DAY, TODAY = "2026/11/2026-11-23.csv", "2026/11/2026-11-24.csv"
NOW = parse_time("2026-11-24 01:00")


def row(at_: str, outcome: str = "up") -> str:
    return f"2026-11-{at_}Z,one,check-0,{outcome},3,1,60,here,\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a sealed day and a running one, published."""
    folder = tmp_path / "project"
    folder.mkdir()
    checked = format_service("one", "kind: tcp, host: 127.0.0.1, port: 9")
    write_project(folder, checked, monitor="  tell: ['json://chat.maxony.example']")
    record_pending_lines(Project(folder, ROOT, parse_time("2026-11-23 09:00")))
    write(folder, DAY, HEADER + row("23T10:00:00", "down") + row("23T10:01:00"))
    write(folder, TODAY, HEADER + row("24T00:30:00"))
    seal_folder(Project(folder, ROOT, NOW), lambda: True)
    publish(folder)
    return folder


def write(root: Path, path: str, text: str) -> None:
    file = root / "history" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def publish(root: Path, now: int = NOW, **environment: str) -> list[str]:
    warnings: list[str] = []
    build_and_publish(Project(root, ROOT, now), {**ENVIRONMENT, **environment}, warnings.append)
    return warnings


def test_the_site_shows_every_seal_and_the_head(root: Path) -> None:
    shown = json.loads((root / "site/api/seals.json").read_text())
    register = (root / "history/register.jsonl").read_bytes()
    line = register.splitlines()[-1]
    assert shown["at"] == "2026-11-24T01:00:00Z"
    assert [(seal["line"], seal["hash"]) for seal in shown["seals"]] == [
        (register.count(b"\n"), sha256(line).hexdigest())
    ]
    assert shown["seals"][0].items() >= json.loads(line).items()
    today = (root / "history" / TODAY).read_bytes()
    assert shown["head"] == {
        "register": {"lines": register.count(b"\n"), "sha256": sha256(register).hexdigest()},
        "day": {"path": TODAY, "bytes": len(today), "sha256": sha256(today).hexdigest()},
    }
    index = (root / "site/index.html").read_text()
    for digest in (sha256(line), sha256(register), sha256(today)):
        assert digest.hexdigest()[:32] in index


def test_evidence_that_grew_is_published(root: Path) -> None:
    for path, more in ((DAY, row("23T10:02:00")), (TODAY, row("24T00:31:00"))):
        write(root, path, (root / "history" / path).read_text() + more)
    seal_folder(Project(root, ROOT, NOW + 3600), lambda: True)
    assert publish(root, NOW + 3600) == []
    assert len(json.loads((root / "site/api/seals.json").read_text())["seals"]) == 2


def _make_up(root: Path) -> None:
    write(root, DAY, (root / "history" / DAY).read_text().replace(",down,", ",up,"))


def _swap_rows(root: Path) -> None:
    header, first, second = (root / "history" / DAY).read_text().splitlines(keepends=True)
    write(root, DAY, header + second + first)


def _drop_the_seal(root: Path) -> None:
    file = root / "history/register.jsonl"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


def _slip_in_a_line(root: Path) -> None:
    file = root / "history/register.jsonl"
    file.write_bytes(b'{"at":"2026-11-23T09:00:00Z","kind":"page","timezone":"UTC"}\n' + file.read_bytes())


def _change_today(root: Path) -> None:
    write(root, TODAY, HEADER + row("24T00:30:01"))


@pytest.mark.parametrize(
    ("forge", "why"),
    [
        (_make_up, r"2026/11/2026-11-23\.csv: it has fewer than the \d+ bytes that the seal of"),
        (_swap_rows, r"2026/11/2026-11-23\.csv: its first \d+ bytes are not those that the seal of"),
        (_drop_the_seal, r"2026/11/2026-11-23\.csv: the seal of .* is gone"),
        (_slip_in_a_line, r"2026/11/2026-11-23\.csv: the seal of .* is gone"),
        (_change_today, r"2026/11/2026-11-24\.csv: its first \d+ bytes are not those that the head"),
    ],
)
def test_changed_past_is_neither_published_nor_valid(root: Path, forge: object, why: str) -> None:
    assert callable(forge)
    before = (root / "site/api/seals.json").read_bytes()
    assert list(find_broken_past(Project(root, ROOT, NOW + 600))) == []
    forge(root)
    (problem, *_) = find_broken_past(Project(root, ROOT, NOW + 600))
    assert problem.severity == "error"
    assert re.search(why, problem.message)
    with pytest.raises(EvidenceError, match=why):
        publish(root, NOW + 600)
    assert (root / "site/api/seals.json").read_bytes() == before
    (trouble,) = read_troubles(root)
    assert "nothing is published" in trouble


def test_a_lost_register_is_refused_in_a_message_that_one_can_read(root: Path) -> None:
    """It breaks every seal there ever was: the refusal names three of them and counts the rest."""
    for hour in (2, 3, 4, 5, 6):
        write(root, DAY, (root / "history" / DAY).read_text() + row(f"23T1{hour}:00:00"))
        seal_folder(Project(root, ROOT, NOW + hour * 3600), lambda: True)
    publish(root, NOW + 7 * 3600)
    (root / "history/register.jsonl").write_text("")
    with pytest.raises(EvidenceError, match="nothing is published") as raised:
        publish(root, NOW + 8 * 3600)
    assert str(raised.value).count("is gone") == 3
    assert str(raised.value).endswith(", and 4 more")
    assert len(list(find_broken_past(Project(root, ROOT, NOW + 8 * 3600)))) == 7


def test_github_job_compares_with_the_published_page(root: Path, tmp_path: Path) -> None:
    """It begins without a site: a rewritten branch is found by what people see now."""
    files = {"api/seals.json": (root / "site/api/seals.json").read_bytes()}
    with serve_files(files) as site:
        url, fresh = site.url, tmp_path / "fresh"
        fresh.mkdir()
        for name in ("status.yml", "history"):
            (root / name).rename(fresh / name)
        settings = (fresh / "status.yml").read_text()
        page_url = next(line for line in settings.splitlines() if "url:" in line).partition("url:")[2]
        (fresh / "status.yml").write_text(settings.replace(page_url, f" {url}"))
        _drop_the_seal(fresh)
        with pytest.raises(EvidenceError, match=f"no longer holds what {url}"):
            publish(fresh, NOW + 600, GITHUB_ACTIONS="true")
        publish(fresh, NOW + 600)


def test_unreachable_page_is_reported_and_blocks_nothing(root: Path) -> None:
    (root / "site/api/seals.json").unlink()
    settings = (root / "status.yml").read_text()
    page_url = next(line for line in settings.splitlines() if "url:" in line).partition("url:")[2]
    (root / "status.yml").write_text(settings.replace(page_url, " http://127.0.0.1:9/"))
    (warning,) = publish(root, GITHUB_ACTIONS="true")
    assert "was not checked against the seals that are published now" in warning
