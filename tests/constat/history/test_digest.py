"""Digests: days apart and joined say what all samples at once say."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from constat.history import (
    HEADER,
    Digest,
    DigestSource,
    build_day_path,
    decode_digest,
    digest_day,
    encode_digest,
    format_row,
    is_settled,
    join_digests,
    list_local_days,
    list_source_paths,
    parse_day,
    parse_day_path,
    summarise_hours,
)
from constat.interval import (
    Interval,
    Stretch,
    clip_track,
    day_interval,
    days_of,
    format_instant,
    local_date,
    parse_instant,
)
from constat.model import Latency, Outcome, Sample, SlotRun
from tests.support.plain_evidence import roll_up_samples

UTC = ZoneInfo("UTC")
ZURICH = ZoneInfo("Europe/Zurich")
NEW_YORK = ZoneInfo("America/New_York")
BEGIN = parse_instant("2026-10-24T00:00:00Z")
END = parse_instant("2026-10-27T00:00:00Z")
"""Three days around Zurich's change of clocks."""


def _digests(samples: list[Sample], zone: ZoneInfo) -> list[Digest]:
    """The digests of every local day, each made from its day files alone, and through its bytes."""
    files: dict[str, bytes] = {}
    for sample in samples:
        path = build_day_path(local_date(sample.at, UTC))
        files[path] = files.get(path, f"{HEADER}\n".encode()) + format_row(sample).encode()
    parsed = {path: parse_day(data, path, END + 86_400) for path, data in files.items()}
    digests = []
    for day in days_of(Interval(BEGIN, END), zone):
        rows = [parsed[path] for path in list_source_paths(day, zone) if path in parsed]
        digest = digest_day(day, day_interval(day, zone), rows)
        stored, sources = decode_digest(encode_digest(digest, zone.key, {}), zone.key)
        assert (stored, sources) == (digest, {})
        digests.append(digest)
    return digests


def _made(runs: tuple[SlotRun, ...]) -> set[int]:
    """Every instant at which a sample was made."""
    return {n * run.interval_s for run in runs for n in range(run.first, run.last + 1)}


_SAMPLES = st.lists(
    st.builds(
        Sample,
        st.one_of(
            st.integers(BEGIN // 1800, END // 1800 - 1).map(lambda slot: slot * 1800),
            st.integers(BEGIN, END - 1),
        ),
        st.sampled_from(["api", "smtp"]),
        st.sampled_from(["main", "other"]),
        st.sampled_from(Outcome),
        st.integers(0, 500),
        st.just(1),
        st.sampled_from([60, 1800, 3600, 43_200]),
        st.sampled_from(["gha", "zurich"]),
        st.sampled_from(["", "timeout", "refused"]),
    ),
    max_size=20,
    unique_by=lambda sample: (sample.at, sample.service, sample.check, sample.vantage),
)


@given(_SAMPLES, st.sampled_from([UTC, ZURICH, NEW_YORK, ZoneInfo("Pacific/Apia")]))
def test_joined_days_equal_a_digest_of_all_samples(samples: list[Sample], zone: ZoneInfo) -> None:
    """Runs, down samples, samples made and newest samples, for any zone and any interval."""
    window = Interval(BEGIN - 86_400, END)
    digests = _digests(samples, zone)
    joined = join_digests(digests, window, {})
    plain = roll_up_samples(samples, window)
    seats = {(seen.service, seen.check, seen.vantage): seen for seen in joined.observed}
    assert len(seats) == len(plain.observed)
    for seen in plain.observed:
        assert seats[seen.service, seen.check, seen.vantage] == seen
    known = {key: _made(slots.known) for key, slots in joined.slots.items() if slots.known}
    assert known == {key: _made(slots.known) for key, slots in plain.slots.items()}
    firsts: dict[tuple[str, str], int] = {}
    for digest in digests:
        firsts = digest.firsts | firsts
    assert firsts == dict(plain.firsts)
    assert all(seen.runs[-1].end <= max(digest.reach for digest in digests) for seen in plain.observed)


@given(_SAMPLES, st.integers(BEGIN, END))
def test_later_window_includes_samples_that_extend_into_it(samples: list[Sample], start: int) -> None:
    """Runs cut to the window equal those of all samples; samples that end before the window are left out."""
    window = Interval(start, END)
    joined = join_digests(_digests(samples, ZURICH), window, {})
    whole = {
        (seen.service, seen.check, seen.vantage): clip_track(seen.runs, window)
        for seen in roll_up_samples(samples, window).observed
    }
    for seen in joined.observed:
        assert clip_track(seen.runs, window) == whole[seen.service, seen.check, seen.vantage]
        assert all(run.end > start for run in seen.runs)


def _row(time: str, outcome: str, interval_s: int = 60, latency: int = 10) -> str:
    return f"2026-11-23T{time}Z,smtp,main,{outcome},{latency},1,{interval_s},gha,"


def _digest(*rows: str) -> Digest:
    data = "\n".join([HEADER, *rows, ""]).encode()
    day = date(2026, 11, 23)
    path = build_day_path(day)
    return digest_day(day, day_interval(day, UTC), [parse_day(data, path, END * 2)])


def _runs(digest: Digest) -> list[tuple[str, str, str]]:
    runs: tuple[Stretch[Outcome], ...] = digest.observed[0].runs
    return [(format_instant(start)[11:19], format_instant(end)[11:19], value) for start, end, value in runs]


def test_sample_counts_for_at_most_twice_its_interval() -> None:
    digest = _digest(_row("09:00:00", "up"), _row("09:01:00", "down"), _row("09:30:00", "up", 300))
    assert _runs(digest) == [
        ("09:00:00", "09:01:00", "up"),
        ("09:01:00", "09:03:00", "down"),
        ("09:30:00", "09:40:00", "up"),
    ]


def test_adjacent_equal_runs_are_merged() -> None:
    digest = _digest(_row("09:00:00", "up"), _row("09:01:00", "up"), _row("09:03:00", "up"))
    assert _runs(digest) == [("09:00:00", "09:05:00", "up")]


def test_unknown_sample_counts_in_runs_but_not_as_made() -> None:
    digest = _digest(_row("09:00:00", "up"), _row("09:01:00", "unknown"), _row("09:02:00", "up"))
    assert [value for *_, value in _runs(digest)] == ["up", "unknown", "up"]
    assert [run.last - run.first + 1 for run in digest.slots["smtp", "main", "gha"].known] == [1, 1]


def test_response_times_are_those_of_samples_that_answered() -> None:
    """Nearest rank, the lower of two middle values; down and unknown are left out."""
    rows = [_row(f"09:{minute:02}:00", "up", latency=minute) for minute in range(1, 21)]
    digest = _digest(*rows, _row("10:00:00", "down", latency=10_000), _row("10:01:00", "unknown", latency=0))
    assert digest.latency == {"smtp": Latency(20, 10, 19, (("gha", Latency(20, 10, 19)),))}


def test_response_times_are_also_those_of_each_vantage() -> None:
    """Ten near and ten far: the percentiles of all lie in neither's; a vantage that only failed has none."""
    near = [_row(f"09:{minute:02}:00", "up", latency=minute) for minute in range(10, 20)]
    far = [
        _row(f"09:{minute:02}:30", "up", latency=10 * minute).replace("gha", "lima")
        for minute in range(10, 20)
    ]
    dead = _row("09:00:10", "down", latency=9_000).replace("gha", "oslo")
    digest = _digest(*sorted([*near, *far, dead]))
    assert digest.latency == {
        "smtp": Latency(20, 19, 180, (("gha", Latency(10, 14, 19)), ("lima", Latency(10, 140, 190))))
    }
    assert decode_digest(encode_digest(digest, "UTC", {}), "UTC")[0] == digest


def test_a_digest_keeps_the_reason_of_its_newest_sample() -> None:
    rows = [_row("09:00:00", "down") + "refused", _row("09:01:00", "degraded") + "expires 2026-12-01"]
    assert _digest(*rows).observed[0].newest_reason == "expires 2026-12-01"
    assert _digest(*rows, _row("09:02:00", "up")).observed[0].newest_reason == ""


def test_hourly_response_times_include_samples_of_any_file() -> None:
    """Half open: a sample on the hour belongs to the hour that begins; an hour without an answer is left out."""
    evening = _row("23:59:00", "up", latency=5).replace("-23T", "-22T")
    rows = [
        _row("00:00:00", "up", latency=7),
        _row("00:29:00", "up", latency=9),
        _row("00:30:00", "up", latency=1),
    ]
    down = _row("02:00:00", "down", latency=10_000)
    files = [
        parse_day("\n".join([HEADER, *lines, ""]).encode(), f"2026/11/2026-11-{day}.csv", END * 2)
        for day, lines in ((22, [evening]), (23, [*rows, down]))
    ]
    begin = parse_instant("2026-11-22T23:30:00Z")
    hours = [Interval(begin + n * 3600, begin + (n + 1) * 3600) for n in range(3)]
    assert summarise_hours(files, hours) == {
        ("smtp", begin): Latency(3, 7, 9, (("gha", Latency(3, 7, 9)),)),
        ("smtp", begin + 3600): Latency(1, 1, 1, (("gha", Latency(1, 1, 1)),)),
    }


def test_every_down_sample_keeps_its_time_and_reason() -> None:
    rows = [
        f"2026-11-23T09:{minute:02}:00Z,smtp,main,down,1,1,60,gha,{reason}"
        for minute, reason in [(0, "timeout"), (1, "timeout"), (2, "timeout"), (5, "timeout"), (6, "refused")]
    ]
    digest = _digest(*rows)
    sources = {"2026/11/2026-11-23.csv": DigestSource(17, "ab" * 32, 9, 1_000)}
    data = encode_digest(digest, "UTC", sources)
    assert decode_digest(data, "UTC") == (digest, sources)
    downs = digest.observed[0].downs
    assert [(format_instant(down.at)[11:16], down.reason) for down in downs] == [
        ("09:00", "timeout"),
        ("09:01", "timeout"),
        ("09:02", "timeout"),
        ("09:05", "timeout"),
        ("09:06", "refused"),
    ]


def test_local_day_overlaps_its_utc_days() -> None:
    """A winter day of Zurich begins at 23:00 of the UTC day before; 23 and 25 hours are taken as they are."""
    assert list_source_paths(date(2026, 11, 23), ZURICH) == (
        "2026/11/2026-11-22.csv",
        "2026/11/2026-11-23.csv",
    )
    assert list_source_paths(date(2026, 11, 23), UTC) == ("2026/11/2026-11-23.csv",)
    assert list_local_days(date(2026, 11, 23), ZURICH) == (date(2026, 11, 23), date(2026, 11, 24))
    assert parse_day_path("derived/2026/11/2026-11-23.json") == date(2026, 11, 23)


def test_day_is_settled_an_hour_after_its_last_utc_day() -> None:
    over = parse_instant("2026-11-24T00:00:00Z")
    assert not is_settled(date(2026, 11, 23), ZURICH, over + 3599)
    assert is_settled(date(2026, 11, 23), ZURICH, over + 3600)
    assert not is_settled(date(2026, 11, 24), ZURICH, over + 3600)


def test_consecutive_days_have_no_gap() -> None:
    """Also in the zone that once skipped a whole day."""
    for zone in (ZURICH, NEW_YORK):
        spans = [day_interval(day, zone) for day in days_of(Interval(BEGIN, END), zone)]
        assert all(before.end == after.start for before, after in pairwise(spans))


def test_equal_values_of_many_checks_share_memory() -> None:
    """Of a thousand services that were all up, ninety days would otherwise take more memory than anything else."""
    samples = [
        Sample(at, service, "port", Outcome.UP, 20, 1, 300, "gha", "")
        for service in ("api", "smtp")
        for at in range(BEGIN, BEGIN + 86_400, 300)
    ]
    digest, _ = decode_digest(encode_digest(_digests(samples, UTC)[0], UTC.key, {}), UTC.key)
    api, smtp = digest.observed
    assert api.runs[0] is smtp.runs[0]
    assert api.vantage is smtp.vantage
