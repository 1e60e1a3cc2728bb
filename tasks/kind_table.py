"""The kinds of check that a project can use: the built-in ones, and its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from checks.registry import KINDS, load_kind
from constat.errors import Problem
from constat.model import Kind
from outside.project.own_kinds import find_own_kind_problems, list_own_kinds, read_declaration

HEALTH = "domain-health"
"""A word that `probe` accepts in place of a kind: it looks at everything that decides whether a domain's mail arrives."""


@dataclass(frozen=True, slots=True)
class KindTable:
    """The kinds of the project at `root`, by name. `own`: its own kinds; a built-in kind wins over an own one of the same name."""

    root: Path
    own: tuple[str, ...]

    @classmethod
    def of_project(cls, root: Path, code: Path) -> "KindTable":
        """List the kinds of a project; `code` is the folder of `generate.py`, which may be that of the project."""
        return cls(root, list_own_kinds(root, with_our_code=root.resolve() == code.resolve()))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that `status.yml` may use."""
        return (*KINDS, *(name for name in self.own if name not in KINDS))

    def load(self, name: str) -> Kind:
        """Load a kind: our module, or what the project declares. The project's code is not loaded.

        Raises:
            InputError: what the project declares is wrong.
            OutsideError: it cannot be read.

        """
        return cast("Kind", load_kind(name) if name in KINDS else read_declaration(self.root, name))

    def find_problems(self) -> Iterator[Problem]:
        """Find what is wrong with the project's own kinds, whether they are used or not."""
        return find_own_kind_problems(self.root, self.own, (*KINDS, HEALTH))
