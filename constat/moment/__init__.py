"""One instant: what we knew of it, and how it is told."""

from constat.moment.knowing import Lines, Moment, Said, moment
from constat.moment.telling import as_json, as_text

__all__ = ["Lines", "Moment", "Said", "as_json", "as_text", "moment"]
