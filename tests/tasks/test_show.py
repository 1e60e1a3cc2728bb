"""The view of an instant: what is known of it now, beside what the page showed then."""

from pathlib import Path

import pytest

from constat.errors import UsageError
from constat.history import HEADER, format_row
from constat.interval import Interval
from constat.model import Outcome, Status
from tasks.project import Project
from tasks.show import AROUND_S, view_instant
from tests.support.availability_cases import make_samples, parse_time
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

NOW = parse_time("2026-10-31 12:00")
DOWN, BACK = parse_time("2026-10-31 10:00"), parse_time("2026-10-31 11:00")
RESOLVED = """\
---
title: Queue
kind: incident
services: [smtp]
impact: critical
---
## 2026-10-31T10:05Z investigating
We look.

## 2026-10-31T11:30Z resolved
It works.
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A service that was down for an hour, and an incident that was resolved half an hour later."""
    write_project(
        tmp_path,
        format_service("smtp", "kind: tcp, host: 127.0.0.1, port: 9"),
        format_service("api", "kind: tcp, host: 127.0.0.1, port: 9"),
    )
    samples = [*make_samples(DOWN - 7200, DOWN), *make_samples(DOWN, BACK, "down"), *make_samples(BACK, NOW)]
    rows = "".join(map(format_row, samples)).replace(",main,", ",check-0,").replace(",lab,", ",here,")
    day = tmp_path / "history/2026/10/2026-10-31.csv"
    day.parent.mkdir(parents=True)
    day.write_text(f"{HEADER}\n{rows}", "utf-8")
    (tmp_path / "incidents").mkdir()
    (tmp_path / "incidents/2026-10-31-queue.md").write_text(RESOLVED, "utf-8")
    return Project(tmp_path, ROOT, NOW)


def test_view_has_every_service_or_the_requested_one(project: Project) -> None:
    assert [each.snapshot.service for each in view_instant(project, BACK).services] == ["smtp", "api"]
    assert [each.snapshot.service for each in view_instant(project, BACK, "api").services] == ["api"]
    with pytest.raises(UsageError, match="there is no service sms"):
        view_instant(project, BACK, "sms")


def test_state_has_its_end_but_was_shown_without_it(project: Project) -> None:
    """At 10:30 the page did not know yet that the outage would end at 11:00."""
    view = view_instant(project, DOWN + 1800, "smtp")
    (smtp,) = view.services
    assert (smtp.snapshot.state, smtp.snapshot.stretch) == (Outcome.DOWN, Interval(DOWN, BACK))
    assert (smtp.shown.status, smtp.shown.since) == (Status.OUTAGE, DOWN)
    assert view.searched == Interval(view.at - AROUND_S, NOW)


def test_notice_is_shown_as_of_that_instant(project: Project) -> None:
    """What was written at 11:30 was not there at 11:10, so the incident was still open, and the page showed it."""
    (smtp,) = view_instant(project, BACK + 600, "smtp").services
    assert smtp.snapshot.state is Outcome.UP
    assert [notice.state for notice in smtp.snapshot.notices] == ["investigating"]
    assert smtp.shown.status is Status.OUTAGE
