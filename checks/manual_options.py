"""One probe by hand: the words of a command line become a kind's options."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, get_origin, get_type_hints

from checks.registry import load_kind
from constat import config
from constat.config.marks import Reads
from constat.config.times import parse_timeout
from constat.errors import UsageError
from constat.text.yaml_source import Value

DEFAULT_TIMEOUT = "10s"


def parse_manual_options(name: str, words: Sequence[str], secrets: Collection[str] = ()) -> object:
    """The options of a kind from `--option value`; `--table.key value` for a key within one; repeat for a list.

    Raises:
        InputError: they are wrong; all problems at once.
        UsageError: a word is no option.

    """
    return config.load_options(name, load_kind(name), _tree(words, _lists(load_kind(name).Options)), secrets)


def find_default_timeout(name: str, words: Sequence[str]) -> Decimal:
    """The seconds that an attempt may take where nobody says."""
    module = load_kind(name)
    defaults: Mapping[str, Any] = module.DEFAULTS
    more: Mapping[str, Mapping[str, Any]] = getattr(module, "DEFAULTS_WITH", {})
    for option in more:
        if any(word.startswith(f"--{option}.") for word in words):
            defaults = {**defaults, **more[option]}
    return parse_timeout(defaults.get("timeout", DEFAULT_TIMEOUT))


def _lists(options: type[Any]) -> frozenset[str]:
    """The options that take several values, and for which one value alone will not do."""
    hints = get_type_hints(options, include_extras=True)
    return frozenset(field.name for field in fields(options) if _is_list(hints[field.name]))


def _is_list(hint: Any) -> bool:  # noqa: ANN401 (a type, however it is written)
    own = any(isinstance(part, Reads) for part in getattr(hint, "__metadata__", ()))
    return not own and get_origin(getattr(hint, "__origin__", hint)) is tuple


def _tree(words: Sequence[str], lists: Collection[str]) -> dict[str, Value]:
    """The options as `status.yml` would hold them."""
    tree: dict[str, Value] = {}
    for name, value in _pairs(words):
        *tables, key = name.split(".")
        place = tree
        for table in tables:
            inner = place.setdefault(table, {})
            if not isinstance(inner, dict):
                raise UsageError(f"--{table} has a value and keys of its own")
            place = inner
        before = place.get(key, [])
        if before or (key in lists and not tables):
            place[key] = [*(before if isinstance(before, list) else [before]), value]
        else:
            place[key] = value
    return tree


def _pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    """Names and values; an option without a value is a flag that is set."""
    pairs: list[tuple[str, str | None]] = []
    for word in words:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            pairs.append((name.replace("-", "_"), value if equals else None))
        elif pairs and pairs[-1][1] is None:
            pairs[-1] = pairs[-1][0], word
        else:
            raise UsageError(f"{word!r} is no option", tip="write each as --name value")
    return [(name, "true" if value is None else value) for name, value in pairs]
