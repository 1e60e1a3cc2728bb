"""Five real pages of Statuspage, imported and compared with their payloads by a reader of their own."""

import json
import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import generate_here
from tests.support.moved_files import (
    DATA,
    MovedFile,
    find_lost_words,
    floor_time,
    is_near,
    read_moved,
    read_services,
)

PAGES = ("claude-2026", "emma-2019", "backfilled-2016", "github-2020a", "github-2020b")
NONE = "No components were affected by this update."


@cache
def payload(page: str) -> dict[str, Any]:
    """All documents of a page, merged."""
    merged: dict[str, Any] = {}
    for path in sorted((DATA / "statuspage" / page).glob("*.json")):
        merged.update(json.loads(path.read_text()))
    return merged


def records(page: str) -> dict[str, dict[str, Any]]:
    """Every incident and maintenance of a page, by id."""
    return {
        each["id"]: each
        for key in ("incidents", "scheduled_maintenances")
        for each in payload(page).get(key, ())
    }


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A project for each page."""
    roots = {}
    for page in PAGES:
        root = tmp_path_factory.mktemp("moved") / page
        done = generate_here(
            "-q", "import", "statuspage", str(DATA / "statuspage" / page), "--root", str(root)
        )
        assert (done.returncode, done.stderr) == (0, "")
        roots[page] = root
    return roots


def pairs(imported: dict[str, Path]) -> list[tuple[str, dict[str, Any], MovedFile]]:
    """Every record with the file that it became."""
    return [
        (key, records(page)[key], file) for page in PAGES for key, file in read_moved(imported[page]).items()
    ]


def instant(written: str | None) -> datetime | None:
    return floor_time(datetime.fromisoformat(written)) if written else None


def shown(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The updates, oldest first, by the time shown."""
    updates = reversed(record["incident_updates"])
    return sorted(updates, key=lambda each: (datetime.fromisoformat(each["display_at"]), each["created_at"]))


def test_every_record_is_imported(imported: dict[str, Path]) -> None:
    counts = {page: len(read_moved(imported[page])) for page in PAGES}
    assert counts == {page: len(records(page)) for page in PAGES}
    assert sum(counts.values()) == 77


def test_every_update_keeps_its_time_state_and_text(imported: dict[str, Path]) -> None:
    count = 0
    for key, record, file in pairs(imported):
        updates = shown(record)
        assert [post.state for post in file.posts][: len(updates)] == [each["status"] for each in updates], (
            key
        )
        for post, update in zip(file.posts, updates, strict=False):
            count += 1
            assert is_near(post.at, {floor_time(datetime.fromisoformat(update["display_at"]))}), key
            bare = re.sub(r"<[^>]+>", " ", update["body"])
            assert not find_lost_words(bare, post.text), key
            assert not find_lost_words(re.sub(r"\nAffected: .*", "", post.text), bare), key
    assert count == 170 + 105 + 1 + 6 + 1 + 1 + 3


def test_later_of_two_updates_in_one_second_is_moved(imported: dict[str, Path]) -> None:
    moved = [
        (key, post.at)
        for key, record, file in pairs(imported)
        for post, update in zip(file.posts, shown(record), strict=False)
        if post.at != instant(update["display_at"])
    ]
    ((key, at),) = moved
    update = shown(records("emma-2019")[key])[-1]
    assert (update["status"], at - timedelta(seconds=1)) == ("resolved", instant(update["display_at"]))


def test_notice_starts_as_stated_but_not_after_its_first_update(imported: dict[str, Path]) -> None:
    late = 0
    for key, record, file in pairs(imported):
        if record.get("scheduled_for"):
            assert file.starts == instant(record["scheduled_for"]), key
            assert file.front["ends"].replace("Z", "+00:00") == str(
                instant(record["scheduled_until"])
            ).replace(" ", "T")
            continue
        stated = instant(record.get("started_at") or record["created_at"])
        first = instant(shown(record)[0]["display_at"])
        assert stated
        assert first
        late += first < stated
        assert file.starts == min(stated, first), key
    assert late == 2


def test_unrecorded_end_is_marked(imported: dict[str, Path]) -> None:
    ((key, file),) = read_moved(imported["backfilled-2016"]).items()
    last = file.posts[-1]
    assert (last.state, last.text.strip()) == ("resolved", "Over. The time was not recorded.")
    assert last.at == instant(records("backfilled-2016")[key]["updated_at"])


def test_titles_impacts_and_kinds_match_the_record(imported: dict[str, Path]) -> None:
    for key, record, file in pairs(imported):
        assert file.front["title"] == " ".join(record["name"].replace("`", "").split()), key
        kind = "maintenance" if record.get("scheduled_for") else "incident"
        assert file.front["kind"] == kind
        assert file.front.get("impact") == (record["impact"] if kind == "incident" else None), key


def test_components_are_services_or_in_the_text(imported: dict[str, Path]) -> None:
    """A component is known by its id, whatever its name was then."""
    unknown = set()
    for page in PAGES:
        by_name = {service["name"]: key for key, service in read_services(imported[page]).items()}
        ids = {each["id"]: by_name[each["name"]] for each in payload(page).get("components", ())}
        for key, file in read_moved(imported[page]).items():
            named: list[str] = list(file.front["services"])
            for update, post in zip(shown(records(page)[key]), file.posts, strict=False):
                listed = [each for each in update["affected_components"] or () if each["name"] != NONE]
                named = post.services or named
                if listed and ids and file.front["kind"] == "incident":
                    assert set(named) == {ids[each["code"]] for each in listed if each["code"] in ids}, key
                for name in {each["name"] for each in listed if each["code"] not in ids}:
                    unknown.add(name)
                    assert name in file.text.replace("\\", "").replace("&amp;", "&"), key
    assert len(unknown) == 20


def test_components_become_services_in_the_order_of_the_page(imported: dict[str, Path]) -> None:
    for page in PAGES:
        components = sorted(payload(page).get("components", ()), key=lambda each: each["position"])
        services = read_services(imported[page]).values()
        assert [each["name"] for each in services] == [each["name"] for each in components]
        assert [each.get("description") for each in services] == [each["description"] for each in components]


def test_project_validates_and_reimports_unchanged(imported: dict[str, Path]) -> None:
    for page in PAGES:
        root = imported[page]
        before = {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
        done = generate_here(
            "-q", "import", "statuspage", str(DATA / "statuspage" / page), "--root", str(root)
        )
        assert done.returncode == 0
        assert {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()} == before
        assert generate_here("-q", "validate", "--root", str(root)).returncode == 0


def test_limit_of_fifty_per_kind_is_reported(imported: dict[str, Path]) -> None:
    report = (imported["claude-2026"] / "import-report.md").read_text()
    assert "50 of incidents: the API returns only the newest 50, so there are probably more" in report
    assert "returns only the newest" not in (imported["emma-2019"] / "import-report.md").read_text()
