"""Run every benchmark, each in a process of its own: `make bench`, or `make bench ARGS="build notices"`.

`make bench ARGS=quick` takes less than two minutes: it leaves out the benchmarks that need years of evidence, an
idle machine or a browser, and runs the others on less data.
"""

import subprocess
import sys

from benchmarks.bounds import QUICK

BENCHMARKS = {
    "build": "a page of 90 days, two years behind it, and deriving from nothing",
    "scale": "a page of 1,000 services, built from nothing, after one more row, and in three languages",
    "statements": "freezing a month, and verifying twelve",
    "notices": "a thousand notices, and five thousand",
    "moving": "importing 10,000 notices of cState and of Statuspage",
    "sources": "a day of a thousand services, taken from Prometheus",
    "prometheus_week": "a week of a thousand services, ten million samples, taken from a real Prometheus",
    "checks": "500 checks of which 25 hang",
    "mixed_checks": "1,000 checks of several kinds of which many hang",
    "upptime": "a hundred thousand commits of Upptime imported",
    "lighthouse": "Lighthouse on the demo's index, a service, a statement and a notice",
    "year": "years of evidence in git, and a job that pushes to them",
}
"""The benchmarks, by the name of their module."""

QUICK_BENCHMARKS = {
    "build": "a page of 90 days, and half a year of history",
    "statements": "freezing a month",
    "notices": "three hundred notices, and fifteen hundred",
    "sources": "a day of a hundred services, taken from Prometheus",
    "checks": "500 checks of which 25 hang",
}
"""The benchmarks of a quick run."""


def main(argv: list[str]) -> int:
    """Run the named benchmarks, or all. Return 1 if a bound is missed, 2 if a name is unknown."""
    quick = QUICK in argv
    known = QUICK_BENCHMARKS if quick else BENCHMARKS
    names = [name for name in argv if name != QUICK]
    unknown = [name for name in names if name not in known]
    if unknown:
        print(
            f"no {'quick ' if quick else ''}benchmark {', '.join(unknown)}: there are {', '.join(known)}",
            file=sys.stderr,
        )
        return 2
    missed = 0
    for name in names or known:
        print(f"== {known[name]}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *([QUICK] if quick else [])]
        missed |= subprocess.run(command, check=False).returncode
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
