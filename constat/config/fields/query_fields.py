"""The labels and series named in a query to a time series database, and the types of fields that read them."""

import re
from typing import Annotated

from constat.config.fields.marks import Reads, matching, wrong
from constat.config.fields.text_fields import parse_matching, parse_plain_text

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_MATCHERS = rf"\{{(?:[^{{}}\"']|{_QUOTED})*\}}"
_SELECTOR = re.compile(rf"{_NAME}(?:{_MATCHERS})?|{_MATCHERS}")


def parse_label_name(value: object) -> str:
    """The name of a Prometheus label."""
    hint = "write letters, digits and _: service"
    return parse_matching(value, r"[a-zA-Z_][a-zA-Z0-9_]*", "a valid label name", hint)


def parse_selector(value: object) -> str:
    """A PromQL series selector. Raw samples are to be had for series only, not for an expression."""
    text = parse_plain_text(value).strip()
    if not _SELECTOR.fullmatch(text):
        raise wrong(
            f"{text!r} does not select series",
            "write the name of a metric and its labels, without operators, functions and [range]:"
            """ probe_success{job="blackbox"}""",
        )
    return text


LabelName = Annotated[str, Reads(parse_label_name, matching("^[a-zA-Z_][a-zA-Z0-9_]*$", "service"))]
"""The name of a label."""
Selector = Annotated[
    str, Reads(parse_selector, {"type": "string", "examples": ['probe_success{job="blackbox"}']})
]
"""The series of a metric."""
