"""A statement: the frozen account of one month."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from constat.interval import Instant, Interval
from constat.model.accounts import Figures, Uncorrected
from constat.model.rules import Correction, MaintenanceVersion, RecordedRules, ServiceRules
from constat.model.settings import Contract

LevelVerdict = Literal["met", "missed", "no_data"]


class LevelFigures(NamedTuple):
    """The figures of one support level over the tickets due in a month. `target` as it is written: `4h`, `5wd`.

    `in_time` is a share in [0, 1]. The times are opening seconds of the answered tickets; the median is the lower of the
    two in the middle. All three are `None` without tickets to compute them from. The only verdict of a month in progress
    is `missed`.
    """

    level: str
    target: str
    tickets: int
    late: int
    in_time: Fraction | None
    median_s: int | None
    longest_s: int | None
    verdict: LevelVerdict | None


class ServiceStatement(NamedTuple):
    """One service in a statement. `rules` are those in force when the month began.

    `begins` and `firsts` (by check) are the first samples, which rules 5 and 7 need from before the month.
    """

    figures: Figures
    uncorrected: Uncorrected | None
    begins: Instant
    firsts: Mapping[str, Instant]
    rules: ServiceRules


class EvidenceFile(NamedTuple):
    """The first part of a file that a statement rests on, and its hash.

    `lines`: for the register, how many of its lines. `bytes`: for a day file, how many of its bytes; `sealed`: when it
    was first sealed, `None` if it was not. The ticket rows of the month are a whole file.
    """

    path: str
    sha256: str
    lines: int | None = None
    bytes: int | None = None
    sealed: Instant | None = None


class PreviousStatement(NamedTuple):
    """The link to the statement of the month before."""

    month: str
    sha256: str


class SupersededStatement(NamedTuple):
    """The statement of the same month that another one replaced, and why."""

    path: str
    sha256: str
    why: str


class AnnouncedWindow(NamedTuple):
    """Every published version of a maintenance of which one version's window overlaps the month."""

    slug: str
    versions: tuple[MaintenanceVersion, ...]


class Statement(NamedTuple):
    """The account of one month. `corrections`: the register's lines that overlap it, including withdrawn ones.

    `late_rows`: the rows of the month that are late, whether or not they filled a second. `changes`: the rules that took
    effect in the month.
    """

    month: str
    timezone: str
    window: Interval
    frozen_at: Instant
    contract: Contract | None
    services: tuple[ServiceStatement, ...]
    support: tuple[LevelFigures, ...]
    maintenance: tuple[AnnouncedWindow, ...]
    corrections: tuple[Correction, ...]
    late_rows: int
    changes: tuple[RecordedRules, ...]
    evidence: tuple[EvidenceFile, ...]
    previous: PreviousStatement | None
    supersedes: SupersededStatement | None
