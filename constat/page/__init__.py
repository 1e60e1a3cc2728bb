"""The page as one immutable object, built from the configuration, the register, the evidence and the notices."""

from constat.page.build import build
from constat.page.types import (
    PROBLEMS,
    Banner,
    BannerKind,
    Fault,
    FaultKind,
    Group,
    Page,
    PastDay,
    Phase,
    ServiceOutage,
    ShownNotice,
    ShownService,
)

__all__ = [
    "PROBLEMS",
    "Banner",
    "BannerKind",
    "Fault",
    "FaultKind",
    "Group",
    "Page",
    "PastDay",
    "Phase",
    "ServiceOutage",
    "ShownNotice",
    "ShownService",
    "build",
]
