"""Every mistake in a notice is told with its line and what to write instead: one bad file for every rule."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from constat import notices
from constat.interval import parse_instant

BAD = sorted((Path(__file__).parent / "bad").glob("*.md"))
NOW = parse_instant("2026-11-24T12:00Z")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_notice_is_told_in_these_words(path: Path) -> None:
    """The text beside each file holds all that is told of it; `withheld` ends it where the notice cannot be shown."""
    read, problems = notices.parse(
        {"incidents/2026-11-20-relay.md": path.read_bytes()},
        ["smtp", "api", "website"],
        ("fr",),
        ZoneInfo("Europe/Zurich"),
        NOW,
        pictures=["incidents/files/graph.png"],
    )
    told = [str(problem) for problem in problems] + ([] if read else ["withheld"])
    assert told == path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2026-11-20.md", "not the name of a notice"),
        ("2026-11-31-relay.md", "not the name of a notice"),
        ("2026-11-20-Relay.md", "not the name of a notice"),
        ("2026-11-20-a b.md", "not the name of a notice"),
        (f"2026-11-20-{'a' * 100}.md", "not the name of a notice"),
        ("2026-11-20-relay.fr.md", "a translation into fr"),
        ("2026-11-20-relay.es.md", "the page has no language es"),
        ("2026/2026-11-20-relay.md", "a notice in a folder of its own"),
        ("2026-11-21-relay.en.md", "a translation of 2026-11-21-relay.md, which is not there"),
    ],
)
def test_a_misnamed_file_is_told_and_takes_no_other_down(name: str, message: str) -> None:
    good = b"---\ntitle: a\nkind: incident\nservices: [smtp]\nimpact: none\nstarts: 2026-11-20T10:00Z\n---\n"
    files = {"incidents/2026-11-20-relay.md": good, f"incidents/{name}": good}
    read, problems = notices.parse(files, ["smtp"], ("fr", "en"), ZoneInfo("UTC"), NOW)
    assert [notice.stem for notice in read] == ["2026-11-20-relay"]
    assert message in [problem.message for problem in problems if problem.file == f"incidents/{name}"]
