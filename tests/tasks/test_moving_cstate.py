"""Three real sites of cState, imported and compared with their files by a reader that knows nothing of the importer."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.support.command_line import generate_here
from tests.support.moved_files import (
    DATA,
    MovedFile,
    find_lost_words,
    floor_time,
    is_near,
    read_moved,
    read_services,
    split_words,
)

SITES = ("sr.ht", "packit", "example")
TRACK = re.compile(r"""\{\{[<%]\s*track\s+["']([^"']*)["']\s*[>%]\}\}""")
OVER = "Over. The time was not recorded."
IMPACTS = {"down": "major", "disrupted": "minor", "notice": "none", None: "none"}


class Issue(NamedTuple):
    """An issue as it lies in its file, read with PyYAML."""

    keys: dict[str, Any]
    body: str


@cache
def issues(site: str) -> dict[str, Issue]:
    """Every issue of a site, by its path."""
    root = DATA / "cstate" / site
    found = {}
    for path in sorted(root.glob("content/issues/**/*.md")):
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        front, _, body = text.removeprefix("---\n").partition("\n---\n")
        found[path.relative_to(root).as_posix()] = Issue(yaml.load(front, Loader=yaml.BaseLoader), body)  # noqa: S506
    return found


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A project for each site."""
    roots = {}
    for site in SITES:
        root = tmp_path_factory.mktemp("moved") / site
        done = generate_here("-q", "import", "cstate", str(DATA / "cstate" / site), "--root", str(root))
        assert (done.returncode, done.stderr) == (0, "")
        roots[site] = root
    return roots


def instant(written: str | None) -> datetime | None:
    """A time as cState means it: without an offset it is UTC; an hour may have one digit."""
    two_digits = re.sub(r"[T ](\d):", r"T0\1:", (written or "").strip())
    try:
        at = datetime.fromisoformat(two_digits)
    except ValueError:
        return None
    return floor_time(at if at.tzinfo else at.replace(tzinfo=UTC))


def is_true(keys: dict[str, Any], key: str) -> bool:
    return str(keys.get(key, "")).lower() in ("true", "yes")


def pairs(imported: dict[str, Path]) -> list[tuple[str, Issue, MovedFile]]:
    """Every issue with the file that it became."""
    return [
        (path, issues(site)[path], file)
        for site in SITES
        for path, file in read_moved(imported[site]).items()
    ]


def test_every_issue_is_imported_or_reported(imported: dict[str, Path]) -> None:
    counts = {site: (len(issues(site)), len(read_moved(imported[site]))) for site in SITES}
    assert counts == {"sr.ht": (28, 28), "packit": (108, 107), "example": (6, 6)}
    (left,) = set(issues("packit")) - set(read_moved(imported["packit"]))
    report = (imported["packit"] / "import-report.md").read_text()
    assert f"| {left}:3 | date: 2024-08-13T015:00:00+02:00, which is not a time | not imported" in report


def test_notice_starts_when_the_issue_does(imported: dict[str, Path]) -> None:
    assert [path for path, issue, file in pairs(imported) if file.starts != instant(issue.keys["date"])] == []


def test_every_time_occurs_in_the_source(imported: dict[str, Path]) -> None:
    for path, issue, file in pairs(imported):
        stated = {instant(issue.keys.get(key)) for key in ("date", "resolvedWhen")}
        stated |= {instant(track) for track in TRACK.findall(issue.body)}
        assert all(is_near(at, {each for each in stated if each}) for at in file.times), path


def test_notice_without_posts_ends_when_the_issue_does(imported: dict[str, Path]) -> None:
    """An end before the start, and an issue that is only informational, are over without a time."""
    seen = {"ended": 0, "over": 0, "open": 0}
    for path, issue, file in pairs(imported):
        starts, when = instant(issue.keys["date"]), instant(issue.keys.get("resolvedWhen"))
        if TRACK.search(issue.body) or not starts:
            continue
        if is_true(issue.keys, "informational") or (
            is_true(issue.keys, "resolved") and (not when or when < starts)
        ):
            assert [(post.at, post.state, post.text.strip()) for post in file.posts] == [
                (starts, "resolved", OVER)
            ], path
            seen["over"] += 1
        elif is_true(issue.keys, "resolved"):
            assert [(post.at, post.state, post.text.strip()) for post in file.posts] == [
                (when, "resolved", "")
            ], path
            seen["ended"] += 1
        else:
            assert file.posts == [], path
            seen["open"] += 1
    assert seen == {"ended": 108, "over": 3, "open": 0}


def test_tracked_blocks_are_dated_by_their_track(imported: dict[str, Path]) -> None:
    """Its words are in the update of its time; or, where ours can have none then, below its time in a text."""
    blocks = 0
    for path, issue, file in pairs(imported):
        parts = TRACK.split(issue.body)
        for block, track in zip(parts[::2], parts[1::2], strict=False):
            at = instant(track)
            assert at
            blocks += 1
            dated = [post.text for post in file.posts if is_near(post.at, {at})]
            below = file.text.partition(f"### {at:%Y-%m-%d %H:%M:%S} UTC")[2]
            assert any(not find_lost_words(block, text) for text in [*dated, below]), (path, track)
    assert blocks == 75


def test_no_word_is_lost_and_none_is_added(imported: dict[str, Path]) -> None:
    for path, issue, file in pairs(imported):
        source = TRACK.sub(" ", issue.body)
        ours = re.sub(r"### \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "", file.text)
        ours = re.sub(r"\nAffected: .*", "", ours.replace(OVER, ""))
        assert not find_lost_words(source, file.text), path
        assert not find_lost_words(ours, source), path
        if not TRACK.search(issue.body):
            assert split_words(ours) == split_words(source), path


def test_titles_and_impacts_match_the_issue(imported: dict[str, Path]) -> None:
    for path, issue, file in pairs(imported):
        assert file.front["title"] == " ".join(issue.keys["title"].split()), path
        assert (file.front["kind"], file.front["impact"]) == (
            "incident",
            IMPACTS[issue.keys.get("severity")],
        ), path


def test_affected_names_are_services_or_in_the_text(imported: dict[str, Path]) -> None:
    unnamed, unknown = 0, set()
    for site in SITES:
        names = {service["name"].lower(): key for key, service in read_services(imported[site]).items()}
        for path, file in read_moved(imported[site]).items():
            affected = [name for name in issues(site)[path].keys.get("affected") or () if name]
            known = [names[name.lower()] for name in affected if name.lower() in names]
            assert file.front["services"] == known, path
            for name in {name for name in affected if name.lower() not in names}:
                unknown.add((site, name))
                assert re.search(rf"\nAffected: .*{re.escape(name)}", file.text.replace("\\", "")), path
            unnamed += not affected
    assert (unnamed, len(unknown)) == (26, 11)


def test_systems_become_services_without_checks(imported: dict[str, Path]) -> None:
    for site in SITES:
        params = yaml.safe_load((DATA / "cstate" / site / "config.yml").read_text())["params"]
        untitled = {each["name"] for each in params["categories"] if each.get("untitled")}
        wanted = {
            each["name"]: (
                None if each["category"] in untitled else each["category"],
                each.get("description"),
            )
            for each in params["systems"]
        }
        services = read_services(imported[site]).values()
        assert {each["name"]: (each.get("group"), each.get("description")) for each in services} == wanted
        assert all(each["checks"] == [] for each in services)


def test_project_validates_builds_and_reimports_unchanged(imported: dict[str, Path]) -> None:
    for site in SITES:
        root = imported[site]
        before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
        done = generate_here("-q", "import", "cstate", str(DATA / "cstate" / site), "--root", str(root))
        assert done.returncode == 0
        assert {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()} == before
        validated = generate_here("-q", "validate", "--root", str(root))
        assert (validated.returncode, validated.stdout, validated.stderr) == (0, "", "")
