"""Values that people may write into `status.yml` for a declared type: most of them valid, some not."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, cast, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from constat.config.fields.marks import Reads
from constat.config.value_parsing import spell_key

Pieces = st.SearchStrategy[Any]

SECRETS = ("CONSTAT_KNOWN",)
"""The declared secrets."""

_WORDS = """
smtp www.maxony.example monitor@maxony.example https://www.maxony.example/ PGHOST fr no true 5m 0h 800ms 5wd 2026-03-02
08:00 mon-fri Europe/Zurich +01:00 25 2048 99.9 200 2xx 1MiB 192.0.2.1 192.0.2.0/28 tcp://example.org:443 +41000000000
#0b57a4 logo.svg tsa.pem ${CONSTAT_KNOWN} ${CONSTAT_OTHER} CONSTAT_KNOWN Bücher.example wss://www.maxony.example/ [
"""
TEXTS: tuple[Any, ...] = (
    *_WORDS.split(),
    *("MX records", " ", ""),
    *(["sat", "mon"], ["200", "301"], [], [["a"]], {"fr": "Un", "en": "One"}, {"fr": ["a"]}, {}),
)
"""Valid values for every field; none is valid for all of them."""

KEYS = ("odd", "from_", "URL", "")
"""A key that no table has."""


def pieces(hint: Any) -> Pieces:
    """Values for a declared type; one in twenty is arbitrary."""
    return st.integers(0, 19).flatmap(lambda number: _right(hint) if number < 19 else st.sampled_from(TEXTS))


def _right(hint: Any) -> Pieces:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        mark = next((mark for mark in hint.__metadata__ if isinstance(mark, Reads)), None)
        return st.sampled_from(_taken_by(mark)) if mark else _right(hint.__origin__)
    if is_dataclass(hint):
        return _tables(cast("type[Any]", hint))
    if origin is Literal:
        return st.sampled_from(inside)
    if origin is tuple:
        return st.lists(pieces(inside[0]), max_size=3)
    if origin is Mapping:
        keys = _right(inside[0]) if inside[0] is not str else st.sampled_from(["a", "b"])
        return st.dictionaries(keys.filter(lambda key: isinstance(key, str)), pieces(inside[1]), max_size=2)
    return _right(next(each for each in inside if each is not NoneType))


@cache
def _taken_by(mark: Reads) -> list[Any]:
    return [text for text in TEXTS if _takes(mark, text)]


def _takes(mark: Reads, text: object) -> bool:
    try:
        mark.parser(text, *([SECRETS] if mark.secrets else []))
    except ValueError:
        return False
    return True


@st.composite
def _tables(draw: st.DrawFn, kind: type[Any]) -> dict[str, Any]:
    """Most required keys of a dataclass, some of the others, and now and then one that it does not have."""
    hints = get_type_hints(kind, include_extras=True)
    written = [key for key in fields(kind) if draw(st.integers(0, 19)) < (19 if _is_required(key) else 6)]
    table = {spell_key(key.name): draw(pieces(hints[key.name])) for key in written}
    odd = {draw(st.sampled_from(KEYS)): "a"} if draw(st.integers(0, 19)) > 18 else {}
    return {**table, **odd}


def _is_required(key: Field[Any]) -> bool:
    return key.default is MISSING and key.default_factory is MISSING
