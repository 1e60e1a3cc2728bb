"""Two watches in separate network namespaces with one remote, one of them really cut off, killed and restarted."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from constat.interval import format_instant
from tests.support.command_line import generate_here
from tests.support.git_remote import Remote
from tests.support.page_text import read_text
from tests.support.small_project import format_service, read_rows, write_project
from tests.support.two_namespaces import GIT_PORT, HUB, PLACES, SERVICE_PORT, Hub, run_two_places

PATIENCE_S = 60
"""In seconds: a moment must show on the page within so long, on a machine that is busy with other tests."""


class Moment(NamedTuple):
    """What is done, and what is read once it shows: the headline, who is silent, the API's word, the state of `show`."""

    name: str
    done: tuple[str, ...]
    headline: str
    silent: list[str]
    component: str
    state: str


MOMENTS = [
    Moment(
        "both look",
        ("serve", "start zurich", "start montreal"),
        "Everything is working.",
        [],
        "operational",
        "up",
    ),
    Moment("one is cut off", ("cut montreal",), "Everything is working.", ["Montreal"], "operational", "up"),
    Moment("the service fails meanwhile", ("stop",), "api: down", ["Montreal"], "major_outage", "down"),
    Moment("it is joined again", ("join montreal",), "api: down", [], "major_outage", "down"),
    Moment("the service answers again", ("serve",), "api: back since", [], "operational", "up"),
    Moment("one is killed", ("kill montreal",), "api: back since", ["Montreal"], "operational", "up"),
    Moment("it is brought back", ("start montreal",), "api: back since", [], "operational", "up"),
]


class Told(NamedTuple):
    """What page, statement, API and `show` say at one time."""

    front: str
    statement: str
    summary: dict[str, Any]
    shown: dict[str, Any]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """The remote, a project for each place and one for the page, and the hub that they meet in."""
    Remote(tmp_path / "remote")
    check = (
        f"kind: tcp, host: {HUB}, port: {SERVICE_PORT}, timeout: 300ms, confirm: {{attempts: 2, delay: 0s}}, "
        "vantages: [zurich, montreal], quorum: 2"
    )
    canary = f'canaries: ["tcp://{HUB}:{GIT_PORT}"]'
    places = f"  push_every: 5s\n  vantages: {{here: {{}}, zurich: {{name: Zurich, {canary}}}, montreal: {{name: Montreal, {canary}}}}}"
    for name in (*PLACES, "page"):
        (tmp_path / name).mkdir()
        write_project(tmp_path / name, format_service("api", check, interval="1s"), monitor=places)
        settings = tmp_path / name / "status.yml"
        settings.write_text(settings.read_text().replace("languages: [fr]", "languages: [en]"))
    with run_two_places(tmp_path) as hub:
        if hub is None:
            pytest.skip("needs network namespaces (unshare --net) and ip: apt-get install iproute2")
        yield hub


def read(folder: Path) -> Told:
    """Take what is on the branch, build the page, and read everything."""
    root = folder / "page"
    taken = generate_here(
        "-q", "push", "--root", str(root), "--prepare", "page", "--remote", str(folder / "remote")
    )
    assert taken.returncode == 0, taken.stderr
    built = generate_here("-q", "build", "--root", str(root))
    assert built.returncode == 0, built.stderr
    newest = max((row["at"] for row in read_rows(root)), default=format_instant(int(time.time())))
    shown = generate_here("-q", "show", "--root", str(root), "--at", newest, "--json")
    [statement] = (root / "site/sla").glob("*/index.html")
    return Told(
        read_text(root / "site/index.html"),
        read_text(statement),
        json.loads((root / "site/api/v2/summary.json").read_text()),
        json.loads(shown.stdout)["services"][0],
    )


def list_silent(text: str) -> list[str]:
    """The places from which nothing comes, or nothing has come yet, as a text names them."""
    return re.findall(
        r"Checked from \w+; (?:nothing heard from )?(\w+)(?: has been silent since \d\d:\d\d)?\.", text
    )


def wait_for(moment: Moment, folder: Path) -> Told:
    """Read again and again until the page says what it should."""
    ends = time.monotonic() + PATIENCE_S
    while True:
        told = read(folder)
        as_expected = moment.headline in told.front and list_silent(told.front) == moment.silent
        if as_expected or time.monotonic() > ends:
            return told


@pytest.mark.long
def test_readers_see_consistent_states_while_a_vantage_is_cut_off_and_returns(
    hub: Hub, tmp_path: Path
) -> None:
    for moment in MOMENTS:
        for words in moment.done:
            hub.send(words)
        told = wait_for(moment, tmp_path)
        said = told.summary["status"]["description"]
        assert moment.headline in told.front, (moment.name, told.front[:600])
        assert list_silent(told.front) == moment.silent, (moment.name, told.front[:600])
        assert list_silent(said) == moment.silent, (moment.name, said)
        assert [one["status"] for one in told.summary["components"]] == [moment.component], moment.name
        assert told.shown["state"] == moment.state, moment.name
    counted = told.shown["checks"]
    assert counted["montreal"]["made"] < counted["montreal"]["expected"]
    assert counted["zurich"]["made"] > counted["montreal"]["made"]
    assert re.search(r"From Montreal: \d+ of \d+\. From Zurich: \d+ of \d+\.", told.statement)
