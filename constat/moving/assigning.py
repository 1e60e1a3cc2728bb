"""Ids for imported services: those of `status.yml` where a service is already there, otherwise new ones made from names."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from constat.moving.model import Finding, Moved, MovedService
from constat.moving.settings_text import NewService
from constat.moving.titles import clean_words
from constat.notices.drafting import make_slug

_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_NO_SLUG: Final = "notice"


class Existing(NamedTuple):
    """The services that a project has: their ids, and the ids by the names that they have in any language."""

    ids: Collection[str]
    by_name: Mapping[str, str]


class Assigned(NamedTuple):
    """`ids`: key of the source's service -> our id. `names`: every name and key by which notices may refer to one -> id."""

    ids: Mapping[str, str]
    names: Mapping[str, str]
    new: tuple[NewService, ...]
    findings: tuple[Finding, ...]


def assign(
    moved: Moved, existing: Existing, recorded: Mapping[str, str], mapped: Mapping[str, str]
) -> Assigned:
    """Assign ids. `recorded`: those of an earlier import; `mapped`: what the owner decided with `--map`."""
    assigner = _Assigner(existing, recorded, mapped)
    for service in moved.services:
        assigner.take(service)
    for name, chosen in mapped.items():
        assigner.take_mapped(name, chosen)
    names = {**existing.by_name, **recorded, **assigner.names, **mapped, **assigner.ids}
    return Assigned(assigner.ids, names, tuple(assigner.new), tuple(assigner.findings))


class _Assigner:
    def __init__(self, existing: Existing, recorded: Mapping[str, str], mapped: Mapping[str, str]) -> None:
        self.existing = existing
        self.recorded = recorded
        self.mapped = mapped
        self.ids: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.new: list[NewService] = []
        self.findings: list[Finding] = []
        self._used = set(existing.ids) | set(mapped.values())

    def take(self, service: MovedService) -> None:
        """Assign an id to a service of the source, and list the service as new where the project does not have it."""
        name = clean_words(service.name) or service.key
        known = self._find(service, name)
        if known is None and service.key in self.recorded:
            found = f"the service {name}, imported as {self.recorded[service.key]}, which is no longer in status.yml"
            self.findings.append(Finding("status.yml", found, "left out: it was removed or renamed here"))
            return
        chosen = known or self._make_id(service, name)
        self._used.add(chosen)
        self.ids[service.key] = chosen
        for each in (service.key, service.name, name):
            self.names.setdefault(each, chosen)
        if chosen not in self.existing.ids and all(chosen != each.id for each in self.new):
            self.new.append(_make_service(service, chosen, name))

    def take_mapped(self, name: str, chosen: str) -> None:
        """Make the service that `--map` names, if there is none of that id."""
        if chosen in self.ids.values():
            return
        if chosen not in self.existing.ids and all(chosen != each.id for each in self.new):
            self.new.append(NewService(chosen, _without_secrets(clean_words(name)) or chosen))
        done = f"is the service {chosen} here; if it no longer exists, set retired: to its last day"
        self.findings.append(Finding(f"--map {quote_word(name)}={chosen}", f"the service {name}", done))

    def _find(self, service: MovedService, name: str) -> str | None:
        """Find the id of the same service in the project; `None` where there is none."""
        for each in (service.key, service.name, name):
            if each in self.mapped:
                return self.mapped[each]
        recorded = self.recorded.get(service.key)
        if recorded is not None:
            return recorded if recorded in self.existing.ids else None
        named = self.existing.by_name.get(name.casefold())
        return named if named and named not in self.ids.values() else None

    def _make_id(self, service: MovedService, name: str) -> str:
        wanted = (
            service.suggested_id if _ID.fullmatch(service.suggested_id) else make_slug(name)[:60].rstrip("-")
        )
        if wanted == _NO_SLUG and not re.search(r"[a-z0-9]", name.lower()):
            wanted = make_slug(service.key)[:60].rstrip("-")
            wanted = "service" if wanted == _NO_SLUG else wanted
        number, chosen = 1, wanted
        while chosen in self._used:
            number += 1
            chosen = f"{wanted}-{number}"
        return chosen


def _make_service(service: MovedService, chosen: str, name: str) -> NewService:
    return NewService(
        id=chosen,
        name=_without_secrets(name),
        group=_without_secrets(clean_words(service.group)),
        description=_without_secrets(clean_words(service.description)),
        link=service.link.strip(),
        checks=service.checks,
        options=service.options,
    )


def _without_secrets(text: str) -> str:
    """Write a text so that nothing in it is taken for a secret to be filled in."""
    return text.replace("${", "$ {")


def list_unknown(moved: Moved, names: Sequence[str]) -> tuple[Finding, ...]:
    """Report each service named in notices that does not exist, with how often it is named and what to do."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    done = "kept in the text (Affected: ...); --map {0}=ID maps it to a service of yours"
    return tuple(
        Finding(
            f"{moved.source}",
            f"the service {name}, which is not listed, in {count} notice{'s' * (count > 1)}",
            done.format(quote_word(name)),
        )
        for name, count in sorted(counts.items())
    )


def quote_word(word: str) -> str:
    """Write a word as a shell takes it."""
    return word if re.fullmatch(r"[\w.-]+", word) else "'" + word.replace("'", "'\\''") + "'"
