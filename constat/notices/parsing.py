"""The parsing of all notices of a project, from files to notices and problems. A bad notice does not affect the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from constat.errors import Problem
from constat.model import CLOSING_STATES, Impact, Notice, NoticeKind, NoticeText, Update
from constat.notices import markup
from constat.notices.audit import find_losses
from constat.notices.context import NoticeContext
from constat.notices.front import Front, read_front
from constat.notices.markup import Marked, Renderer
from constat.notices.names import check_name, split_name
from constat.notices.source import NoticeSource, Problems, Section, split_source
from constat.notices.timeline import check_name_date, check_order, find_start, find_updates_to_come
from constat.notices.translations import Translation, read_translation
from constat.notices.updates import ParsedUpdate, guess_kind, read_updates, require_start


def parse_notices(
    files: Mapping[str, bytes], context: NoticeContext
) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    """Read every notice. Returns those that can be shown, the earliest to begin first, and all problems.

    `files`: path (`incidents/2026-12-01-relay.md`) -> content; a translation is `....en.md` beside it. An error in the
    time, kind, services or texts of a notice withholds it; a dead link or a state out of order is reported but does not.
    """
    named = {path: split_name(path) for path in sorted(files)}
    flat = {path: name for path, name in named.items() if path.count("/") <= 1}
    originals = {stem: path for path, (stem, language) in flat.items() if not language}
    parser = _Parser(files, context._replace(stems=frozenset(originals)), Renderer(), [])
    translations: dict[str, dict[str, str]] = {}
    valid: list[str] = []
    for path, (stem, language) in named.items():
        problem = check_name(path, stem, language, context.languages, originals)
        if problem:
            parser.problems.append(problem)
        elif language:
            translations.setdefault(stem, {})[language] = path
        else:
            valid.append(stem)
    read = [parser.parse(stem, originals[stem], translations.get(stem, {})) for stem in valid]
    notices = sorted((each for each in read if each), key=lambda each: (each.starts, each.stem))
    return tuple(notices), tuple(sorted(parser.problems))


class _Parts(NamedTuple):
    """The file of a notice, read but not yet rendered. `translations`: the file of each language."""

    source: NoticeSource
    kind: NoticeKind
    front: Front | None
    updates: tuple[ParsedUpdate, ...]
    translations: Mapping[str, str]


class _Parser(NamedTuple):
    """The parser of all notices, with the problems noted so far."""

    files: Mapping[str, bytes]
    context: NoticeContext
    renderer: Renderer
    problems: list[Problem]

    def parse(self, stem: str, path: str, translations: Mapping[str, str]) -> Notice | None:
        """Read one notice with its translations; `None` where it cannot be shown, or not yet."""
        problems = Problems(path)
        source = split_source(self.files[path], problems)
        notice = self._read(stem, source, translations, problems) if source else None
        self.problems.extend(problems.noted)
        return notice

    def _read(
        self, stem: str, source: NoticeSource, translations: Mapping[str, str], problems: Problems
    ) -> Notice | None:
        likely = guess_kind(source.updates)
        front = read_front(source.front, problems, self.context, likely) if source.front else None
        kind = front.kind if front else likely
        updates = read_updates(source.updates, kind, problems, self.context)
        parts = _Parts(source, kind, front, updates, translations)
        if front:
            require_start(source, kind, problems)
            self._check_times(stem, parts, front, problems)
        if front and not problems.withheld:
            return self._assemble(stem, parts, front, problems)
        self._check_texts(parts, problems)
        return None

    def _check_times(self, stem: str, parts: _Parts, front: Front, problems: Problems) -> None:
        check_order(parts.source, front, parts.updates, problems)
        starts = find_start(front, parts.updates)
        if starts is not None:
            check_name_date(stem, starts, parts.source, problems, self.context.zone)
        find_updates_to_come(parts.source, front, parts.updates, problems, self.context.now)

    def _check_texts(self, parts: _Parts, problems: Problems) -> None:
        """Note the problems with the texts of a notice that is withheld, so that one reading reports everything."""
        for section in parts.source.sections:
            if not markup.find_excess(section.text):
                self._render(section, problems)
        if parts.front is None or len(parts.updates) < len(parts.source.updates):
            return  # it is not known what a translation translates
        for code, path in parts.translations.items():
            self._translate(path, code, parts, ())
        self._warn_of_missing_languages(parts, parts.front, problems)

    def _assemble(self, stem: str, parts: _Parts, front: Front, problems: Problems) -> Notice | None:
        """Put the parts together; `None` where nothing may be shown yet."""
        starts = parts.updates[0].at if front.starts is None else front.starts
        texts = self._build_texts(parts, front, problems)
        self._warn_of_missing_languages(parts, front, problems)
        if front.kind == "incident" and starts > self.context.now:
            return None
        updates = texts[self.context.languages[0]].updates
        last = updates[-1] if updates else None
        return Notice(
            stem=stem,
            kind=front.kind,
            services=last.services if last else front.services,
            impact=last.impact if last else front.impact,
            starts=starts,
            ends=front.ends,
            next=next((each.next for each in reversed(updates) if each.next is not None), front.next),
            texts=texts,
            updates=updates,
            path=parts.source.file,
            first_services=front.services,
            first_impact=front.impact,
            remind=front.remind,
        )

    def _build_texts(self, parts: _Parts, front: Front, problems: Problems) -> dict[str, NoticeText]:
        """Build the texts in the first language, and in each other language with a valid translation."""
        language = self.context.languages[0]
        updates = tuple(self._build_updates(parts, front, problems))
        announcement = self._render(parts.source.announcement, problems)
        original = NoticeText(
            language, front.title, announcement.html, announcement.text, self._select_visible(updates)
        )
        translated = {
            code: self._translate(path, code, parts, updates) for code, path in parts.translations.items()
        }
        return {language: original} | {code: text for code, text in translated.items() if text}

    def _render(self, section: Section, problems: Problems) -> Marked:
        marked = self.renderer.render(section.text)
        find_losses(section, marked.raw, problems, self.context)
        return marked

    def _select_visible(self, updates: Iterable[Update]) -> tuple[Update, ...]:
        return tuple(update for update in updates if update.at <= self.context.now)

    def _build_updates(self, parts: _Parts, front: Front, problems: Problems) -> Iterator[Update]:
        """Build every update, each with the impact and services that apply from then on."""
        impact: Impact = front.impact
        services = front.services
        for update in parts.updates:
            impact = impact if update.impact is None else update.impact
            services = services if update.services is None else update.services
            marked = self._render(update.section, problems)
            yield Update(
                at=update.at,
                state=update.state,
                html=marked.html,
                text=marked.text,
                line=update.section.heading_line,
                lang=self.context.languages[0],
                impact=impact,
                services=services,
                next=update.next,
            )

    def _translate(
        self, path: str, language: str, parts: _Parts, updates: Sequence[Update]
    ) -> NoticeText | None:
        """Read the notice in another language; an update without a translation stays in the first language."""
        problems = Problems(path)
        read = read_translation(self.files[path], parts.kind, parts.updates, problems, self.context)
        text = None
        if read and not problems.withheld:
            text = self._translate_text(read, language, updates, problems)
        self.problems.extend(problems.noted)
        return text

    def _translate_text(
        self, read: Translation, language: str, updates: Sequence[Update], problems: Problems
    ) -> NoticeText:
        announcement = self._render(read.announcement, problems)
        texts = {at: self._render(section, problems) for at, section in read.updates.items()}
        translated = [
            update._replace(html=texts[update.at].html, text=texts[update.at].text, lang=language)
            if update.at in texts
            else update
            for update in updates
        ]
        return NoticeText(
            language, read.title, announcement.html, announcement.text, self._select_visible(translated)
        )

    def _warn_of_missing_languages(self, parts: _Parts, front: Front, problems: Problems) -> None:
        """Warn of languages that a notice lacks, while it is not over."""
        missing = [language for language in self.context.languages[1:] if language not in parts.translations]
        closed = bool(parts.updates) and parts.updates[-1].state in CLOSING_STATES
        if missing and not closed and (front.ends is None or self.context.now < front.ends):
            problems.warning(
                1, f"no translation into {', '.join(missing)}", "readers of these get the first language"
            )
