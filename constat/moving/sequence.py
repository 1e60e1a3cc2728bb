"""The posts of a notice in an order that we allow: at most one a second, and only a postmortem after the end.

What a source allows and we do not is never dropped: it becomes text, below its time, and a line of the report.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from constat.interval import Instant, format_instant
from constat.model import CLOSING_STATES, STATES, NoticeKind, State
from constat.moving.model import MovedNotice, MovedUpdate
from constat.notices.updates import is_backwards

OVER: Final = {
    "en": "Over. The time was not recorded.",
    "fr": "Terminé ; heure non consignée.",
    "de": "Beendet; der Zeitpunkt wurde nicht festgehalten.",
    "es": "Terminado; no consta cuándo.",
    "it": "Concluso; quando non è registrato.",
}
"""The sentence below an end whose time nobody recorded, by language."""

NO_TEXT: Final = "—"
"""The text of a post that has none."""
_LAST_OF_ITS_SECOND: Final[Mapping[State, int]] = {
    "resolved": 1,
    "completed": 1,
    "cancelled": 1,
    "postmortem": 2,
}
"""Among posts of the same second, the end comes after the others, and a postmortem after that."""


class Sequenced(NamedTuple):
    """A notice whose updates are in order, each with a time; `notes`: what was changed for that, and how."""

    notice: MovedNotice
    notes: tuple[tuple[str, str], ...]


def put_in_order(notice: MovedNotice, language: str) -> Sequenced:
    """Put the updates of a notice in order."""
    notes: list[tuple[str, str]] = []
    updates = _date_the_end(notice, language)
    updates = sorted(updates, key=lambda update: (update.at or 0, _LAST_OF_ITS_SECOND.get(update.state, 0)))
    early = [update for update in updates if (update.at or 0) < notice.starts]
    if early and notice.kind == "incident":
        updates = updates[len(early) :]
        notice = notice._replace(text=join([notice.text, *(set_in_text(update, notes) for update in early)]))
    updates = _fold_what_follows(updates, notice.kind, notes)
    updates = _separate_equal_times(updates, notes)
    updates = [_fill_in_text(update, notes) for update in _keep_direction(updates, notice.kind, notes)]
    return Sequenced(notice._replace(updates=tuple(updates)), tuple(notes))


def _fill_in_text(update: MovedUpdate, notes: list[tuple[str, str]]) -> MovedUpdate:
    """Put a dash where a post has no text: only the end of a notice may go without words."""
    if update.text.strip() or update.state in CLOSING_STATES - {"postmortem"}:
        return update
    notes.append(
        (f"a post without a text at {write_clock(update.at or 0)} ({update.state})", "replaced by a dash")
    )
    return update._replace(text=NO_TEXT)


def join(texts: Sequence[str]) -> str:
    """Join texts by empty lines, without empty ones."""
    return "\n\n".join(text for text in texts if text.strip())


def write_clock(at: Instant) -> str:
    """Write a time for readers of a text: `2018-11-24 20:42:00 UTC`."""
    written = format_instant(at)
    return f"{written[:10]} {written[11:19]} UTC"


def set_in_text(update: MovedUpdate, notes: list[tuple[str, str]]) -> str:
    """Write an update that cannot be one as a part of a text, below its time."""
    at = write_clock(update.at or 0)
    notes.append(
        (f"a post of {at} ({update.state})", "kept as text below its time, since no update is allowed there")
    )
    return f"### {at}\n\n{update.text}".rstrip()


def _date_the_end(notice: MovedNotice, language: str) -> list[MovedUpdate]:
    """Give an end without a time the latest time that the source has for the notice, and say so."""
    known = [
        notice.starts,
        notice.latest or 0,
        *(update.at for update in notice.updates if update.at is not None),
    ]
    latest = max(known)
    sentence = OVER.get(language, OVER["en"])
    return [
        update if update.at is not None else update._replace(at=latest, text=join([update.text, sentence]))
        for update in notice.updates
    ]


def _fold_what_follows(
    updates: Sequence[MovedUpdate], notice_kind: NoticeKind, notes: list[tuple[str, str]]
) -> list[MovedUpdate]:
    """Write what follows the end as text below it; only a postmortem may follow."""
    kept: list[MovedUpdate] = []
    end = -1
    last_end = max(
        (n for n, each in enumerate(updates) if each.state in CLOSING_STATES - {"postmortem"}), default=-1
    )
    for number, update in enumerate(updates):
        if (
            end >= 0
            and update.state == kept[end].state
            and update.at == kept[end].at
            and end == len(kept) - 1
        ):
            kept[end] = kept[end]._replace(text=join([kept[end].text, update.text]))
        elif end >= 0 and (update.state != "postmortem" or notice_kind == "maintenance"):
            kept[end] = kept[end]._replace(text=join([kept[end].text, set_in_text(update, notes)]))
        elif update.state == "postmortem" and number < last_end and end < 0:
            before: State = kept[-1].state if kept else "investigating"
            notes.append(
                (f"a postmortem of {write_clock(update.at or 0)}, before the end", f"kept as {before}")
            )
            kept.append(update._replace(state=before))
        else:
            kept.append(update)
            if update.state in CLOSING_STATES - {"postmortem"}:
                end = len(kept) - 1
    return kept


def _separate_equal_times(updates: Sequence[MovedUpdate], notes: list[tuple[str, str]]) -> list[MovedUpdate]:
    """Merge updates of the same second and state, and move others a second later."""
    parted: list[MovedUpdate] = []
    previous: Instant | None = None
    for update in updates:
        above = parted[-1] if parted else None
        is_same_second = update.at == previous
        previous = update.at
        if above is None or above.at is None or update.at is None or update.at > above.at:
            parted.append(update)
        elif update.state == above.state and is_same_second:
            services = above.services if update.services is None else update.services
            parted[-1] = above._replace(text=join([above.text, update.text]), services=services)
            notes.append((f"two posts at {write_clock(update.at)}, both {update.state}", "combined into one"))
        else:
            moved = above.at + 1
            notes.append(
                (f"two posts at {write_clock(update.at)}", f"moved {update.state} to {write_clock(moved)}")
            )
            parted.append(update._replace(at=moved))
    return parted


def _keep_direction(
    updates: Sequence[MovedUpdate], kind: NoticeKind, notes: list[tuple[str, str]]
) -> list[MovedUpdate]:
    """Give a post whose state would lead backwards the state before it."""
    kept: list[MovedUpdate] = []
    for update in updates:
        state = update.state if update.state in STATES[kind] else STATES[kind][0]
        before = kept[-1].state if kept else state
        if is_backwards(before, state, kind) and state not in CLOSING_STATES:
            notes.append((f"{state} after {before}, at {write_clock(update.at or 0)}", f"kept as {before}"))
            state = before
        kept.append(update._replace(state=state))
    return kept
