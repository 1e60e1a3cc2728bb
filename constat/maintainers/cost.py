"""The cost of running a project on GitHub: minutes, commits and megabytes, from `status.yml` and a few measured sizes."""

from collections.abc import Iterable, Iterator
from math import ceil
from typing import NamedTuple

from constat.history.fetch_plan import PAGE_DAYS
from constat.interval import DAY_S, HOUR_S, MINUTE_S
from constat.model import GLOBALPING, CheckConfig, Config

MONTH_S = 2_629_800
YEAR_S = 31_557_600
_SET_UP_S = 40
_HAND_OVER_S = 180
"""The overlap of two watches, while the next one sets up."""
_PUBLISH_S = 90
_CRON_EVERY_S = 300
_CRON_RUN_S = 60
"""A run that finds a watch alive, and ends."""
_HOURLY = 24 * 365.25 / 12

PACKED_ROW_BYTES = 5.8
"""One row in a pack made by `git gc` (`benchmarks/year.py`)."""
PACKED_COMMIT_BYTES = 275
"""One commit of a push in such a pack, with the folders that it rewrites."""
PACKED_ANNOUNCEMENT_BYTES = 120
"""The commit with which a watch announces itself, which writes no folder."""
ZIPPED_ROW_BYTES = 8
"""One row of a day file as it is published."""
PAGE_BYTES = 60_000
"""One page, including its stylesheet."""

LARGEST_MB = 1000
"""GitHub recommends that a repository stay below 1 GB, and GitHub Pages publishes no site that is larger."""
_FORESEEN_YEARS = 10


class CostForecast(NamedTuple):
    """The cost of a month, or a year. Each job is rounded up to whole minutes, as GitHub bills it."""

    rows_a_day: int
    watch_minutes_a_month: int
    publish_minutes_a_month: int
    cron_minutes_a_month: int
    commits_a_year: int
    megabytes_a_year: float
    published_megabytes: float
    globalping_tests_an_hour: int = 0

    @property
    def minutes_a_month(self) -> int:
        """The Actions minutes of all jobs together."""
        return self.watch_minutes_a_month + self.publish_minutes_a_month + self.cron_minutes_a_month


def estimate_cost(config: Config, watch_minutes: int) -> CostForecast:
    """Estimate the cost of a project that is watched without a break, in runs of `watch_minutes`."""
    checks = [check for service in config.services for check in service.checks]
    rows = sum(DAY_S // check.interval_s * len(check.vantages) for check in checks)
    runs = ceil(YEAR_S / (watch_minutes * MINUTE_S))
    pushes = runs * ceil(watch_minutes * MINUTE_S / config.monitor.push_every_s)
    return CostForecast(
        rows_a_day=rows,
        watch_minutes_a_month=_count_watch_minutes(watch_minutes),
        publish_minutes_a_month=ceil(pushes / 12 + _HOURLY) * _bill(_PUBLISH_S),
        cron_minutes_a_month=ceil(MONTH_S / _CRON_EVERY_S) * _bill(_CRON_RUN_S),
        commits_a_year=pushes + runs,
        megabytes_a_year=(
            rows * 365.25 * PACKED_ROW_BYTES + pushes * PACKED_COMMIT_BYTES + runs * PACKED_ANNOUNCEMENT_BYTES
        )
        / 1e6,
        published_megabytes=(_count_pages(config) * PAGE_BYTES + PAGE_DAYS * rows * ZIPPED_ROW_BYTES) / 1e6,
        globalping_tests_an_hour=_count_tests(config, checks),
    )


def _count_tests(config: Config, checks: Iterable[CheckConfig]) -> int:
    """Count the tests that Globalping makes in an hour: one by each probe at each place, those of the canary not counted."""
    if config.globalping is None:
        return 0
    looks = sum(
        len(check.vantages) * HOUR_S / check.interval_s for check in checks if check.via == GLOBALPING
    )
    return ceil(looks * config.globalping.probes)


def _count_watch_minutes(watch_minutes: int) -> int:
    """Count the minutes of the watch: each run is billed from its set-up to its end, and overlaps with the one before it."""
    runs = MONTH_S / (watch_minutes * MINUTE_S)
    return ceil(runs) * _bill(watch_minutes * MINUTE_S + _HAND_OVER_S + _SET_UP_S)


def _bill(seconds: int) -> int:
    return ceil(seconds / MINUTE_S)


def _count_pages(config: Config) -> int:
    """Count the pages of the site in all languages: the index, the services, thirteen months twice, and a few more."""
    return len(config.page.languages) * (1 + len(config.services) + 2 * 13 + 6)


def format_table(cost: CostForecast) -> Iterator[str]:
    """Format the estimate as a table in Markdown."""
    yield "| samples per day | Actions minutes per month | commits per year | growth of git per year | size of the site |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    yield (
        f"| {cost.rows_a_day:,} | {cost.minutes_a_month:,} | {cost.commits_a_year:,} | "
        f"{cost.megabytes_a_year:.0f} MB | "
        f"{cost.published_megabytes:.0f} MB |"
    )


def format_lines(cost: CostForecast, config: Config, watch_minutes: int) -> Iterator[str]:
    """Format the estimate as lines for people."""
    checks = sum(len(service.checks) for service in config.services)
    yield f"{_count(checks, 'check')} of {_count(len(config.services), 'service')}: {cost.rows_a_day:,} rows a day"
    yield f"watching without a break, {watch_minutes} minutes a run: {cost.watch_minutes_a_month:,} Actions minutes a month"
    yield f"publishing after each push and hourly: up to {cost.publish_minutes_a_month:,} Actions minutes a month"
    yield f"runs of the cron that find a watch alive: up to {cost.cron_minutes_a_month:,} Actions minutes a month"
    yield f"in all {cost.minutes_a_month:,} minutes a month: free for a public repository, billed for a private one"
    every = config.monitor.push_every_s // MINUTE_S
    yield f"a push every {every} minutes and at each hand-over: {cost.commits_a_year:,} commits, about {cost.megabytes_a_year:.0f} MB a year"
    yield f"published: about {cost.published_megabytes:.0f} MB"
    if cost.globalping_tests_an_hour:
        yield f"Globalping: {cost.globalping_tests_an_hour:,} tests an hour, and as many of the canary where a probe fails; it has a limit, a higher one with a token"
    yield from _warn_of_size(cost, is_yearly=config.history.is_yearly)


def _count(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _warn_of_size(cost: CostForecast, *, is_yearly: bool) -> Iterator[str]:
    """Warn when the evidence will outgrow its repository, and if the site outgrows GitHub Pages."""
    years = LARGEST_MB / cost.megabytes_a_year if cost.megabytes_a_year else _FORESEEN_YEARS
    if years < _FORESEEN_YEARS:
        after = f"{years:.0f} years" if years >= 2 else f"{years * 12:.0f} months"  # noqa: PLR2004 -- whole years if two or more
        yield f"warning: the evidence passes 1 GB after about {after}; {_advise(years, is_yearly=is_yearly)}"
    if cost.published_megabytes > LARGEST_MB:
        yield "warning: GitHub Pages publishes at most 1 GB; take the site to a store (publish, docs/hosting.md)"


def _advise(years: float, *, is_yearly: bool) -> str:
    """Say how to keep the repository below 1 GB, which the evidence fills in this many years."""
    if years < 1:
        return "that is less than a year: push less often (monitor.push_every), or look less often"
    if is_yearly:
        return "move the branch of an old year away before that (history.archive, docs/operations.md)"
    return (
        "keep a branch for each year, which can be moved away (history: {branch: yearly}, docs/operations.md)"
    )
