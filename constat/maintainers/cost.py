"""What a project costs to run on GitHub: minutes, commits and megabytes, from `status.yml` and a few measured sizes."""

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from constat.history.fetch_plan import PAGE_DAYS
from constat.interval import DAY_S, MINUTE_S
from constat.model import Config

MONTH_S = 2_629_800
YEAR_S = 31_557_600
_SET_UP_S = 40
_HAND_OVER_S = 180
"""Two watches overlap so long: the next one sets up meanwhile."""
_PUBLISH_S = 90
_CRON_EVERY_S = 300
_CRON_RUN_S = 60
"""A run that finds a watch alive, and leaves."""
_HOURLY = 24 * 365.25 / 12

PACKED_ROW_BYTES = 5.8
"""One row in a pack that `git gc` made (`benchmarks/year.py`)."""
PACKED_COMMIT_BYTES = 275
"""One commit of a push in such a pack, with the folders it writes anew."""
PACKED_ANNOUNCEMENT_BYTES = 120
"""The commit with which a watch says that it is on: it writes no folder."""
ZIPPED_ROW_BYTES = 8
"""One row of a day file as it is published."""
PAGE_BYTES = 60_000
"""One page, with its stylesheet in it."""


class Cost(NamedTuple):
    """What a month, or a year, takes. Each job is rounded up to whole minutes, as GitHub bills it."""

    rows_a_day: int
    watch_minutes_a_month: int
    publish_minutes_a_month: int
    cron_minutes_a_month: int
    commits_a_year: int
    megabytes_a_year: float
    published_megabytes: float

    @property
    def minutes_a_month(self) -> int:
        """All Actions minutes."""
        return self.watch_minutes_a_month + self.publish_minutes_a_month + self.cron_minutes_a_month


def estimate_cost(config: Config, watch_minutes: int) -> Cost:
    """The cost of a project that is watched without a break, each run for so many minutes."""
    rows = sum(DAY_S // check.interval_s for service in config.services for check in service.checks)
    runs = ceil(YEAR_S / (watch_minutes * MINUTE_S))
    pushes = runs * ceil(watch_minutes * MINUTE_S / config.monitor.push_every_s)
    return Cost(
        rows_a_day=rows,
        watch_minutes_a_month=_watching(watch_minutes),
        publish_minutes_a_month=ceil(pushes / 12 + _HOURLY) * _billed(_PUBLISH_S),
        cron_minutes_a_month=ceil(MONTH_S / _CRON_EVERY_S) * _billed(_CRON_RUN_S),
        commits_a_year=pushes + runs,
        megabytes_a_year=(
            rows * 365.25 * PACKED_ROW_BYTES + pushes * PACKED_COMMIT_BYTES + runs * PACKED_ANNOUNCEMENT_BYTES
        )
        / 1e6,
        published_megabytes=(_pages(config) * PAGE_BYTES + PAGE_DAYS * rows * ZIPPED_ROW_BYTES) / 1e6,
    )


def _watching(watch_minutes: int) -> int:
    """Every run is billed from its set-up to its end, rounded up; it begins before the one before it ends."""
    runs = MONTH_S / (watch_minutes * MINUTE_S)
    return ceil(runs) * _billed(watch_minutes * MINUTE_S + _HAND_OVER_S + _SET_UP_S)


def _billed(seconds: int) -> int:
    return ceil(seconds / MINUTE_S)


def _pages(config: Config) -> int:
    """Pages of the site in all languages: the index, the services, thirteen months twice, and a few more."""
    return len(config.page.languages) * (1 + len(config.services) + 2 * 13 + 6)


def format_table(found: Cost) -> Iterator[str]:
    """The forecast as a table in Markdown."""
    yield "| looks a day | Actions minutes a month | commits a year | git, a year | published |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    yield (
        f"| {found.rows_a_day:,} | {found.minutes_a_month:,} | {found.commits_a_year:,} | "
        f"{found.megabytes_a_year:.0f} MB | "
        f"{found.published_megabytes:.0f} MB |"
    )


def format_lines(found: Cost, config: Config, watch_minutes: int) -> Iterator[str]:
    """The forecast, as people read it."""
    checks = sum(len(service.checks) for service in config.services)
    yield f"{checks} checks of {len(config.services)} services: {found.rows_a_day:,} rows a day"
    yield f"watching without a break, {watch_minutes} minutes a run: {found.watch_minutes_a_month:,} Actions minutes a month"
    yield f"publishing after each push and hourly: up to {found.publish_minutes_a_month:,} Actions minutes a month"
    yield f"runs of the cron that find a watch alive: up to {found.cron_minutes_a_month:,} Actions minutes a month"
    yield f"in all {found.minutes_a_month:,} minutes a month: free for a public repository, billed for a private one"
    every = config.monitor.push_every_s // MINUTE_S
    yield f"a push every {every} minutes and at each hand-over: {found.commits_a_year:,} commits, about {found.megabytes_a_year:.0f} MB a year"
    yield f"published: about {found.published_megabytes:.0f} MB"
