"""Every benchmark in one run, each in a process of its own: `make bench`, or `make bench ARGS="build notices"`."""

import subprocess
import sys

BENCHMARKS = {
    "build": "a page of 90 days, two years behind it, and deriving from nothing",
    "evidence": "freezing a month, and verifying twelve",
    "notices": "a thousand notices, and five thousand",
    "checks": "500 checks of which 25 hang",
    "mixed_checks": "1,000 checks of several kinds of which many hang",
    "lighthouse": "Lighthouse on the demo's index, a service and a statement",
    "year": "years of evidence in git, and a job that pushes to them",
}
"""What is measured, by the name of its module."""


def main(names: list[str]) -> int:
    """Run the benchmarks of some names, all without one; 1 where a bound is missed, 2 where a name is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}: there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    missed = 0
    for name in names or BENCHMARKS:
        print(f"== {BENCHMARKS[name]}", flush=True)
        missed |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
