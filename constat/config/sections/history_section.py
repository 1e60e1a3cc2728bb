"""The section `history` of `status.yml`, as it is written and as it is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from constat.config.fields import Text, Year, about
from constat.model import settings


@dataclass(frozen=True, slots=True)
class History:
    """Where the evidence is kept."""

    branch: Annotated[
        Literal["single", "yearly"],
        about(
            "Whether the evidence is kept on one branch (history) or on one for each year (history-2026), which may be "
            "moved away once the year is over (default single)."
        ),
    ] = "single"
    archive: Annotated[
        Mapping[Year, Text],
        about(
            "Where the day files of a year that was moved away are kept: a git remote and its branch "
            "(git:https://git.example.org/old.git#history-2025), a folder (dir:/srv/history-2025), "
            "or a web address (https://archive.example.org/)."
        ),
    ] = field(default_factory=dict)


def resolve_history(history: History) -> settings.History:
    """Resolve where the evidence is kept."""
    return settings.History(history.branch, dict(history.archive))
