"""Ask upstream services what they say of themselves, and record it: once after a round of checks, or throughout a watch."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from constat.errors import ConstatError
from constat.interval import Instant
from constat.model import Upstream, UpstreamAnswer, UpstreamSays
from constat.upstream import read_feed, read_summary
from outside.evidence.said_files import append_said, read_said
from outside.web.upstream import DEADLINE_S, ask_upstream
from tasks.collecting import Collecting
from tasks.look import LookListener, LookPlan


class UpstreamAsker(Collecting):
    """Asks each upstream service when it is due; reports a trouble once while it lasts."""

    def __init__(
        self, clock: Callable[[], float], listener: LookListener, deadline_s: float = DEADLINE_S
    ) -> None:
        super().__init__("upstream", listener)
        self._clock = clock
        self._deadline_s = deadline_s
        self._asked: dict[str, Instant] = {}
        self._troubles: dict[str, str] = {}

    def collect(self, plan: LookPlan) -> None:
        """Ask every service that is due, all at once. Only the monitor's own vantage asks, and not if the plan is for one service."""
        config = plan.project.config
        if not config.upstream or plan.vantage != config.monitor.vantage or plan.only is not None:
            return
        now = int(self._clock())
        if not self._asked:
            said = read_said(plan.project.root, [each.id for each in config.upstream], now)
            self._asked = {each.id: each.at for each in sorted(said, key=lambda each: each.at)}
        due = [each for each in config.upstream if self._is_due(each, now)]
        if not due:
            return
        with ThreadPoolExecutor(len(due), "upstream") as threads:
            answers = tuple(threads.map(partial(_ask, now=now, deadline_s=self._deadline_s), due))
        for upstream, (says, trouble) in zip(due, answers, strict=True):
            self._asked[upstream.id] = now
            self._tell(upstream.id, trouble)
            self._record(plan, UpstreamAnswer(now, upstream.id, says))

    def _is_due(self, upstream: Upstream, now: Instant) -> bool:
        """Return whether `every_s` has passed since the service was asked, or the clock was set back."""
        return not 0 <= now - self._asked.get(upstream.id, 0) < upstream.every_s

    def _record(self, plan: LookPlan, answer: UpstreamAnswer) -> None:
        try:
            append_said(plan.project.root, answer)
        except ConstatError as error:  # a full disk ends no watch
            self._tell(answer.id, str(error))

    def _tell(self, name: str, trouble: str) -> None:
        """Report a trouble unless it was the last one reported; nothing where there is none."""
        if trouble and self._troubles.get(name) != trouble:
            self._listener.report_trouble(f"upstream {name}: {trouble}")
        self._troubles[name] = trouble


def _ask(upstream: Upstream, now: Instant, deadline_s: float) -> tuple[UpstreamSays, str]:
    """Return what a service says and an empty trouble; `unknown` and the trouble if it does not answer, or not in a known form."""
    try:
        data = ask_upstream(upstream, deadline_s)
        says = read_feed(data, now) if upstream.kind == "feed" else read_summary(data, upstream.component)
    except (ConstatError, ValueError) as error:
        return UpstreamSays("unknown"), str(error)
    return says, ""
