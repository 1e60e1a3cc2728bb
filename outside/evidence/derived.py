"""Derived files: digests of the days that are over, kept beside the evidence so that a build need not read years of it.

A derived file is valid as long as the day files that it names have the hashes that it names, and the same part of each
counts as having come in time: a day that no seal covers within 26 hours is digested again after these. Day files that are
not on this disk (a sparse checkout) are not checked. To avoid hashing day files that nobody touched, a derived file that
was found valid gets the modification time of its newest day file minus one second: while sizes and times agree, so do the
hashes. The index is valid for days before the window as long as sizes and what came in time agree.
"""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.errors import OutsideError
from constat.history import (
    CheckId,
    Digest,
    DigestSource,
    Index,
    IndexedDay,
    SourceMark,
    build_day_path,
    build_derived_path,
    decode_digest,
    decode_index,
    digest_day,
    encode_digest,
    encode_index,
    find_earliest,
    is_settled,
    join_digests,
    judge_punctuality,
    list_local_days,
    list_source_paths,
    parse_day_path,
    summarise_hours,
)
from constat.interval import Instant, Interval, clip, clock_hours, day_interval, days_of, local_date
from constat.model import Evidence, Latency, Seal, SkippedRows
from outside import bounds
from outside.disk import read_file, replace_file
from outside.evidence.day_files import DayFileReader
from outside.evidence.folders import list_day_files, list_derived_files, list_irregular_files, list_strays

INDEX = "derived/index.json"
HOURS = 24
"""Response times are summarised by the hour for this many hours before now."""

_UTC = ZoneInfo("UTC")
_SECOND_NS = 10**9


class DerivedFiles:
    """The derived files under one `history/` for one time zone, brought up to date as they are read."""

    def __init__(self, folder: Path, zone: ZoneInfo, now: Instant, seals: Iterable[Seal]) -> None:
        self._folder = folder
        self._zone = zone
        self._now = now
        self._punctuality = judge_punctuality(seals, now)
        self._day_files = list_day_files(folder)
        self._derived_days = list_derived_files(folder)
        self._reader = DayFileReader(folder, now, self._punctuality)
        self._digests: dict[date, Digest] = {}
        self._indexed: dict[date, IndexedDay] = {}
        self._rebuilt: set[date] = set()
        self._index: Index | None = None

    def load_evidence(self, window: Interval) -> Evidence:
        """Load the evidence of a window, up to now."""
        days = days_of(Interval(window.start, min(window.end, self._now + 1)), self._zone)
        digests = {day: self._get_digest(day) for day in days}
        hourly = self._summarise_hours(window)  # now, while today's file is among the parsed ones
        index = self.get_index()
        for day, entry in index.days.items():
            if entry.reach > window.start and (not days or day < days[0]):
                digests[day] = self._get_digest(day)
        for digest in self._digest_recent_days():  # not settled, so in no index; may reach into the window
            if digest.reach > window.start and days and digest.date < days[0]:
                digests[digest.date] = digest
        joined = join_digests([digests[day] for day in sorted(digests)], window, self._merge_firsts(index))
        self._release()
        names = {path for day in days for path in list_source_paths(day, self._zone)}
        irregular = list_irregular_files(self._folder, names - self._day_files.keys())
        skipped = (*joined.skipped, *irregular, *list_strays(self._folder))
        return replace(joined, hourly=hourly, skipped=skipped)

    def _release(self) -> None:
        """Drop what can be read again: the days of a thousand services take more memory than what is made of them."""
        self._reader.release()
        self._digests = {day: digest for day, digest in self._digests.items() if day not in self._indexed}

    def find_first_samples(self) -> dict[CheckId, Instant]:
        """Find the first sample ever of each check."""
        return self._merge_firsts(self.get_index())

    def list_absent_day_files(self) -> set[str]:
        """List the day files that were digested but are not on this disk (a sparse checkout)."""
        entries = self.get_index().days.values()
        return {path for entry in entries for path in entry.sources} - self._day_files.keys()

    def _summarise_hours(self, window: Interval) -> dict[tuple[str, Instant], Latency]:
        """Summarise the response times of the part of the last 24 hours that is in a window, from the newest day files."""
        hours = clip(clock_hours(self._now, self._zone, HOURS), window)
        if not hours:
            return {}
        days = days_of(Interval(hours[0].start, hours[-1].end), _UTC)
        paths = [path for path in map(build_day_path, days) if path in self._day_files]
        return summarise_hours([self._reader.parse(path) for path in paths], hours)

    def _merge_firsts(self, index: Index) -> dict[CheckId, Instant]:
        """Find the first sample of each check in the index and in the recent days."""
        firsts = (index.firsts, *(digest.firsts for digest in self._digest_recent_days()))
        return find_earliest(item for mapping in firsts for item in mapping.items())

    def _digest_recent_days(self) -> list[Digest]:
        """Digest the last three days, which are in no index while they are not settled."""
        today = local_date(self._now, self._zone)
        return [self._get_digest(today - timedelta(days=ago)) for ago in (2, 1, 0)]

    def _get_digest(self, day: date) -> Digest:
        """Get the digest of a local day: from its derived file if that is valid, else from its day files."""
        if day not in self._digests:
            settled = is_settled(day, self._zone, self._now)
            stored = self._load_digest(day) if settled and day in self._derived_days else None
            self._digests[day] = stored or self._build_digest(day, keep=settled)
        return self._digests[day]

    def _load_digest(self, day: date) -> Digest | None:
        """Load the digest in a derived file, `None` if it must be built again."""
        try:
            digest, sources = decode_digest(self._read_derived(build_derived_path(day)), self._zone.key)
        except (ValueError, OutsideError):
            return None if self._list_sources_on_disk(day) else _build_empty_digest(day, "it cannot be read")
        can_rebuild = sources.keys() <= self._day_files.keys()
        if digest.is_older and can_rebuild:
            return None
        if not (self._is_untouched(day, sources) or self._confirm_hashes(day, sources)):
            if can_rebuild:
                return None
            digest = _add_warning(digest, "a day file that it came from has changed")
        elif self._is_outdated(sources):
            digest = _add_warning(
                digest, "which of its rows came late cannot be determined without its day file"
            )
        self._indexed[day] = _build_index_entry(digest, sources)
        return digest

    def _is_untouched(self, day: date, sources: Mapping[str, DigestSource]) -> bool:
        """Whether no day file was written to since this derived file was last found valid."""
        paths = self._list_sources_on_disk(day)
        have_same_marks = all(path in sources and sources[path].mark == self._mark(path) for path in paths)
        try:
            dated_ns = (self._folder / build_derived_path(day)).stat().st_mtime_ns
        except OSError:
            return False
        return have_same_marks and (not paths or dated_ns == self._compute_time_ns(paths))

    def _is_outdated(self, sources: Mapping[str, DigestSource]) -> bool:
        """Whether a day file that is not on this disk has other late rows now than when it was digested."""
        absent = ((path, source) for path, source in sources.items() if path not in self._day_files)
        return any(self._punctuality.mark(path, source.size) != source.mark for path, source in absent)

    def _mark(self, path: str) -> SourceMark:
        """Build the mark of a day file on this disk."""
        return self._punctuality.mark(path, self._day_files[path].size)

    def _confirm_hashes(self, day: date, sources: Mapping[str, DigestSource]) -> bool:
        """Whether the day files on this disk have the hashes that a derived file names; then date that file by them."""
        valid = all(
            self._reader.get_source(path) == sources.get(path) for path in self._list_sources_on_disk(day)
        )
        if valid:
            self._set_time(day)
        return valid

    def _set_time(self, day: date) -> None:
        """Date a derived file by the newest of its day files, as dated before it was read."""
        if paths := self._list_sources_on_disk(day):
            with suppress(OSError):  # a read-only history only makes the next build slower
                os.utime(self._folder / build_derived_path(day), ns=(self._compute_time_ns(paths),) * 2)

    def _compute_time_ns(self, paths: Iterable[str]) -> int:
        """Compute the time of the newest file minus one second, as a checkout may give all files the same time."""
        return max(self._day_files[path].changed_ns for path in paths) - _SECOND_NS

    def _build_digest(self, day: date, *, keep: bool) -> Digest:
        """Digest a day from its day files. A file that holds another day is reported, but not digested."""
        parsed = {path: self._reader.parse(path) for path in self._list_sources_on_disk(day)}
        paths = [path for path, rows in parsed.items() if not rows.is_misplaced]
        digest = digest_day(day, day_interval(day, self._zone), [parsed[path] for path in paths])
        if keep and paths:
            sources = {path: self._reader.get_source(path) for path in paths}
            self._write(build_derived_path(day), encode_digest(digest, self._zone.key, sources))
            self._set_time(day)
            self._indexed[day] = _build_index_entry(digest, sources)
            self._rebuilt.add(day)
        strays = (rows.skipped for rows in parsed.values() if rows.is_misplaced and rows.skipped)
        return digest._replace(skipped=(*digest.skipped, *strays))

    def _write(self, path: str, data: bytes) -> None:
        with suppress(OutsideError):  # a read-only history only makes the next build slower
            replace_file(self._folder.parent, f"{self._folder.name}/{path}", data, lasting=False)

    def _read_derived(self, path: str) -> bytes:
        """Read the bytes of a derived file, none if there is no file."""
        return read_file(self._folder.parent, f"{self._folder.name}/{path}", bounds.DERIVED) or b""

    def _list_sources_on_disk(self, day: date) -> list[str]:
        """List the day files of a local day that are on this disk."""
        return [path for path in list_source_paths(day, self._zone) if path in self._day_files]

    def get_index(self) -> Index:
        """Get the index of the days that are over, brought up to date with the files on this disk."""
        if self._index is None:
            self._index = self._refresh_index()
        return self._index

    def _refresh_index(self) -> Index:
        old = self._read_index()
        stale = {day for day, entry in old.days.items() if not self._is_valid(day, entry)}
        new = set(self._list_days_to_index(old)) | {day for day in stale if self._can_digest(day)}
        for day in sorted(new):
            self._get_digest(day)
        days = {day: entry for day, entry in old.days.items() if day not in stale} | self._indexed
        if stale | (self._rebuilt & old.days.keys()):
            firsts = find_earliest(
                item for day in sorted(days) for item in self._get_digest(day).firsts.items()
            )
        else:
            added = (self._digests[day].firsts for day in self._indexed if day not in old.days)
            firsts = find_earliest(item for mapping in (old.firsts, *added) for item in mapping.items())
        index = Index(self._zone.key, dict(sorted(days.items())), firsts)
        if index != old:
            self._write(INDEX, encode_index(index))
        return index

    def _read_index(self) -> Index:
        """Read the index as it was last written, empty if there is none."""
        try:
            return decode_index(self._read_derived(INDEX), self._zone.key)
        except (ValueError, OutsideError):
            return Index(self._zone.key)

    def _is_valid(self, day: date, entry: IndexedDay) -> bool:
        """Whether an indexed day can still be read, and its day files on this disk have the marks that they had."""
        readable = day in self._derived_days or entry.sources.keys() <= self._day_files.keys()
        return readable and all(
            path not in self._day_files or self._mark(path) == mark for path, mark in entry.sources.items()
        )

    def _can_digest(self, day: date) -> bool:
        return day in self._derived_days or bool(self._list_sources_on_disk(day))

    def _list_days_to_index(self, index: Index) -> Iterable[date]:
        """List the settled days that have day files or a derived file on this disk, and are not in the index."""
        days = set(self._derived_days)
        for path in self._day_files:
            utc_day = parse_day_path(path)
            # Cheaper than asking the time zone of every day of years.
            if not all(utc_day + timedelta(days=n) in index.days for n in (-1, 0, 1)):
                days.update(list_local_days(utc_day, self._zone))
        return (day for day in days - index.days.keys() if is_settled(day, self._zone, self._now))


def _build_empty_digest(day: date, why: str) -> Digest:
    """Build the digest of a day that has neither day files nor a readable derived file."""
    return Digest(day, (), {}, {}, (SkippedRows(build_derived_path(day), 0, 0, why),))


def _build_index_entry(digest: Digest, sources: dict[str, DigestSource]) -> IndexedDay:
    return IndexedDay({path: source.mark for path, source in sources.items()}, digest.reach)


def _add_warning(digest: Digest, why: str) -> Digest:
    return digest._replace(skipped=(*digest.skipped, SkippedRows(build_derived_path(digest.date), 0, 0, why)))
