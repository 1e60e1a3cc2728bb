"""One instant: what we knew of it, and how it is told."""

from constat.snapshot.formats import as_json, as_text
from constat.snapshot.snapshot import Lines, Moment, Said, moment

__all__ = ["Lines", "Moment", "Said", "as_json", "as_text", "moment"]
