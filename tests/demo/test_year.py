"""Many months of the demo's history: each can be frozen and verifies."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from checks.registry import KINDS, load_kind
from constat import config as configuration
from constat.interval import parse_instant
from constat.model import CheckConfig, ServiceConfig
from demo.past import Past
from demo.samples import VANTAGE
from outside.evidence.statements import read_frozen_months
from tasks.demo import lay_past
from tasks.project import Project
from tests.support.frozen_project import publish_records, run
from tests.support.source_tree import ROOT
from verbs import verify

NOW = parse_instant("2026-11-24T09:00:00Z")
YEAR_DAYS, QUARTER_DAYS = 365, 120
THINNING = 30
"""Factor of the check intervals: a thirtieth of the two million rows tests the same."""


def _thin_out_check(check: CheckConfig) -> CheckConfig:
    return replace(check, interval_s=check.interval_s * THINNING)


def _thin_out_service(service: ServiceConfig) -> ServiceConfig:
    rules = service.rules
    checks = {
        name: check._replace(interval_s=check.interval_s * THINNING) for name, check in rules.checks.items()
    }
    scaled = rules._replace(interval_s=rules.interval_s * THINNING, checks=checks)
    return service._replace(rules=scaled, checks=tuple(map(_thin_out_check, service.checks)))


@pytest.fixture(scope="module")
def year(demo_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's project with a year of evidence, everything frozen and published."""
    return _lay(demo_project, tmp_path_factory.mktemp("year"), YEAR_DAYS)


@pytest.fixture
def quarter(demo_project: Path, tmp_path: Path) -> Path:
    """The same with all months of a quarter, and a part of another one."""
    return _lay(demo_project, tmp_path / "quarter", QUARTER_DAYS)


def _lay(demo_project: Path, root: Path, days: int) -> Path:
    root.mkdir(exist_ok=True)
    status = (demo_project / "status.yml").read_text("utf-8").replace("vantage: demo", f"vantage: {VANTAGE}")
    (root / "status.yml").write_text(status, "utf-8")
    config = configuration.load_config(status, "status.yml", KINDS, load_kind)
    sparse = config._replace(services=tuple(map(_thin_out_service, config.services)))
    lay_past(Project(root, ROOT, NOW), Past(sparse, NOW, days))
    publish_records(root)
    return root


@pytest.mark.long
def test_every_month_of_a_year_is_frozen_and_verifies(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twelve months in one chain, with every service in every month."""
    months = [month.month for month in read_frozen_months(year)]
    assert (months[0], months[-1], len(months)) == ("2025-11", "2026-10", 12)
    assert run(verify, year, now=NOW) == 0
    output = capsys.readouterr().out
    for month in months:
        for service in ("website", "applications", "api", "smtp"):
            assert f"{month}  {service} " in output
        assert f"{month}  dedicated " in output
    assert re.search(
        r"2026-10 +dedicated +98\.\d{3} +98\.\d{3} +missed +agreed hours +5 %, certain\n", output
    )
    assert "does not verify" not in output


def test_a_customer_gets_the_same_result_from_the_published_site(
    quarter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(verify, quarter, now=NOW) == 0
    local = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("note")]
    assert sum(line.startswith("2026-") for line in local) >= 3, local
    assert run(verify, tmp_path, "--evidence", str(quarter / "site"), now=NOW) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if not line.startswith("note")] == local
