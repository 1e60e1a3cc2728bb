"""`status.yml` for an import: written anew, or completed without touching what the owner wrote."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from constat.moving.composing import quote
from constat.moving.model import MovedSecret

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*|[1-9][0-9]*[smhd]?")
_TOP_KEY: Final = re.compile(r"[^\s#-].*")
_OWN_LINE: Final = re.compile(r"\s*(?:#.*)?")
_EMPTY: Final = re.compile(r"(services|secrets):[ \t]*(?:\[\s*\]|\{\s*\}|~|null)?[ \t]*(#.*)?")


class NewService(NamedTuple):
    """A service to write, with its texts unquoted."""

    id: str
    name: str
    group: str = ""
    description: str = ""
    link: str = ""
    checks: Sequence[Mapping[str, Any]] = ()
    options: Mapping[str, Any] = {}


class NewPage(NamedTuple):
    """The page of a project that has no `status.yml` yet."""

    id: str
    name: str
    url: str
    language: str
    timezone: str


class Additions(NamedTuple):
    """What `status.yml` lacks: services, declared secrets, and whole sections."""

    services: Sequence[NewService] = ()
    secrets: Sequence[MovedSecret] = ()
    sections: Mapping[str, Any] = {}


class CannotCompleteError(ValueError):
    """Nothing can be added to a section without rewriting it; `section` is its name."""

    def __init__(self, section: str) -> None:
        super().__init__(section)
        self.section = section


def write_settings(page: NewPage, additions: Additions) -> str:
    """Write a new `status.yml`; it promises nothing, since no source does."""
    sections = {"monitor": {"vantage": "main"}, **additions.sections}
    lines = [
        "page:",
        f"  id: {page.id} # permanent: feeds and calendars are built on it",
        f"  name: {quote(page.name)}",
        f"  url: {quote(page.url)}",
        f"  languages: [{page.language}]",
        f"  timezone: {page.timezone}",
        "",
    ]
    for name, value in sections.items():
        lines += [*_write_section(name, value), ""]
    lines += ["sla: {} # no promise: target: 99.9 makes one", ""]
    if additions.secrets:
        lines += ["secrets:", *_write_secrets(additions.secrets), ""]
    services = _write_services(additions.services)
    lines += ["services:", *services] if services else ["services: []"]
    return "\n".join(lines) + "\n"


def complete_settings(text: str, additions: Additions) -> str:
    """Add to a `status.yml`; every line that is there stays as it is, except an empty list that gets its first entry.

    Raises:
        CannotCompleteError: a section is written on one line, between brackets.

    """
    lines = text.split("\n")
    if additions.secrets:
        lines = _add_to_section(lines, "secrets", _write_secrets(additions.secrets))
    if additions.services:
        lines = _add_to_section(lines, "services", _write_services(additions.services))
    for name, value in additions.sections.items():
        lines = [*_strip_end(lines), "", *_write_section(name, value), ""]
    return "\n".join(lines)


def _strip_end(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _add_to_section(lines: Sequence[str], section: str, added: Sequence[str]) -> list[str]:
    """Add lines at the end of a section, which is made at the end of the file where there is none."""
    first = next((n for n, line in enumerate(lines) if re.match(rf"{section}[ \t]*:", line)), None)
    if first is None:
        return [*_strip_end(lines), "", f"{section}:", *added, ""]
    empty = _EMPTY.fullmatch(lines[first].rstrip("\r"))
    if empty is None:
        raise CannotCompleteError(section)
    last = _find_end(lines, first)
    if last == first:
        comment = f" {empty[2]}" if empty[2] else ""
        return [*lines[:first], f"{section}:{comment}", *added, *lines[first + 1 :]]
    depth = _measure_indent(lines[first + 1 : last + 1])
    return [*lines[: last + 1], *_indent(added, depth), *lines[last + 1 :]]


def _find_end(lines: Sequence[str], first: int) -> int:
    """Find the last line of a section that is neither empty nor a comment about what follows."""
    last = first
    for number in range(first + 1, len(lines)):
        if _TOP_KEY.match(lines[number]):
            break
        if not _OWN_LINE.fullmatch(lines[number].rstrip("\r")) or _is_inner_comment(lines[number]):
            last = number
    return last


def _is_inner_comment(line: str) -> bool:
    return line.startswith((" ", "\t")) and line.strip().startswith("#")


def _measure_indent(lines: Iterable[str]) -> int:
    """Measure the indentation of the entries of a section."""
    return next(
        (len(line) - len(line.lstrip()) for line in lines if not _OWN_LINE.fullmatch(line.rstrip("\r"))), 2
    )


def _indent(lines: Iterable[str], depth: int) -> list[str]:
    return [f"{' ' * depth}{line.removeprefix('  ')}" for line in lines]


def _write_secrets(secrets: Sequence[MovedSecret]) -> list[str]:
    return [f"  {secret.name}: [{', '.join(map(quote, secret.hosts))}]" for secret in secrets]


def _write_services(services: Sequence[NewService]) -> list[str]:
    return [line for service in services for line in _write_service(service)]


def _write_service(service: NewService) -> list[str]:
    texts = {"group": service.group, "description": service.description, "link": service.link}
    lines = [f"  - id: {service.id}", f"    name: {quote(service.name)}"]
    lines += [f"    {key}: {quote(text)}" for key, text in texts.items() if text]
    lines += [f"    {key}: {write_flow(value)}" for key, value in service.options.items()]
    if not service.checks:
        return [*lines, "    checks: []"]
    return [*lines, "    checks:", *(f"      - {write_flow(check)}" for check in service.checks)]


def _write_section(name: str, value: object) -> list[str]:
    if not isinstance(value, Mapping) or not value:
        return [f"{name}: {write_flow(value)}"]
    return [f"{name}:", *(f"  {key}: {write_flow(inner)}" for key, inner in value.items())]


def write_flow(value: object) -> str:
    """Write a plain value as YAML on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_write_key(key)}: {write_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(write_flow, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if isinstance(value, int) or _PLAIN.fullmatch(text) else quote(text)


def _write_key(key: object) -> str:
    text = str(key)
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", text) else quote(text)
