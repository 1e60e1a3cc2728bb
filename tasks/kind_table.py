"""The kinds of check that a project can use: ours, and those that it brings."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from checks.registry import KINDS, load_kind
from constat.errors import Problem
from constat.model import Kind
from outside.project.own_kinds import find_own_kind_problems, list_own_kinds, read_declaration

HEALTH = "domain-health"
"""A word that `probe` takes in place of a kind: it looks at all that decides whether a domain's mail arrives."""


@dataclass(frozen=True, slots=True)
class KindTable:
    """The kinds of the project at `root`, by name. `own`: those that it brings; where a name is ours too, ours counts."""

    root: Path
    own: tuple[str, ...]

    @classmethod
    def of_project(cls, root: Path, code: Path) -> "KindTable":
        """List the kinds of a project; `code` is the folder of `generate.py`, which may be the project as well."""
        return cls(root, list_own_kinds(root, with_our_code=root.resolve() == code.resolve()))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may stand in `status.yml`."""
        return (*KINDS, *(name for name in self.own if name not in KINDS))

    def load(self, name: str) -> Kind:
        """The kind of a name: our module, or what the project declares. The project's code is not touched.

        Raises:
            InputError: what the project declares is wrong.
            OutsideError: it cannot be read.

        """
        return cast("Kind", load_kind(name) if name in KINDS else read_declaration(self.root, name))

    def find_problems(self) -> Iterator[Problem]:
        """Find what is wrong with the kinds that the project brings, whether they are used or not."""
        return find_own_kind_problems(self.root, self.own, (*KINDS, HEALTH))
