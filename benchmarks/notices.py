"""A clean build of 1,000 and of 5,000 notices with three updates each: `python -m benchmarks.notices`.

The build is compared with only reading the notices, and with converting the same texts once with Markdown. CPU seconds
of whole processes are measured, so that imports and garbage collection are included; the medians of several processes
of each kind, run in turn, count. Nothing is deleted until the end: some file systems are slower for seconds after
thousands of files are deleted.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.bounds import judge_at_most, report
from constat.interval import parse_instant

MOST_BUILD = 3.0
MOST_GROWTH = 6.0
UPDATES = 3
FEW, MANY, ROUNDS = 1000, 5000, 5
QUICK_FEW, QUICK_MANY, QUICK_ROUNDS = 300, 1500, 3
NOW = parse_instant("2026-12-01T00:00Z")
CODE = Path(__file__).resolve().parent.parent
SERVICES = ("smtp", "api")

TEXT = """\
We have found the cause: a **disk** of the second relay. Mail is queued and leaves with a delay of about ten minutes.

- Nothing is lost.
- There is no need to send again; see [the help](https://www.maxony.example/faq).

The next news follows within the hour.
"""

STATUS = """\
page: {id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [fr], timezone: Europe/Zurich}
monitor: {vantage: gha}
sla: {target: 99}
services:
"""
_SERVICE = """\
  - {id: %(name)s, name: %(name)s, checks: [{name: port, kind: tcp, host: %(name)s.maxony.example, port: 443}]}
"""
_STATES = ("investigating", "identified", "resolved")


def notice(number: int) -> tuple[str, str]:
    """Write one notice, dated in January or February 2026: its file name and its text."""
    day = f"2026-{number % 2 + 1:02}-{number // 2 % 28 + 1:02}"
    updates = "".join(f"\n## {day}T{10 + n}:00+01:00 {state}\n\n{TEXT}" for n, state in enumerate(_STATES))
    head = f"title: The relay is slow, case {number}\nkind: incident\nservices: [smtp, api]\nimpact: minor"
    return f"{day}-relay-{number}.md", f"---\n{head}\n---\n{TEXT}{updates}"


def lay(root: Path, notices: int) -> None:
    """Write a project with this many notices."""
    services = "".join(_SERVICE % {"name": name} for name in SERVICES)
    (root / "status.yml").write_text(STATUS + services, encoding="utf-8")
    (root / "incidents").mkdir()
    for number in range(notices):
        name, text = notice(number)
        (root / "incidents" / name).write_text(text, encoding="utf-8")


def convert(root: Path) -> None:
    """Convert the texts of a project once, with one Markdown object."""
    import markdown  # noqa: PLC0415 - only what is measured is loaded

    converter = markdown.Markdown(output_format="html")
    texts = len(list((root / "incidents").glob("*.md"))) * (UPDATES + 1)
    for _ in range(texts):
        converter.reset()
        converter.convert(TEXT)


def parse(root: Path) -> None:
    """Read the notices of a project."""
    from constat import notices  # noqa: PLC0415 - only what is measured is loaded

    files = {f"incidents/{path.name}": path.read_bytes() for path in (root / "incidents").glob("*.md")}
    notices.parse_notices(files, notices.NoticeContext(SERVICES, ("fr",), ZoneInfo("Europe/Zurich"), NOW))


def build(root: Path) -> None:
    """Build and publish the site of a project from nothing."""
    from tasks.build import build_and_publish  # noqa: PLC0415 - only what is measured is loaded
    from tasks.project import Project  # noqa: PLC0415 - the same

    build_and_publish(Project(root, CODE, NOW), {}, print)


WORK = {"convert": convert, "parse": parse, "build": build}


def measure_cpu_s(work: str, project: Path, notices: int) -> float:
    """Measure the CPU seconds of a process that does one kind of work on this many notices, in a new folder."""
    project.mkdir()
    lay(project, notices)
    command = [sys.executable, "-m", "benchmarks.notices", work, str(project)]
    ended = subprocess.run(command, cwd=CODE, check=True, capture_output=True, text=True)
    return float(json.loads(ended.stdout))


def measure(quick: bool) -> Iterator[str]:
    """Measure each ratio, and judge it by its bound."""
    few, many, rounds = (QUICK_FEW, QUICK_MANY, QUICK_ROUNDS) if quick else (FEW, MANY, ROUNDS)
    took: dict[str, list[float]] = {work: [] for work in WORK}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            for work, each in took.items():
                each.append(measure_cpu_s(work, Path(folder, f"{work}{turn}"), few))
        many_s = measure_cpu_s("build", Path(folder, "many"), many)
    few_s = {work: statistics.median(each) for work, each in took.items()}
    what = f"{few:,} notices with {UPDATES} updates each"
    read, build = few_s["parse"] / few_s["convert"], few_s["build"] / few_s["convert"]
    growth = many_s / few_s["build"]
    yield f"{what}: reading them takes {read:.2f} x the CPU of converting their texts once ({few_s['convert']:.2f} s)"
    yield (
        f"{what}: a clean build takes {build:.2f} x that CPU "
        f"(at most {MOST_BUILD}): {judge_at_most(build, MOST_BUILD, quick=quick)}"
    )
    yield (
        f"{many:,} notices: {growth:.2f} x as long as {few:,} "
        f"(at most {MOST_GROWTH}): {judge_at_most(growth, MOST_GROWTH, quick=quick)}"
    )


def main(argv: list[str]) -> int:
    """Do one kind of work in this process if it is named, otherwise measure everything."""
    if argv and argv[0] in WORK:
        WORK[argv[0]](Path(argv[1]))
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(json.dumps(sum(each.ru_utime + each.ru_stime for each in used)))
        return 0
    return report(argv, measure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
