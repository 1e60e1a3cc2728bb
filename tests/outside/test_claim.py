"""A watch announces itself on the branch, and leaves where another one is alive."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from outside.clone import claim
from tests.support.remotes import NOW, Remote

ALIVE_S = 300


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


def test_of_several_that_begin_in_the_same_second_one_stays(remote: Remote, tmp_path: Path) -> None:
    """Alike in everything but who they are, and none has seen another: the remote takes one."""
    clones = [remote.clone(tmp_path / str(number)) for number in range(4)]
    with ThreadPoolExecutor(len(clones)) as pool:
        stays = list(pool.map(lambda git: claim(git, "gha", NOW, ALIVE_S), clones))
    assert sorted(stays) == [False, False, False, True]
    assert remote.commits().count("gha: a watch begins") == 1


def test_one_after_the_other_only_the_first_stays_until_it_is_dead(remote: Remote, tmp_path: Path) -> None:
    first, second = (remote.clone(tmp_path / name) for name in ("first", "second"))
    assert claim(first, "gha", NOW, ALIVE_S)
    assert not claim(second, "gha", NOW, ALIVE_S)
    assert claim(second, "gha", NOW + ALIVE_S, ALIVE_S)


def test_another_vantage_is_nobody_to_leave_for(remote: Remote, tmp_path: Path) -> None:
    first, second = (remote.clone(tmp_path / name) for name in ("first", "second"))
    assert claim(first, "gha", NOW, ALIVE_S)
    assert claim(second, "home", NOW, ALIVE_S)
