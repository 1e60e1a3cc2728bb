"""Decide which series of a source are evidence, and say why another one is not."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from statistics import median_low

from constat.errors import visible
from constat.interval import Instant
from constat.model import Config, Source
from outside.sources.question import Names, Series

_LEAST_GAPS, _MOST_GAPS = 5, 20
"""How many gaps between looks it takes to say how often they come, and how many are looked at."""
MOST_NAMED = 10
"""How many ignored series are named; the rest are counted."""
_LONGEST_NAME = 64
"""How many characters of a label are quoted: the most that a name in `status.yml` has."""


def list_wanted(config: Config, source: Source, only: str | None = None) -> frozenset[Names]:
    """List service, check and vantage of every series that a source may fill, for one service or for all."""
    return frozenset(
        (service.id, check.name, vantage)
        for service in config.services
        if only in (None, service.id)
        for check in service.checks
        if check.via == source.id
        for vantage in check.vantages
    )


def take_one_at_a_time(
    series: Iterable[Series], every_s: int
) -> tuple[tuple[Series, ...], tuple[Series, ...]]:
    """Resolve series of one check and vantage that overlap; return all series, and apart those that lost looks to another.

    Two such series could say both up and down of one second. The series with the first title wins, and another one only
    fills its gaps: a look of it counts where none of the winner is within twice `every_s`, for which a look speaks.
    """
    by_names: defaultdict[Names, list[Series]] = defaultdict(list)
    for each in sorted(series, key=attrgetter("title")):
        by_names[each.names].append(each)
    kept, doubled = [], []
    for first, *others in by_names.values():
        kept.append(first)
        taken = [at for at, _, _ in first.looks] if others else []
        for each in others:
            looks = tuple(look for look in each.looks if not _is_near(look[0], taken, 2 * every_s))
            if len(looks) < len(each.looks):
                doubled.append(each)
            taken = sorted([*taken, *(at for at, _, _ in looks)])
            kept.append(each._replace(looks=looks))
    return tuple(kept), tuple(doubled)


def _is_near(at: Instant, taken: Sequence[Instant], distance_s: int) -> bool:
    """Whether one of some sorted times is as near as this."""
    place = bisect_left(taken, at - distance_s)
    return place < len(taken) and taken[place] <= at + distance_s


class SeriesWords:
    """Reports each series that is ignored, or partly ignored, once, with the reason."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[str] = set()

    def explain(self, config: Config, source: Source, series: Iterable[Series]) -> None:
        """Name series that no check asks for."""
        self._say(
            source, {each.title: f"is not taken: {explain_unwanted(config, source, each)}" for each in series}
        )

    def name_odd(self, source: Source, series: Iterable[Series]) -> None:
        """Name series with a value that is neither 1 nor 0."""
        self._say(
            source,
            {each.title: f"has the value {each.odd}, neither 1 nor 0: nobody looked" for each in series},
        )

    def name_doubled(self, source: Source, series: Iterable[Series]) -> None:
        """Name series that run beside another one of the same check and vantage."""
        why = "is not taken beside another series of the same service, check and vantage"
        self._say(source, {each.title: why for each in series})

    def name_pace(self, source: Source, series: Iterable[Series]) -> None:
        """Say if the looks of a series come much more seldom, or much more often, than `every` of the source says."""
        for each in series:
            gaps = [later[0] - look[0] for look, later in pairwise(each.looks[: _MOST_GAPS + 1])]
            if len(gaps) >= _LEAST_GAPS and not _is_in_pace(gaps, source.every_s):
                words = f"come every {median_low(gaps)} s, but every: says {source.every_s} s"
                self._say(source, {"the samples": words})
                return

    def _say(self, source: Source, words: dict[str, str]) -> None:
        new = [title for title in words if title not in self._told]
        self._told.update(new)
        for title in new[:MOST_NAMED]:
            self._tell(f"source {source.id}: {title} {words[title]}")
        if len(new) > MOST_NAMED:
            self._tell(f"source {source.id}: so it is with {len(new) - MOST_NAMED} more series")


def _is_in_pace(gaps: Sequence[int], every_s: int) -> bool:
    """Whether some gap is neither much longer nor much shorter than the interval: one long gap is only a missed look."""
    return any(every_s <= 2 * gap and gap <= 1.5 * every_s for gap in gaps)


def explain_unwanted(config: Config, source: Source, series: Series) -> str:
    """Say why a series is no evidence."""
    for label, text in zip(source.labels, series.names, strict=True):
        if not text:
            return f"it has no label {label}"
    service, check, vantage = (visible(name[:_LONGEST_NAME]) for name in series.names)
    known = config.service(service)
    if known is None:
        return f"status.yml has no service {service}"
    named_check = next((each for each in known.checks if each.name == check), None)
    if named_check is None:
        return f"the service {service} has no check {check}"
    if named_check.via != source.id:
        return f"the check {service}/{check} does not say via: {source.id}"
    return f"the check {service}/{check} has no vantage {vantage}"
