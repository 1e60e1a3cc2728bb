"""Services and notices as a site of Markdown files: the shape of cState, which any generator of static sites reads."""

from collections.abc import Mapping, Sequence
from typing import Final

from constat.interval import format_instant
from constat.model import Config, State, choose_text
from constat.moving.composing import quote
from constat.moving.cstate.bodies import find_state
from constat.moving.held import HeldNotice, HeldUpdate, name_services

_SEVERITIES: Final = {"critical": "down", "major": "down", "minor": "disrupted", "none": "notice"}
_MARKS: Final = {
    "investigating": "Investigating",
    "identified": "Identified",
    "monitoring": "Monitoring",
    "resolved": "Resolved",
    "postmortem": "Post-mortem",
    "scheduled": "Scheduled",
    "rescheduled": "Rescheduled",
    "in_progress": "In progress",
    "verifying": "Verifying",
    "completed": "Complete",
    "cancelled": "Cancelled",
}
_UNGROUPED: Final = "Uncategorized"


def write_shape(config: Config, notices: Sequence[HeldNotice]) -> dict[str, bytes]:
    """Build `config.yml` and one file for each notice below `content/issues/`."""
    names = name_services(config)
    files = {f"content/issues/{held.notice.stem}.md": _build_issue(held, names) for held in notices}
    return {"config.yml": _build_config(config, names), **files}


def _build_config(config: Config, names: Mapping[str, str]) -> bytes:
    page, language = config.page, config.page.languages[0]
    groups = dict.fromkeys(choose_text(each.group, language) for each in config.services if each.group)
    lines = [
        f"title: {quote(page.name)}",
        f"baseURL: {quote(page.url)}",
        f"languageCode: {language}",
        f"timeZone: {page.timezone.key}",
        "params:",
        "  categories:",
        *(f"    - name: {quote(group)}" for group in groups),
        f"    - name: {_UNGROUPED}",
        "      untitled: true",
        "  systems:" if config.services else "  systems: []",
    ]
    for service in config.services:
        group = choose_text(service.group, language) if service.group else _UNGROUPED
        lines += [f"    - name: {quote(names[service.id])}", f"      category: {quote(group)}"]
        if service.description:
            lines.append(f"      description: {quote(choose_text(service.description, language))}")
        if service.link:
            lines.append(f"      link: {quote(service.link)}")
    return ("\n".join(lines) + "\n").encode()


def _build_issue(held: HeldNotice, names: Mapping[str, str]) -> bytes:
    notice, closed = held.notice, held.closed_at
    ends = notice.ends if closed is None and notice.ends is not None else closed
    affected = [names.get(service, service) for service in notice.every_service]
    front = [
        "---",
        f"title: {quote(held.title)}",
        f"date: {format_instant(notice.starts)}",
        f"resolved: {'true' if closed is not None else 'false'}",
    ]
    if ends is not None:
        front.append(f"resolvedWhen: {format_instant(ends)}")
    front += [
        f"severity: {_SEVERITIES[notice.first_impact]}",
        "affected:" if affected else "affected: []",
        *(f"  - {quote(name)}" for name in affected),
        "section: issue",
        "---",
    ]
    return "\n".join([*front, "", _build_body(held), ""]).encode()


def _build_body(held: HeldNotice) -> str:
    """The posts newest first, each closed by its time, and below them the announcement, which belongs to no post."""
    blocks = []
    state: State = "investigating"
    for update in held.updates:
        if not _is_only_end(update):
            blocks.append(_build_block(update, is_said=(find_state(update.text) or state) == update.state))
        state = update.state
    return "\n\n".join([*reversed(blocks), *([held.text] if held.text else [])])


def _is_only_end(update: HeldUpdate) -> bool:
    """Whether an update is only the end, which `resolvedWhen` says already."""
    return update.state in ("resolved", "completed") and not update.text


def _build_block(update: HeldUpdate, *, is_said: bool) -> str:
    """One post; its state in a word, unless its first words already say it, or it is that of the previous post."""
    track = '{{< track "%s" >}}' % format_instant(update.at)  # noqa: UP031 -- braces without meaning
    return "\n\n".join(filter(None, ["" if is_said else f"**{_MARKS[update.state]}**", update.text, track]))
