"""Payloads of Statuspage, and of those who imitate it, that the real pages at hand do not have."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import generate_here
from tests.support.moved_files import MovedFile, read_moved, read_services
from tests.support.site_server import serve_files

INCIDENT: dict[str, Any] = {
    "id": "one",
    "name": "It broke",
    "status": "resolved",
    "impact": "major",
    "created_at": "2024-05-01T10:00:00.900+02:00",
    "incident_updates": [
        {"status": "resolved", "body": "Done.", "display_at": "2024-05-01T09:00:00.999Z"},
        {"status": "investigating", "body": "We look.", "display_at": "2024-05-01T08:00:01Z"},
    ],
}


def bring(root: Path, *documents: object, name: str = "incidents.json") -> MovedFile:
    """Import documents; the only notice that came of them."""
    source = root.parent / "source"
    source.mkdir(exist_ok=True)
    for number, document in enumerate(documents):
        text = document if isinstance(document, str) else json.dumps(document)
        (source / f"{number}-{name}").write_text(text)
    done = generate_here("-q", "import", "statuspage", str(source), "--root", str(root))
    assert (done.returncode, done.stderr) == (0, "")
    validated = generate_here("-q", "validate", "--root", str(root))
    assert "error" not in validated.stdout + validated.stderr
    (file,) = read_moved(root).values()
    return file


def posts(file: MovedFile) -> list[tuple[str, str, str]]:
    """Time of day, state and text of every update."""
    return [(f"{post.at:%H:%M:%S}", post.state, post.text.strip()) for post in file.posts]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "own"


def test_only_id_name_status_and_a_time_are_needed(root: Path) -> None:
    file = bring(
        root,
        {
            "incidents": [
                {"id": 7, "name": "Bare", "status": "investigating", "created_at": "2024-05-01T10:00:00Z"}
            ]
        },
    )
    assert (file.front["title"], file.front["impact"], file.posts) == ("Bare", "none", [])
    assert (
        "| incident 7 | impact: not stated of an incident | impact none |"
        in (root / "import-report.md").read_text()
    )


def test_fractions_are_cut_off_and_never_rounded(root: Path) -> None:
    file = bring(root, {"incidents": [INCIDENT]})
    assert file.front["starts"] == "2024-05-01T08:00:00Z"
    assert posts(file) == [("08:00:01", "investigating", "We look."), ("09:00:00", "resolved", "Done.")]


def test_an_export_has_one_incident_on_each_line_the_oldest_update_first(root: Path) -> None:
    turned = {**INCIDENT, "incident_updates": INCIDENT["incident_updates"][::-1]}
    file = bring(root, json.dumps(turned) + "\n\n{broken\n", name="export.jsonl")
    assert posts(file) == [("08:00:01", "investigating", "We look."), ("09:00:00", "resolved", "Done.")]
    assert "0-export.jsonl:3 | no JSON" in (root / "import-report.md").read_text()


def test_page_and_its_export_are_the_same_source(root: Path) -> None:
    """The page names its components; the export, read later and without a page, still means them by name."""
    components = [{"id": "c1", "name": "API", "group": False, "position": 1}]
    bring(
        root,
        {
            "page": {"name": "P", "url": "https://p.example"},
            "components": components,
            "incidents": [INCIDENT],
        },
    )
    later = {
        **INCIDENT,
        "id": "two",
        "incident_updates": [
            {**INCIDENT["incident_updates"][1], "affected_components": [{"code": "c1", "name": "API"}]}
        ],
    }
    other = root.parent / "export.jsonl"
    other.write_text("\n".join(json.dumps(each) for each in (INCIDENT, later)))
    assert generate_here("-q", "import", "statuspage", str(other), "--root", str(root)).returncode == 0
    assert sorted(path.name for path in (root / "incidents").glob("*.md")) == [
        "2024-05-01-it-broke-2.md",
        "2024-05-01-it-broke.md",
    ]
    assert read_moved(root)["two"].front["services"] == ["api"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"incident_updates": [], "resolved_at": "2024-05-01T09:30:00Z"}, [("09:30:00", "resolved", "")]),
        (
            {"incident_updates": [], "resolved_at": "2024-05-01T07:00:00Z"},
            [("08:00:00", "resolved", "Over. The time was not recorded.")],
        ),
        (
            {"incident_updates": [], "updated_at": "2024-05-01T12:00:00Z"},
            [("12:00:00", "resolved", "Over. The time was not recorded.")],
        ),
        ({"status": "investigating", "incident_updates": []}, []),
    ],
)
def test_notice_ends_when_the_record_does(
    root: Path, change: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert posts(bring(root, {"incidents": [{**INCIDENT, **change}]})) == expected


def test_start_after_the_first_update_is_moved_to_it(root: Path) -> None:
    file = bring(root, {"incidents": [{**INCIDENT, "started_at": "2024-05-01T09:00:00Z"}]})
    assert file.front["starts"] == "2024-05-01T08:00:01Z"
    report = (root / "import-report.md").read_text()
    assert (
        "| incident one | started\\_at: 2024-05-01T09:00:00Z, after the first update | starts at 2024-05-01T08:00:01Z"
        in report
    )


def test_an_update_without_a_text_keeps_its_time_and_state(root: Path) -> None:
    updates = [
        {"status": "monitoring", "body": None, "display_at": "2024-05-01T08:30:00Z"},
        *INCIDENT["incident_updates"],
    ]
    file = bring(root, {"incidents": [{**INCIDENT, "incident_updates": updates}]})
    assert posts(file)[1] == ("08:30:00", "monitoring", "—")


def test_an_update_without_a_time_stays_in_the_announcement(root: Path) -> None:
    updates = [
        {"status": "monitoring", "body": "Some day.", "display_at": "soon"},
        *INCIDENT["incident_updates"],
    ]
    file = bring(root, {"incidents": [{**INCIDENT, "incident_updates": updates}]})
    assert (file.announcement.strip(), len(file.posts)) == ("Some day.", 2)


def test_a_postmortem_follows_the_end(root: Path) -> None:
    late = {"postmortem_body": "## Why\n\nA **disk**.", "postmortem_published_at": "2024-05-03T00:00:00Z"}
    file = bring(root, {"incidents": [{**INCIDENT, **late}]})
    assert posts(file)[-1] == ("00:00:00", "postmortem", "### Why\n\nA **disk**.")


def test_updates_after_the_end_are_below_it(root: Path) -> None:
    updates = [
        {"status": "monitoring", "body": "Again.", "display_at": "2024-05-01T10:00:00Z"},
        *INCIDENT["incident_updates"],
    ]
    file = bring(root, {"incidents": [{**INCIDENT, "incident_updates": updates}]})
    assert posts(file)[-1] == ("09:00:00", "resolved", "Done.\n\n### 2024-05-01 10:00:00 UTC\n\nAgain.")


def test_maintenance_of_an_export_has_the_window_from_start_to_end(root: Path) -> None:
    work = {
        **INCIDENT,
        "status": "completed",
        "impact": "maintenance",
        "resolved_at": "2024-05-01T09:00:00Z",
        "incident_updates": [{"status": "completed", "body": "Done.", "display_at": "2024-05-01T09:00:00Z"}],
    }
    file = bring(root, {"incidents": [work]})
    assert (file.front["kind"], file.front["starts"], file.front["ends"]) == (
        "maintenance",
        "2024-05-01T08:00:00Z",
        "2024-05-01T09:00:00Z",
    )
    assert posts(file) == [("09:00:00", "completed", "Done.")]


def test_maintenance_without_an_end_is_an_incident_of_no_impact(root: Path) -> None:
    work = {
        **INCIDENT,
        "status": "scheduled",
        "scheduled_for": "2024-05-01T08:00:00Z",
        "incident_updates": [],
    }
    file = bring(root, {"scheduled_maintenances": [work]})
    assert (file.front["kind"], file.front["impact"]) == ("incident", "none")


BODIES = {
    "a_b *c* _d_ # e `f` [g](h) ![i](j) 1. k": None,
    "# heading\n* star\n1. one\n> quoted\n    indented": None,
    "a < b && c > d <user> <https://x.example/>": None,
    'see <a href="https://x.example/y">the page</a><br>and &amp; more': "see [the page](https://x.example/y)",
    "one\r\ntwo\r\n\r\nthree": "one  \ntwo\n\nthree",
    "- a\n- b": "- a",
}


@pytest.mark.parametrize("body", BODIES)
def test_plain_body_is_shown_literally(root: Path, body: str) -> None:
    updates = [{"status": "investigating", "body": body, "display_at": "2024-05-01T08:00:01Z"}]
    file = bring(root, {"incidents": [{**INCIDENT, "status": "investigating", "incident_updates": updates}]})
    part = BODIES[body]
    if part:
        assert part in file.posts[0].text
    assert generate_here("-q", "build", "--now", "2024-05-02T00:00Z", "--root", str(root)).returncode == 0
    shown = json.loads((root / "site/api/v2/incidents.json").read_text())["incidents"][0]["incident_updates"][
        0
    ]["body"]
    bare = (
        body.replace('<a href="https://x.example/y">', "")
        .replace("</a>", "")
        .replace("<br>", " ")
        .replace("&amp;", "&")
    )
    plain = shown.replace("&lt;", "<").replace("&amp;", "&")
    for mark in ("- ", "* ", "<https://x.example/>", "https://x.example/", "(y)"):
        bare, plain = bare.replace(mark, ""), plain.replace(mark, "")
    assert "".join(plain.split()) == "".join(bare.split())


def test_groups_keep_the_order_of_the_page(root: Path) -> None:
    components = [
        {"id": "g", "name": "Core", "group": True, "position": 2, "components": ["b", "a"]},
        {"id": "a", "name": "A", "group_id": "g", "position": 1, "group": False},
        {"id": "b", "name": "B", "position": 2, "group": False},
        {"id": "c", "name": "A", "position": 1, "group": False, "description": "Third"},
    ]
    bring(root, {"components": components, "incidents": [INCIDENT]})
    found = {
        key: (each["name"], each.get("group"), each.get("description"))
        for key, each in read_services(root).items()
    }
    assert found == {"a": ("A", None, "Third"), "a-2": ("A", "Core", None), "b": ("B", "Core", None)}


def test_a_page_is_fetched_from_its_origin_alone(root: Path) -> None:
    page = {"page": {"name": "P", "time_zone": "Central Time (US & Canada)"}}
    files = {
        "api/v2/summary.json": json.dumps({**page, "components": [{"id": "c", "name": "API"}]}).encode(),
        "api/v2/incidents.json": json.dumps({**page, "incidents": [INCIDENT]}).encode(),
    }
    with serve_files(files) as site:
        done = generate_here("-q", "import", "statuspage", site.url, "--root", str(root))
        assert (done.returncode, done.stderr) == (0, "")
    assert posts(read_moved(root)["one"]) == [
        ("08:00:01", "investigating", "We look."),
        ("09:00:00", "resolved", "Done."),
    ]
    text = (root / "status.yml").read_text()
    assert "timezone: America/Chicago\n" in text
    assert (
        "| api/v2/scheduled-maintenances.json | is not there | not read |"
        in (root / "import-report.md").read_text()
    )


@pytest.mark.parametrize("content", ["", "[]", "[1, 2]", "null", '{"a": ' * 80, "no json"])
def test_invalid_page_is_refused_with_an_explanation(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    done = generate_here(
        "-q", "import", "statuspage", str(tmp_path / "x.json"), "--root", str(tmp_path / "own")
    )
    assert done.returncode == 2
    assert "holds nothing in the shape of Statuspage\ntip: give the address of the page" in done.stderr
    assert not (tmp_path / "own").exists()


def test_maintenance_of_an_export_begins_behind_its_announcement_and_ends_when_it_was_completed(
    root: Path,
) -> None:
    work = {
        **INCIDENT,
        "status": "completed",
        "created_at": "2024-04-01T08:00:00Z",
        "started_at": "2024-05-01T08:00:00Z",
        "incident_updates": [
            {"status": "scheduled", "body": "We will.", "display_at": "2024-04-01T08:00:00Z"},
            {"status": "in_progress", "body": "We do.", "display_at": "2024-05-01T08:00:00Z"},
            {"status": "completed", "body": "We did.", "display_at": "2024-05-01T09:00:00Z"},
        ],
    }
    file = bring(root, {"incidents": [work]})
    assert (file.front["kind"], file.front["starts"], file.front["ends"]) == (
        "maintenance",
        "2024-05-01T08:00:00Z",
        "2024-05-01T09:00:00Z",
    )
    assert [state for _, state, _ in posts(file)] == ["scheduled", "in_progress", "completed"]
    assert "after the first update" not in (root / "import-report.md").read_text()


def test_undated_update_keeps_the_order_and_only_equal_seconds_are_merged(root: Path) -> None:
    updates: list[object] = [
        {"status": status, "body": body, "display_at": f"2024-05-01T08:00:0{second}Z"}
        for status, body, second in [
            ("investigating", "a", 0),
            ("identified", "b", 0),
            ("identified", "c", 1),
            ("resolved", "d", 5),
        ]
    ]
    untimed = {"status": "monitoring", "body": "e"}
    file = bring(root, {**INCIDENT, "incident_updates": [*updates, untimed, "junk"]})
    assert posts(file) == [
        ("08:00:00", "investigating", "a"),
        ("08:00:01", "identified", "b"),
        ("08:00:02", "identified", "c"),
        ("08:00:05", "resolved", "d"),
    ]
    assert file.announcement.strip() == "e"
    assert 'an update that is not an object: "junk"' in (root / "import-report.md").read_text()


def test_a_postmortem_among_the_updates_is_markdown(root: Path) -> None:
    postmortem = {"status": "postmortem", "body": "# Why\n\n*We*", "display_at": "2024-05-02T09:00:00Z"}
    file = bring(root, {**INCIDENT, "incident_updates": [postmortem, *INCIDENT["incident_updates"]]})
    assert posts(file)[-1] == ("09:00:00", "postmortem", "### Why\n\n*We*")


def test_lines_behind_a_byte_order_mark_are_read_and_unknown_keys_reported(root: Path) -> None:
    update = {**INCIDENT["incident_updates"][0], "mood": "good"}
    line = json.dumps({**INCIDENT, "incident_updates": [update]})
    other = {"data": [], "components": [{"id": "c", "name": "API", "colour": "red"}]}
    assert bring(root, f"\ufeff{line}\r\n{line}\r\n", other).front["title"] == "It broke"
    report = (root / "import-report.md").read_text()
    for found in ("the key data", "the key colour in 1", "the key mood in 1"):
        assert f"| {found} |" in report


def test_brackets_that_are_no_link_stay_text_and_scripts_are_reported(root: Path) -> None:
    update = {
        "status": "resolved",
        "body": "[a](b) <script>c()</script>d",
        "display_at": "2024-05-01T09:00:00Z",
    }
    file = bring(root, {**INCIDENT, "incident_updates": [update]})
    assert file.posts[-1].text.strip() == r"\[a\](b) d"
    report = (root / "import-report.md").read_text()
    assert "| a comment: script: c() | left out, as on the old page |" in report
    assert "its words stay" not in report


def test_two_ends_in_one_second_are_merged(root: Path) -> None:
    ends = [
        {"status": "resolved", "body": body, "display_at": f"2024-05-01T09:00:00.{fraction}Z"}
        for body, fraction in (("b", 900), ("a", 100))
    ]
    file = bring(root, {**INCIDENT, "incident_updates": ends})
    assert posts(file) == [("09:00:00", "resolved", "a\n\nb")]


def test_details_from_only_one_document_are_kept(root: Path) -> None:
    window = {"scheduled_for": "2024-05-01T08:00:00Z", "scheduled_until": "2024-05-01T09:00:00Z"}
    bare = {"id": "one", "name": "It broke", "status": "completed", "created_at": "2024-04-30T08:00:00Z"}
    newest = {**bare, "updated_at": "2024-05-02T00:00:00Z"}
    file = bring(root, [newest], {"scheduled_maintenances": [{**bare, **window}]}, [bare])
    assert (file.front["kind"], file.front["ends"]) == ("maintenance", "2024-05-01T09:00:00Z")
