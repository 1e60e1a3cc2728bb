"""Have Globalping make the checks that ask for it: once after a round of our own checks, or throughout a watch.

Each place is a vantage and a measurement of its own, so that it is certain which probe is where.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Final, NamedTuple

from checks.elsewhere.asking import Asked, ask_canary, ask_elsewhere
from checks.elsewhere.judging import has_answered, has_failed, join, judge
from checks.probing import Context, Deadline, ProbeResult
from checks.reasons import Trouble
from checks.secrets import Secrets
from constat.errors import OutsideError
from constat.interval import Instant
from constat.model import GLOBALPING, CheckConfig, Config, Globalping, Outcome, Sample
from constat.text.reason_cells import encode_reason
from outside.evidence.journal import Journal, signal_changes
from outside.globalping import Api, Limits, UnansweredError
from outside.sources.question import Names
from tasks.collect import load_newest_evidence
from tasks.collecting import Collecting, note_for_maintainers
from tasks.look import LookListener, LookPlan
from tasks.source_access import sign_in
from tasks.source_track import find_newest

SIDE_BY_SIDE: Final = 8
"""How many measurements run at once."""

MakeApi = Callable[[str, Mapping[str, str], Limits], Api]


class _Place(NamedTuple):
    """A check from one of its vantages."""

    service: str
    check: CheckConfig
    vantage: str

    @property
    def names(self) -> Names:
        """Service, check and vantage, as in the evidence."""
        return self.service, self.check.name, self.vantage


class _Looked(NamedTuple):
    """A look: its sample; if there was no answer, also the trouble, which identifies it, and the text that reports it."""

    names: Names
    sample: Sample
    trouble: str = ""
    text: str = ""


class Measurer(Collecting):
    """Has every check measured once per interval; reports a trouble once while it lasts."""

    def __init__(self, clock: Callable[[], float], listener: LookListener, make_api: MakeApi = Api) -> None:
        super().__init__("Globalping", listener)
        self._clock = clock
        self._make_api = make_api
        self._limits = Limits()
        self._measured: dict[Names, Instant] = {}
        self._journal: Journal | None = None
        self._troubles: dict[Names, str] = {}

    @property
    def count(self) -> int:
        """The rows so far."""
        return self._journal.count if self._journal else 0

    def collect(self, plan: LookPlan) -> None:
        """Measure what is due. Only the monitor's own vantage asks: another vantage would get the same rows a second time."""
        config = plan.project.config
        if config.globalping is None or plan.vantage != config.monitor.vantage:
            return
        now = int(self._clock())
        places = _list_places(config, plan.only)
        journal = self._open(plan, places, now)
        due = [each for each in places if self._is_due(each, now)]
        if not due:
            return
        secrets = Secrets.of(config.secrets, plan.environment)
        api = self._open_api(config.globalping, secrets)
        self._measured |= {
            each.names: now for each in due
        }  # even if it fails: each measurement uses up tests
        look = partial(_look, api, config.globalping, self._clock)
        for looked in _look_side_by_side(look, due):
            self._tell(plan, looked._replace(text=secrets.redact(looked.text)))
            try:
                journal.record([looked.sample])
            except OutsideError as error:  # a full disk ends no watch
                self._tell(plan, looked._replace(trouble="disk", text=str(error)))

    def _open(self, plan: LookPlan, places: list[_Place], now: Instant) -> Journal:
        """Return the journal; when it is first opened, learn from the newest rows what was measured already."""
        if self._journal is None:
            wanted = {each.names for each in places}
            evidence = load_newest_evidence(plan.project, wanted, now)
            self._measured = find_newest(evidence, wanted)
            signal = signal_changes(plan.project.root, evidence, self._listener.report_trouble)
            self._journal = Journal(plan.project.root, self._listener.report_samples, signal)
        return self._journal

    def _is_due(self, place: _Place, now: Instant) -> bool:
        interval_s = place.check.interval_s
        return self._measured.get(place.names, -1) // interval_s < now // interval_s

    def _open_api(self, globalping: Globalping, secrets: Secrets) -> Api | Trouble:
        """Return the API, or the trouble that keeps us from using it."""
        try:
            headers = sign_in(globalping.url, secrets, globalping.token)
        except Trouble as trouble:
            return trouble
        return self._make_api(globalping.url, headers, self._limits)

    def _tell(self, plan: LookPlan, looked: _Looked) -> None:
        """Report a trouble unless it is already known, from this place or another.

        Alert the maintainers only to the first since Globalping last answered everywhere.
        """
        if not looked.trouble:
            self._troubles.pop(looked.names, None)
            return
        if looked.trouble not in self._troubles.values():
            self._listener.report_trouble(looked.text)
        if not self._troubles:
            note_for_maintainers(plan, self._listener, looked.sample.at, looked.text)
        self._troubles[looked.names] = looked.trouble


def _list_places(config: Config, only: str | None) -> list[_Place]:
    return [
        _Place(service.id, check, vantage)
        for service in config.services
        if only in (None, service.id)
        for check in service.checks
        if check.via == GLOBALPING
        for vantage in check.vantages
    ]


def _look_side_by_side(look: Callable[[_Place], _Looked], places: Sequence[_Place]) -> Iterator[_Looked]:
    """Look from some places, and yield each look as it is done. The threads are daemons: the end of the program waits for none."""
    waiting: SimpleQueue[_Place] = SimpleQueue()
    done: SimpleQueue[_Looked | BaseException] = SimpleQueue()
    for place in places:
        waiting.put(place)

    def keep_looking() -> None:
        with suppress(Empty):
            while True:
                place = waiting.get_nowait()
                try:
                    done.put(look(place))
                except BaseException as error:  # noqa: BLE001 -- it is raised where the looks are awaited
                    done.put(error)

    for _ in range(min(SIDE_BY_SIDE, len(places))):
        threading.Thread(target=keep_looking, name=GLOBALPING, daemon=True).start()
    for _ in places:
        looked = done.get()
        if isinstance(looked, BaseException):
            raise looked
        yield looked


def _look(api: Api | Trouble, globalping: Globalping, clock: Callable[[], float], place: _Place) -> _Looked:
    """Measure a check from one vantage; without an answer, the sample is unknown."""
    at = int(clock())
    trouble, text = "", ""
    try:
        if isinstance(api, Trouble):
            raise api
        result = _measure(api, globalping, place, at)
    except UnansweredError as error:
        trouble, text = error.reason, str(error)
        result = ProbeResult(Outcome.UNKNOWN, 0, f"unanswered Globalping {error.reason}")
    except Trouble as error:
        trouble, text = error.reason, f"Globalping: {error}"
        result = ProbeResult(error.outcome, 0, error.reason)
    return _Looked(place.names, _build_sample(place, at, result), trouble, text)


def _build_sample(place: _Place, at: Instant, result: ProbeResult) -> Sample:
    return Sample(
        at=at,
        service=place.service,
        check=place.check.name,
        outcome=result.outcome,
        latency_ms=result.latency_ms,
        attempts=1,
        interval_s=place.check.interval_s,
        vantage=place.vantage,
        reason=encode_reason(result.reason),
    )


def _measure(api: Api, globalping: Globalping, place: _Place, at: Instant) -> ProbeResult:
    check = place.check
    where = [{"magic": globalping.locations[place.vantage], "limit": globalping.probes}]
    measured = api.measure(_write_request(ask_elsewhere(check.kind, check.options), where), globalping.probes)
    reached = [False] * len(measured.results)
    if globalping.canary and any(map(has_failed, measured.results)):
        reached = _ask_canary(api, globalping.canary, measured.id, len(measured.results))
    context = Context(Deadline(float(check.timeout_s)), now=at, vantage=place.vantage)
    return join(
        [
            judge(check.kind, check.options, result, context, reaches_canary=is_alive)
            for result, is_alive in zip(measured.results, reached, strict=True)
        ]
    )


def _ask_canary(api: Api, canary: str, measurement: str, probes: int) -> list[bool]:
    """Return for each of the same probes, in order, whether it reaches the canary; false for all if that cannot be learnt."""
    try:
        control = api.measure(_write_request(ask_canary(canary), measurement), probes)
    except UnansweredError:
        return [False] * probes
    return [*map(has_answered, control.results)] if len(control.results) == probes else [False] * probes


def _write_request(asked: Asked, locations: list[dict[str, Any]] | str) -> dict[str, Any]:
    """Build the body of a request. `locations`: places, or the id of a measurement whose probes are to measure again."""
    return {
        "type": asked.type,
        "target": asked.target,
        "locations": locations,
        "measurementOptions": asked.options,
    }
