"""The parsing of all notices of a project, from files to notices and problems. A bad notice does not affect the others."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from constat.errors import Problem
from constat.interval import Instant
from constat.model import CLOSING_STATES, Impact, Notice, NoticeText, Update
from constat.notices import markup
from constat.notices.audit import find_losses
from constat.notices.front import Around, Front, read_front
from constat.notices.markup import Marked, Renderer
from constat.notices.names import check_name, split_name
from constat.notices.source import Problems, Section, Source, split_source
from constat.notices.timeline import check_name_date, check_order, find_start, find_updates_to_come
from constat.notices.translations import Translation, read_translation
from constat.notices.updates import ParsedUpdate, guess_kind, read_updates, require_start


def parse_notices(  # noqa: PLR0913 - everything that a notice is read against
    files: Mapping[str, bytes],
    services: Collection[str],
    languages: Sequence[str],
    zone: ZoneInfo,
    now: Instant,
    *,
    pictures: Collection[str] | None = None,
) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    """Read every notice. Returns those that can be shown, the earliest to begin first, and all problems.

    `files`: path (`incidents/2026-12-01-relay.md`) -> content; a translation is `....en.md` beside it. `pictures`: the
    paths of the existing files (`incidents/files/a.png`), to find dead links; `None` skips that. An error in the time,
    kind, services or texts of a notice withholds it; a dead link or a state out of order is reported, but does not.
    """
    named = {path: split_name(path) for path in sorted(files)}
    flat = {path: name for path, name in named.items() if path.count("/") <= 1}
    originals = {stem: path for path, (stem, language) in flat.items() if not language}
    around = Around(services, tuple(languages), zone, now, pictures, frozenset(originals))
    reading = _Reading(around, files, Renderer(), [])
    translations: dict[str, dict[str, str]] = {}
    valid: list[str] = []
    for path, (stem, language) in named.items():
        problem = check_name(path, stem, language, around.languages, originals)
        if problem:
            reading.problems.append(problem)
        elif language:
            translations.setdefault(stem, {})[language] = path
        else:
            valid.append(stem)
    read = [reading.notice(stem, originals[stem], translations.get(stem, {})) for stem in valid]
    notices = sorted((each for each in read if each), key=lambda each: (each.starts, each.stem))
    return tuple(notices), tuple(sorted(reading.problems))


class _Reading(NamedTuple):
    """The context of one reading of all notices, and the problems so far."""

    around: Around
    files: Mapping[str, bytes]
    renderer: Renderer
    problems: list[Problem]

    def notice(self, stem: str, path: str, translations: Mapping[str, str]) -> Notice | None:
        """Read one notice with its translations; `None` where it cannot be shown, or not yet."""
        problems = Problems(path)
        source = split_source(path, self.files[path], problems)
        notice = self._read(stem, source, translations, problems) if source else None
        self.problems.extend(problems.noted)
        return notice

    def _read(
        self, stem: str, source: Source, translations: Mapping[str, str], problems: Problems
    ) -> Notice | None:
        likely = guess_kind(source.updates)
        front = read_front(source.front, problems, self.around, likely) if source.front else None
        posts = read_updates(source.updates, front.kind if front else likely, problems, self.around)
        if front:
            require_start(source, front.kind, problems)
            self._check_times(stem, source, front, posts, problems)
        if front and not problems.withheld:
            return self._assemble(stem, source, front, posts, translations, problems)
        self._check_withheld(source, front, posts, translations, problems)
        return None

    def _check_times(
        self, stem: str, source: Source, front: Front, posts: Sequence[ParsedUpdate], problems: Problems
    ) -> None:
        check_order(source, front, posts, problems)
        starts = find_start(front, posts)
        if starts is not None:
            check_name_date(stem, starts, source, problems, self.around.zone)
        find_updates_to_come(source, front, posts, problems, self.around.now)

    def _check_withheld(
        self,
        source: Source,
        front: Front | None,
        posts: Sequence[ParsedUpdate],
        translations: Mapping[str, str],
        problems: Problems,
    ) -> None:
        """Note the problems with the texts of a notice that is withheld, so that one reading finds everything."""
        for section in source.sections:
            if not markup.find_excess(section.text):
                self._render(section, problems)
        if front is None or len(posts) < len(source.updates):  # it is not known what a translation translates
            return
        for code, path in translations.items():
            self._translate(path, code, front, posts, ())
        _warn_of_missing(self.around, front, posts, translations, problems)

    def _assemble(  # noqa: PLR0913, PLR0917 - the parts of one notice
        self,
        stem: str,
        source: Source,
        front: Front,
        posts: Sequence[ParsedUpdate],
        translations: Mapping[str, str],
        problems: Problems,
    ) -> Notice | None:
        """Put the parts together; `None` where nothing may be shown yet."""
        language = self.around.languages[0]
        starts = posts[0].at if front.starts is None else front.starts
        updates = tuple(self._build_updates(front, posts, problems))
        text = self._render(source.announcement, problems)
        original = NoticeText(language, front.title, text.html, text.text, self._select_visible(updates))
        texts = {language: original}
        for code, path in translations.items():
            translated = self._translate(path, code, front, posts, updates)
            if translated:
                texts[code] = translated
        _warn_of_missing(self.around, front, posts, translations, problems)
        if front.kind == "incident" and starts > self.around.now:
            return None
        last = original.updates[-1] if original.updates else None
        return Notice(
            stem=stem,
            kind=front.kind,
            services=last.services if last else front.services,
            impact=last.impact if last else front.impact,
            starts=starts,
            ends=front.ends,
            next=next(
                (each.next for each in reversed(original.updates) if each.next is not None), front.next
            ),
            texts=texts,
            updates=original.updates,
            path=source.file,
            first_services=front.services,
            first_impact=front.impact,
            remind=front.remind,
        )

    def _render(self, section: Section, problems: Problems) -> Marked:
        marked = self.renderer.render(section.text)
        find_losses(section, marked.raw, problems, self.around)
        return marked

    def _select_visible(self, updates: Iterable[Update]) -> tuple[Update, ...]:
        return tuple(update for update in updates if update.at <= self.around.now)

    def _build_updates(
        self, front: Front, posts: Iterable[ParsedUpdate], problems: Problems
    ) -> Iterator[Update]:
        """Build every update, each with the impact and services that hold from it on."""
        impact: Impact = front.impact
        services = front.services
        for post in posts:
            impact = impact if post.impact is None else post.impact
            services = services if post.services is None else post.services
            marked = self._render(post.section, problems)
            line, language = post.section.heading_line, self.around.languages[0]
            yield Update(
                post.at, post.state, marked.html, marked.text, line, language, impact, services, post.next
            )

    def _translate(
        self, path: str, language: str, front: Front, posts: Sequence[ParsedUpdate], updates: Sequence[Update]
    ) -> NoticeText | None:
        """Read the notice in another language; an update without a translation stays in the first language."""
        problems = Problems(path)
        read = read_translation(path, self.files[path], front.kind, posts, problems, self.around)
        text = None
        if read and not problems.withheld:
            text = self._translate_text(read, language, updates, problems)
        self.problems.extend(problems.noted)
        return text

    def _translate_text(
        self, read: Translation, language: str, updates: Sequence[Update], problems: Problems
    ) -> NoticeText:
        marked = self._render(read.announcement, problems)
        texts = {at: self._render(section, problems) for at, section in read.updates.items()}
        translated = [
            update._replace(html=texts[update.at].html, text=texts[update.at].text, lang=language)
            if update.at in texts
            else update
            for update in updates
        ]
        return NoticeText(language, read.title, marked.html, marked.text, self._select_visible(translated))


def _warn_of_missing(
    around: Around,
    front: Front,
    posts: Sequence[ParsedUpdate],
    translations: Mapping[str, str],
    problems: Problems,
) -> None:
    """Warn of languages that a notice lacks, while it is not over."""
    missing = [language for language in around.languages[1:] if language not in translations]
    over = bool(posts) and posts[-1].state in CLOSING_STATES
    if missing and not over and (front.ends is None or around.now < front.ends):
        problems.warning(
            1, f"no translation into {', '.join(missing)}", "readers of these get the first language"
        )
