"""`export`: what is imported, built, exported and imported again loses nothing that both shapes hold."""

from pathlib import Path

import pytest

from tests.support.command_line import generate_here
from tests.support.moved_files import DATA, MovedFile, find_lost_words, read_moved, read_services

SETTINGS = """\
page: {id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [fr], timezone: Europe/Zurich}
monitor: {vantage: here}
sla: {}
services:
  - {id: smtp, name: Relais, group: Envoi, description: "Le courrier", link: "https://smtp.maxony.example/", checks: []}
  - {id: api, name: API, checks: []}
"""
NOTICES = {
    "2026-10-01-relay": """\
---
title: "Le relais: #1"
kind: incident
services: [smtp]
impact: major
starts: 2026-10-01T08:00:00Z
---
Le courrier attend.

## 2026-10-01T08:05:00Z investigating

Nous *regardons*.

## 2026-10-01T09:05:00Z identified
services: [smtp, api]

Un disque.

## 2026-10-01T10:00:00Z monitoring

Nous attendons.

## 2026-10-01T11:00:00Z resolved

C'est fini.

## 2026-10-02T11:00:00Z postmortem

Voici pourquoi.
""",
    "2026-10-05-work": """\
---
title: Travaux
kind: maintenance
services: []
starts: 2026-10-05T20:00:00Z
ends: 2026-10-05T21:00:00Z
---
Nous changeons le relais.

## 2026-10-04T20:00:00Z scheduled

Demain.

## 2026-10-05T20:30:00Z completed
""",
}


def run(*words: str) -> None:
    """Run a verb that must succeed."""
    done = generate_here("-q", "--now", "2026-11-29T12:00Z", *words)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of our own with one notice of each kind."""
    root = tmp_path / "own"
    (root / "incidents").mkdir(parents=True)
    (root / "status.yml").write_text(SETTINGS)
    for stem, text in NOTICES.items():
        (root / f"incidents/{stem}.md").write_text(text)
    return root


def export_and_import(root: Path, shape: str, source: str) -> dict[str, MovedFile]:
    """Export a project and import that into another; its notices by title and start."""
    run("export", shape, "--root", str(root))
    again = root.parent / f"again-{shape}"
    run("import", source, str(root / "export" / shape), "--root", str(again))
    assert generate_here("-q", "validate", "--root", str(again)).returncode == 0
    files = read_moved(again).values()
    return {f"{file.front['starts'][:10]} {file.front['title']}": file for file in files}


def test_statuspage_export_keeps_updates_states_services_and_texts(project: Path) -> None:
    found = export_and_import(project, "statuspage", "statuspage")
    incident, work = found["2026-10-01 Le relais: #1"], found["2026-10-05 Travaux"]
    assert incident.front["impact"] == "major"
    assert [(f"{post.at:%d %H:%M}", post.state, post.services) for post in incident.posts] == [
        ("01 08:00", "investigating", None),
        ("01 08:05", "investigating", None),
        ("01 09:05", "identified", ["relais", "api"]),
        ("01 10:00", "monitoring", None),
        ("01 11:00", "resolved", None),
        ("02 11:00", "postmortem", None),
    ]
    assert (work.front["kind"], work.front["services"], work.front["ends"]) == (
        "maintenance",
        [],
        "2026-10-05T21:00:00Z",
    )
    texts = {
        "2026-10-01 Le relais: #1": NOTICES["2026-10-01-relay"],
        "2026-10-05 Travaux": NOTICES["2026-10-05-work"],
    }
    for title, file in found.items():
        assert not find_lost_words(file.text, texts[title])
    services = read_services(project.parent / "again-statuspage")
    assert {each["name"]: (each.get("group"), each.get("description")) for each in services.values()} == {
        "Relais": ("Envoi", "Le courrier"),
        "API": (None, None),
    }


def test_markdown_export_keeps_times_states_and_texts(project: Path) -> None:
    found = export_and_import(project, "markdown", "cstate")
    incident = found["2026-10-01 Le relais: #1"]
    assert [(f"{post.at:%d %H:%M}", post.state) for post in incident.posts] == [
        ("01 08:05", "investigating"),
        ("01 09:05", "identified"),
        ("01 10:00", "monitoring"),
        ("01 11:00", "resolved"),
        ("02 11:00", "postmortem"),
    ]
    assert incident.announcement.strip() == "Le courrier attend."
    assert incident.front["services"] == ["relais", "api"]
    service = read_services(project.parent / "again-markdown")["relais"]
    assert (service["group"], service["link"]) == ("Envoi", "https://smtp.maxony.example/")


def test_statuspage_round_trip_is_byte_identical(tmp_path: Path) -> None:
    """Fifty incidents of which each update names the services that it is about."""
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / "out"
    run("import", "statuspage", str(DATA / "statuspage/claude-2026"), "--root", str(first))
    run("build", "--root", str(first))
    run("export", "statuspage", "--to", str(out), "--root", str(first))
    run("import", "statuspage", str(out), "--root", str(second))
    assert {path.name: path.read_text() for path in (first / "incidents").iterdir()} == {
        path.name: path.read_text() for path in (second / "incidents").iterdir()
    }


def test_cstate_round_trip_keeps_times_and_texts(tmp_path: Path) -> None:
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / "out"
    run("import", "cstate", str(DATA / "cstate/sr.ht"), "--root", str(first))
    run("export", "markdown", "--to", str(out), "--root", str(first))
    run("import", "cstate", str(out), "--root", str(second))
    ours = {(file.starts, file.front["title"]): file for file in read_moved(first).values()}
    again = {(file.starts, file.front["title"]): file for file in read_moved(second).values()}
    assert again.keys() == ours.keys()
    for key, file in again.items():
        assert file.times == ours[key].times, key
        assert [post.state for post in file.posts] == [post.state for post in ours[key].posts], key
        assert not find_lost_words(ours[key].text, file.text), key
        assert set(find_lost_words(file.text, ours[key].text)) <= {"Investigating", "Resolved"}, key


def test_an_invalid_notice_stops_the_export(project: Path) -> None:
    (project / "incidents/2026-10-01-relay.md").write_text("nothing")
    done = generate_here("export", "markdown", "--root", str(project))
    assert (done.returncode, "no front matter" in done.stderr) == (2, True)
    assert not (project / "export").exists()


def test_unknown_format_suggests_another(project: Path) -> None:
    with pytest.raises(SystemExit):
        generate_here("export", "statspage", "--root", str(project))
