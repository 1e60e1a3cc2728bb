"""The verdict on a measured value, in the same words for every benchmark.

A quick run measures the same ratios on less work and with fewer repetitions, for a machine that is busy or unknown. It
therefore counts a bound as missed only if the value exceeds it by half.
"""

from collections.abc import Callable, Iterable, Sequence

QUICK = "quick"
"""The word that asks for a quick run: `make bench ARGS=quick`."""

MISSED = "MISSED"
_QUICK_MARGIN = 1.5


def judge_at_most(value: float, limit: float, *, quick: bool = False) -> str:
    """Judge whether a value is at most its bound."""
    return _judge(value / limit, quick=quick)


def judge_at_least(value: float, limit: float, *, quick: bool = False) -> str:
    """Judge whether a value reaches its bound."""
    return _judge(limit / value if value else float("inf"), quick=quick)


def judge(holds: bool) -> str:
    """Judge whether a condition without a margin holds."""
    return "ok" if holds else MISSED


def _judge(excess: float, *, quick: bool) -> str:
    if excess <= 1:
        return "ok"
    return f"over, but less than {_QUICK_MARGIN} times" if quick and excess <= _QUICK_MARGIN else MISSED


def report(argv: Sequence[str], measure: Callable[[bool], Iterable[str]]) -> int:
    """Print the lines of a benchmark, or of its quick form, as they come. Return 1 if a bound is missed."""
    missed = False
    for line in measure(QUICK in argv):
        print(line, flush=True)
        missed |= line.endswith(MISSED)
    return int(missed)
