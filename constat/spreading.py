"""How to apply a function to many independent things: here one after another.

A caller that may start processes passes another way to do it; the results are the same.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """Apply a function without side effects to things, and return the results in their order."""

    def __call__(self, function: Callable[[T], R], things: Sequence[T], /) -> list[R]: ...  # noqa: D102 -- said above


def do_one_by_one(function: Callable[[T], R], things: Sequence[T], /) -> list[R]:
    """Apply a function in this process, to one thing after another."""
    return list(map(function, things))
