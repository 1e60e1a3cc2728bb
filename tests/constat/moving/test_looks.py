"""Any looks at all, written as rows: second by second what the looks say, and each counted once."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from constat.imported import decode_rows, encode_rows
from constat.model import Outcome
from constat.moving.cron import CronError, parse_cron
from constat.moving.looks import Look, write_changes, write_samples
from constat.moving.upptime.versions import VersionError, read_version
from tests.support.raw_looks import RawLook, find_stretches, paint, paint_looks

ORIGIN, LENGTH = 1_790_000_000, 3_000
OUTCOMES = st.sampled_from([Outcome.UP, Outcome.DOWN, Outcome.DEGRADED, Outcome.UNKNOWN])
LOOKS = st.dictionaries(
    st.integers(0, LENGTH - 1), st.tuples(OUTCOMES, st.sampled_from([20, 60, 300])), max_size=30
)


def _list_looks(seen: dict[int, tuple[Outcome, int]]) -> list[Look]:
    return [Look(ORIGIN + at, outcome, interval) for at, (outcome, interval) in sorted(seen.items())]


@given(LOOKS)
@settings(max_examples=60, deadline=None)
def test_rows_match_the_samples_second_by_second(seen: dict[int, tuple[Outcome, int]]) -> None:
    looks = _list_looks(seen)
    rows = list(write_samples("smtp", looks))
    raw = [RawLook(look.at, str(look.outcome), look.interval_s) for look in looks]
    painted = paint([(row.start, row.end or 0, row.outcome.value) for row in rows], ORIGIN, LENGTH)
    assert painted == paint_looks(raw, ORIGIN, LENGTH)
    assert sum(row.count for row in rows) == len(looks)
    changes = list(write_changes("smtp", looks, None))
    assert [(row.start, row.end, row.outcome.value) for row in changes] == find_stretches(raw)
    assert set(decode_rows(encode_rows([*rows, *changes]), "x")[0]) == {*rows, *changes}


@given(st.text("0123456789*,-/L@ \nstauplweTZ:%é", max_size=60), st.binary(max_size=80))
@settings(max_examples=60, deadline=None)
def test_arbitrary_text_never_crashes_a_reader(text: str, data: bytes) -> None:
    decode_rows(data, "x")
    decode_rows(f"smtp,{text}\n{text}".encode("utf-8", "replace"), "x")
    for read, error in ((read_version, VersionError), (parse_cron, CronError)):
        with suppress(error):
            read(text)
