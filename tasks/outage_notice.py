"""Compose the notice of a measured outage, in the page's languages, and the updates that its course asks for.

Everything follows from the evidence, the wordings and the languages: the same episode always gives the same files.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from constat.availability import Episode, Fall
from constat.i18n import Catalog, Language
from constat.interval import MINUTE_S, Instant
from constat.model import IMPACTS, Impact, Notice, State
from constat.notices.drafting import (
    NewNotice,
    NewUpdate,
    add_update,
    compose_notice,
    compose_translation,
    make_stem,
)
from constat.notices.wordings import Wording
from constat.render.drafted_texts import describe_falls
from tasks.notice_editor import NoticeEditor

WORDINGS_BY_REASON: Mapping[str, str] = {
    **dict.fromkeys(("timeout", "refused", "unreachable", "reset", "closed", "loss"), "down"),
    **dict.fromkeys(("late", "registration"), "down"),
    **dict.fromkeys(("status", "redirect", "content", "value", "size", "protocol", "banner"), "failing"),
    "auth": "login",
    "dns": "name",
    "tls": "certificate",
    **dict.fromkeys(("record", "listed"), "rejected"),
}
"""First word of a reason -> the wording for that kind of failure."""

_OTHERWISE = "down"
_ENDS: Mapping[State, str] = {"resolved": "resolved", "monitoring": "recovered"}
"""The state of the last update -> its wording."""


class Stage(NamedTuple):
    """One update that the course of an episode asks for: when, its state, the falls that it tells of (none: it is over)."""

    at: Instant
    state: State
    falls: tuple[Fall, ...] = ()


class OutageWriter(NamedTuple):
    """Writes the notice of an episode, with the messages of each language. `stem`: the notice's name, if it has one.

    `after_s`: how long an outage lasts before it is told.
    """

    editor: NoticeEditor
    catalogs: Mapping[str, Catalog]
    episode: Episode
    after_s: int
    stem: str = ""

    def compose_stages(self, end: State) -> Iterator[dict[str, str]]:
        """Compose the files of the notice as they were at each stage of the episode, the present one last."""
        stages = self._list_stages(end)
        for count in range(1, len(stages) + 1):
            yield self._compose(stages[:count])

    def compose(self, end: State) -> dict[str, str]:
        """Compose the files of the notice as it stands: path -> text. `end`: the state of the update that ends it."""
        return list(self.compose_stages(end))[-1]

    def follow_up(self, notice: Notice, files: Mapping[str, bytes]) -> dict[str, str]:
        """Add to a notice that was published what it does not say yet; empty where it says all.

        `files`: the notices as they are published, by path.
        """
        held = {path: _decode(files[path]) for path in self._list_paths(notice) if path in files}
        texts = {path: text for path, text in held.items() if text is not None}
        if not _is_awaited(notice):
            return {}
        after, told = notice.updates[-1].at, set(notice.services)
        missing = tuple(fall for fall in self.episode.falls if fall.service not in told)
        added = (
            [Stage(max(missing[-1].start + self.after_s, after + 1), _get_state(notice), missing)]
            if missing
            else []
        )
        if self.episode.recovered is not None and self.episode.recovered >= after:
            added.append(Stage(max(self.episode.recovered, after + 2), "resolved"))
        for stage in added:
            services = (*notice.services, *(fall.service for fall in stage.falls))
            texts = {path: self._add(path, text, stage, services) for path, text in texts.items()}
        return texts if added else {}

    def _add(self, path: str, text: str, stage: Stage, services: tuple[str, ...]) -> str:
        """Add an update to the file of a notice, or of a translation."""
        language = _read_language(path) or self.editor.languages[0]
        update = NewUpdate(stage.at, stage.state, self._write(stage, services, language))
        if stage.falls and not _read_language(path):
            update = update._replace(services=tuple(dict.fromkeys(services)))
        return add_update(text, update, self.editor.project.zone)

    def _list_paths(self, notice: Notice) -> list[str]:
        return [self.editor.locate(notice.stem, language) for language in ("", *self.editor.languages[1:])]

    def _compose(self, stages: tuple[Stage, ...]) -> dict[str, str]:
        """Compose the notice and every translation that the wording has."""
        first = self.editor.languages[0]
        title = f"{self.episode.falls[0].service} {self._wording.title(first)}"
        date = self.editor.format_date(self.episode.start)
        stem = self.stem or make_stem(date, title, self.editor.stems)
        files = {self.editor.locate(stem): self._compose_original(stages)}
        for language in self.editor.languages[1:]:
            if self._wording.title(language):
                updates = self._build_updates(stages, language)
                text = compose_translation(
                    self._wording.title(language), "", updates, self.editor.project.zone
                )
                files[self.editor.locate(stem, language)] = text
        return files

    def _compose_original(self, stages: tuple[Stage, ...]) -> str:
        language = self.editor.languages[0]
        notice = NewNotice(
            kind="incident",
            title=self._wording.title(language),
            services=_list_services(stages[:1]),
            impact=self._impact,
            starts=self.episode.start,
            updates=self._build_updates(stages, language),
        )
        return compose_notice(notice, self.editor.project.zone)

    def _build_updates(self, stages: tuple[Stage, ...], language: str) -> list[NewUpdate]:
        updates = []
        for number, stage in enumerate(stages):
            services = _list_services(stages[: number + 1])
            text = self._write(stage, services, language)
            is_more = number > 0 and bool(stage.falls) and language == self.editor.languages[0]
            updates.append(NewUpdate(stage.at, stage.state, text, services=services if is_more else ()))
        return updates

    def _write(self, stage: Stage, services: tuple[str, ...], language: str) -> str:
        """Write the text of a stage: the wording, and below it what was measured."""
        if not stage.falls:
            wording = self.editor.wordings.get(_ENDS[stage.state])
            return self.editor.fill_in(wording, services, language)
        names = self.editor.project.config.service_names
        measured = describe_falls(stage.falls, names, self._load_language(language, stage.at))
        return f"{self.editor.fill_in(self._wording, services, language)}\n\n{measured}"

    def _load_language(self, language: str, at: Instant) -> Language:
        """Load a language as of the time of an update, so that its times are those that the update would write."""
        return Language(language, self.catalogs[language], self.editor.project.zone, at)

    @property
    def _wording(self) -> Wording:
        """The wording for the kind of failure that was seen first."""
        word = self.episode.falls[0].reason.partition(" ")[0]
        chosen = self.editor.wordings.get(WORDINGS_BY_REASON.get(word, _OTHERWISE))
        return chosen or self.editor.wordings[_OTHERWISE]

    @property
    def _impact(self) -> Impact:
        return next((impact for impact in IMPACTS if impact == self._wording.impact), "major")

    def _list_stages(self, end: State) -> tuple[Stage, ...]:
        """List the updates of the episode. Services that fell within a minute of each other are told in one."""
        groups: list[list[Fall]] = []
        for fall in self.episode.falls:
            if groups and fall.start - groups[-1][0].start < MINUTE_S:
                groups[-1].append(fall)
            else:
                groups.append([fall])
        stages = [Stage(group[0].start + self.after_s, "investigating", tuple(group)) for group in groups]
        if self.episode.recovered is not None:
            stages.append(Stage(max(self.episode.recovered, stages[-1].at + 1), end))
        return tuple(stages)


def _list_services(stages: tuple[Stage, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fall.service for stage in stages for fall in stage.falls))


def _is_awaited(notice: Notice) -> bool:
    """Return whether nobody has said yet that a notice is over, or nearly."""
    return bool(notice.updates) and notice.state in ("investigating", "identified")


def _get_state(notice: Notice) -> State:
    return notice.state or "investigating"


def _decode(data: bytes) -> str | None:
    """Decode the file of a notice; `None` where it is no text, which is for `validate` to tell, and is left alone."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _read_language(path: str) -> str:
    """Read the language of a translation from its path; empty for the notice itself."""
    parts = path.rpartition("/")[2].split(".")
    return parts[1] if len(parts) > 2 else ""  # noqa: PLR2004 -- name, language, md
