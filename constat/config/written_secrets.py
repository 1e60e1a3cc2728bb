"""Passwords written into `status.yml` itself, where everyone who can read the repository finds them."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from constat.errors import Problem
from constat.text import yaml_source
from constat.text.yaml_source import Path, Value

_KEYS = ("password", "bearer")
_LOOPBACK = ("127.", "localhost", "::1", "[::1]")
"""How a server of this machine is written: its passwords are those of a trial, such as the demo."""


def find_written_secrets(text: str, file: str) -> Iterator[Problem]:
    """Find passwords that are written down instead of named as `${CONSTAT_NAME}`, in a valid `status.yml`.

    They work all the same, as for a team that keeps `status.yml` to itself.
    """
    document = yaml_source.read_yaml_at(text, file)
    for path in _walk(document.data, ()):
        message, hint = "a password is written down", "write ${CONSTAT_NAME}, and declare it under secrets"
        yield replace(document.problem(path, message, hint), severity="warning")


def _walk(value: Value, path: Path) -> Iterator[Path]:
    """Find the paths of passwords that are no secrets, except for servers of this machine."""
    if isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _walk(entry, (*path, number))
    elif isinstance(value, dict) and not _is_local(value):
        for key, entry in value.items():
            if key in _KEYS and isinstance(entry, str):
                yield from () if "${" in entry or not entry else [(*path, key)]
            else:
                yield from _walk(entry, (*path, key))


def _is_local(options: dict[str, Value]) -> bool:
    """Whether options name a server of this machine."""
    host, url = options.get("host"), options.get("url")
    name = host if isinstance(host, str) else urlsplit(url).netloc if isinstance(url, str) else ""
    return name.startswith(_LOOPBACK)
