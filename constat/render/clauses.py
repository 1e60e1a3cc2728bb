"""Clauses in a row, as the language of a page sets them apart."""

from collections.abc import Iterable
from functools import reduce

from markupsafe import Markup

from constat.i18n import Language


def join_clauses(clauses: Iterable[Markup], language: Language) -> Markup:
    """Join clauses with semicolons, which French sets apart from what stands before; empty ones are left out."""
    kept = [clause for clause in clauses if clause]
    if not kept:
        return Markup()
    return reduce(lambda first, rest: language.say("%(first)s; %(rest)s", first=first, rest=rest), kept)
