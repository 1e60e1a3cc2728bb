"""Every mistake in a notice is reported with its line and what to write instead: one bad file for every rule."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from constat import notices
from constat.interval import parse_instant

BAD = sorted((Path(__file__).parent / "bad").glob("*.md"))
NOW = parse_instant("2026-11-24T12:00Z")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_notice_is_reported_with_its_exact_messages(path: Path) -> None:
    """The text beside each file holds all that is reported of it; `withheld` ends it where the notice cannot be shown."""
    read, problems = notices.parse_notices(
        {"incidents/2026-11-20-relay.md": path.read_bytes()},
        notices.NoticeContext(
            ["smtp", "api", "website"],
            ("fr",),
            ZoneInfo("Europe/Zurich"),
            NOW,
            pictures=["incidents/files/graph.png"],
        ),
    )
    messages = [str(problem) for problem in problems] + ([] if read else ["withheld"])
    assert messages == path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2026-11-20.md", "not a valid name of a notice"),
        ("2026-11-31-relay.md", "not a valid name of a notice"),
        ("2026-11-20-Relay.md", "not a valid name of a notice"),
        ("2026-11-20-a b.md", "not a valid name of a notice"),
        (f"2026-11-20-{'a' * 100}.md", "not a valid name of a notice"),
        ("2026-11-20-relay.fr.md", "a translation into fr"),
        ("2026-11-20-relay.es.md", "the page has no language es"),
        ("2026/2026-11-20-other.md", "a notice in a subfolder"),
        ("2026/2026-11-20-relay.md", "2026-11-20-relay appears twice, here in a subfolder"),
        ("2026-11-20-relay..md", "2026-11-20-relay appears twice"),
        ("2026-11-21-relay.en.md", "a translation of 2026-11-21-relay.md, which does not exist"),
    ],
)
def test_misnamed_file_is_reported_and_others_are_read(name: str, message: str) -> None:
    good = b"---\ntitle: a\nkind: incident\nservices: [smtp]\nimpact: none\nstarts: 2026-11-20T10:00Z\n---\n"
    files = {"incidents/2026-11-20-relay.md": good, f"incidents/{name}": good}
    read, problems = notices.parse_notices(
        files, notices.NoticeContext(["smtp"], ("fr", "en"), ZoneInfo("UTC"), NOW)
    )
    assert [notice.stem for notice in read] == ["2026-11-20-relay"]
    assert message in [problem.message for problem in problems if problem.file == f"incidents/{name}"]


def test_withheld_notice_still_reports_mistakes_in_its_texts() -> None:
    """One look tells everything: also the dead link, the raw HTML and what is wrong with the translation."""
    front = "---\ntitle: a\nkind: incident\nservices: [smtp]\nimpact: huge\n---\n"
    update = "\n## 2026-11-20T10:00+01:00 investigating\n"
    original = f"{front}[a](javascript:b)\n{update}<u>c</u>\n"
    files = {
        "incidents/2026-11-20-relay.md": original.encode(),
        "incidents/2026-11-20-relay.en.md": f"---\ntitle: a\n---\n<!-- translate -->\n{update}b\n".encode(),
    }
    read, problems = notices.parse_notices(
        files, notices.NoticeContext(["smtp"], ("fr", "en", "de"), ZoneInfo("Europe/Zurich"), NOW)
    )
    assert read == ()
    assert [(problem.file[26:], problem.line, problem.message) for problem in problems] == [
        (".en.md", 4, "not translated yet"),
        (".md", 1, "no translation into de"),
        (".md", 5, "unknown impact huge"),
        (".md", 7, "the link 'javascript:b' is removed"),
        (".md", 10, "<u> is removed"),
    ]


def test_a_translation_is_not_blamed_for_a_heading_that_its_original_lacks_by_mistake() -> None:
    front = "---\ntitle: a\nkind: incident\nservices: [smtp]\nimpact: none\n---\n"
    files = {
        "incidents/2026-11-20-relay.md": f"{front}\n## 2026-11-20T10:00 investigating\na\n".encode(),
        "incidents/2026-11-20-relay.en.md": b"---\ntitle: a\n---\n\n## 2026-11-20T10:00+01:00 investigating\nb\n",
    }
    _, problems = notices.parse_notices(
        files, notices.NoticeContext(["smtp"], ("fr", "en"), ZoneInfo("Europe/Zurich"), NOW)
    )
    assert [problem.message for problem in problems] == ["'2026-11-20T10:00' has no offset"]
