"""Begin a notice where the checks saw an outage that lasts: as a proposal that a person merges, or as a commit.

Nothing is remembered between two runs: what to do follows from the evidence, from the branches of the remote, and from
the state of earlier proposals. One episode has one branch, named after its beginning.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from constat.availability import Episode, Patience, find_episodes
from constat.i18n import Catalog, load
from constat.interval import DAY_S, Instant, Interval, format_instant, parse_instant
from constat.maintainers.outage_draft import OutageSummary, renew_proposal, title_proposal, write_body
from constat.model import DraftIncident, Notice
from constat.posts.compose_address import address_compose, name_outage
from outside.branch.drafts import PREFIX, Change, DraftBranches, RefusedPushError, Tips
from outside.branch.git import GitError
from outside.evidence import troubles
from outside.hosts.host import Draft, Host, Proposal
from outside.project.files import NOTICES
from tasks.notice_editor import NoticeEditor
from tasks.outage_notice import OutageWriter
from tasks.project import Project

LOOK_BACK_S: Final = 7 * DAY_S
_STAMP: Final = re.compile(rf"{PREFIX}outage-(\d{{4}}-\d\d-\d\dT)(\d\d)(\d\d)(\d\d)Z(-update)?")
_PUSH_AGAIN: Final = 2


class Surroundings(NamedTuple):
    """What the drafting works with: git in the project, the host, and what starts the publishing after a commit."""

    branches: DraftBranches
    host: Callable[[], Host]
    publish: Callable[[], None]


def draft_notices(project: Project, around: Surroundings) -> tuple[str, ...]:
    """Draft notices that are due, and renew or withdraw earlier drafts; return what was done, a line for each.

    The maintainers of `monitor.tell` are told of a new draft by the next `alarm`.

    Raises:
        UsageError: there is something to draft, and no known host to propose it on.
        OutsideError: git or the host failed.

    """
    rule = project.config.draft_incident
    if rule is None:
        return ()
    episodes = find_drafted_episodes(project, rule)
    if not episodes:
        return ()
    desk = _Desk.open(project, rule, around, _PUSH_AGAIN)
    return tuple(line for episode in episodes for line in desk.handle(episode))


def find_drafted_episodes(project: Project, rule: DraftIncident) -> tuple[Episode, ...]:
    """Find the episodes of the last seven days. One that began earlier is left out: its beginning is not known."""
    window = Interval(project.now - LOOK_BACK_S, project.now + 1)
    accounts = (project.account(service, window) for service in project.service_ids)
    found = find_episodes(accounts, Patience(rule.after_s, rule.keep_s), project.now)
    return tuple(episode for episode in found if episode.start > window.start)


def name_branch(episode: Episode) -> str:
    """Name the branch of an episode after its first second."""
    return f"{PREFIX}outage-{format_instant(episode.start).replace(':', '')}"


class _Desk(NamedTuple):
    """The remote as it is, and everything that is needed to change it. `project` has the notices of the remote's tip."""

    project: Project
    rule: DraftIncident
    around: Surroundings
    host: Host
    tips: Tips
    tries: int
    editor: NoticeEditor
    catalogs: Mapping[str, Catalog]

    @classmethod
    def open(cls, project: Project, rule: DraftIncident, around: Surroundings, tries: int) -> "_Desk":
        host, tips = around.host(), around.branches.fetch()
        published = project.at(project.now)
        published.notice_files = around.branches.read(tips.commit, NOTICES)
        languages = project.config.page.languages
        catalogs = {language: load(language, project.templates) for language in languages}
        return cls(published, rule, around, host, tips, tries, NoticeEditor.open(published), catalogs)

    def handle(self, episode: Episode) -> Iterator[str]:
        """Draft the notice of an episode, or follow up the one that is published."""
        branch = self._find_branch(episode)
        notice = self._find_notice(episode)
        if notice is None:
            yield from self._draft(episode, branch)
            return
        yield from self._withdraw(branch, "a notice was published")
        yield from self._follow_up(episode, notice, f"{branch}-update")

    def _find_branch(self, episode: Episode) -> str:
        """Find the branch of an episode: late rows may have moved its beginning since the branch was made."""
        reach = Interval(episode.start - self.rule.keep_s, (episode.recovered or self.project.now) + 1)
        matching = (name for name in self.tips.ours if (at := _read_stamp(name)) is not None and at in reach)
        return min(matching, default=name_branch(episode))

    def _find_notice(self, episode: Episode) -> Notice | None:
        """Find a published incident about an episode: it names one of its services, and their times meet."""
        notices = self.project.parse_notices(self.project.notice_files, self.project.now).notices
        end = episode.recovered or self.project.now
        for notice in reversed(notices):
            closed = notice.updates[-1].at if notice.is_closed and notice.updates else self.project.now
            meets = notice.starts <= end and closed >= episode.start - self.rule.keep_s
            concerns = not notice.services or set(notice.every_service) & set(episode.services)
            if notice.kind == "incident" and meets and concerns:
                return notice
        return None

    def _draft(self, episode: Episode, branch: str) -> Iterator[str]:
        """Begin the notice of an episode, or bring its draft up to date, or withdraw it."""
        if branch in self.tips.ours:
            if self._is_negligible(episode):
                yield from self._withdraw(branch, "it is over, and was short")
            else:
                yield from self._propose(episode, branch, self._writer(episode).compose("resolved"))
        elif episode.recovered is None:
            if self.rule.by == "commit" and not self.host.find(branch):
                yield from self._publish(episode, branch)
            else:
                yield from self._propose(episode, branch, self._writer(episode).compose("resolved"))

    def _is_negligible(self, episode: Episode) -> bool:
        """Return whether an outage was too short to deserve a notice, and has been over for long enough."""
        if episode.recovered is None or self.project.now - episode.recovered < self.rule.keep_s:
            return False
        return episode.recovered - episode.start < self.rule.keep_s

    def _follow_up(self, episode: Episode, notice: Notice, branch: str) -> Iterator[str]:
        """Bring a published notice up to date: by a commit if we wrote all of it, else by another proposal."""
        written = self.project.notice_files
        if self.rule.by == "commit":
            composed = self._writer(episode, notice.stem).compose_stages("monitoring")
            stages = [{path: text.encode() for path, text in files.items()} for files in composed]
            if any(stage.items() <= written.items() for stage in stages):
                if not stages[-1].items() <= written.items():
                    yield from self._publish(episode, branch, notice.stem)
                return
        files = self._writer(episode).follow_up(notice, self.project.notice_files)
        if not files:
            yield from self._withdraw(branch, "the notice says it already")
        elif branch in self.tips.ours or self._is_new(episode):
            yield from self._propose(episode, branch, files)

    def _is_new(self, episode: Episode) -> bool:
        """Return whether an episode is still going on, or ended within the last day."""
        return episode.recovered is None or self.project.now - episode.recovered < DAY_S

    def _writer(self, episode: Episode, stem: str = "") -> OutageWriter:
        return OutageWriter(self.editor, self.catalogs, episode, self.rule.after_s, stem)

    def _publish(self, episode: Episode, branch: str, stem: str = "") -> Iterator[str]:
        """Commit a notice to the default branch; where a rule of the remote forbids that, propose it instead, and report that.

        `stem`: the name of the notice if it is published already.
        """
        branches, title = self.around.branches, title_proposal(self._summarise(episode))
        commit = self._commit(self.tips.commit, self._writer(episode, stem).compose("monitoring"), title)
        try:
            branches.push(commit, self.tips.default)
        except RefusedPushError as error:
            yield f"{self.tips.default} is protected, so the notice is only proposed ({error})"
            self._note(f"{self.tips.default} is protected, so a notice could not be published by itself")
            yield from self._propose(episode, branch, self._writer(episode, stem).compose("resolved"))
            return
        except GitError:  # somebody else pushed first: try again on top of their commit
            if not self.tries:
                raise
            fresh = _Desk.open(self.project, self.rule, self.around, self.tries - 1)
            yield from fresh.handle(episode)
            return
        self.around.publish()
        self._note(f"published by itself: {title}")
        yield f"committed to {self.tips.default}: {title}"

    def _propose(self, episode: Episode, branch: str, files: Mapping[str, str]) -> Iterator[str]:
        """Push files to a branch and propose to merge it, or renew both; a proposal that a person closed stays closed."""
        tip = self.tips.ours.get(branch)
        proposals = self.host.find(branch)
        current = next((each for each in proposals if each.state == "open"), None)
        if current is None and proposals:
            return
        summary = self._summarise(episode)
        yield from self._push(branch, tip, files, summary)
        if current is not None:
            yield from self._renew(current, summary)
            return
        body = write_body(summary, self.project.config.page.languages)
        opened = self.host.open(Draft(branch, self.tips.default, title_proposal(summary), body))
        elsewhere = f"; or write one: {summary.compose}" if summary.compose else ""
        self._note(f"{title_proposal(summary)}: a notice is drafted: {opened.url}{elsewhere}")
        yield f"proposed: {opened.url}"

    def _push(
        self, branch: str, tip: str | None, files: Mapping[str, str], summary: OutageSummary
    ) -> Iterator[str]:
        """Push files to a branch of ours, unless it already has them, or somebody else has worked on it."""
        if tip is not None and not self.around.branches.is_ours(tip):
            yield f"{branch} was changed by a person, and is left alone"
            return
        pushed = self.around.branches.read(tip, NOTICES) if tip is not None else {}
        if any(pushed.get(path) != text.encode() for path, text in files.items()):
            commit = self._commit(tip or self.tips.commit, files, title_proposal(summary))
            self.around.branches.push(commit, branch)
            yield f"pushed to {branch}: {title_proposal(summary)}"

    def _renew(self, current: Proposal, summary: OutageSummary) -> Iterator[str]:
        title, body = renew_proposal(current.title, current.body, summary)
        if (title, body) != (current.title, current.body):
            self.host.change(current.number, title, body)
            yield f"renewed: {current.url}"

    def _withdraw(self, branch: str, why: str) -> Iterator[str]:
        """Close the proposal of a branch and remove the branch, unless somebody else has worked on it."""
        tip = self.tips.ours.get(branch)
        if tip is None or not self.around.branches.is_ours(tip):
            return
        for proposal in self.host.find(branch):
            if proposal.state == "open":
                self.host.close(proposal.number)
                yield f"withdrawn, since {why}: {proposal.url}"
        self.around.branches.remove(branch, tip)

    def _commit(self, parent: str, files: Mapping[str, str], subject: str) -> str:
        return self.around.branches.commit(Change(parent, files, subject), self.project.now)

    def _summarise(self, episode: Episode) -> OutageSummary:
        page, names = self.project.config.page, self.project.config.service_names
        outage = name_outage(episode.services, since=episode.start, until=episode.recovered)
        return OutageSummary(episode, page, names, address_compose(page, page.languages[0], outage))

    def _note(self, text: str) -> None:
        """Note a text for the maintainers, for the next `alarm`."""
        troubles.note_trouble(self.project.root, self.project.config.monitor, self.project.now, text)


def _read_stamp(branch: str) -> Instant | None:
    """Read the beginning of an episode from the name of its branch; `None` for any other branch."""
    match = _STAMP.fullmatch(branch)
    if match is None or match[5]:
        return None
    return parse_instant(f"{match[1]}{match[2]}:{match[3]}:{match[4]}Z")
