"""The page as one immutable object, built from the configuration, the register, the evidence and the notices."""

from constat.page.archived import ArchiveMonth, PastDay
from constat.page.assembly import SHOWN_DAYS, build_page
from constat.page.banner_types import Banner, BannerKind, Fault, FaultKind
from constat.page.imported_past import (
    ImportedDay,
    ImportedMonth,
    ImportedPast,
    RecordedCounts,
    RecordedOutage,
)
from constat.page.page_inputs import PageInputs, SupportInputs
from constat.page.shown_check import LatestResult, ShownCheck
from constat.page.shown_notice import NotifiedTarget, Phase, ServiceOutage, ShownNotice
from constat.page.stated_month import FrozenStatement, StatedMonth, StatementStamp
from constat.page.types import (
    PROBLEMS,
    Group,
    Hour,
    Minutes,
    Page,
    ShownService,
)

__all__ = [
    "PROBLEMS",
    "SHOWN_DAYS",
    "ArchiveMonth",
    "Banner",
    "BannerKind",
    "Fault",
    "FaultKind",
    "FrozenStatement",
    "Group",
    "Hour",
    "ImportedDay",
    "ImportedMonth",
    "ImportedPast",
    "LatestResult",
    "Minutes",
    "NotifiedTarget",
    "Page",
    "PageInputs",
    "PastDay",
    "Phase",
    "RecordedCounts",
    "RecordedOutage",
    "ServiceOutage",
    "ShownCheck",
    "ShownNotice",
    "ShownService",
    "StatedMonth",
    "StatementStamp",
    "SupportInputs",
    "build_page",
]
