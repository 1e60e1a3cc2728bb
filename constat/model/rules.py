"""The register: what was promised, announced and corrected, and when that was published."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from constat.interval import Instant, Interval
from constat.model.evidence import SkippedRows
from constat.model.opening_hours import Hours
from constat.model.sealed import Seal, Withdrawn
from constat.model.states import Outcome

Affects = Literal["availability", "performance", "nothing"]
Require = Literal["all", "any"]


class CheckRules(NamedTuple):
    """The rules by which one check counts (rules 3 to 5), and what it looks at.

    `kind` and `subject` (what is watched, as readers are told: never a secret) are empty in lines that do not name them.
    """

    affects: Affects
    interval_s: int
    quorum: int
    vantages: tuple[str, ...]
    kind: str = ""
    subject: str = ""


class MaintenanceRules(NamedTuple):
    """Whether announced maintenance counts, how early it must be published, and its cap in a month (rule 9)."""

    counts: bool
    notice_s: int
    cap_s: int | None


class Credit(NamedTuple):
    """One row of a table of credits: what is owed where availability is below a figure; both are percentages (rule 19)."""

    below: Decimal
    percent: Decimal


class ServiceRules(NamedTuple):
    """The promise for a service and the rules of its checks, in their written order.

    `target` and `min_coverage` are percentages; `target` is `None` where nothing is promised. `since` and `retired` are
    dates in the page's zone. `hours`: the agreed hours (rule 18), empty where all time is agreed.
    """

    interval_s: int
    target: Decimal | None
    min_coverage: Decimal
    require: Require
    maintenance: MaintenanceRules
    checks: Mapping[str, CheckRules]
    since: date | None = None
    retired: date | None = None
    hours: tuple[Hours, ...] = ()
    credits: tuple[Credit, ...] = ()


class RecordedRules(NamedTuple):
    """A register line of kind `service`; `rules` is `None` once `status.yml` no longer names the service."""

    at: Instant
    service: str
    rules: ServiceRules | None


class MaintenanceVersion(NamedTuple):
    """A register line of kind `maintenance`: one version of an announced window.

    `recorded` is false for the current version while no line holds it yet.
    """

    at: Instant
    slug: str
    services: tuple[str, ...]
    starts: Instant
    ends: Instant
    cancelled: bool
    recorded: bool = True

    @property
    def window(self) -> Interval:
        """The announced window."""
        return Interval(self.starts, self.ends)


def group_versions(lines: Iterable[MaintenanceVersion]) -> dict[str, tuple[MaintenanceVersion, ...]]:
    """The versions of each notice by its stem, in the order given."""
    versions: defaultdict[str, list[MaintenanceVersion]] = defaultdict(list)
    for line in lines:
        versions[line.slug].append(line)
    return {slug: tuple(lines) for slug, lines in versions.items()}


@dataclass(frozen=True, slots=True)
class Correction:
    """A register line of kind `correction`: a false alarm or an unseen outage, decided by people (rule 8).

    `becomes` is `None` where the correction was withdrawn. `line`: its line in `corrections.yml`.
    """

    at: Instant
    service: str
    start: Instant
    end: Instant
    becomes: Outcome | None
    decided: date
    why: str
    evidence: str
    line: int = field(default=0, compare=False)

    @property
    def window(self) -> Interval:
        """The corrected seconds."""
        return Interval(self.start, self.end)


class RecordedText(NamedTuple):
    """A register line whose content is compared as a whole: `support` (canonical JSON)."""

    at: Instant
    text: str


class RecordedPage(NamedTuple):
    """A register line about the page: its time zone, and its permanent name, which the oldest lines lack (empty)."""

    at: Instant
    timezone: str
    id: str = ""


class RecordedWords(NamedTuple):
    """A register line of kind `words`: a short hash of each text of a notice, by language and by place.

    The place of an update is its time; that of the announcement is empty.
    """

    at: Instant
    slug: str
    hashes: Mapping[str, Mapping[str, str]]


class BackdatedLine(NamedTuple):
    """A line of the register whose own time is far behind the one from which it counts: a wrong clock, or a line put in later."""

    path: str
    line: int
    own: Instant
    effective: Instant


class Register(NamedTuple):
    """The lines of the register by kind, each kind in the order of the file.

    The `at` of every line is its effective time, from which it counts; only a seal keeps its own there, and has the
    effective one as `recorded_at`. `skipped`: lines that cannot be read or are void. `backdated`: lines that were
    recorded lately with a date long past.
    """

    services: tuple[RecordedRules, ...] = ()
    maintenance: tuple[MaintenanceVersion, ...] = ()
    corrections: tuple[Correction, ...] = ()
    pages: tuple[RecordedPage, ...] = ()
    support: tuple[RecordedText, ...] = ()
    words: tuple[RecordedWords, ...] = ()
    skipped: tuple[SkippedRows, ...] = ()
    seals: tuple[Seal, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    backdated: tuple[BackdatedLine, ...] = ()


def split_register(register: Register) -> Callable[[str], Register]:
    """Return a function that takes a service's id and returns the part of the register about that service.

    It keeps every version of a maintenance notice if any version names the service.
    """
    rules: defaultdict[str, list[RecordedRules]] = defaultdict(list)
    for line in register.services:
        rules[line.service].append(line)
    corrections: defaultdict[str, list[Correction]] = defaultdict(list)
    for correction in register.corrections:
        corrections[correction.service].append(correction)
    versions: defaultdict[str, list[MaintenanceVersion]] = defaultdict(list)
    named: defaultdict[str, set[str]] = defaultdict(set)
    for version in register.maintenance:
        for service in version.services:
            named[version.slug].add(service)
    for version in register.maintenance:
        for service in named[version.slug]:
            versions[service].append(version)
    return lambda service: register._replace(
        services=tuple(rules[service]),
        maintenance=tuple(versions[service]),
        corrections=tuple(corrections[service]),
    )
