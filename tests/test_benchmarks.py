"""The benchmarks by name, and their verdicts. Nothing is timed here: `make bench` does that."""

from collections.abc import Iterator

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import mixed_checks
from benchmarks.bounds import judge_at_least, judge_at_most, report
from benchmarks.rounds import Servers
from checks.registry import KINDS
from tests.support.source_tree import ROOT


@pytest.mark.parametrize("name", [*benchmarks.BENCHMARKS, *benchmarks.QUICK_BENCHMARKS])
def test_every_benchmark_is_a_module(name: str) -> None:
    assert (ROOT / "benchmarks" / f"{name}.py").exists()


def test_every_kind_that_asks_over_the_network_is_measured() -> None:
    """`exec` starts programs, and few machines let everybody ping."""
    names = "web greet secure store socket registry report policy mail mailbox health broker proxy database gateway hang names"
    ports = dict.fromkeys([*names.split(), "sealed mail"], 9)
    measured = {each.check.kind for each in mixed_checks.targets(Servers(ports, ""))}
    assert set(KINDS) - measured <= {"exec", "icmp"}, "add a target to benchmarks/mixed_checks.py"


def test_a_name_without_a_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmarks.main(["quick", "year"]) == 2
    assert capsys.readouterr().err == (
        "no quick benchmark year: there are build, statements, notices, sources, checks\n"
    )


def test_a_whole_run_misses_a_bound_that_is_passed_by_little() -> None:
    assert [judge_at_most(value, 2) for value in (2, 2.1)] == ["ok", "MISSED"]
    assert [judge_at_least(value, 2) for value in (2, 1.9, 0)] == ["ok", "MISSED", "MISSED"]


def test_a_quick_run_misses_a_bound_that_is_passed_by_half() -> None:
    nearly = "over, but less than 1.5 times"
    assert [judge_at_most(value, 2, quick=True) for value in (2, 3, 3.1)] == ["ok", nearly, "MISSED"]
    assert [judge_at_least(value, 3, quick=True) for value in (3, 2, 1.9)] == ["ok", nearly, "MISSED"]


@pytest.mark.parametrize(("word", "code"), [("1.2 x (at most 1): MISSED", 1), ("0.9 x (at most 1): ok", 0)])
def test_a_missed_bound_fails_the_run(word: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[bool] = []

    def measure(quick: bool) -> Iterator[str]:
        asked.append(quick)
        yield word

    assert report(["quick"], measure) == code
    assert report([], measure) == code
    assert asked == [True, False]
    assert capsys.readouterr().out == f"{word}\n" * 2
