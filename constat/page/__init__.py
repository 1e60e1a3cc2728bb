"""The page as one immutable object, built from the configuration, the register, the evidence and the notices."""

from constat.page.build import SHOWN_DAYS, build
from constat.page.months import Declared
from constat.page.types import (
    PROBLEMS,
    Banner,
    BannerKind,
    Fault,
    FaultKind,
    FrozenStatement,
    Group,
    Page,
    PastDay,
    Phase,
    ServiceOutage,
    ShownNotice,
    ShownService,
    StatedMonth,
)

__all__ = [
    "PROBLEMS",
    "SHOWN_DAYS",
    "Banner",
    "BannerKind",
    "Declared",
    "Fault",
    "FaultKind",
    "FrozenStatement",
    "Group",
    "Page",
    "PastDay",
    "Phase",
    "ServiceOutage",
    "ShownNotice",
    "ShownService",
    "StatedMonth",
    "build",
]
