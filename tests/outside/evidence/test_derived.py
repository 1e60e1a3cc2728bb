"""Derived files are used as long as they match the evidence, made again if they do not, and never required."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from constat.history import DayRows, OnTimePart, build_day_path, parse_day
from constat.interval import Instant, Interval, Stretch, clip_track, format_instant, parse_instant
from constat.model import Evidence, Latency, Outcome, Sample
from outside.evidence import day_files, store

ZURICH = ZoneInfo("Europe/Zurich")
MIDNIGHT = parse_instant("2026-11-15T00:00:00Z")
DAYS = 8
SECOND_NS = 10**9
NOW = MIDNIGHT + DAYS * 86_400 + 9 * 3600
WINDOW = Interval(parse_instant("2026-11-19T23:00:00Z"), NOW)
"""The window begins at midnight in Zurich, five days into the evidence."""


def _sample(
    at: Instant, outcome: Outcome = Outcome.UP, interval_s: int = 1800, check: str = "main"
) -> Sample:
    reason = "timeout" if outcome is Outcome.DOWN else ""
    return Sample(at, "smtp", check, outcome, at // 60 % 700, 1, interval_s, "gha", reason)


def _fill(root: Path, first: int = 0, last: int = DAYS) -> None:
    """Append a sample every half hour, one a day of them down; the last day ends at nine."""
    begin, end = MIDNIGHT + first * 86_400, min(MIDNIGHT + (last + 1) * 86_400, NOW)
    store.append_samples(
        root,
        (
            _sample(at, Outcome.DOWN if at % 86_400 == 43_200 else Outcome.UP)
            for at in range(begin, end, 1800)
        ),
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    _fill(tmp_path)
    return tmp_path


def _load(root: Path, now: Instant = NOW) -> Evidence:
    return store.load_evidence(root, WINDOW, ZURICH, now)


def _load_cold(root: Path, tmp_path: Path, now: Instant = NOW) -> Evidence:
    """Load the same evidence from a copy that has no derived files."""
    copy = tmp_path / "cold"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root / "history", copy / "history", ignore=shutil.ignore_patterns("derived"))
    return _load(copy, now)


def _get_day_file(root: Path, day: int) -> Path:
    return root / "history" / build_day_path(date(2026, 11, day))


def _read_derived(root: Path) -> dict[str, bytes]:
    folder = root / "history" / "derived"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json")}


def test_days_that_are_over_get_a_derived_file_and_the_day_in_progress_does_not(root: Path) -> None:
    """Local days: the fifteenth of Zurich begins at 23:00 UTC on the evening before."""
    _load(root)
    days = [f"2026/11/2026-11-{day}.json" for day in range(15, 23)]
    assert sorted(_read_derived(root)) == [*days, "index.json"]


def test_a_build_with_derived_files_parses_the_newest_day_files_only(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _load(root)
    parsed: list[str] = []

    def record_path(data: bytes, path: str, now: Instant, on_time: OnTimePart | None) -> DayRows:
        parsed.append(path)
        return parse_day(data, path, now, on_time)

    monkeypatch.setattr(day_files, "parse_day", record_path)
    before = _read_derived(root)
    _load(root)
    assert parsed == ["2026/11/2026-11-22.csv", "2026/11/2026-11-23.csv"]
    assert _read_derived(root) == before


def test_response_times_of_the_last_24_hours_are_summarised_by_the_hour(root: Path) -> None:
    """At 09:00 UTC, from 10:00 the day before; the down sample at noon has no response time."""
    hourly = _load(root).hourly
    hour = parse_instant("2026-11-22T10:00:00Z")
    assert sorted(hourly) == [("smtp", at) for at in range(hour, NOW, 3600)]
    times = sorted(at // 60 % 700 for at in (hour, hour + 1800))
    both = Latency(2, times[0], times[1])
    assert hourly["smtp", hour] == replace(both, vantages=(("gha", both),))
    assert hourly["smtp", hour + 2 * 3600].count == 1


def test_evidence_of_the_past_has_no_last_24_hours(root: Path) -> None:
    past = Interval(WINDOW.start, WINDOW.start + 86_400)
    assert not store.load_evidence(root, past, ZURICH, NOW).hourly


def _edit(root: Path) -> None:
    """Change one byte of a day in the window; the size stays the same."""
    path = _get_day_file(root, 21)
    path.write_bytes(path.read_bytes().replace(b"T18:00:00Z,smtp,main,up", b"T18:00:01Z,smtp,main,up"))


def _edit_beside_newer_derived_files(root: Path) -> None:
    """As after a clone, where git gives every file the time of the checkout."""
    _edit(root)
    for path in (root / "history" / "derived").rglob("*.json"):
        os.utime(path)


def _append(root: Path) -> None:
    store.append_samples(root, [_sample(parse_instant("2026-11-20T18:10:00Z"), Outcome.DEGRADED)])


def _append_before_the_window(root: Path) -> None:
    """Append the first sample of a new check, older than the window."""
    store.append_samples(root, [_sample(parse_instant("2026-11-16T18:10:00Z"), check="other")])


def _edit_the_first(root: Path) -> None:
    """Remove the very first samples."""
    path = _get_day_file(root, 15)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[:1] + lines[3:]))


def _new_old_day(root: Path) -> None:
    store.append_samples(root, [_sample(parse_instant("2026-11-02T10:00:00Z"))])


def _drop_a_day(root: Path) -> None:
    """Remove two day files and the derived files."""
    for day in (15, 16):
        _get_day_file(root, day).unlink()
    shutil.rmtree(root / "history" / "derived" / "2026")


def _break_a_derived_file(root: Path) -> None:
    (root / "history/derived/2026/11/2026-11-21.json").write_bytes(b'{"schema":1,"zone":"Europe/Zurich"}')


def _empty_a_derived_file(root: Path) -> None:
    (root / "history/derived/2026/11/2026-11-21.json").write_bytes(b"")


def _break_the_index(root: Path) -> None:
    (root / "history/derived/index.json").write_bytes(b'{"schema":1,"zone":"Europe/Zurich","days":3}')


def _other_zone(root: Path) -> None:
    """Move the page to another zone and back; remove the derived file that only the other zone needs."""
    store.load_evidence(root, WINDOW, ZoneInfo("America/New_York"), NOW)
    (root / "history/derived/2026/11/2026-11-14.json").unlink()


CHANGES = [
    _edit,
    _edit_beside_newer_derived_files,
    _append,
    _append_before_the_window,
    _edit_the_first,
    _new_old_day,
    _drop_a_day,
    _break_a_derived_file,
    _empty_a_derived_file,
    _break_the_index,
    _other_zone,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_result_after_any_change_matches_the_day_files(
    root: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """The derived files are then those that would be made from scratch."""
    _load(root)
    change(root)
    warm = _load(root)
    cold = _load_cold(root, tmp_path)
    assert warm == cold
    assert _read_derived(root) == _read_derived(tmp_path / "cold")
    assert _load(root) == cold


def _read_time(path: Path) -> int:
    return path.stat().st_mtime_ns


def test_a_valid_derived_file_is_dated_a_second_before_the_newest_of_its_day_files(
    root: Path,
) -> None:
    """Otherwise every build would hash 90 days again. If only a time changes, the file is checked and dated again."""
    _load(root)
    file = root / "history/derived/2026/11/2026-11-21.json"
    assert _read_time(file) == max(_read_time(_get_day_file(root, day)) for day in (20, 21)) - SECOND_NS
    os.utime(_get_day_file(root, 21))
    before = file.read_bytes()
    _load(root)
    assert _read_time(file) == _read_time(_get_day_file(root, 21)) - SECOND_NS
    assert file.read_bytes() == before


def test_a_derived_file_is_trusted_if_its_day_file_is_not_on_this_disk(root: Path) -> None:
    """A sparse checkout has the derived files of all days and the day files of the last two only."""
    whole = _load(root)
    for day in range(15, 22):
        _get_day_file(root, day).unlink()
    assert _load(root) == whole
    (root / "history/derived/index.json").unlink()
    assert _load(root) == whole


def _age(file: Path) -> None:
    """Write a derived file as the schema before this one had it: less of response times, and no reason of the newest sample."""
    content = json.loads(file.read_bytes())
    content["schema"] = 2
    content["latency"] = {service: cells[:3] for service, cells in content["latency"].items()}
    content["observed"] = [cells[:8] for cells in content["observed"]]
    file.write_text(json.dumps(content))


def test_a_derived_file_of_the_schema_before_is_made_again_from_its_evidence(root: Path) -> None:
    whole, before = _load(root), _read_derived(root)
    for name in before.keys() - {"index.json"}:
        _age(root / "history/derived" / name)
    assert _load(root) == whole
    assert _read_derived(root) == before


def test_derived_file_of_the_previous_schema_is_read_without_its_evidence(root: Path) -> None:
    """A sparse checkout loses no day by an update; it has no response times by vantage until its evidence is at hand."""
    whole = _load(root)
    for day in range(15, 22):
        _get_day_file(root, day).unlink()
    _age(root / "history/derived/2026/11/2026-11-20.json")
    evidence = _load(root)
    aged = ("smtp", date(2026, 11, 20))
    assert evidence.observed == whole.observed
    assert evidence.latency[aged] == replace(whole.latency[aged], vantages=())
    assert not evidence.skipped


def test_a_derived_file_that_cannot_be_checked_or_rebuilt_is_reported(root: Path) -> None:
    """One of its two day files has changed and the other is missing: the digest is used, with a warning."""
    whole = _load(root)
    _get_day_file(root, 20).unlink()
    _edit(root)
    evidence = _load(root)
    assert evidence.observed[0].runs[0] == whole.observed[0].runs[0]
    assert [(rows.path, rows.why) for rows in evidence.skipped] == [
        ("derived/2026/11/2026-11-21.json", "a day file that it came from has changed")
    ]


def test_an_unreadable_derived_file_without_its_day_files_is_reported(root: Path) -> None:
    _load(root)
    for day in (20, 21):
        _get_day_file(root, day).unlink()
    _break_a_derived_file(root)
    assert "derived/2026/11/2026-11-21.json" in {rows.path for rows in _load(root).skipped}


def test_a_read_only_history_gives_the_same_evidence(root: Path) -> None:
    whole = _load(root)
    shutil.rmtree(root / "history" / "derived")
    (root / "history" / "derived").write_bytes(b"in the way")
    assert _load(root) == whole


def test_sample_before_the_window_that_extends_into_it_counts(tmp_path: Path) -> None:
    """A daily sample holds for two days: one from three days before the window is too old, one from the day before is not."""
    day = 86_400
    early = parse_instant("2026-11-16T10:00:00Z")
    store.append_samples(
        tmp_path, [_sample(early, interval_s=day), _sample(early + 3 * day + 7200, Outcome.DOWN, day)]
    )
    for _ in range(2):
        (check,) = _load(tmp_path).observed
        runs = clip_track(check.runs, WINDOW)
        assert runs == (Stretch(WINDOW.start, early + 5 * day + 7200, Outcome.DOWN),)
        assert [down.at for down in check.downs] == [early + 3 * day + 7200]


def test_the_first_sample_ever_is_found_before_the_window(root: Path) -> None:
    assert _load(root).firsts == {("smtp", "main"): MIDNIGHT}


def test_late_row_causes_its_day_to_be_digested_again(root: Path, tmp_path: Path) -> None:
    _load(root)
    _append(root)
    assert _load(root) == _load_cold(root, tmp_path)


def test_a_build_every_hour_ends_with_the_files_of_one_build(tmp_path: Path) -> None:
    """As the evidence grows, derived files appear when days settle, and equal those of a single build."""
    now = MIDNIGHT
    while now < MIDNIGHT + 3 * 86_400:
        store.append_samples(tmp_path, [_sample(now), _sample(now + 1800)])
        now += 3600
        grown = store.load_evidence(tmp_path, Interval(MIDNIGHT, now), ZURICH, now)
    before = _read_derived(tmp_path)
    shutil.rmtree(tmp_path / "history" / "derived")
    assert store.load_evidence(tmp_path, Interval(MIDNIGHT, now), ZURICH, now) == grown
    assert _read_derived(tmp_path) == before


def test_skipped_rows_are_reported_once_also_from_a_derived_file(root: Path) -> None:
    with _get_day_file(root, 20).open("a", encoding="utf-8") as file:
        file.write("2026-11-19T10:00:00Z,smtp,main,up,1,1,60,gha,\n2026-")
    for _ in range(2):
        (rows,) = _load(root).skipped
        assert (rows.path, rows.count, rows.line) == ("2026/11/2026-11-20.csv", 2, 50)
        assert rows.why == "it belongs in another day's file"


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("2026/11/notes.csv", "2026/11/notes.csv"),
        ("2026/11/2026-11-20 (1).csv", "2026/11/2026-11-20 (1).csv"),
        ("2026/11/2026-11-31.csv", "2026/11/2026-11-31.csv"),
        ("2026/11/a\n\u202eb.csv", "2026/11/a b.csv"),
        ("2026/13/x.csv", "2026/13"),
        ("2026/11/.hidden", ""),
        ("26/1/2026-01-01.csv", ""),
    ],
)
def test_a_file_that_is_not_a_day_file_is_named_and_changes_nothing(
    root: Path, name: str, named: str
) -> None:
    whole = _load(root)
    path = root / "history" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("hello", encoding="utf-8")
    found = _load(root)
    assert [rows.path for rows in found.skipped] == [named] * bool(named)
    assert replace(found, skipped=()) == whole


def test_file_of_another_day_is_reported_and_never_used(root: Path, tmp_path: Path) -> None:
    """Where the day had no file before, and where its file was overwritten."""
    _get_day_file(root, 18).unlink()
    before, derived = _load(root), _read_derived(root)
    shutil.copy(_get_day_file(root, 20), _get_day_file(root, 18))
    for _ in range(2):
        (rows,) = _load(root).skipped
        assert (rows.path, rows.why) == ("2026/11/2026-11-18.csv", "it belongs in another day's file")
    assert _load(root) == _load_cold(root, tmp_path)
    _get_day_file(root, 18).unlink()
    assert _load(root) == before
    assert _read_derived(root) == derived


def test_missing_history_gives_no_evidence(tmp_path: Path) -> None:
    evidence = _load(tmp_path)
    assert (evidence.observed, evidence.firsts, evidence.skipped) == ((), {}, ())


def test_a_day_file_from_the_future_is_ignored(root: Path) -> None:
    whole = _load(root)
    store.append_samples(root, [_sample(NOW + 40 * 86_400)])
    assert _load(root) == whole


def test_samples_are_appended_to_the_file_of_their_utc_day(tmp_path: Path) -> None:
    store.append_samples(tmp_path, [_sample(MIDNIGHT - 1), _sample(MIDNIGHT)])
    for day, time in ((14, "2026-11-14T23:59:59Z"), (15, "2026-11-15T00:00:00Z")):
        header, row = _get_day_file(tmp_path, day).read_text("utf-8").splitlines()
        assert header == "at,service,check,outcome,latency_ms,attempts,interval_s,vantage,reason"
        assert row.startswith(f"{time},smtp,main,up,")


def test_the_register_is_appended_to_and_read(tmp_path: Path) -> None:
    assert not store.read_register(tmp_path, NOW).pages
    store.append_register(tmp_path, [])
    assert not (tmp_path / "history" / "register.jsonl").exists()
    line = json.dumps({"at": format_instant(NOW), "kind": "page", "timezone": "Europe/Zurich"})
    store.append_register(tmp_path, [line, line])
    assert len(store.read_register(tmp_path, NOW).pages) == 2


@pytest.mark.parametrize("kept", [False, True], ids=["from nothing", "with derived files"])
def test_a_pipe_device_link_or_folder_named_like_a_day_file_is_reported(root: Path, kept: bool) -> None:
    """Reading a pipe would block for ever."""
    if kept:
        _load(root)
    names = [f"2026/11/2026-11-{day}.csv" for day in (19, 20, 21, 22)]
    paths = [root / "history" / name for name in names]
    for path in paths:
        path.unlink()
    os.mkfifo(paths[0])
    paths[1].symlink_to("/dev/full")
    paths[2].symlink_to("nowhere")
    paths[3].mkdir()
    skipped = _load(root).skipped
    assert [(rows.path, rows.why) for rows in skipped] == [(name, "not a regular file") for name in names]
