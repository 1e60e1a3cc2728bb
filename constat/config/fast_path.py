"""The fast path: a value that is plainly valid is taken as declared; anything else is left to `constat.config.pydantic_path`.

Nearly every start of the program meets a valid `status.yml`, and importing pydantic would take a good part of its time.
So nothing is reported here: at the first doubt, also about a type that only pydantic knows, the whole piece is left to
pydantic. Whatever is taken here, pydantic would accept too, as the same value.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from constat.config.fields.marks import Reads

T = TypeVar("T")

Taker = Callable[[Any, Collection[str]], Any]
"""Takes a value as it is written, with the names of the declared secrets."""


class DoubtError(ValueError):
    """The value is not plainly valid."""


def take(kind: type[T], data: object, secrets: Collection[str]) -> T:
    """Take a value as one of our types. `secrets`: the names that options may use.

    Raises:
        ValueError: it is invalid, or cannot be judged here.

    """
    return cast("T", _taker(kind)(data, secrets))


def written_name(name: str) -> str:
    """A field's key as people write it: `from` for `from_`, since that word is reserved in Python."""
    return name.rstrip("_")


def list_written_names(declaration: type[Any]) -> tuple[str, ...]:
    """The keys of a declaration, as people write them."""
    return tuple(written_name(key.name) for key in fields(declaration))


def _taker(hint: Any) -> Taker:  # noqa: ANN401 - a type, however it is written
    if get_origin(hint) is Annotated:
        mark = next((mark for mark in hint.__metadata__ if isinstance(mark, Reads)), None)
        return _marked(mark) if mark else _taker(hint.__origin__)
    if is_dataclass(hint):
        return _table(cast("Any", hint))
    return _MAKERS.get(get_origin(hint) or hint, _unknown)(*get_args(hint))


def _marked(mark: Reads) -> Taker:
    parser = mark.parser
    return parser if mark.secrets else lambda value, _secrets: parser(value)


@cache
def _table(kind: Any) -> Taker:  # noqa: ANN401 - a dataclass
    """Make a taker of tables with the keys of a dataclass, whose defaults fill in what is not written."""
    hints = get_type_hints(kind, include_extras=True)
    takers = {written_name(key.name): (key.name, _taker(hints[key.name])) for key in fields(kind)}
    required = {written_name(key.name) for key in fields(kind) if _is_required(key)}

    def take_table(value: object, secrets: Collection[str]) -> object:
        if not isinstance(value, dict) or not required <= value.keys() <= takers.keys():
            raise DoubtError
        written = ((*takers[key], inner) for key, inner in value.items())
        return kind(**{name: taker(inner, secrets) for name, taker, inner in written})

    return take_table


def _is_required(key: Field[Any]) -> bool:
    return key.default is MISSING and key.default_factory is MISSING


def _text() -> Taker:
    def take_text(value: object, _secrets: Collection[str]) -> str:
        if not isinstance(value, str):
            raise DoubtError
        return value

    return take_text


def _word(*words: str) -> Taker:
    def take_word(value: object, _secrets: Collection[str]) -> object:
        if value not in words:
            raise DoubtError
        return value

    return take_word


def _optional(*types: Any) -> Taker:  # noqa: ANN401 - types, however they are written
    """Make a taker of what may be absent; a value that is present is text, never `None`."""
    present = [each for each in types if each is not NoneType]
    return _taker(present[0]) if len(present) == 1 else _unknown()


def _list(*types: Any) -> Taker:  # noqa: ANN401 - types, however they are written
    if types[1:] != (...,):
        return _unknown()
    item = _taker(types[0])

    def take_list(value: object, secrets: Collection[str]) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise DoubtError
        return tuple(item(each, secrets) for each in value)

    return take_list


def _names(*types: Any) -> Taker:  # noqa: ANN401 - types, however they are written
    """Make a taker of tables with arbitrary keys."""
    key, inner = map(_taker, types)

    def take_names(value: object, secrets: Collection[str]) -> dict[object, object]:
        if not isinstance(value, dict):
            raise DoubtError
        return {key(name, secrets): inner(each, secrets) for name, each in value.items()}

    return take_names


def _unknown(*_types: object) -> Taker:
    def doubt(_value: object, _secrets: Collection[str]) -> object:
        raise DoubtError

    return doubt


_MAKERS: Mapping[object, Callable[..., Taker]] = {
    str: _text,
    Literal: _word,
    Union: _optional,
    UnionType: _optional,
    tuple: _list,
    Mapping: _names,
}
