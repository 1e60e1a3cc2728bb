"""A watch announces itself on the branch, and exits if another one is announced: the chain stays single."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from constat.interval import Interval
from outside.branch.git import Git
from outside.branch.watches import announce_end, announce_watch, find_last_write
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


def cron_watch_stays(git: Git, now: int = NOW, who: str = "gha") -> bool:
    """Whether a watch that was started by cron stays."""
    return not announce_watch(git, who, Interval(now, now + 3300), now, ALIVE_S)


def called_watch_stays(git: Git, span: Interval, now: int) -> bool:
    """Whether a watch that was called by its predecessor stays."""
    return not announce_watch(git, "gha", span, now, None)


def clone_anew(remote: Remote, git: Git) -> Git:
    """The clone of a run that begins now, with the newest commits of the branch."""
    return remote.clone(git.folder.parent / f"run{len(remote.list_subjects())}")


def test_one_of_several_simultaneous_cron_watches_stays(remote: Remote, tmp_path: Path) -> None:
    """None has seen another: the remote accepts the push of one."""
    clones = [remote.clone(tmp_path / str(number)) for number in range(4)]
    with ThreadPoolExecutor(len(clones)) as pool:
        stays = list(pool.map(cron_watch_stays, clones))
    assert sorted(stays) == [False, False, False, True]
    assert sum(subject.startswith("gha: watches from ") for subject in remote.list_subjects()) == 1


def test_one_of_several_watches_called_for_the_same_second_stays(
    remote: Remote, first: Git, tmp_path: Path
) -> None:
    """A call that succeeded may be reported as failed, and is then made again."""
    assert cron_watch_stays(first)
    clones = [remote.clone(tmp_path / str(number)) for number in range(3)]
    with ThreadPoolExecutor(len(clones)) as pool:
        stays = list(pool.map(lambda git: called_watch_stays(git, NEXT, NOW + 3120), clones))
    assert sorted(stays) == [False, False, True]


def test_cron_starts_no_watch_until_the_present_one_is_dead(remote: Remote, first: Git) -> None:
    assert cron_watch_stays(first)
    assert not cron_watch_stays(clone_anew(remote, first), NOW + ALIVE_S - 1)
    assert cron_watch_stays(clone_anew(remote, first), NOW + ALIVE_S)


def test_a_watch_follows_its_predecessor(remote: Remote, first: Git) -> None:
    """Called three minutes early: its predecessor is announced until the second at which it begins."""
    assert cron_watch_stays(first)
    assert called_watch_stays(clone_anew(remote, first), NEXT, NOW + 3120)


def test_a_late_watch_exits_if_cron_has_started_another_one(remote: Remote, first: Git) -> None:
    """Otherwise there would be two chains from then on, and more with each delay."""
    assert cron_watch_stays(first)
    assert cron_watch_stays(clone_anew(remote, first), NOW + 4800)
    late = Interval(NOW + 5000, NOW + 8300)
    assert not called_watch_stays(clone_anew(remote, first), late, NOW + 5000)


def test_a_late_watch_stays_if_nobody_watches(remote: Remote, first: Git) -> None:
    assert cron_watch_stays(first)
    assert called_watch_stays(clone_anew(remote, first), Interval(NOW + 3900, NOW + 7200), NOW + 3900)


def test_two_chains_are_reduced_to_one(remote: Remote, first: Git) -> None:
    """Cron took a watch for dead whose pushes had failed for a long time: the next watch of one chain exits."""
    assert cron_watch_stays(first)
    assert cron_watch_stays(clone_anew(remote, first), NOW + 1500)
    assert not called_watch_stays(clone_anew(remote, first), NEXT, NOW + 3120), (
        "the other chain is announced until 4800"
    )
    other = Interval(NOW + 4800, NOW + 8100)
    assert called_watch_stays(clone_anew(remote, first), other, NOW + 4620)


def test_a_watch_that_ended_early_is_followed_at_once(remote: Remote, first: Git) -> None:
    assert cron_watch_stays(first)
    announce_end(first, "gha", SPAN.end, NOW + 1000)
    assert called_watch_stays(clone_anew(remote, first), Interval(NOW + 1001, NOW + 4301), NOW + 1001)


def test_a_watch_of_another_vantage_does_not_count(remote: Remote, first: Git) -> None:
    assert cron_watch_stays(first)
    assert cron_watch_stays(clone_anew(remote, first), who="home")
    assert find_last_write(first, "nobody") is None


def test_a_commit_made_by_hand_is_not_an_announcement(remote: Remote, first: Git) -> None:
    """Its message may say anything, and ends no watch."""
    remote.push_empty_commit("gha: watches from yesterday until 2026-99-99T99:99:99Z")
    assert called_watch_stays(clone_anew(remote, first), SPAN, NOW)
