"""Several clauses in one sentence, separated as the language of the page does it."""

from collections.abc import Iterable
from functools import reduce

from markupsafe import Markup

from constat.i18n import Language


def join_clauses(clauses: Iterable[Markup], language: Language) -> Markup:
    """Join clauses with semicolons, before which French sets a space; empty clauses are left out."""
    kept = [clause for clause in clauses if clause]
    if not kept:
        return Markup()
    return reduce(lambda first, rest: language.say("%(first)s; %(rest)s", first=first, rest=rest), kept)
