"""Take what sources saw as rows of evidence: once after a round of our own checks, or throughout a watch."""

from collections.abc import Callable, Collection
from typing import Final

from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import ConstatError
from constat.interval import DAY_S, Instant, Interval
from constat.model import Evidence, Source
from outside.evidence.journal import Journal, signal_changes
from outside.sources.question import Names
from outside.sources.registry import load_source
from tasks.collecting import Collecting, describe_unforeseen, note_for_maintainers
from tasks.garbage import without_garbage_search
from tasks.look import LookListener, LookPlan
from tasks.project import Project
from tasks.source_access import open_access
from tasks.source_series import SeriesWords, list_wanted, take_one_at_a_time
from tasks.source_track import Track, find_newest

LEAST_PAUSE_S: Final = 5
"""A source is not asked more often than this, however short its interval."""
_SEARCHED_DAYS: Final = (2, 16, 128, 400)
"""How many days back to search for the newest row: the first, and if it is not there, the next."""


class _Collection:
    """The collection from one source: how far it has come, and where its rows go."""

    def __init__(self, source: Source, plan: LookPlan, now: Instant, listener: LookListener) -> None:
        wanted = list_wanted(plan.project.config, source)
        evidence = load_newest_evidence(plan.project, wanted, now)
        signal = signal_changes(plan.project.root, evidence, listener.report_trouble)
        self._track = Track(find_newest(evidence, wanted))
        self._journal = Journal(plan.project.root, listener.report_samples, signal)
        self._words = SeriesWords(listener.report_trouble)

    @property
    def count(self) -> int:
        """The rows so far."""
        return self._journal.count

    def take(self, source: Source, plan: LookPlan, now: Instant) -> None:
        """Record everything that is new up to `now`.

        Raises:
            OutsideError: the source does not answer, or the rows cannot be written.
            Trouble: a secret is missing.

        """
        project = plan.project
        wanted = list_wanted(project.config, source)
        secrets = Secrets.of(project.config.secrets, plan.environment)
        access, ask = open_access(project.root, source, secrets), load_source(source.kind).collect
        for answer in self._track.collect(ask, source, access, now, wanted):
            taken = [series for series in answer if series.names in wanted]
            unwanted = (series for series in answer if series.names not in wanted)
            self._words.explain(project.config, source, unwanted)
            self._words.name_odd(source, (series for series in taken if series.odd))
            self._words.name_pace(source, taken)
            single, doubled = take_one_at_a_time(taken, source.every_s)
            self._words.name_doubled(source, doubled)
            samples = self._track.list_new_samples(source, single)
            if samples:
                self._journal.record(samples)
                self._track.note_recorded(single)


class Collector(Collecting):
    """Collects what the sources of a project saw; remembers how far it came, and reports a trouble once while it lasts."""

    def __init__(self, clock: Callable[[], float], listener: LookListener) -> None:
        super().__init__("sources", listener)
        self._clock = clock
        self._collections: dict[str, _Collection] = {}
        self._due: dict[str, Instant] = {}
        self._troubles: dict[str, str] = {}
        self._forgotten = 0

    @property
    def count(self) -> int:
        """The rows so far, of all sources."""
        return self._forgotten + sum(each.count for each in list(self._collections.values()))

    def collect(self, plan: LookPlan) -> None:
        """Ask each source that is due for what is new: for all services, even if the plan is to look at only one.

        Only the monitor's own vantage asks: another vantage would get the same rows a second time.
        """
        config = plan.project.config
        if plan.vantage != config.monitor.vantage:
            return
        for source in config.sources:
            now = int(self._clock())
            is_meant = bool(list_wanted(config, source, plan.only))
            if is_meant and now >= self._due.get(source.id, 0):
                self._due[source.id] = now + max(source.every_s, LEAST_PAUSE_S)
                self._attempt(source, plan, now)

    def _attempt(self, source: Source, plan: LookPlan, now: Instant) -> None:
        try:
            if source.id not in self._collections:
                self._collections[source.id] = _Collection(source, plan, now, self._listener)
            with without_garbage_search():
                self._collections[source.id].take(source, plan, now)
        except ConstatError as error:
            self._tell(plan, source, f"{error} ({error.tip})" if error.tip else str(error), now)
        except Trouble as error:
            self._tell(plan, source, str(error), now)
        except Exception as error:  # noqa: BLE001 (a bug in one source ends neither the others nor the watch)
            self._tell(plan, source, describe_unforeseen(error), now)
            self._forget(source)
        else:
            self._troubles.pop(source.id, None)

    def _forget(self, source: Source) -> None:
        """Begin again from what is on the disk: how far the collection came is no longer known for sure."""
        collection = self._collections.pop(source.id, None)
        self._forgotten += collection.count if collection else 0

    def _tell(self, plan: LookPlan, source: Source, trouble: str, now: Instant) -> None:
        """Report a trouble once; alert the maintainers only to the first since the source last answered."""
        text = Secrets.of(plan.project.config.secrets, plan.environment).redact(trouble)
        before = self._troubles.get(source.id)
        self._troubles[source.id] = text
        if before == text:
            return
        self._listener.report_trouble(f"source {source.id}: {text}")
        if before is None:
            note_for_maintainers(plan, self._listener, now, f"source {source.id}: {text}")


def load_newest_evidence(project: Project, wanted: Collection[Names], now: Instant) -> Evidence:
    """Load evidence that holds the newest row of any of these series, reaching only as far back as it takes.

    Raises:
        OutsideError: the evidence cannot be read.

    """
    for days in _SEARCHED_DAYS:
        window = Interval(now - days * DAY_S, now + 1)
        evidence = project.at(now).evidence(window)
        if find_newest(evidence, wanted):
            break
    return evidence
