"""The frame of every import: what it writes into a project, what it leaves alone, and what it never lets in."""

import json
import subprocess
from datetime import UTC
from pathlib import Path

import feedparser
import pytest

from constat.moving.cstate.bodies import take_apart
from tests.support.command_line import generate_here
from tests.support.moved_files import DATA, read_moved, read_services

SITE = """\
title: "Status of it all"
baseURL: "https://status.example.net/base/"
params:
  systems:
    - {name: Mail relay, category: Mail, description: "Sends *mail*", link: "https://relay.example.net/"}
    - {name: API, category: Mail}
  categories: [{name: Mail}]
"""
ISSUE = """\
---
title: %s
date: 2024-05-01 10:00:00
resolved: true
resolvedWhen: 2024-05-01 11:00:00
severity: down
affected: [%s]
---

%s
"""
OWN = """\
# our own page
page:
  id: own
  name: Own
  url: https://own.example.org/
  languages: [fr, en]
  timezone: Europe/Paris
monitor: {vantage: here}
sla: {target: 99}

services: # what we watch
- id: relay
  name: {fr: Relais, en: Mail relay}
  checks:
  - {name: port, kind: tcp, host: 127.0.0.1, port: 25} # the first
  # more of them later

# who is told
subscribe: {}
"""


def lay_site(root: Path, *bodies: str, title: str = "It broke", affected: str = "API") -> Path:
    """A site of cState with an issue for each body."""
    issues = root / "content/issues"
    issues.mkdir(parents=True, exist_ok=True)
    (root / "config.yml").write_text(SITE)
    for number, body in enumerate(bodies):
        (issues / f"{number}-issue.md").write_text(ISSUE % (json.dumps(title), affected, body))
    return root


def bring(source: Path | str, root: Path, *options: str, now: str = "2026-11-29T12:00Z") -> str:
    """Import a site of cState; what was printed."""
    words = ("-q", "--now", now, "import", "cstate", str(source), "--root", str(root), *options)
    done = generate_here(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refuse(source: Path, root: Path, *options: str) -> str:
    """Try to import; why it was refused."""
    done = generate_here("-q", "import", "cstate", str(source), "--root", str(root), *options)
    assert done.returncode == 2
    return done.stderr


def only(root: Path) -> str:
    """The text of the only notice of a project."""
    (path,) = (root / "incidents").glob("*.md")
    return path.read_text()


def validate(root: Path) -> str:
    """What `validate` says of a project."""
    done = generate_here("validate", "--root", str(root))
    return done.stdout + done.stderr


def test_existing_settings_are_completed_and_kept(tmp_path: Path) -> None:
    """The service of that name is the one that is there already, whatever the language of the name."""
    root = tmp_path / "own"
    root.mkdir()
    (root / "status.yml").write_text(OWN)
    bring(lay_site(tmp_path / "site", "Text.", affected="mail relay, API"), root)
    written = (root / "status.yml").read_text()
    added = '- id: api\n  name: "API"\n  group: "Mail"\n  checks: []\n'
    assert written == OWN.replace("  # more of them later\n", f"  # more of them later\n{added}")
    assert "services: [relay, api]" in only(root)
    assert "Over" not in only(root)
    assert "nothing is wrong" in validate(root)


def test_settings_on_one_line_are_not_rewritten(tmp_path: Path) -> None:
    root = tmp_path / "own"
    root.mkdir()
    text = (
        OWN.replace("services: # what", "services: [{id: a, name: A, checks: []}]\nx: # what").split("\nx:")[
            0
        ]
        + "\n"
    )
    (root / "status.yml").write_text(text)
    assert "status.yml: services: is written on one line\ntip: write each entry" in refuse(
        lay_site(tmp_path / "site", "Text."), root
    )
    assert (root / "status.yml").read_text() == text
    assert not (root / "incidents").exists()


def test_edited_or_removed_notices_are_kept_and_reported(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site", "One.", "Two.", "Three."), tmp_path / "own"
    bring(site, root)
    first, second, third = (root / f"incidents/2024-05-01-it-broke{number}.md" for number in ("", "-2", "-3"))
    first.write_text(first.read_text() + "\nOurs.\n")
    second.unlink()
    (site / "content/issues/2-issue.md").write_text(ISSUE % ('"It broke"', "API", "Three, corrected."))
    assert bring(site, root) == ""
    assert first.read_text().endswith("\nOurs.\n")
    assert not second.exists()
    assert "Three, corrected." in third.read_text()
    report = (root / "import-report.md").read_text()
    assert f"| incidents/{first.name} | edited here since it was imported | left alone |" in report
    assert f"| incidents/{second.name} | removed here since it was imported | left alone |" in report
    assert third.name not in report


def test_lost_import_record_causes_no_duplicates(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site", "One.", "Two."), tmp_path / "own"
    bring(site, root)
    (root / "import-state.json").unlink()
    bring(site, root)
    assert len(list((root / "incidents").glob("*.md"))) == 2


def test_broken_import_record_stops_the_import(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site", "One."), tmp_path / "own"
    bring(site, root)
    (root / "import-state.json").write_text('{"schema": 7}')
    assert "import-state.json: it is not a file of schema 1\ntip: put the file back" in refuse(site, root)


def test_a_dry_run_writes_nothing_and_prints_the_report(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site", "One <username>."), tmp_path / "own"
    printed = bring(site, root, "--dry-run")
    assert "would write status.yml\n" in printed
    assert "would write incidents/2024-05-01-it-broke.md\n" in printed
    assert "# Imported from cState: Status of it all" in printed
    assert not root.exists()


def test_equal_stems_get_numbers_in_the_order_of_their_start(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site", "One.", "Two.", "Three."), tmp_path / "own"
    (site / "content/issues/0-issue.md").write_text(
        (ISSUE % ('"It broke"', "API", "Late.")).replace("10:00:00", "10:30:00")
    )
    bring(site, root)
    texts = {path.stem: path.read_text() for path in (root / "incidents").glob("*.md")}
    assert "Two." in texts["2024-05-01-it-broke"]
    assert "Three." in texts["2024-05-01-it-broke-2"]
    assert "Late." in texts["2024-05-01-it-broke-3"]


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("Störung é", "2024-05-01-storung-e"),
        ("メール障害", "2024-05-01-0-issue"),
        ("Панне 5", "2024-05-01-5"),
    ],
)
def test_title_in_another_script_gets_a_file_name(tmp_path: Path, title: str, stem: str) -> None:
    root = tmp_path / "own"
    bring(lay_site(tmp_path / "site", "Text.", title=title), root)
    assert [path.stem for path in (root / "incidents").glob("*.md")] == [stem]
    assert f'title: "{title}"\n' in only(root)


def test_long_title_is_shortened_at_a_word_and_kept_in_the_text(tmp_path: Path) -> None:
    root, title = tmp_path / "own", "<b>One</b> &amp; `two` #3: " + "words " * 30 + "end"
    bring(lay_site(tmp_path / "site", "Text.", title=title), root)
    text = only(root)
    assert 'title: "One & two #3: words words' in text
    assert "One &amp; two \\#3: " + "words " * 30 + "end\n\nText." in text
    assert "nothing is wrong" in validate(root)


def test_a_name_that_is_mapped_becomes_a_service(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site", "Text.", affected="Old queue, api"), tmp_path / "own"
    bring(site, root, "--map", "Old queue=queue", "--map", "API=gateway")
    assert "services: [queue, gateway]" in only(root)
    assert {key: each["name"] for key, each in read_services(root).items()} == {
        "mail-relay": "Mail relay",
        "gateway": "API",
        "queue": "Old queue",
    }
    before = (root / "import-report.md").read_text()
    bring(site, root, "--map", "Old queue=queue", "--map", "API=gateway")
    assert (root / "import-report.md").read_text() == before


@pytest.mark.parametrize("written", ["Queue", "=queue", "Queue=Big Queue", "Queue="])
def test_service_map_without_an_id_is_refused(tmp_path: Path, written: str) -> None:
    assert "is not OLD=ID" in refuse(lay_site(tmp_path / "site", "Text."), tmp_path / "own", "--map", written)


def test_titles_matching_the_maintenance_pattern_become_maintenance(tmp_path: Path) -> None:
    body = 'We plan. {{< track "2024-04-20 08:00" >}}\n\n**Begun** Now. {{< track "2024-05-01 10:05" >}}'
    root = tmp_path / "own"
    bring(lay_site(tmp_path / "site", body, title="Planned work"), root, "--maintenance", "^planned")
    text = only(root)
    assert text.startswith(
        '---\ntitle: "Planned work"\nkind: maintenance\nservices: [api]\nstarts: "2024-05-01T10:00:00Z"\n'
    )
    assert 'ends: "2024-05-01T11:00:00Z"\n---\n' in text
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## 2024-04-20T08:00:00Z scheduled",
        "## 2024-05-01T10:05:00Z in_progress",
        "## 2024-05-01T11:00:00Z completed",
    ]
    assert "nothing is wrong" in validate(root)


def test_invalid_regular_expression_is_refused(tmp_path: Path) -> None:
    told = refuse(lay_site(tmp_path / "site", "Text."), tmp_path / "own", "--maintenance", "(")
    assert "--maintenance '(' is not a regular expression" in told


def test_markers_split_a_body_into_updates(tmp_path: Path) -> None:
    body = (
        "[Final message]\nAll is well.\n\n[Update 2]\nAlmost.\n\n[Update - 2024-05-01 10h30 UTC]\nHalf.\n\n"
        "[Update 1]\nWe look.\n\n[Initial message]\nIt broke."
    )
    root = tmp_path / "own"
    bring(lay_site(tmp_path / "site", body), root)
    assert only(root).split("---\n", 2)[2] == (
        "It broke.\n\n### [Update 1]\n\nWe look.\n\n### [Update 2]\n\nAlmost.\n\n"
        "## 2024-05-01T10:30:00Z investigating\n\nHalf.\n\n## 2024-05-01T11:00:00Z resolved\n\nAll is well.\n"
    )
    assert "nothing is wrong" in validate(root)


def test_markers_and_tracks_in_comments_are_ignored(tmp_path: Path) -> None:
    template = '<!--\n[Final message]\nWrite here.\n{{< track "2020-01-01 00:00:00" >}}\n-->\n'
    body = f"{template}<b>[Final message]</b>\nAll is well.\n\n<p>[Initial message]</p>\nIt broke."
    root = tmp_path / "own"
    bring(lay_site(tmp_path / "site", body), root)
    assert (
        only(root).split("---\n", 2)[2] == "It broke.\n\n## 2024-05-01T11:00:00Z resolved\n\nAll is well.\n"
    )
    assert "| a comment: \\[Final message\\] Write here. " in (root / "import-report.md").read_text()


def test_tracks_above_their_blocks_keep_the_introduction() -> None:
    early, late = "2024-05-01T10:00:00Z", "2024-05-01T10:30:00Z"
    written = f'Hello.\n\n{{{{< track "{late}" >}}}}\n**Resolved** b\n\n{{{{< track "{early}" >}}}}\n**Identified** a\n'
    body = take_apart(written, UTC)
    assert body.announcement == "Hello."
    assert [(post.written, post.text) for post in body.posts] == [
        (early, "**Identified** a"),
        (late, "**Resolved** b"),
    ]


@pytest.mark.parametrize("words", ["10h30 CEST", "10:30:00 CEST", "10:30 PM UTC", "10:30 UTC+2", "10:30 +2"])
def test_partly_understood_time_stays_text(words: str) -> None:
    body = take_apart(f"[Initial]\nIt broke.\n[Update - 2024-05-01 {words}]\nHalf.", UTC)
    assert body.posts == ()
    assert body.announcement == f"It broke.\n\n### [Update - 2024-05-01 {words}]\n\nHalf."


def test_closing_text_of_an_open_incident_stays_in_the_text(tmp_path: Path) -> None:
    site, root = (
        lay_site(tmp_path / "site", "[Initial message]\nIt broke.\n[Final message]\nNearly."),
        tmp_path / "own",
    )
    path = site / "content/issues/0-issue.md"
    path.write_text(path.read_text().replace("resolved: true", "resolved: false"))
    bring(site, root)
    assert only(root).split("---\n", 2)[2] == "It broke.\n\n### [Final message]\n\nNearly.\n"
    assert (
        "resolvedWhen: 2024-05-01 11:00:00, but not resolved | left open |"
        in (root / "import-report.md").read_text()
    )


HOSTILE = {
    "html": "<script>alert(1)</script><b onclick=x()>bold</b> <i>it</i><br/>line <img src=x onerror=alert(1)> <iframe src=//e/>",
    "an update in the text": "## 2024-05-01T10:30Z resolved\nForged.\n\nTitle\n---\nbelow",
    "an open fence": "```\nnever closed",
    "brackets": "[" * 5000,
    "ticks": "`" * 3001 + "<" * 3000,
    "comments": "<!--" * 3000,
    "nested": "\n".join("  " * n + "- x" for n in range(60)),
    "long": "word " * 20_000,
    "many lines": "\n".join("line" for _ in range(3000)),
    "links": "[a](javascript:alert(1)) [b](//evil.example/x) [c](../../x) [d](https://u:p@h.example/) ![e](data:x) ![f](../x.png)",
    "marks": "\u202eabc\u202c \u200bx\ufeffy \x00\x1b[31m z",
    "shortcodes": "{{< foo >}} {{% bar baz %}} {{ .Site }}",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_validates_and_forges_nothing(tmp_path: Path, body: str) -> None:
    root = tmp_path / "own"
    bring(lay_site(tmp_path / "site", body), root)
    (file,) = read_moved(root).values()
    assert [post.state for post in file.posts] == ["resolved"]
    assert "error" not in validate(root)
    assert "<script" not in only(root)


def test_pictures_are_copied_and_links_made_absolute(tmp_path: Path) -> None:
    body = "![graph](/images/Graph%201.png) ![far](https://x.example/y.png) [doc](../doc) <img src='/base/images/b.svg' alt='b'>"
    site = lay_site(tmp_path / "site", body)
    (site / "static/images").mkdir(parents=True)
    (site / "static/images/Graph 1.png").write_bytes(b"\x89PNG")
    root = tmp_path / "own"
    bring(site, root)
    assert (root / "incidents/files/Graph-1.png").read_bytes() == b"\x89PNG"
    assert (
        only(root)
        .split("---\n", 2)[2]
        .startswith(
            "![graph](files/Graph-1.png) [far](https://x.example/y.png) [doc](https://status.example.net/base/issues/doc)"
            " [b](https://status.example.net/base/images/b.svg)"
        )
    )
    assert "nothing is wrong" in validate(root)


def test_pictures_referenced_elsewhere_are_linked(tmp_path: Path) -> None:
    body = "![One][p] ![p] [there][L]\n\n[p]: https://r.example/a.png\n[L]: ../x/"
    root = tmp_path / "own"
    bring(lay_site(tmp_path / "site", body), root)
    assert "[One](https://r.example/a.png) [p](https://r.example/a.png) [there][L]\n" in only(root)
    assert "\n[L]: https://status.example.net/base/issues/x/\n" in only(root)
    assert "| the link ../x/ | made absolute: " in (root / "import-report.md").read_text()
    assert "nothing is wrong" in validate(root)


def test_no_link_is_followed_and_nothing_leaves_the_source(tmp_path: Path) -> None:
    site, secret = (
        lay_site(tmp_path / "site", "![p](/../../secret.png) ![q](/q.png)"),
        tmp_path / "secret.png",
    )
    secret.write_bytes(b"private")
    (site / "static").mkdir()
    (site / "static/q.png").symlink_to(secret)
    (site / "content/issues/9-link.md").symlink_to(tmp_path / "elsewhere.md")
    (tmp_path / "elsewhere.md").write_text(ISSUE % ("private", "API", "private"))
    root = tmp_path / "own"
    bring(site, root)
    assert len(read_moved(root)) == 1
    assert all(b"private" not in path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_every_front_matter_format_of_hugo_is_read(tmp_path: Path) -> None:
    site = lay_site(tmp_path / "site")
    issues = site / "content/issues"
    toml = '+++\ntitle = "T"\ndate = 2024-05-01T10:00:00+02:00\nresolved = true\nresolvedWhen = "2024-05-01T09:00:00.987Z"\naffected = ["API"]\n+++\nText.\n'
    (issues / "toml.md").write_text(toml)
    (issues / "json.md").write_text(
        '{"title": "J", "date": "2024-05-02T10:00:00Z", "affected": "API"}\n\nText.\n'
    )
    crlf = "\ufeff---\r\ntitle: C\r\ndate: 2024-05-03 9:00:00 \r\nresolved: yes\r\nresolvedWhen: 2024-05-03T10:00:00-00:00\r\n---\r\nTe\ufeffxt.\r\n"
    (issues / "crlf.md").write_bytes(crlf.encode())
    (issues / "loose.md").write_text(
        "---\ntitle: L: it's broken\ndate: 2024-05-04\nx: [\naffected:\n - API\n---\nText.\n"
    )
    root = tmp_path / "own"
    bring(site, root)
    found = {file.front["title"]: file for file in read_moved(root).values()}
    assert {
        title: (file.front["starts"], [str(post.at) for post in file.posts]) for title, file in found.items()
    } == {
        "T": ("2024-05-01T08:00:00Z", ["2024-05-01 09:00:00+00:00"]),
        "J": ("2024-05-02T10:00:00Z", []),
        "C": ("2024-05-03T09:00:00Z", ["2024-05-03 10:00:00+00:00"]),
        "L: it's broken": ("2024-05-04T00:00:00Z", []),
    }
    assert {title: file.front["services"] for title, file in found.items()} == {
        "T": ["api"],
        "J": ["api"],
        "C": [],
        "L: it's broken": ["api"],
    }
    assert all(file.announcement.strip() == "Text." for file in found.values())


def test_keys_are_case_insensitive_and_reported_with_their_line(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site"), tmp_path / "own"
    (site / "content/issues/json.md").write_text(
        '{"Title": "J",\n "DATE": "2024-05-01 10:00:00 +0200 CEST", "resolved": true,\n'
        ' "resolvedwhen": "2024-05-01T09:00:00.999Z",\n "Severity": "down", "Pin": true}\n\nText.\n'
    )
    with (site / "config.yml").open("a") as config:
        config.write("  description: We watch.\nmenu: {main: [{name: Help}]}\n")
    bring(site, root)
    (file,) = read_moved(root).values()
    assert (file.front["title"], file.front["starts"]) == ("J", "2024-05-01T08:00:00Z")
    assert (file.front["impact"], [f"{post.at:%T}" for post in file.posts]) == ("major", ["09:00:00"])
    report = (root / "import-report.md").read_text()
    assert "| content/issues/json.md:4 | pin: true | not imported: there is no equivalent here |" in report
    assert (
        "| config.yml | params.description: We watch. | not imported: there is no equivalent here |" in report
    )
    assert "| config.yml | menu: {" in report


def test_drafts_unknown_keys_and_addresses_are_reported(tmp_path: Path) -> None:
    site = lay_site(tmp_path / "site", "Write to me@example.org. <!-- not said -->", "Draft.")
    first, second = sorted((site / "content/issues").glob("*.md"))
    first.write_text(
        first.read_text().replace("severity: down", "severity: bad\npin: true\naliases: [/old/]")
    )
    second.write_text(second.read_text().replace("severity: down", "draft: true"))
    root = tmp_path / "own"
    bring(site, root)
    report = (root / "import-report.md").read_text()
    for line in (
        "| content/issues/0-issue.md:6 | severity: bad, which is unknown | impact none |",
        "| content/issues/0-issue.md:7 | pin: true | not imported: there is no equivalent here |",
        "| content/issues/0-issue.md:8 | the old address /old/ | in import-redirects.txt |",
        "| content/issues/0-issue.md | 1 e-mail address in the text | kept: is that intended? |",
        "| content/issues/0-issue.md | a comment: not said | left out, as on the old page |",
        "| content/issues/1-issue.md:6 | a draft | not imported |",
    ):
        assert line in report
    redirects = (root / "import-redirects.txt").read_text().splitlines()
    assert "/base/old/ /base/incidents/2024-05-01-it-broke/ 301" in redirects
    assert "/base/issues/0-issue/ /base/incidents/2024-05-01-it-broke/ 301" in redirects


def test_a_repository_is_cloned_without_running_anything_of_it(tmp_path: Path) -> None:
    site, root = lay_site(tmp_path / "site", "Text."), tmp_path / "own"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-C", str(site)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *words], check=True)  # noqa: S603 -- our own words
    bring(f"file://{site}", root)
    assert "Text." in only(root)


def test_folder_without_a_site_is_reported(tmp_path: Path) -> None:
    assert "holds no site of cState\ntip: give the folder" in refuse(tmp_path, tmp_path / "own")


def test_old_notices_are_not_in_the_feeds(tmp_path: Path) -> None:
    root = tmp_path / "own"
    bring(DATA / "cstate/packit", root)
    assert generate_here("-q", "build", "--root", str(root)).returncode == 0
    feed = feedparser.parse((root / "site/feed.rss").read_bytes())
    assert 0 < len(feed.entries) <= 100


def test_page_without_checks_shows_only_what_notices_say(tmp_path: Path) -> None:
    root = tmp_path / "own"
    bring(DATA / "cstate/packit", root)
    assert generate_here("-q", "--now", "2026-11-29T12:00Z", "build", "--root", str(root)).returncode == 0
    index = (root / "site/index.html").read_text()
    assert "No problem reported." in index
    assert "Nothing is checked automatically here" in index
    assert "First measurements" not in index
    assert 'class="days"' not in index
    summary = json.loads((root / "site/api/v2/summary.json").read_text())
    assert summary["status"] == {"indicator": "none", "description": "No problem reported."}
    assert {each["status"] for each in summary["components"]} == {"operational"}
    assert "No problem reported" in (root / "site/badge/copr.svg").read_text()
    notice = (root / "site/incidents/2021-12-08-new-production-deployment/index.html").read_text()
    assert "Wednesday 8 December 2021" in notice
    assert "All in general" in notice
    assert "What our checks saw" not in notice
