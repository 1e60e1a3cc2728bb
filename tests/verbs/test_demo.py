"""`demo`: what a newcomer sees first, run as a newcomer runs it."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source_tree import ROOT


def demo(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "generate.py"), "demo", "--root", str(root), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own program)


@pytest.fixture(scope="module")
def looked(demo_project: Path) -> list[dict[str, str]]:
    """The rows of today from real checks."""
    with (demo_project / "history/2026/11/2026-11-24.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["vantage"] == "demo"]


def test_every_service_was_checked_and_works(looked: list[dict[str, str]]) -> None:
    first = {f"{row['service']}/{row['check']}": row["outcome"] for row in reversed(looked)}
    services = [
        "website/home",
        "website/faq",
        "applications/login",
        "api/status",
        "smtp/submission",
        "sms/gateway",
        "dedicated/gateway",
    ]
    records = ["smtp/spf", "smtp/dkim-s1", "smtp/dkim-s2", "smtp/dmarc", "smtp/mx", "smtp/lists"]
    broken = {"smtp/news-spf": "down", "smtp/news-dkim": "degraded", "smtp/news-dmarc": "down"}
    assert first == dict.fromkeys([*services, *records], "up") | broken


def test_the_api_failed_and_recovered(looked: list[dict[str, str]]) -> None:
    seen = [(row["outcome"], row["reason"]) for row in looked if row["service"] == "api"]
    assert seen == [("up", ""), ("down", "status 503"), ("up", "")]


def test_the_page_says_that_it_recovered(demo_project: Path) -> None:
    page = (demo_project / "site/en/index.html").read_text()
    assert "back since" in page
    assert "Replacement of two SMTP relays" in page


def test_page_shows_the_findings_of_its_mail_records(demo_project: Path) -> None:
    page = (demo_project / "site/en/deliverability/index.html").read_text()
    assert (page.count("Good<"), page.count("Could be better<"), page.count("Needs fixing<")) == (6, 1, 2)
    assert "There are 2 SPF records at news.maxony.example; receivers then ignore all of them." in page
    assert "The DMARC policy is “none”" in page
    assert "<code" not in page


def test_every_month_was_frozen_when_its_time_came(demo_project: Path) -> None:
    """Three days after its end, from what was known then: a ticket that was answered later counts as unanswered."""
    statements = sorted((demo_project / "history/statements").glob("*.json"))
    frozen = [json.loads(path.read_text())["frozen_at"] for path in statements]
    assert frozen == ["2026-09-03T22:07:00Z", "2026-10-03T22:07:00Z", "2026-11-03T23:07:00Z"]
    lines = [json.loads(path.read_text())["evidence"][-2]["lines"] for path in statements]
    assert lines == sorted(lines)
    assert lines[0] < len((demo_project / "history/register.jsonl").read_text().splitlines())


def test_the_service_of_another_contract_has_hours_and_a_credit_that_is_certain(demo_project: Path) -> None:
    """In October it was down for four hours of a working Thursday; another outage was in the evening, outside its hours."""
    page = demo_project / "site/en/sla/2026-10/index.html"
    words = re.sub(r"<[^>]+>", "", page.read_text()).replace("\u00a0", " ")
    assert "What Maxony (demo) owes for this month" in words
    assert "Dedicated gateway (customer contract)Credit due: 5 %, certain." in words
    assert "Promised Monday to Friday, 08:00 to 18:00 (Europe/Zurich), except on 25 December" in words
    statement = json.loads((demo_project / "history/statements/2026-10.json").read_text())
    [dedicated] = [each for each in statement["services"] if each["id"] == "dedicated"]
    assert dedicated["credit"] == {"observed": "5", "certain": "5"}
    assert [each["credit"] for each in statement["services"] if each["id"] != "dedicated"] == [None] * 4


def test_an_earlier_demo_is_replaced(demo_project: Path) -> None:
    assert not (demo_project / "left.txt").exists()


def test_a_folder_that_is_not_a_demo_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "status.yml").write_text("mine")
    done = demo(tmp_path)
    assert done.returncode == 2
    assert "is not a project of the demo" in done.stderr
    assert (tmp_path / "status.yml").read_text() == "mine"


@pytest.mark.parametrize("days", ["89", "1101", "many"])
def test_too_short_a_past_is_refused(tmp_path: Path, days: str) -> None:
    done = demo(tmp_path, "--days", days)
    assert done.returncode == 2
    assert "from 90 to 1100" in done.stderr
