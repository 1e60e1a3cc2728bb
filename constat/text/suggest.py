"""Suggestions of a word close to the one that was written: "did you mean"."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Suggest the closest known word, else all of them if they are few, else `otherwise`."""
    names = list(dict.fromkeys(known))
    close = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    if otherwise or not names:
        return otherwise
    return f"known: {', '.join(names)}" if len(names) <= _FEW else ""


_FEW = 30
