"""Verify the time stamps of an outside authority: that each stamps existing data, and from when it proves its existence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from constat.errors import ConstatError, EvidenceError, UsageError
from constat.history import REGISTER
from constat.interval import DAY_S, HOUR_S, Instant, format_instant
from constat.model import CLOCK_TOLERANCE_S
from constat.register import parse_register
from constat.sealing.stamps import (
    STAMPS,
    Stampable,
    build_stamp_path,
    describe_statement,
    find_stamped_hash,
    list_stampable_seals,
)
from outside import bounds
from outside.disk import read_file
from outside.evidence.statements import Frozen
from outside.opening import list_files
from outside.site.paths import build_evidence_path
from outside.site.reader import Site
from outside.site.stamps import read_published_stamps
from outside.timestamps import Stamp, describe_roots, read_stamp
from tasks.project import Project
from tasks.stamp import read_roots

MOST_STAMPS = 500
"""How many time stamps are verified, newest first: each seal covers all before it."""
LATE_AFTER_S = DAY_S + HOUR_S
"""How long after it was made something may be stamped without remark: an authority may have been down for a day."""

_GONE = "what it stamps is gone: no seal and no statement has this SHA-256"
_NO_ROOTS = "the site publishes no certificate of their authority; give it: --timestamp-ca FILE"
_WHOSE_ROOTS = (
    "the authority is trusted by a certificate that the page itself publishes ({}): "
    "compare it with the one that the authority publishes, or give that: --timestamp-ca FILE"
)


class StampReport(NamedTuple):
    """What is wrong with time stamps, and what they say."""

    troubles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def verify_project_stamps(project: Project) -> StampReport:
    """Check the time stamps below `history/stamps/` against the seals and statements of a project.

    They are trusted by the certificates that `monitor.timestamp.ca` names.
    """
    history = project.root / "history"
    hashes = frozenset(filter(None, map(find_stamped_hash, list_files(history, STAMPS))))
    if not hashes:
        return StampReport()
    seals = list_stampable_seals(project.recorded_register.seals, project.register_lines)
    stampable = [*seals, *_list_statements(project.frozen_months)]

    def read(path: str) -> bytes:
        return read_file(history, path, bounds.STAMP) or b""

    try:
        return _verify(hashes, stampable, read, read_roots(project))
    except ConstatError as error:  # also a `status.yml` that is gone: the rest is verified without it
        return StampReport((), (f"the time stamps were not verified: {error}",))


def verify_site_stamps(site: Site, chain: Iterable[Frozen], roots: bytes | None, now: Instant) -> StampReport:
    """Check the time stamps that a site publishes against its seals and statements.

    `roots`: the certificates that the reader trusts, in PEM; without them, those that the site itself publishes.

    Raises:
        EvidenceError: the list of the time stamps is invalid.
        OutsideError: the site cannot be read.

    """
    published = read_published_stamps(site)
    trusted = published.roots if roots is None else roots
    if not published.hashes:
        return StampReport()
    if trusted is None:
        return StampReport((), (f"the time stamps were not verified: {_NO_ROOTS}",))
    lines = site.read(build_evidence_path(REGISTER), bounds.REGISTER) or b""
    seals = list_stampable_seals(parse_register(lines, REGISTER, now).seals, lines)
    stampable = [*seals, *_list_statements(chain)]

    def read(path: str) -> bytes:
        return site.read(build_evidence_path(path), bounds.STAMP) or b""

    try:
        report = _verify(published.hashes, stampable, read, trusted)
        notes = () if roots is not None else (_WHOSE_ROOTS.format(describe_roots(trusted)),)
    except (EvidenceError, UsageError) as error:
        return StampReport((), (f"the time stamps were not verified: {error}",))
    return report._replace(notes=(*report.notes, *notes))


def _list_statements(chain: Iterable[Frozen]) -> Iterator[Stampable]:
    for frozen in chain:
        for version in frozen.versions:
            with suppress(EvidenceError):  # an unreadable one is reported elsewhere
                yield describe_statement(version.statement, version.path, version.data)


def _verify(
    hashes: frozenset[str], stampable: Iterable[Stampable], read: Callable[[str], bytes], roots: bytes
) -> StampReport:
    by_hash = {item.sha256: item for item in stampable}
    troubles = [f"{build_stamp_path(gone)}: {_GONE}" for gone in sorted(hashes - by_hash.keys())]
    stamped: list[tuple[Stampable, Stamp]] = []
    newest_first = sorted(by_hash.values(), key=lambda item: item.made_at, reverse=True)
    for item in [item for item in newest_first if item.sha256 in hashes][:MOST_STAMPS]:
        try:
            stamp = read_stamp(read(item.path), roots, item.data)
        except EvidenceError as error:
            troubles.append(f"{item.path}, of {item.name}: {error}")
            continue
        stamped.append((item, stamp))
        if stamp.at + CLOCK_TOLERANCE_S < item.made_at:
            dated = f"{format_instant(item.made_at)}, and was stamped on {format_instant(stamp.at)}"
            troubles.append(f"{item.name} is dated {dated}, before that")
    return StampReport(tuple(troubles), tuple(_describe(stamped)))


def _describe(stamped: Sequence[tuple[Stampable, Stamp]]) -> Iterator[str]:
    """Say who stamped how much, name the newest time stamp, and what was stamped long after it was made."""
    if not stamped:
        return
    newest, stamp = max(stamped, key=lambda pair: pair[1].at)
    yield (
        f"{len(stamped)} time stamps by {stamp.authority}: "
        f"{newest.name} existed on {format_instant(stamp.at)}, with all that it covers"
    )
    for item, late in stamped:
        if late.at - item.made_at > LATE_AFTER_S:
            yield f"{item.name} was stamped only on {format_instant(late.at)}"
