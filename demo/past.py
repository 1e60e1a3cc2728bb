"""The simulated past of the small Maxony as files: evidence, register, notices, tickets, as of any instant."""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from constat import notices, register
from constat.history import REGISTER, parse_day_path, utc_interval
from constat.history.sealed_bytes import SealedBytes
from constat.interval import Instant, format_instant, month_interval, month_of, parse_instant
from constat.model import Config, Correction, Notice, Seal
from constat.register import corrections_file, write_seal
from constat.register.corrections_file import CORRECTIONS
from constat.sealing.due import SEAL_AFTER_S
from demo.project import ANNOUNCED, build_corrections_yml, build_notice_files
from demo.samples import build_day_files, find_start, list_simulated_checks
from demo.story import FALSE_ALARM, NEW_SERVICE, resolve_time
from demo.tickets import build_tickets_csv

_SEAL_DELAY_S = 180
"""Seconds between the time at which a day may be sealed and the job that seals it."""
_FREEZE_DELAY_S = 420
"""Seconds between the time at which a statement is due and the job that freezes it."""


class Past(NamedTuple):
    """The files of the project as they were at any instant of the past."""

    config: Config
    now: Instant
    days: int

    def build_files(self) -> Iterator[tuple[str, str]]:
        """Build every file except `status.yml` and those that grow: its path in the project, and its text."""
        yield from build_notice_files(self.now).items()
        yield CORRECTIONS, build_corrections_yml(self.now)
        for path, text in build_day_files(list_simulated_checks(self.config), self.now, self.days):
            yield f"history/{path}", text

    def build_growing_files(self, at: Instant, days: Mapping[str, SealedBytes]) -> Iterator[tuple[str, str]]:
        """Build the register and the tickets as they were at an instant: their paths in the project, and their texts.

        `days`: what a seal records about each day file, by its path below `history/`.
        """
        until = format_instant(at)
        lines = [line for line in self.build_register_lines() if json.loads(line)["at"] <= until]
        yield f"history/{REGISTER}", "".join(f"{line}\n" for line in _seal_days(lines, days, at))
        yield "support/tickets.csv", build_tickets_csv(self.now, self.days, at)

    def list_freeze_times(self) -> Iterator[Instant]:
        """List the times at which the statements of the finished months were frozen."""
        zone = self.config.page.timezone
        month = month_interval(month_of(self._find_start(""), zone), zone)
        while (due := month.end + self.config.sla.freeze_after_s + _FREEZE_DELAY_S) <= self.now:
            yield due
            month = month_interval(month_of(month.end, zone), zone)

    def build_register_lines(self) -> list[str]:
        """Build the lines of the register, oldest first."""
        lines: list[str] = []
        for moment in self._list_changes():
            recorded = register.parse_register("".join(f"{line}\n" for line in lines), REGISTER, moment)
            config = self._build_config(moment)
            lines += register.find_pending_lines(
                recorded, config, self._parse_notices(moment), self._parse_corrections(moment), moment
            )
        return lines

    def _list_changes(self) -> list[Instant]:
        """The instants at which there was something new to record."""
        announced = (resolve_time(self.now, *when) for when in ANNOUNCED.values())
        return sorted(
            {self._find_start(""), self._find_start(NEW_SERVICE), self._get_correction_time(), *announced}
        )

    def _find_start(self, service: str) -> Instant:
        return find_start(service, self.now, self.days)

    def _get_correction_time(self) -> Instant:
        """The time at which the false alarm was corrected, on the day after it."""
        return resolve_time(self.now, FALSE_ALARM.days_ago - 1, "10:00")

    def _build_config(self, moment: Instant) -> Config:
        services = (service for service in self.config.services if self._find_start(service.id) <= moment)
        return self.config._replace(services=tuple(services))

    def _parse_notices(self, moment: Instant) -> tuple[Notice, ...]:
        names = [name for name, when in ANNOUNCED.items() if resolve_time(self.now, *when) <= moment]
        files = {path: text.encode() for path, text in build_notice_files(self.now, names).items()}
        return notices.parse_notices(files, notices.NoticeContext.of_config(self.config, moment))[0]

    def _parse_corrections(self, moment: Instant) -> tuple[Correction, ...]:
        if moment < self._get_correction_time():
            return ()
        return corrections_file.parse_corrections(
            build_corrections_yml(self.now), CORRECTIONS, self._list_service_ids(), moment
        )[0]

    def _list_service_ids(self) -> list[str]:
        return [service.id for service in self.config.services]


def _seal_days(lines: Iterable[str], days: Mapping[str, SealedBytes], at: Instant) -> Iterator[str]:
    """Add a seal to the lines of the register for each day that had ended an hour before `at`, in the order of their times."""
    waiting = deque(sorted((_find_seal_time(path), path) for path in days))
    digest, count = sha256(), 0
    for line in (*lines, None):
        time = at if line is None else parse_instant(json.loads(line)["at"]) - 1
        while waiting and waiting[0][0] <= time:
            moment, path = waiting.popleft()
            size, rows, sealed = days[path]
            seal = write_seal(Seal(moment, path, size, rows, sealed, count, digest.hexdigest()))
            yield seal
            digest.update(f"{seal}\n".encode())
            count += 1
        if line is not None:
            yield line
            digest.update(f"{line}\n".encode())
            count += 1


def _find_seal_time(path: str) -> Instant:
    return utc_interval(parse_day_path(path)).end + SEAL_AFTER_S + _SEAL_DELAY_S
