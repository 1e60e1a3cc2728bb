"""How work on many things that do not depend on each other is done: here one after the other.

Whoever may start processes hands in another way to do it; the results are the same.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """Apply a function without side effects to things, and return the results in their order."""

    def __call__(self, function: Callable[[T], R], things: Sequence[T], /) -> list[R]: ...  # noqa: D102 -- said above


def do_one_by_one(function: Callable[[T], R], things: Sequence[T], /) -> list[R]:
    """The way that needs nothing."""
    return list(map(function, things))
