"""Where two statements differ, in the words of their keys: `smtp: seconds.down: 2400, now 2460`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

FREEZING = frozenset({"frozen_at"})
"""What two freezings of one month may differ in."""


class Difference(NamedTuple):
    """One value that differs. `where`: the keys to it; `None` stands for what is not there."""

    where: str
    frozen: object
    found: object

    def __str__(self) -> str:
        place = re.sub(r"^services\[([^\]]*)\]\.?", r"\1 ", self.where).strip()
        return f"{place}: frozen {_shown(self.frozen)}, recomputed {_shown(self.found)}"


def _shown(value: object) -> str:
    if isinstance(value, Mapping | list):
        return "something else" if value else "nothing"
    return "nothing" if value is None else str(value)


def find_differences(frozen: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every value in which two statements differ but for when they were frozen, in the order of the statement."""
    keys = [key for key in dict.fromkeys((*frozen, *found)) if key not in FREEZING]
    return tuple(difference for key in keys for difference in _between(key, frozen.get(key), found.get(key)))


def _between(where: str, frozen: object, found: object) -> Iterator[Difference]:
    if frozen == found and _order(frozen) == _order(found):
        return
    if isinstance(frozen, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys((*frozen, *found)):
            yield from _between(f"{where}.{key}", frozen.get(key), found.get(key))
        if set(frozen) == set(found) and list(frozen) != list(found):
            yield Difference(f"{where}: order of keys", ", ".join(frozen), ", ".join(found))
    elif isinstance(frozen, list) and isinstance(found, list):
        yield from _between_lists(where, frozen, found)
    else:
        yield Difference(where, frozen, found)


def _order(value: object) -> object:
    """The order of keys all the way down: dicts that differ in it alone are equal, and their bytes are not."""
    if isinstance(value, Mapping):
        return [(key, _order(held)) for key, held in value.items()]
    return [_order(held) for held in value] if isinstance(value, list) else None


def _between_lists(where: str, frozen: Sequence[Any], found: Sequence[Any]) -> Iterator[Difference]:
    """Lists are compared by what names their entries (a service, a file), or by place where nothing does."""
    ours, theirs = _named(frozen), _named(found)
    for name in dict.fromkeys((*ours, *theirs)):
        yield from _between(f"{where}[{name}]", ours.get(name), theirs.get(name))
    if set(ours) == set(theirs) and list(ours) != list(theirs):
        yield Difference(f"{where}: order", ", ".join(ours), ", ".join(theirs))


_NAMES = ("id", "path", "level", "slug", "start", "at")


def _named(entries: Sequence[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for number, entry in enumerate(entries):
        name = (
            next((str(entry[key]) for key in _NAMES if key in entry), "")
            if isinstance(entry, Mapping)
            else ""
        )
        named[name if name and name not in named else f"{name}#{number}"] = entry
    return named
