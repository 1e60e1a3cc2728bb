"""Derived files: digests of the days that are over, kept beside the evidence so that a build never reads years.

A derived file is believed only as long as the day files beside it have the hashes that it names; where a day file is
not here (a sparse checkout), it is trusted. So that nothing is hashed again that nobody touched, a derived file that was
found right is dated one second before the newest of its day files: while sizes and dates agree, so do the hashes. The
index is believed for days before the window as long as sizes agree.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.errors import OutsideError
from constat.history import (
    CheckId,
    DayRows,
    Digest,
    Index,
    IndexedDay,
    Source,
    day_of_path,
    day_path,
    decode_digest,
    decode_index,
    derived_path,
    digest_day,
    encode_digest,
    encode_index,
    find_earliest,
    is_settled,
    join_digests,
    local_days_of,
    parse_day,
    sources_of,
    summarise_hours,
)
from constat.interval import Instant, Interval, clip, clock_hours, day_interval, days_of, local_date
from constat.model import Evidence, Latency, SkippedRows
from outside.disk import replace_file
from outside.evidence.folders import list_day_files, list_derived_files

INDEX = "derived/index.json"
_PARSED_AT_ONCE = 4
HOURS = 24
"""Of as many hours before now the response times are known by the hour."""

_UTC = ZoneInfo("UTC")
_A_SECOND_NS = 10**9


class DerivedFiles:
    """The derived files under one `history/` for one time zone, brought up to date as they are read."""

    def __init__(self, folder: Path, zone: ZoneInfo, now: Instant) -> None:
        self._folder = folder
        self._zone = zone
        self._now = now
        self._files = list_day_files(folder)
        self._derived = list_derived_files(folder)
        self._sources: dict[str, Source] = {}
        self._parsed: dict[str, DayRows] = {}
        self._digests: dict[date, Digest] = {}
        self._indexed: dict[date, IndexedDay] = {}
        self._rebuilt: set[date] = set()
        self._index: Index | None = None

    def evidence(self, window: Interval) -> Evidence:
        """The evidence of a window, up to now."""
        wanted = days_of(Interval(window.start, min(window.end, self._now + 1)), self._zone)
        digests = {day: self._digest(day) for day in wanted}
        hours = self._hourly(window)  # before older days are read, which would push today's file out
        index = self._refreshed_index()
        for day, one in index.days.items():
            if one.reach > window.start and (not wanted or day < wanted[0]):
                digests[day] = self._digest(day)
        recent = self._recent()
        for digest in recent:  # an unsettled day is in no index, and may speak into the window as well
            if digest.reach > window.start and wanted and digest.date < wanted[0]:
                digests[digest.date] = digest
        joined = join_digests([digests[day] for day in sorted(digests)], window, self._firsts(index))
        skipped = (*joined.skipped, *self._not_files(wanted))
        return replace(joined, hourly=hours, skipped=skipped)

    def _hourly(self, window: Interval) -> dict[tuple[str, Instant], Latency]:
        """Response times of the last 24 hours, as far as they lie in a window: of the newest day files alone."""
        hours = clip(clock_hours(self._now, self._zone, HOURS), window)
        if not hours:
            return {}
        days = days_of(Interval(hours[0].start, hours[-1].end), _UTC)
        paths = [path for path in map(day_path, days) if path in self._files]
        return summarise_hours([self._rows(path) for path in paths], hours)

    def _not_files(self, days: Iterable[date]) -> Iterator[SkippedRows]:
        """What bears the name of a day file of these days, and is a pipe, a folder or a link to nowhere."""
        for path in sorted(
            {path for day in days for path in sources_of(day, self._zone)} - self._files.keys()
        ):
            if os.path.lexists(self._folder / path):
                yield SkippedRows(path, 0, 0, "it is no ordinary file")

    def firsts(self) -> dict[CheckId, Instant]:
        """The first sample ever of each check."""
        return self._firsts(self._refreshed_index())

    def absent(self) -> set[str]:
        """Day files that were digested and are not on this disk (a sparse checkout)."""
        days = self._refreshed_index().days.values()
        return {path for one in days for path in one.sizes} - self._files.keys()

    def _firsts(self, index: Index) -> dict[CheckId, Instant]:
        found = (index.firsts, *(digest.firsts for digest in self._recent()))
        return find_earliest(item for firsts in found for item in firsts.items())

    def _recent(self) -> list[Digest]:
        """The last days, which may not be settled, and then are in no index."""
        today = local_date(self._now, self._zone)
        return [self._digest(today - timedelta(days=ago)) for ago in (2, 1, 0)]

    def _digest(self, day: date) -> Digest:
        if day not in self._digests:
            over = is_settled(day, self._zone, self._now)
            stored = self._stored(day) if over and day in self._derived else None
            self._digests[day] = stored or self._build(day, keep=over)
        return self._digests[day]

    def _stored(self, day: date) -> Digest | None:
        """The digest in a derived file, `None` where it must be built again."""
        try:
            data = (self._folder / derived_path(day)).read_bytes()
            digest, sources = decode_digest(data, self._zone.key)
        except (ValueError, OSError):
            return None if self._here(day) else self._lost(day, "it cannot be read")
        if not (self._untouched(day, sources) or self._confirmed(day, sources)):
            if set(sources) <= self._files.keys():
                return None
            trouble = SkippedRows(derived_path(day), 0, 0, "a day file that it came from has changed")
            digest = Digest(day, digest.observed, digest.slots, digest.latency, (*digest.skipped, trouble))
        self._indexed[day] = _index_entry(digest, sources)
        return digest

    def _untouched(self, day: date, sources: Mapping[str, Source]) -> bool:
        """Whether no day file was written to since this derived file was found right."""
        here = self._here(day)
        sized = all(path in sources and sources[path].size == self._files[path].size for path in here)
        try:
            dated = (self._folder / derived_path(day)).stat().st_mtime_ns
        except OSError:
            return False
        return sized and (not here or dated == self._date_for(here))

    def _confirmed(self, day: date, sources: Mapping[str, Source]) -> bool:
        """Whether the day files that are here have the hashes that a derived file names; if so, it is dated so."""
        right = all(self._source(path) == sources.get(path) for path in self._here(day))
        if right:
            self._date(day)
        return right

    def _date(self, day: date) -> None:
        """Date a derived file by the newest of its day files, as that was before it was read."""
        if here := self._here(day):
            with suppress(OSError):  # a read-only history costs time at the next build, and nothing else
                os.utime(self._folder / derived_path(day), ns=(self._date_for(here),) * 2)

    def _date_for(self, paths: Iterable[str]) -> int:
        """Not the very date: a checkout may well write two files in one tick of the clock."""
        return max(self._files[path].changed_ns for path in paths) - _A_SECOND_NS

    def _lost(self, day: date, why: str) -> Digest:
        """A day of which we have neither the day files nor a derived file that can be read."""
        return Digest(day, (), {}, {}, (SkippedRows(derived_path(day), 0, 0, why),))

    def _build(self, day: date, *, keep: bool) -> Digest:
        paths = self._here(day)
        digest = digest_day(day, day_interval(day, self._zone), [self._rows(path) for path in paths])
        if keep and paths:
            sources = {path: self._source(path) for path in paths}
            self._keep(derived_path(day), encode_digest(digest, self._zone.key, sources))
            self._date(day)
            self._indexed[day] = _index_entry(digest, sources)
            self._rebuilt.add(day)
        return digest

    def _keep(self, path: str, data: bytes) -> None:
        with suppress(OutsideError):  # a read-only history costs time at the next build, and nothing else
            replace_file(self._folder / path, data, lasting=False)

    def _here(self, day: date) -> list[str]:
        """The day files of a local day that are on this disk."""
        return [path for path in sources_of(day, self._zone) if path in self._files]

    def _source(self, path: str) -> Source:
        if path not in self._sources:
            self._read(path)
        return self._sources[path]

    def _rows(self, path: str) -> DayRows:
        """A day file, parsed; a few are kept, since neighbouring days share them."""
        if path not in self._parsed:
            while len(self._parsed) >= _PARSED_AT_ONCE:
                del self._parsed[next(iter(self._parsed))]
            self._parsed[path] = parse_day(self._read(path), path, self._now)
        return self._parsed[path]

    def _read(self, path: str) -> bytes:
        """The bytes of a day file, noted as what a digest comes from."""
        try:
            data = (self._folder / path).read_bytes()
        except OSError as error:
            raise OutsideError(f"{self._folder / path} could not be read: {error.strerror}") from error
        self._sources[path] = Source(len(data), hashlib.sha256(data).hexdigest())
        return data

    def _refreshed_index(self) -> Index:
        """The index, brought up to date with what is on the disk."""
        if self._index is None:
            self._index = self._refresh()
        return self._index

    def _refresh(self) -> Index:
        old = self._stored_index()
        stale = {day for day, one in old.days.items() if not self._stands(day, one)}
        new = set(self._settled_days(old)) | (stale & self._backed(stale))
        for day in sorted(new):
            self._digest(day)
        changed = stale | (self._rebuilt & old.days.keys())
        days = {day: one for day, one in old.days.items() if day not in stale} | self._indexed
        if changed:
            firsts = find_earliest(item for day in sorted(days) for item in self._digest(day).firsts.items())
        else:
            added = (self._digests[day].firsts for day in self._indexed if day not in old.days)
            firsts = find_earliest(item for found in (old.firsts, *added) for item in found.items())
        index = Index(self._zone.key, dict(sorted(days.items())), firsts)
        if index != old:
            self._keep(INDEX, encode_index(index))
        return index

    def _stored_index(self) -> Index:
        try:
            return decode_index((self._folder / INDEX).read_bytes(), self._zone.key)
        except (ValueError, OSError):
            return Index(self._zone.key)

    def _stands(self, day: date, one: IndexedDay) -> bool:
        """Whether an indexed day is still there, its day files as large as they were."""
        backed = day in self._derived or one.sizes.keys() <= self._files.keys()
        return backed and all(
            path not in self._files or self._files[path].size == size for path, size in one.sizes.items()
        )

    def _backed(self, days: Iterable[date]) -> set[date]:
        return {day for day in days if day in self._derived or self._here(day)}

    def _settled_days(self, index: Index) -> Iterable[date]:
        """The days that are over and not in the index, by the day files and derived files that are here."""
        found = set(self._derived)
        for path in self._files:
            utc_day = day_of_path(path)
            near = (utc_day + timedelta(days=n) for n in (-1, 0, 1))
            if not all(
                day in index.days for day in near
            ):  # cheaper than asking the zone of every day of years
                found.update(local_days_of(utc_day, self._zone))
        return (day for day in found - index.days.keys() if is_settled(day, self._zone, self._now))


def _index_entry(digest: Digest, sources: dict[str, Source]) -> IndexedDay:
    return IndexedDay({path: source.size for path, source in sources.items()}, digest.reach)
