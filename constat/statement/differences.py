"""The differences of two statements, by their keys: `smtp seconds.down: frozen 2400, recomputed 2460`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

FREEZING = frozenset({"frozen_at"})
"""The keys in which two statements of one month may differ."""


class Difference(NamedTuple):
    """One value that differs. `where`: the keys that lead to it. `None` is an absent value."""

    where: str
    frozen: object
    recomputed: object

    def __str__(self) -> str:
        place = re.sub(r"^services\[([^\]]*)\]\.?", r"\1 ", self.where).strip()
        return f"{place}: frozen {_format(self.frozen)}, recomputed {_format(self.recomputed)}"


def _format(value: object) -> str:
    if isinstance(value, Mapping | list):
        return "something else" if value else "nothing"
    return "nothing" if value is None else str(value)


def find_differences(frozen: Mapping[str, Any], recomputed: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Find every value in which two statements differ, apart from the time of freezing, in the statement's order."""
    keys = [key for key in dict.fromkeys((*frozen, *recomputed)) if key not in FREEZING]
    return tuple(
        difference for key in keys for difference in _compare(key, frozen.get(key), recomputed.get(key))
    )


def _compare(where: str, frozen: object, recomputed: object) -> Iterator[Difference]:
    if frozen == recomputed and _list_order(frozen) == _list_order(recomputed):
        return
    if isinstance(frozen, Mapping) and isinstance(recomputed, Mapping):
        for key in dict.fromkeys((*frozen, *recomputed)):
            yield from _compare(f"{where}.{key}", frozen.get(key), recomputed.get(key))
        if set(frozen) == set(recomputed) and list(frozen) != list(recomputed):
            yield Difference(f"{where}: order of keys", ", ".join(frozen), ", ".join(recomputed))
    elif isinstance(frozen, list) and isinstance(recomputed, list):
        yield from _compare_lists(where, frozen, recomputed)
    else:
        yield Difference(where, frozen, recomputed)


def _list_order(value: object) -> object:
    """The order of keys at all levels: dicts that differ only in it are equal, but their bytes are not."""
    if isinstance(value, Mapping):
        return [(key, _list_order(inner)) for key, inner in value.items()]
    return [_list_order(inner) for inner in value] if isinstance(value, list) else None


def _compare_lists(where: str, frozen: Sequence[Any], recomputed: Sequence[Any]) -> Iterator[Difference]:
    """Compare lists by the names of their entries (a service, a file), or by place if they have none."""
    before, after = _name_entries(frozen), _name_entries(recomputed)
    for name in dict.fromkeys((*before, *after)):
        yield from _compare(f"{where}[{name}]", before.get(name), after.get(name))
    if set(before) == set(after) and list(before) != list(after):
        yield Difference(f"{where}: order", ", ".join(before), ", ".join(after))


_NAMES = ("id", "path", "level", "slug", "start", "at")


def _name_entries(entries: Sequence[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for number, entry in enumerate(entries):
        name = (
            next((str(entry[key]) for key in _NAMES if key in entry), "")
            if isinstance(entry, Mapping)
            else ""
        )
        named[name if name and name not in named else f"{name}#{number}"] = entry
    return named
