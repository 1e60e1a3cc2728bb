"""What was changed or removed after it was published: who read the first announcement must be told of it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from constat.errors import Problem
from constat.interval import DAY_S, Instant, format_instant
from constat.model import MaintenanceVersion, Notice, Register, group_versions

RECENT_S: Final = 30 * DAY_S
"""So long after it was published or edited nobody prunes a notice."""


def find_moved(
    notices: Iterable[Notice], files: Mapping[str, bytes], versions: Iterable[MaintenanceVersion]
) -> Iterator[Problem]:
    """Windows or services that differ from what the register has published, without an update that says so.

    `versions` are those that the register holds, in their order; `files` the notices as written, by path.
    """
    recorded = group_versions(versions)
    for notice in notices:
        if notice.stem not in recorded or notice.kind != "maintenance" or notice.state == "cancelled":
            continue
        version = recorded[notice.stem][-1]
        keys = _changed(notice, version)
        if keys and not _announced(notice, version.at):
            published = format_instant(version.at)
            message = f"{' and '.join(keys)} changed after publication ({published}) without an update"
            line = _line(files.get(notice.path, b""), keys[0])
            yield Problem(
                notice.path, line, 0, message, "add ## TIME rescheduled, and say what changed and why"
            )


def find_removed(files: Collection[str], register: Register, now: Instant) -> Iterator[Problem]:
    """Notices that were published and have no file any more: deleted, or called otherwise.

    An old one may be pruned. A maintenance that is still to come has to be called off.
    """
    told = {said.slug: now - said.at < RECENT_S for said in register.words}
    windows = {slug: versions[-1] for slug, versions in group_versions(register.maintenance).items()}
    for slug in sorted({*told, *windows}):
        path = f"incidents/{slug}.md"
        window = windows.get(slug)
        to_come = window is not None and not window.cancelled and window.ends > now
        if path in files or not (to_come or told.get(slug)):
            continue
        hint = "put it back under this name: it is its permanent address"
        if to_come:
            hint += "; maintenance is called off by an update, ## TIME cancelled"
        yield Problem(path, 0, 0, "it was published and is gone", hint, "error" if to_come else "warning")


def _changed(notice: Notice, version: MaintenanceVersion) -> list[str]:
    before = (version.starts, version.ends, set(version.services))
    after = (notice.starts, notice.ends, set(notice.services))
    return [
        key for key, old, new in zip(("starts", "ends", "services"), before, after, strict=True) if old != new
    ]


def _announced(notice: Notice, published: Instant) -> bool:
    return any(update.state == "rescheduled" and update.at >= published for update in notice.updates)


def _line(data: bytes, key: str) -> int:
    """The line on which a key of the front matter stands."""
    found = re.search(rb"^" + key.encode() + rb"\s*:", data, re.MULTILINE)
    return data.count(b"\n", 0, found.start()) + 1 if found else 0
