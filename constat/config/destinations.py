"""Checks of several destinations, written once: a message to a mailbox at each provider, for example.

The document is rewritten before its checks are read, so that each destination becomes an ordinary check, with a result, a
row in the evidence and a quorum of its own. Problems are reported at their place in the file.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from constat.errors import Problem
from constat.text.yaml_source import Document, Path, Place, Value

KEY = "destinations"
MOST = 50
"""The most destinations of one check: the rest of the check is read again for each of them."""
_CHECK_DEPTH = 4
"""The length of the path of a check: services, a number, checks, a number."""


class _Written(NamedTuple):
    """A check after expansion: its value, and the paths in the file that its places come from; later paths take precedence."""

    value: Value
    sources: tuple[Path, ...]


class _Expansion(NamedTuple):
    """A document that is being expanded, and what is wrong in it."""

    document: Document
    problems: list[Problem]

    def wrong(self, path: Path, message: str, hint: str, *, at_key: bool = False) -> None:
        self.problems.append(self.document.problem(path, message, hint, at_key=at_key))


def expand_destinations(document: Document) -> Document:
    """Replace a check with destinations by one check for each of them, named after both: `delivery-gmail`.

    The keys of a destination override those of the check; tables are merged key by key.
    """
    data = document.data
    services = data.get("services") if isinstance(data, dict) else None
    if (
        not isinstance(data, dict)
        or not isinstance(services, list)
        or not any(map(_has_destinations, services))
    ):
        return document
    expansion = _Expansion(document, [])
    checks: dict[Path, list[_Written]] = {
        ("services", number, "checks"): list(_list_checks(expansion, number, service))
        for number, service in enumerate(services)
        if isinstance(service, dict) and _has_destinations(service)
    }
    written = [
        _replace_checks(service, checks.get(("services", number, "checks")))
        for number, service in enumerate(services)
    ]
    return document._replace(
        data={**data, "services": written},
        places=_move(document.places, checks),
        keys=_move(document.keys, checks),
        problems=(*document.problems, *expansion.problems),
    )


def _has_destinations(service: Value) -> bool:
    checks = service.get("checks") if isinstance(service, dict) else None
    return isinstance(checks, list) and any(isinstance(check, dict) and KEY in check for check in checks)


def _replace_checks(service: Value, checks: list[_Written] | None) -> Value:
    if checks is None or not isinstance(service, dict):
        return service
    return {**service, "checks": [check.value for check in checks]}


def _list_checks(expansion: _Expansion, number: int, service: Mapping[str, Value]) -> Iterator[_Written]:
    """The checks of a service, with one for each destination."""
    for index, check in enumerate(service["checks"]):
        path: Path = ("services", number, "checks", index)
        if isinstance(check, dict) and KEY in check:
            yield from _list_destinations(expansion, path, check)
        else:
            yield _Written(check, (path,))


def _list_destinations(expansion: _Expansion, path: Path, check: Mapping[str, Value]) -> Iterator[_Written]:
    destinations, common = check[KEY], {key: value for key, value in check.items() if key != KEY}
    if not isinstance(common.get("name"), str):
        expansion.wrong(path, "the check has no name", "begin with name: its destinations are named after it")
        return
    if not isinstance(destinations, list) or not destinations:
        expansion.wrong((*path, KEY), "no destinations", "write one after each hyphen: - name: gmail")
        return
    if len(destinations) > MOST:
        expansion.wrong(
            (*path, KEY), f"more than {MOST} destinations", "divide them among several checks", at_key=True
        )
        return
    for index, destination in enumerate(destinations):
        where = (*path, KEY, index)
        if _is_named(expansion, where, destination) and isinstance(destination, dict):
            name = f"{common['name']}-{destination['name']}"
            yield _Written({**_merge(common, destination), "name": name}, (path, where))


def _is_named(expansion: _Expansion, where: Path, destination: Value) -> bool:
    """Whether a destination has a name, and neither `kind` nor `destinations`; note a problem if not."""
    if not isinstance(destination, dict) or not isinstance(destination.get("name"), str):
        expansion.wrong(where, "a destination without a name", "begin with name: and a short name")
        return False
    for key in ("kind", KEY):
        if key in destination:
            expansion.wrong((*where, key), f"{key} in a destination", "write it at the check", at_key=True)
            return False
    return True


def _merge(common: Mapping[str, Value], own: Mapping[str, Value]) -> dict[str, Value]:
    merged = {**common}
    for key, value in own.items():
        before = common.get(key)
        both = isinstance(value, dict) and isinstance(before, dict)
        merged[key] = _merge(before, value) if both else value  # type: ignore[arg-type] # `both` says so
    return merged


def _move(places: Mapping[Path, Place], checks: Mapping[Path, list[_Written]]) -> dict[Path, Place]:
    """Move the places inside the checks of a service to the paths of the expanded checks."""
    kept: dict[Path, Place] = {}
    inside: dict[Path, list[tuple[Path, Place]]] = {}
    for path, place in places.items():
        if len(path) >= _CHECK_DEPTH and path[:3] in checks:
            inside.setdefault(path[:_CHECK_DEPTH], []).append((path, place))
        else:
            kept[path] = place
    for where, written in checks.items():
        for index, check in enumerate(written):
            for source in check.sources:
                for path, place in _list_below(source, inside):
                    kept[(*where, index, *path)] = place
    return kept


def _list_below(
    source: Path, inside: Mapping[Path, list[tuple[Path, Place]]]
) -> Iterator[tuple[Path, Place]]:
    """The places below a path, each with the rest of its own path."""
    length = len(source)
    for path, place in inside.get(source[:_CHECK_DEPTH], ()):
        if path[:length] == source:
            yield path[length:], place
