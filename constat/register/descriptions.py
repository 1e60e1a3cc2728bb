"""Lines of the register in a few words, for people whose change will cause them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

Line = Mapping[str, Any]


def describe_line(line: str) -> str:
    """Describe what a pending line records: `the rules of smtp`, `the window of 2026-12-01-relay, ...`."""
    fields = json.loads(line)
    return _DESCRIBE[fields["kind"]](fields)


def _describe_service(line: Line) -> str:
    return f"the rules of {line['id']}" if line["rules"] else f"that {line['id']} is no longer watched"


def _describe_maintenance(line: Line) -> str:
    services = ", ".join(line["services"])
    window = f"the window of {line['slug']}, {line['starts']} to {line['ends']}, for {services}"
    return f"that {line['slug']} is cancelled" if line["cancelled"] else window


def _describe_correction(line: Line) -> str:
    span = f"{line['service']}, {line['start']} to {line['end']}"
    return (
        f"the correction of {span}, to {line['becomes']}"
        if line["becomes"]
        else f"that {span} is no longer corrected"
    )


def _describe_page(line: Line) -> str:
    name = f", and {line['id']} as the page's permanent name" if "id" in line else ""
    return f"the time zone {line['timezone']}{name}"


_DESCRIBE: Mapping[str, Callable[[Line], str]] = {
    "service": _describe_service,
    "maintenance": _describe_maintenance,
    "correction": _describe_correction,
    "page": _describe_page,
    "support": lambda _: "the hours, the clock and the levels of support",
    "words": lambda line: f"the words of {line['slug']}",
    "seal": lambda line: f"the seal of {line['path']}",
    "withdrawn": lambda line: f"that something was withdrawn from {line['path']}",
}
