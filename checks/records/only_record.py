"""The one record of its kind in a place of the DNS: where a standard allows one, several count as none."""

from collections.abc import Sequence

from checks.probing import Context
from checks.reasons import Trouble


def take_only_record(name: str, records: Sequence[str], texts: Sequence[str], context: Context) -> str:
    """Return the record of a kind. `name`: its kind, in reasons. `texts`: all that was found where it belongs.

    Raises:
        Trouble: there is none, or more than one.

    """
    if len(records) > 1:
        raise Trouble("record", f"{len(records)} {name} records in one place")
    if not records:
        raise Trouble("record", f"no {name} but {context.quote(texts[0])}" if texts else f"no {name}")
    return records[0]
