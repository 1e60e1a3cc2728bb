"""The forecast of what a project costs, worked out by hand for one."""

from checks.registry import KINDS, load_kind
from constat.config import load_config
from constat.maintainers.cost import estimate_cost, format_lines
from constat.model.settings import History

TWO_CHECKS = """
page: {id: a, name: A, url: "https://a.example/", languages: [en, fr], timezone: UTC}
monitor: {vantage: here, push_every: 15m}
sla: {target: 99}
services:
  - id: a
    name: A
    interval: 1m
    checks:
      - {name: one, kind: tcp, host: a.example, port: 1, timeout: 5s}
      - {name: two, kind: tcp, host: a.example, port: 2, timeout: 5s, interval: 5m}
"""


def test_forecast_matches_one_made_by_hand() -> None:
    """1440 + 288 rows a day. A month of 43,830 minutes holds 797 runs of 55, each billed 55 + 4 minutes.

    It has 8,766 times five minutes: so often the cron starts a run that leaves at once. A year holds 9,563 runs, each
    with an announcement and with pushes after 15, 30, 45 and 55 minutes.
    """
    found = estimate_cost(load_config(TWO_CHECKS, "status.yml", KINDS, load_kind), 55)
    assert found.rows_a_day == 1728
    assert found.watch_minutes_a_month == 797 * 59
    assert found.publish_minutes_a_month == 3919 * 2
    assert found.cron_minutes_a_month == 8766
    assert found.minutes_a_month == 797 * 59 + 3919 * 2 + 8766
    assert found.commits_a_year == 9_563 * (4 + 1)


def test_every_place_of_a_check_adds_rows_and_every_probe_a_test() -> None:
    """Two places: 2 x 288 rows a day instead of 288. They look 12 times an hour, with 3 probes each: 72 tests."""
    places = "globalping: {locations: {berlin: Berlin, paris: Paris}}\n"
    far = "via: globalping, vantages: [berlin, paris], quorum: 1, interval: 5m}"
    text = places + TWO_CHECKS.replace("timeout: 5s, interval: 5m}", far)
    config = load_config(text, "status.yml", KINDS, load_kind)
    found = estimate_cost(config, 55)
    assert (found.rows_a_day, found.globalping_tests_an_hour) == (1440 + 2 * 288, 72)
    assert "Globalping: 72 tests an hour" in "\n".join(format_lines(found, config, 55))
    near = load_config(TWO_CHECKS, "status.yml", KINDS, load_kind)
    first, *rest = format_lines(estimate_cost(near, 55), near, 55)
    assert first == "2 checks of 1 service: 1,728 rows a day"
    assert "Globalping" not in "\n".join(rest)


def test_outgrowing_github_is_warned_of_early() -> None:
    """A branch of 400 MB a year has 2.5 years, one of 1,500 MB eight months; a small page gets no warning."""
    config = load_config(TWO_CHECKS, "status.yml", KINDS, load_kind)
    cost = estimate_cost(config, 55)

    def warn(megabytes_a_year: float, published: float, *, is_yearly: bool = False) -> list[str]:
        grown = cost._replace(megabytes_a_year=megabytes_a_year, published_megabytes=published)
        kept = config._replace(history=History("yearly" if is_yearly else "single"))
        return [line for line in format_lines(grown, kept, 55) if line.startswith("warning: ")]

    assert warn(60, 500) == []
    assert "passes 1 GB after about 2 years; keep a branch for each year" in warn(400, 500)[0]
    assert "move the branch of an old year away" in warn(400, 500, is_yearly=True)[0]
    [branch, pages] = warn(1500, 1200)
    assert "passes 1 GB after about 8 months; that is less than a year: push less often" in branch
    assert "take the site to a store" in pages


def test_longer_runs_cost_fewer_minutes() -> None:
    config = load_config(TWO_CHECKS, "status.yml", KINDS, load_kind)
    assert estimate_cost(config, 350).watch_minutes_a_month < estimate_cost(config, 55).watch_minutes_a_month
