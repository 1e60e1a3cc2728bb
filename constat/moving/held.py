"""Notices with their texts in Markdown as the project has them, for exports."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from constat.interval import Instant
from constat.model import Config, Notice, State, choose_text
from constat.notices.source import Problems, split_source


class HeldUpdate(NamedTuple):
    """An update with its text as written; `services`: those affected from then on."""

    at: Instant
    state: State
    text: str
    services: tuple[str, ...]


class HeldNotice(NamedTuple):
    """A notice with its texts in the page's first language, as written."""

    notice: Notice
    title: str
    text: str
    updates: tuple[HeldUpdate, ...]

    @property
    def closed_at(self) -> Instant | None:
        """The time of the update that closed it; `None` while it is open."""
        states = ("resolved", "completed", "cancelled")
        return next((update.at for update in self.updates if update.state in states), None)


def read_held_notices(notices: Iterable[Notice], files: Mapping[str, bytes]) -> list[HeldNotice]:
    """Read the texts of notices, as written, from their files."""
    read = []
    for notice in notices:
        source = split_source(files[notice.path], Problems(notice.path))
        texts = {section.heading_line: section.text for section in source.updates} if source else {}
        title = next(iter(notice.texts.values())).title
        updates = tuple(
            HeldUpdate(update.at, update.state, texts.get(update.line, update.text), update.services)
            for update in notice.updates
        )
        read.append(HeldNotice(notice, title, source.announcement.text if source else "", updates))
    return read


def name_services(config: Config) -> dict[str, str]:
    """The name of each service in the page's first language; its id is added where two have the same name."""
    names = {service.id: choose_text(service.name, config.page.languages[0]) for service in config.services}
    listed = list(names.values())
    return {key: name if listed.count(name) == 1 else f"{name} ({key})" for key, name in names.items()}
