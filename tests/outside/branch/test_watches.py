"""A watch announces itself on the branch, and leaves where another one is on: the chain stays one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from constat.interval import Interval
from outside.branch.git import Git
from outside.branch.watches import announce, announce_end, find_last_write
from tests.support.git_remote import NOW, Remote

ALIVE_S = 300
SPAN = Interval(NOW, NOW + 3300)
NEXT = Interval(NOW + 3300, NOW + 6600)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote.git")


@pytest.fixture
def first(remote: Remote, tmp_path: Path) -> Git:
    return remote.clone(tmp_path / "first")


def by_cron(git: Git, now: int = NOW, who: str = "gha") -> bool:
    """Whether one that the cron starts stays."""
    return not announce(git, who, Interval(now, now + 3300), now, ALIVE_S)


def called(git: Git, span: Interval, now: int) -> bool:
    """Whether one that was called to take over stays."""
    return not announce(git, "gha", span, now, None)


def again(remote: Remote, git: Git) -> Git:
    """The clone of a run that begins now: it knows what is on the branch."""
    return remote.clone(git.folder.parent / f"run{len(remote.commits())}")


def test_of_several_that_the_cron_starts_in_the_same_second_one_stays(remote: Remote, tmp_path: Path) -> None:
    """Alike in everything but who they are, and none has seen another: the remote takes one."""
    clones = [remote.clone(tmp_path / str(number)) for number in range(4)]
    with ThreadPoolExecutor(len(clones)) as pool:
        stays = list(pool.map(by_cron, clones))
    assert sorted(stays) == [False, False, False, True]
    assert sum(subject.startswith("gha: watches from ") for subject in remote.commits()) == 1


def test_of_several_that_were_called_for_the_same_second_one_stays(
    remote: Remote, first: Git, tmp_path: Path
) -> None:
    """The call of a job may be taken and yet be told as failed: then it is made again."""
    assert by_cron(first)
    clones = [remote.clone(tmp_path / str(number)) for number in range(3)]
    with ThreadPoolExecutor(len(clones)) as pool:
        stays = list(pool.map(lambda git: called(git, NEXT, NOW + 3120), clones))
    assert sorted(stays) == [False, False, True]


def test_the_cron_starts_none_until_the_watch_is_dead(remote: Remote, first: Git) -> None:
    assert by_cron(first)
    assert not by_cron(again(remote, first), NOW + ALIVE_S - 1)
    assert by_cron(again(remote, first), NOW + ALIVE_S)


def test_one_follows_the_other(remote: Remote, first: Git) -> None:
    """Called three minutes before: the one before it is on until the very second at which it begins."""
    assert by_cron(first)
    assert called(again(remote, first), NEXT, NOW + 3120)


def test_one_that_comes_too_late_leaves_where_the_cron_has_started_another(
    remote: Remote, first: Git
) -> None:
    """Else there would be two chains from then on, and more with each time."""
    assert by_cron(first)
    assert by_cron(again(remote, first), NOW + 4800)
    late = Interval(NOW + 5000, NOW + 8300)
    assert not called(again(remote, first), late, NOW + 5000)


def test_one_that_comes_too_late_stays_where_nobody_watches(remote: Remote, first: Git) -> None:
    assert by_cron(first)
    assert called(again(remote, first), Interval(NOW + 3900, NOW + 7200), NOW + 3900)


def test_two_chains_become_one(remote: Remote, first: Git) -> None:
    """The cron took a watch for dead whose pushes had failed for long: the next of either chain leaves, once."""
    assert by_cron(first)
    assert by_cron(again(remote, first), NOW + 1500)
    assert not called(again(remote, first), NEXT, NOW + 3120), "the other chain is on until 4800"
    other = Interval(NOW + 4800, NOW + 8100)
    assert called(again(remote, first), other, NOW + 4620)


def test_one_that_ended_early_is_followed_at_once(remote: Remote, first: Git) -> None:
    assert by_cron(first)
    announce_end(first, "gha", SPAN.end, NOW + 1000)
    assert called(again(remote, first), Interval(NOW + 1001, NOW + 4301), NOW + 1001)


def test_another_vantage_is_nobody_to_leave_for(remote: Remote, first: Git) -> None:
    assert by_cron(first)
    assert by_cron(again(remote, first), who="home")
    assert find_last_write(first, "nobody") is None


def test_words_of_somebody_else_are_no_announcement(remote: Remote, first: Git) -> None:
    """Who writes to the branch by hand may say anything, and ends no watch with it."""
    remote.say("gha: watches from yesterday until 2026-99-99T99:99:99Z")
    assert called(again(remote, first), SPAN, NOW)
