"""A slow archive at a web address: a command fetches what arrives within its time limit, and says so."""

from itertools import count
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.archives.registry import Request
from outside.archives.web import read_days
from tests.support.site_server import serve_files

DAYS = tuple(f"2025/01/2025-01-0{day}.csv" for day in range(1, 6))


def test_slow_archive_is_read_in_part_and_continued_by_the_next_command(tmp_path: Path) -> None:
    seconds = count(step=400)  # each file takes so long
    with serve_files(dict.fromkeys(DAYS, b"a day")) as site:
        days = read_days(Request(site.url, DAYS, tmp_path, {}), lambda: next(seconds))
        assert [next(days), next(days)] == [(DAYS[0], b"a day"), (DAYS[1], b"a day")]
        with pytest.raises(OutsideError, match="not finished after 900 s; what is missing is read next time"):
            next(days)
