"""What the small Maxony promised and announced in the past, recorded as it would have been when it was published."""

from collections.abc import Iterator
from typing import NamedTuple

from constat import corrections, notices, register
from constat.interval import Instant
from constat.model import Config, Correction, Notice
from demo.history import began
from demo.project import PUBLISHED, corrections_yml, notice_files
from demo.story import FALSE_ALARM, NEW_SERVICE, at


class Past(NamedTuple):
    """What the files of the project said at any time of the past."""

    config: Config
    now: Instant
    days: int

    def lines(self) -> Iterator[str]:
        """The register's lines, oldest first."""
        told: list[str] = []
        for moment in self._moments():
            recorded = register.parse("".join(f"{line}\n" for line in told), "register.jsonl")
            config = self._config(moment)
            told += register.news(recorded, config, self._notices(moment), self._corrections(moment), moment)
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
        page = self.config.page
        return notices.parse(files, self._services(), page.languages, page.timezone, moment)[0]

    def _corrections(self, moment: Instant) -> tuple[Correction, ...]:
        if moment < self._decided():
            return ()
        return corrections.parse(corrections_yml(self.now), "corrections.yml", self._services(), moment)[0]

    def _services(self) -> list[str]:
        return [service.id for service in self.config.services]
