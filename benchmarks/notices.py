"""A clean build of 1,000 and of 5,000 notices with three updates each: `python -m benchmarks.notices`.

Beside it stand reading the notices alone, and what converting the same texts once with Markdown costs. CPU seconds of
whole processes, so that neither imports nor collections of garbage are left out; medians of processes that take turns.
Nothing is deleted on the way: for seconds after thousands of files were, some file systems take longer to make one.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.interval import parse_instant

MOST_BUILD = 3.0
MOST_GROWTH = 6.0
UPDATES = 3
FEW, MANY = 1000, 5000
ROUNDS = 5
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
    """The name and the text of one notice, spread over a year that is past."""
    day = f"2026-{number % 2 + 1:02}-{number // 2 % 28 + 1:02}"
    updates = "".join(f"\n## {day}T{10 + n}:00+01:00 {state}\n\n{TEXT}" for n, state in enumerate(_STATES))
    head = f"title: The relay is slow, case {number}\nkind: incident\nservices: [smtp, api]\nimpact: minor"
    return f"{day}-relay-{number}.md", f"---\n{head}\n---\n{TEXT}{updates}"


def lay(root: Path, notices: int) -> None:
    """Write a project that holds so many notices."""
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
    from outside.site import publishing  # noqa: PLC0415 - only what is measured is loaded
    from tasks.build import build_site  # noqa: PLC0415 - the same
    from tasks.project import Project  # noqa: PLC0415 - the same

    publishing.publish_site(root, build_site(Project(root, CODE, NOW)).files)


WORK = {"convert": convert, "parse": parse, "build": build}


def cpu_s(work: str, project: Path, notices: int) -> float:
    """The CPU seconds of a process that does one kind of work on so many notices, in a new folder."""
    project.mkdir()
    lay(project, notices)
    command = [sys.executable, "-m", "benchmarks.notices", work, str(project)]
    ended = subprocess.run(command, cwd=CODE, check=True, capture_output=True, text=True)
    return float(json.loads(ended.stdout))


def lines() -> list[str]:
    """What is printed: each ratio with its bound."""
    took: dict[str, list[float]] = {work: [] for work in WORK}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            for work, each in took.items():
                each.append(cpu_s(work, Path(folder, f"{work}{turn}"), FEW))
        many = cpu_s("build", Path(folder, "many"), MANY)
    few = {work: statistics.median(each) for work, each in took.items()}
    read, whole, growth = few["parse"] / few["convert"], few["build"] / few["convert"], many / few["build"]
    what = f"{FEW:,} notices with {UPDATES} updates each"
    return [
        f"{what}: reading them takes {read:.2f} x the CPU of converting their texts once ({few['convert']:.2f} s)",
        f"{what}: a clean build takes {whole:.2f} x that CPU (at most {MOST_BUILD}): {_well(whole <= MOST_BUILD)}",
        f"{MANY:,} notices: {growth:.2f} x as long as {FEW:,} (at most {MOST_GROWTH}): {_well(growth <= MOST_GROWTH)}",
    ]


def _well(holds: bool) -> str:
    return "ok" if holds else "MISSED"


def main(argv: list[str]) -> int:
    """Do one kind of work in this process where it is named, else measure all; 1 where a bound is missed."""
    if argv:
        WORK[argv[0]](Path(argv[1]))
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        print(json.dumps(sum(each.ru_utime + each.ru_stime for each in used)))
        return 0
    told = lines()
    print("\n".join(told))
    return int(any(line.endswith("MISSED") for line in told))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
