"""No file, however odd, ends the reading of the others: it is read, or refused with its name."""

from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from constat import notices
from constat.interval import parse_instant

NOW = parse_instant("2026-11-24T12:00Z")
GOOD = b"---\ntitle: Calm\nkind: incident\nservices: [smtp]\nimpact: none\nstarts: 2026-11-20T10:00Z\n---\n"
TIMES = (
    "2026-11-20T10:00+01:00",
    "2026-11-20T10:00",
    "0001-01-01T00:00+14:00",
    "9999-12-31T23:59-14:00",
    "9998-12-31T23:59:59-23:59",
    "1900-01-01T00:00+23:59",
    "2026-02-30T10:00Z",
    "٢٠٢٦-11-20T10:00Z",
    "",
)
KEYS = ("title", "kind", "services", "impact", "starts", "ends", "next", "remind", "__proto__", "? [a]")
VALUES = (
    "incident",
    "maintenance",
    "[smtp, api]",
    "{a: b}",
    "&a x",
    "*a",
    "!!int 3",
    '"\\0"',
    "|\n  a\n  b",
    "[1d]",
)
STATES = ("investigating", "resolved", "scheduled", "cancelled", "postmortem", "nonsense", "")

times = st.sampled_from(TIMES)
front_lines = st.builds(
    "{}: {}".format, st.sampled_from(KEYS), st.one_of(st.sampled_from(VALUES), times, st.text())
)
updates = st.builds("\n## {} {}\n{}\n".format, times, st.sampled_from(STATES), st.text())
notice_files = st.builds(
    "---\n{}\n---\n{}\n{}".format,
    st.lists(front_lines, max_size=8).map("\n".join),
    st.text(),
    st.lists(updates, max_size=4).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(notice_files, notice_files)
def test_no_file_stops_reading_the_others(original: str, translation: str) -> None:
    files = {
        "incidents/2026-11-20-odd.md": original.encode("utf-8", "surrogatepass"),
        "incidents/2026-11-20-odd.en.md": translation.encode("utf-8", "surrogatepass"),
        "incidents/2026-11-20-good.md": GOOD,
    }
    read, problems = notices.parse_notices(
        files, notices.NoticeContext(["smtp"], ("fr", "en"), ZoneInfo("Europe/Zurich"), NOW, pictures=())
    )
    stems = [notice.stem for notice in read]
    assert "2026-11-20-good" in stems
    assert "2026-11-20-odd" in stems or any(
        problem.file.startswith("incidents/2026-11-20-odd") for problem in problems
    )
