"""Two vantages, one of which disagrees, is cut off, killed and restarted: what page, API and `show` say each time."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from constat.history import HEADER
from constat.interval import Interval, parse_instant
from constat.maintainers.job_summary import Watch, describe_silence
from constat.model import Silence
from outside.github import Job
from tasks.job_summary import append_watch_summary
from tasks.project import Project
from tasks.record import record_pending_lines
from tasks.silent_vantages import find_newly_silent, find_silent_vantages
from tasks.watch import note_silent_vantages
from tests.support.command_line import generate_here
from tests.support.page_text import read_text
from tests.support.small_project import format_service, write_project
from tests.support.source_tree import ROOT

DIFFERENCE = "Down as seen from Montreal; reachable from Zurich."
MAIL = "notify: {mail: {host: mail.maxony.example, from: status@maxony.example}, targets: []}"
SILENCE = "Checked from Zurich; Montreal has been silent since 11:24."


class Moment(NamedTuple):
    """What is read at a time: the headline, the lines that must and must not follow it, and the API's component."""

    at: str
    headline: str
    says: tuple[str, ...]
    status: str
    state: str


MOMENTS = [
    Moment("10:09", "Everything is working.", (), "operational", "up"),
    Moment("10:15", "api: not working normally", (DIFFERENCE,), "partial_outage", "degraded"),
    Moment("10:24", "Everything is working.", (), "operational", "up"),
    Moment("10:30", "Everything is working.", (), "operational", "up"),
    Moment("10:40", "Everything is working.", (SILENCE,), "operational", "up"),
    Moment("10:55", "api: down", (SILENCE,), "major_outage", "down"),
    Moment("11:09", "api: back since 11:58", (), "operational", "up"),
]


def list_outcomes(vantage: str) -> Iterator[tuple[int, str]]:
    """The outcome of each minute after ten: Zurich sees one outage, while Montreal is gone."""
    for minute in range(70):
        if vantage == "zurich":
            yield minute, "down,0,2,60,zurich,refused" if 50 <= minute < 58 else "up,20,1,60,zurich,"
        elif 10 <= minute < 20:
            yield minute, "down,0,2,60,montreal,refused"
        elif 20 <= minute < 25:
            yield minute, "unknown,0,2,60,montreal,offline"
        elif minute < 10 or minute >= 60:
            yield minute, "up,90,1,60,montreal,"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the evidence of all of that; each moment is read with a time at which only its past has happened."""
    root = tmp_path_factory.mktemp("two-vantages")
    check = "kind: tcp, host: 127.0.0.1, port: 9, vantages: [zurich, montreal], quorum: 2"
    places = "  push_every: 5m\n  tell: [ops@maxony.example]\n  vantages: {here: {}, zurich: {name: Zurich}, montreal: {name: {en: Montreal}}}"
    write_project(root, format_service("api", check), monitor=places, more=MAIL)
    settings = root / "status.yml"
    settings.write_text(settings.read_text().replace("languages: [fr]", "languages: [en]"))
    rows = sorted(
        f"2026-11-25T{10 + minute // 60}:{minute % 60:02}:00Z,api,check-0,{rest}"
        for vantage in ("zurich", "montreal")
        for minute, rest in list_outcomes(vantage)
    )
    day = root / "history/2026/11/2026-11-25.csv"
    day.parent.mkdir(parents=True)
    day.write_text("\n".join([HEADER, *rows]) + "\n")
    return root


def build(root: Path, at: str) -> Path:
    """Build the page of a moment, half a minute after the last samples; return its folder."""
    ended = generate_here("-q", "build", "--root", str(root), "--now", f"2026-11-25T{at}:30Z")
    assert ended.returncode == 0, ended.stderr
    return root / "site"


def show(root: Path, at: str) -> dict[str, Any]:
    """What `show` says of the moment."""
    now = f"2026-11-25T{at}:30Z"
    told = generate_here("-q", "show", "--root", str(root), "--now", now, "--at", now, "--json").stdout
    service_told: dict[str, Any] = json.loads(told)["services"][0]
    return service_told


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.at)
def test_page_api_and_show_agree_at_each_moment(project: Path, moment: Moment) -> None:
    site = build(project, moment.at)
    index, own = read_text(site / "index.html"), read_text(site / "services/api/index.html")
    summary = json.loads((site / "api/v2/summary.json").read_text())
    told = show(project, moment.at)
    assert moment.headline in index
    for sentence in (DIFFERENCE, SILENCE):
        assert (sentence in index, sentence in own) == (sentence in moment.says, sentence in moment.says)
    for sentence in (DIFFERENCE, SILENCE):
        assert (sentence in summary["status"]["description"]) == (sentence in moment.says)
    assert [component["status"] for component in summary["components"]] == [moment.status]
    assert (told["state"], {sample["vantage"] for sample in told["samples"]}) == (
        moment.state,
        {"zurich", "montreal"},
    )
    assert "We check from: Montreal and Zurich." in own
    assert "A check counts as down once 2 of these places see it down." in own


def test_the_list_of_outages_and_their_feed_name_who_saw_them(project: Path) -> None:
    site = build(project, "11:09")
    own = read_text(site / "services/api/index.html")
    assert re.search(r"refused · Seen from Zurich\.", own)
    assert "Seen from Zurich." in read_text(site / "sla/2026-11/index.html")
    assert "Detected automatically. Seen from Zurich." in read_text(site / "index.html")
    [feed] = list(site.glob("outages.rss")) or list(site.glob("**/outages.rss"))
    assert "as seen by our automatic checks. Seen from Zurich." in feed.read_text()


def test_the_statement_counts_the_checks_of_each_vantage(project: Path) -> None:
    """Montreal missed 40 of 70 checks: five that it could not judge, and 35 while it was dead."""
    text = read_text(build(project, "11:09") / "sla/2026-11/index.html")
    assert "From Montreal: 30 of 70. From Zurich: 70 of 70." in text


def test_silent_vantage_is_reported_once_and_in_the_summary(project: Path) -> None:
    """A vantage is silent after three intervals and `push_every`: eight minutes after 10:24."""

    def at(minutes: int) -> int:
        return parse_instant("2026-11-25T10:00:30Z") + minutes * 60

    opened = Project(project, ROOT, at(70))
    silent = (Silence("montreal", at(24) - 30),)
    assert [find_newly_silent(opened, Interval(at(start), at(start + 10))) for start in (12, 21, 24, 34)] == [
        (),
        (),
        silent,
        (),
    ]
    assert find_silent_vantages(opened.at(at(40))) == silent
    assert find_silent_vantages(opened.at(at(69))) == ()
    note_silent_vantages(opened, Interval(at(24), at(34)))
    noted = (project / "history/.troubles").read_text()
    assert noted.endswith(" the vantage montreal has been silent since 2026-11-25T10:24:00Z\n")
    ended = Watch(Interval(at(24), at(40)), "zurich", 16)
    append_watch_summary(Job(summary=project / "summary.md"), opened, ended)
    summary = (project / "summary.md").read_text()
    assert "**The vantage montreal has been silent since 2026-11-25T10:24:00Z.**" in summary


def test_show_counts_the_checks_of_each_vantage_on_that_day(project: Path) -> None:
    counted = show(project, "10:40")["checks"]
    assert counted == {"montreal": {"expected": 41, "made": 20}, "zurich": {"expected": 41, "made": 41}}
    now = "2026-11-25T10:40:30Z"
    told = generate_here("-q", "show", "--root", str(project), "--now", now, "--at", now).stdout
    assert "checks made on that day until then: 20 of 41 from montreal, 41 of 41 from zurich" in told


def test_vantage_without_samples_is_reported_once_due(project: Path, tmp_path: Path) -> None:
    """Eight minutes after the rules began to name it, and only while another one looks; a cron's single looks tell it once."""
    root = tmp_path / "never"
    shutil.copytree(project, root, ignore=shutil.ignore_patterns("site", ".site", "derived", ".troubles"))
    day = root / "history/2026/11/2026-11-25.csv"
    day.write_text("".join(line for line in day.read_text().splitlines(True) if ",montreal," not in line))
    record_pending_lines(Project(root, ROOT, parse_instant("2026-11-25T10:00:00Z")))
    never = "Checked from Zurich; nothing heard from Montreal."
    assert never not in read_text(build(root, "10:07") / "index.html")
    assert never in read_text(build(root, "10:09") / "index.html")
    for minute in ("10:08", "10:09", "10:10"):
        generate_here(*f"-q check --root {root} --vantage zurich --now 2026-11-25T{minute}:30Z".split())
    noted = (root / "history/.troubles").read_text()
    assert noted.count("the vantage montreal has sent nothing") == 1


def test_vantage_with_old_samples_is_not_reported_as_never_seen(project: Path) -> None:
    """Its last sample lies before the day that a watch looks back on."""
    later = parse_instant("2026-11-28T12:00:30Z")
    day = project / "history/2026/11/2026-11-28.csv"
    day.write_text(f"{HEADER}\n2026-11-28T12:00:00Z,api,check-0,up,20,1,60,zurich,\n")
    silent = find_silent_vantages(Project(project, ROOT, later))
    day.unlink()
    assert silent == (Silence("montreal", None),)
    assert describe_silence(*silent) == "the vantage montreal has sent nothing"
