"""Frozen statements on a real disk."""

import os
from pathlib import Path

import pytest

from constat.errors import OutsideError
from outside.evidence.statements import read_frozen_months, read_kept_tickets


@pytest.mark.parametrize("name", ["2026-10.json", "2026-10.tickets.csv"])
def test_pipe_in_place_of_a_statement_is_refused_at_once(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "history" / "statements"
    folder.mkdir(parents=True)
    os.mkfifo(folder / name)
    with pytest.raises(OutsideError, match=f"{name} is not a regular file"):
        (read_frozen_months(tmp_path), read_kept_tickets(tmp_path, "2026-10"))
