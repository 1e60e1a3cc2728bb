"""The parsing of one piece of a document as one of our types.

A fast path takes what is plainly valid as declared: nearly every start of the program meets a valid `status.yml`, and
importing pydantic would take a good part of its time. The fast path reports nothing. At the first doubt, also about a type
that only pydantic knows, the whole piece is left to `constat.config.pydantic_path`, which says what is wrong. Whatever the
fast path takes, pydantic would accept too, as the same value.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from constat.config.fields.marks import Reads
from constat.config.problem_log import ValueFault
from constat.text.yaml_source import Value

T = TypeVar("T")

Taker = Callable[[Any, Collection[str]], Any]
"""Takes a value as it is written, with the names of the declared secrets."""


class DoubtError(ValueError):
    """The value is not plainly valid."""


def parse_value(
    declaration: type[T], data: Value, secrets: Collection[str]
) -> tuple[T | None, tuple[ValueFault, ...]]:
    """Parse a value: the result, or everything that is wrong with it. `secrets`: the names that options may use."""
    try:
        return take(declaration, data, secrets), ()
    except ValueError:
        from constat.config.pydantic_path import judge  # noqa: PLC0415 -- pydantic is loaded only for a faulty value

        return judge(declaration, data, secrets)


def take(declaration: type[T], data: object, secrets: Collection[str]) -> T:
    """Take a value that is plainly valid as one of our types.

    Raises:
        ValueError: it is invalid, or cannot be judged here.

    """
    return cast("T", _make_taker(declaration)(data, secrets))


def spell_key(name: str) -> str:
    """Spell a field's key as people write it: `from` for `from_`, since that word is reserved in Python."""
    return name.rstrip("_")


def list_written_names(declaration: type[Any]) -> tuple[str, ...]:
    """The keys of a declaration, as people write them."""
    return tuple(spell_key(key.name) for key in fields(declaration))


def _make_taker(hint: Any) -> Taker:  # noqa: ANN401 - a type, however it is written
    if get_origin(hint) is Annotated:
        mark = next((mark for mark in hint.__metadata__ if isinstance(mark, Reads)), None)
        return _make_marked_taker(mark) if mark else _make_taker(hint.__origin__)
    if is_dataclass(hint):
        return _make_table_taker(cast("Any", hint))
    return _MAKERS.get(get_origin(hint) or hint, _make_doubter)(*get_args(hint))


def _make_marked_taker(mark: Reads) -> Taker:
    parser = mark.parser
    return parser if mark.secrets else lambda value, _secrets: parser(value)


@cache
def _make_table_taker(declaration: Any) -> Taker:  # noqa: ANN401 - a dataclass
    """Make a taker of tables with the keys of a dataclass, whose defaults fill in what is not written."""
    hints = get_type_hints(declaration, include_extras=True)
    takers = {spell_key(key.name): (key.name, _make_taker(hints[key.name])) for key in fields(declaration)}
    required = {spell_key(key.name) for key in fields(declaration) if _is_required(key)}

    def take_table(value: object, secrets: Collection[str]) -> object:
        if not isinstance(value, dict) or not required <= value.keys() <= takers.keys():
            raise DoubtError
        written = ((*takers[key], inner) for key, inner in value.items())
        return declaration(**{name: taker(inner, secrets) for name, taker, inner in written})

    return take_table


def _is_required(key: Field[Any]) -> bool:
    return key.default is MISSING and key.default_factory is MISSING


def _make_text_taker() -> Taker:
    def take_text(value: object, _secrets: Collection[str]) -> str:
        if not isinstance(value, str):
            raise DoubtError
        return value

    return take_text


def _make_word_taker(*words: str) -> Taker:
    def take_word(value: object, _secrets: Collection[str]) -> object:
        if value not in words:
            raise DoubtError
        return value

    return take_word


def _make_optional_taker(*types: Any) -> Taker:  # noqa: ANN401 - types, however they are written
    """Make a taker of what may be absent; a value that is present is text, never `None`."""
    present = [each for each in types if each is not NoneType]
    return _make_taker(present[0]) if len(present) == 1 else _make_doubter()


def _make_list_taker(*types: Any) -> Taker:  # noqa: ANN401 - types, however they are written
    if types[1:] != (...,):
        return _make_doubter()
    item = _make_taker(types[0])

    def take_list(value: object, secrets: Collection[str]) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise DoubtError
        return tuple(item(each, secrets) for each in value)

    return take_list


def _make_mapping_taker(*types: Any) -> Taker:  # noqa: ANN401 - types, however they are written
    """Make a taker of tables with arbitrary keys."""
    key, inner = map(_make_taker, types)

    def take_names(value: object, secrets: Collection[str]) -> dict[object, object]:
        if not isinstance(value, dict):
            raise DoubtError
        return {key(name, secrets): inner(each, secrets) for name, each in value.items()}

    return take_names


def _make_doubter(*_types: object) -> Taker:
    def doubt(_value: object, _secrets: Collection[str]) -> object:
        raise DoubtError

    return doubt


_MAKERS: Mapping[object, Callable[..., Taker]] = {
    str: _make_text_taker,
    Literal: _make_word_taker,
    Union: _make_optional_taker,
    UnionType: _make_optional_taker,
    tuple: _make_list_taker,
    Mapping: _make_mapping_taker,
}
