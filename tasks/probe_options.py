"""Parse the options of a probe by hand: words such as `--host smtp.maxony.example` become the options of a kind."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, NamedTuple, get_origin, get_type_hints

from constat import config
from constat.config.declared_kinds import DeclaredKind
from constat.config.fields.marks import Reads
from constat.config.fields.time_fields import parse_timeout
from constat.config.sections import DEFAULT_TIMEOUT
from constat.errors import UsageError
from constat.model import Kind
from constat.text.yaml_source import Value


class ManualOptions(NamedTuple):
    """The options of a kind, and the default timeout of an attempt in seconds."""

    options: object
    timeout_s: Decimal


def parse_manual_options(
    name: str, kind: Kind, words: Sequence[str], secrets: Collection[str] = ()
) -> ManualOptions:
    """Parse `--option value` words, which may begin with a bare address: the value of the first option of `_LOOKED_AT` that the kind has.

    `--table.key value` sets a key within a table; repeating an option makes a list.

    Raises:
        InputError: options are invalid; the error lists every problem.
        UsageError: a word is not an option.

    """
    tree = _build_tree(_name_first_word(words, kind), _list_options(kind.Options))
    timeout = kind.DEFAULTS.keys_for(tree).get("timeout")
    options = config.load_options(name, kind, tree, secrets)
    return ManualOptions(options, DEFAULT_TIMEOUT if timeout is None else parse_timeout(timeout))


def describe_options(name: str, kind: Kind) -> str:
    """Describe every option of a kind, one per line."""
    from constat.config.pydantic_path import build_json_schema  # noqa: PLC0415 -- it loads pydantic, which only help needs

    properties = build_json_schema(kind.Options)["properties"]
    width = max(map(len, properties))
    lines = [f"  --{key:{width}}  {value.get('description', '')}" for key, value in properties.items()]
    return "\n".join([f"options of {name} (a key within a table: --table.key; a list: repeat)", *lines])


_LOOKED_AT = ("url", "host", "domain", "targets")
"""The options whose name may be left out of the first word, in order of preference."""


def _name_first_word(words: Sequence[str], kind: Kind) -> Sequence[str]:
    """Put the name of its option before a bare first word: `http https://www.example.org/`, `tls www.example.org`."""
    if not words or words[0].startswith("-"):
        return words
    declared = (kind.subject_from,) if isinstance(kind, DeclaredKind) else ()
    known = {field.name for field in fields(kind.Options)}
    name = next((option for option in (*declared, *_LOOKED_AT) if option in known), None)
    return [f"--{name}", *words] if name else words


def _list_options(options: type[Any]) -> frozenset[str]:
    """List the options that take a list, even if only one value is given."""
    hints = get_type_hints(options, include_extras=True)
    return frozenset(field.name for field in fields(options) if _is_list(hints[field.name]))


def _is_list(hint: Any) -> bool:  # noqa: ANN401 (a type, however it is written)
    has_parser = any(isinstance(mark, Reads) for mark in getattr(hint, "__metadata__", ()))
    return not has_parser and get_origin(getattr(hint, "__origin__", hint)) is tuple


def _build_tree(words: Sequence[str], lists: Collection[str]) -> dict[str, Value]:
    """Build the options in the form they have in `status.yml`."""
    tree: dict[str, Value] = {}
    for name, value in _pair_words(words):
        *tables, key = name.split(".")
        _add_value(_open_table(tree, tables), key, value, is_list=key in lists and not tables)
    return tree


def _open_table(tree: dict[str, Value], tables: Sequence[str]) -> dict[str, Value]:
    """Find the table at a path, creating what is missing."""
    place = tree
    for table in tables:
        inner = place.setdefault(table, {})
        if not isinstance(inner, dict):
            raise UsageError(f"--{table} has both a value and keys of its own")
        place = inner
    return place


def _add_value(place: dict[str, Value], key: str, value: str, *, is_list: bool) -> None:
    """Set a key; repeated values of one key become a list."""
    before = place.get(key, [])
    if before or is_list:
        place[key] = [*(before if isinstance(before, list) else [before]), value]
    else:
        place[key] = value


def _pair_words(words: Sequence[str]) -> list[tuple[str, str]]:
    """Pair names with values; an option without a value is a flag, and becomes `true`."""
    pairs: list[tuple[str, str | None]] = []
    for word in words:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            pairs.append((name.replace("-", "_"), value if equals else None))
        elif pairs and pairs[-1][1] is None:
            pairs[-1] = pairs[-1][0], word
        else:
            raise UsageError(f"{word!r} is not an option", tip="write each as --name value")
    return [(name, "true" if value is None else value) for name, value in pairs]
