"""The rules of notices for the checker that runs in the browser: the numbers, words and patterns that `parse_notices` uses.

How they are applied is written again in the script; tests give every bad notice to both and compare the problems found.
"""

import re
from collections.abc import Mapping
from typing import Final

from constat.interval import FIRST_YEAR, LAST_YEAR
from constat.model import CLOSING_STATES, IMPACTS, STATES
from constat.notices import block_layout, markup, source, updates
from constat.notices.audit import FILL_IN, TRANSLATE
from constat.notices.drafting import LONGEST_SLUG, SPELT_OUT
from constat.notices.front import LONGEST_TITLE, MARKUP
from constat.notices.names import LONGEST_STEM

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "break": markup.LINE_BREAKS,
    "control": markup.CONTROL,
    "bidi": markup.BIDI,
    "invisible": markup.INVISIBLE,
    "markup": MARKUP,
    "heading": source.HEADING,
    "fence": block_layout.FENCE,
    "markers": markup.MARKERS,
    "notice": markup.NOTICE_LINK,
}
"""Patterns that mean the same in Python and, with its flag `u`, in JavaScript."""


def build_rules() -> dict[str, object]:
    """The rules as plain values for JSON; patterns as text."""
    return {
        **{name: pattern.pattern for name, pattern in PATTERNS.items()},
        "impacts": list(IMPACTS),
        "states": {kind: list(states) for kind, states in STATES.items()},
        "closing": sorted(CLOSING_STATES),
        "returns": sorted(map(list, updates.RETURNS)),
        "over": sorted(updates.OVER),
        "changes": list(source.UPDATE_KEYS),
        "translate": TRANSLATE,
        "unfilled": FILL_IN,
        "tags": sorted(markup.TAGS),
        "schemes": sorted(markup.SCHEMES),
        "files": markup.FILES,
        "years": [FIRST_YEAR, LAST_YEAR],
        "longestTitle": LONGEST_TITLE,
        "longestSlug": LONGEST_SLUG,
        "spelt": SPELT_OUT,
        "longestStem": LONGEST_STEM,
        "mostBytes": markup.MOST_BYTES,
        "mostLines": markup.MOST_LINES,
        "mostDeep": markup.MOST_DEEP,
        "mostBrackets": markup.MOST_BRACKETS,
        "mostTags": markup.MOST_TAGS,
    }
