"""Work that is shared among processes gives what it gives in one, and leaves no process behind."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import pytest

from tasks.side_by_side import map_side_by_side
from tests.support.page_scenes import SCENES
from tests.support.rendered_site import build_scene_page, render, render_named_scene

T = TypeVar("T")
R = TypeVar("R")


def test_results_are_in_input_order() -> None:
    """Eleven inputs are distributed to three workers in turn."""
    assert map_side_by_side(str, range(11), 3) == [str(number) for number in range(11)]


def test_work_is_distributed_among_processes() -> None:
    """Among as many processes as are asked for, this one among them."""
    assert len(set(map_side_by_side(lambda _: os.getpid(), range(6), 3))) == 3
    assert set(map_side_by_side(lambda _: os.getpid(), range(6), 1)) == {os.getpid()}


def test_error_in_a_worker_is_raised_here() -> None:
    """The error is the one that the function raises, and no copy is left to be waited for."""
    with pytest.raises(ZeroDivisionError):
        map_side_by_side(lambda number: 1 // (number - 4), range(6), 3)
    with suppress(ChildProcessError):  # where this process has no other children
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)


def _make_adder(number: int) -> Callable[[int], int]:
    return lambda more: number + more


def test_unpicklable_result_is_computed_here() -> None:
    """A function cannot be pickled; the answer is the same."""
    assert [add(1) for add in map_side_by_side(_make_adder, range(4), 3)] == [1, 2, 3, 4]


def test_site_is_the_same_for_any_number_of_processes() -> None:
    """Every file, in the same order, as when this process alone renders them."""
    page = build_scene_page(SCENES["outage-explained"])

    def share(function: Callable[[T], R], things: Sequence[T], /) -> list[R]:
        return map_side_by_side(function, things, 3)

    files = render(page, spread=share)
    assert list(files.items()) == list(render_named_scene("outage-explained").items())
