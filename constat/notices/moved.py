"""Changes and removals after publication, which readers of the first announcement must be told about."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from constat.errors import Problem
from constat.interval import DAY_S, Instant, format_instant
from constat.model import MaintenanceVersion, Notice, Register, group_versions

RECENT_S: Final = 30 * DAY_S
"""The time after it was published or edited during which a notice should not be pruned."""


def find_moved(
    notices: Iterable[Notice], files: Mapping[str, bytes], versions: Iterable[MaintenanceVersion]
) -> Iterator[Problem]:
    """Find windows or services that differ from what was published, without an update that says so.

    `versions`: those in the register, in their order; `files`: the notices as written, by path.
    """
    recorded = group_versions(versions)
    for notice in notices:
        if notice.stem not in recorded or notice.kind != "maintenance" or notice.state == "cancelled":
            continue
        version = recorded[notice.stem][-1]
        keys = _find_changed_keys(notice, version)
        if keys and not _is_announced(notice, version.at):
            published = format_instant(version.at)
            message = f"{' and '.join(keys)} changed after publication ({published}) without an update"
            line = _find_line(files.get(notice.path, b""), keys[0])
            yield Problem(
                notice.path, line, 0, message, "add ## TIME rescheduled, and say what changed and why"
            )


def find_removed(files: Collection[str], register: Register, now: Instant) -> Iterator[Problem]:
    """Find notices that were published and no longer have a file: deleted, or renamed.

    An old one may be pruned. A maintenance that is still to come must be cancelled instead.
    """
    recent = {words.slug: now - words.at < RECENT_S for words in register.words}
    windows = {slug: versions[-1] for slug, versions in group_versions(register.maintenance).items()}
    for slug in sorted({*recent, *windows}):
        path = f"incidents/{slug}.md"
        window = windows.get(slug)
        to_come = window is not None and not window.cancelled and window.ends > now
        if path in files or not (to_come or recent.get(slug)):
            continue
        hint = "restore it under this name, which is its permanent address"
        if to_come:
            hint += "; to call off maintenance, add an update, ## TIME cancelled"
        yield Problem(
            path, 0, 0, "it was published, and is missing now", hint, "error" if to_come else "warning"
        )


def _find_changed_keys(notice: Notice, version: MaintenanceVersion) -> list[str]:
    before = (version.starts, version.ends, set(version.services))
    after = (notice.starts, notice.ends, set(notice.services))
    return [
        key for key, old, new in zip(("starts", "ends", "services"), before, after, strict=True) if old != new
    ]


def _is_announced(notice: Notice, published: Instant) -> bool:
    return any(update.state == "rescheduled" and update.at >= published for update in notice.updates)


def _find_line(data: bytes, key: str) -> int:
    """Find the line of a key of the front matter."""
    match = re.search(rb"^" + key.encode() + rb"\s*:", data, re.MULTILINE)
    return data.count(b"\n", 0, match.start()) + 1 if match else 0
