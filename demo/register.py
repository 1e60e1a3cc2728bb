"""The past of the small Maxony as files: what was seen, and what was promised and announced when it was published."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from constat import notices, register
from constat.interval import Instant, format_instant, month_interval, month_of
from constat.model import Config, Correction, Notice
from constat.register import corrections
from demo.project import PUBLISHED, corrections_yml, notice_files
from demo.samples import began, day_files, watched
from demo.story import FALSE_ALARM, NEW_SERVICE, at
from demo.tickets import tickets_csv

_JOB_S = 420
"""So long after a statement is due the job comes by."""


class Past(NamedTuple):
    """What the files of the project said at any time of the past."""

    config: Config
    now: Instant
    days: int

    def files(self) -> Iterator[tuple[str, str]]:
        """Path in the project and text of everything but `status.yml`."""
        yield from notice_files(self.now).items()
        yield "corrections.yml", corrections_yml(self.now)
        for path, text in day_files(watched(self.config), self.now, self.days):
            yield f"history/{path}", text
        yield from self.known(self.now)

    def known(self, moment: Instant) -> Iterator[tuple[str, str]]:
        """Path and text of the files that people and the job have added to, as they were at an instant."""
        until = format_instant(moment)
        lines = (line for line in self.lines() if json.loads(line)["at"] <= until)
        yield f"history/{register.REGISTER}", "".join(f"{line}\n" for line in lines)
        yield "support/tickets.csv", tickets_csv(self.now, self.days, moment)

    def freezes(self) -> Iterator[Instant]:
        """When the statement of each month that is over was due."""
        zone = self.config.page.timezone
        month = month_interval(month_of(self._began(""), zone), zone)
        while (due := month.end + self.config.sla.freeze_after_s + _JOB_S) <= self.now:
            yield due
            month = month_interval(month_of(month.end, zone), zone)

    def lines(self) -> Iterator[str]:
        """The register's lines, oldest first."""
        told: list[str] = []
        for moment in self._moments():
            recorded = register.parse_register("".join(f"{line}\n" for line in told), register.REGISTER)
            config = self._config(moment)
            told += register.find_pending_lines(
                recorded, config, self._notices(moment), self._corrections(moment), moment
            )
        yield from told

    def _moments(self) -> list[Instant]:
        """When something was new."""
        announced = (at(self.now, *when) for when in PUBLISHED.values())
        return sorted({self._began(""), self._began(NEW_SERVICE), self._decided(), *announced})

    def _began(self, service: str) -> Instant:
        return began(service, self.now, self.days)

    def _decided(self) -> Instant:
        """When the false alarm was corrected: the day after it."""
        return at(self.now, FALSE_ALARM.days_ago - 1, "10:00")

    def _config(self, moment: Instant) -> Config:
        services = (service for service in self.config.services if self._began(service.id) <= moment)
        return self.config._replace(services=tuple(services))

    def _notices(self, moment: Instant) -> tuple[Notice, ...]:
        names = [name for name, when in PUBLISHED.items() if at(self.now, *when) <= moment]
        files = {path: text.encode() for path, text in notice_files(self.now, names).items()}
        return notices.parse_notices(files, notices.NoticeContext.of_config(self.config, moment))[0]

    def _corrections(self, moment: Instant) -> tuple[Correction, ...]:
        if moment < self._decided():
            return ()
        return corrections.parse_corrections(
            corrections_yml(self.now), "corrections.yml", self._services(), moment
        )[0]

    def _services(self) -> list[str]:
        return [service.id for service in self.config.services]
