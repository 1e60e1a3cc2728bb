"""Importing 2,000 and 10,000 notices of cState and of Statuspage: `python -m benchmarks.moving`.

The import is compared with only reading the notices that it wrote. CPU seconds of whole processes are measured, and the
peak memory of each; the notices are made up, with three posts each.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bounds import judge_at_most, report

MOST_IMPORT = 6.0
MOST_GROWTH = 6.0
MOST_MIB = 512
FEW, MANY = 2000, 10_000
QUICK_FEW, QUICK_MANY = 200, 1000
CODE = Path(__file__).resolve().parent.parent
SOURCES = ("cstate", "statuspage")
POSTS = ("investigating", "identified", "resolved")
TEXT = "We have found the cause: a **disk** of the second relay.\n\n- Nothing is lost.\n- See [the help](https://faq.maxony.example/)."


def _write_day(number: int) -> str:
    return f"20{10 + number // 2000:02}-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}"


def lay_cstate(root: Path, notices: int) -> None:
    """Write a site of cState with this many issues."""
    issues = root / "content/issues"
    issues.mkdir(parents=True)
    (root / "config.yml").write_text("title: Big\nparams:\n  systems: [{name: Relay}, {name: API}]\n")
    for number in range(notices):
        day = _write_day(number)
        blocks = "\n\n".join(
            f'**{state}** {TEXT} {{{{< track "{day} 0{n}:00" >}}}}' for n, state in enumerate(POSTS)
        )
        keys = f"title: Case {number}\ndate: {day}\nresolved: true\nresolvedWhen: {day} 02:00\naffected: [Relay, Old]"
        (issues / f"{number}.md").write_text(f"---\n{keys}\n---\n{blocks}\n")


def lay_statuspage(root: Path, notices: int) -> None:
    """Write an export with this many incidents, one on each line."""
    root.mkdir()
    with (root / "incidents.jsonl").open("w") as file:
        for number in range(notices):
            day = _write_day(number)
            updates = [
                {
                    "status": state,
                    "body": TEXT,
                    "display_at": f"{day}T0{n}:00:00.123Z",
                    "affected_components": None,
                }
                for n, state in enumerate(POSTS)
            ]
            record = {"id": f"i{number}", "name": f"Case {number}", "status": "resolved", "impact": "minor"}
            times = {"created_at": f"{day}T00:00:00Z", "started_at": f"{day}T00:00:00Z"}
            file.write(json.dumps({**record, **times, "incident_updates": updates}) + "\n")


LAY = {"cstate": lay_cstate, "statuspage": lay_statuspage}


def read(root: Path) -> None:
    """Read the notices of a project."""
    from constat import notices  # noqa: PLC0415 - only what is measured is loaded
    from constat.interval import UTC_ZONE, parse_instant  # noqa: PLC0415 - the same

    files = {f"incidents/{path.name}": path.read_bytes() for path in (root / "incidents").glob("*.md")}
    context = notices.NoticeContext(("relay", "api"), ("en",), UTC_ZONE, parse_instant("2026-12-01T00:00Z"))
    notices.parse_notices(files, context)


def run(*words: str) -> tuple[float, int]:
    """Run a module of ours in a process; return its CPU seconds, and its peak memory in MiB."""
    script = (
        "import json, resource, runpy, sys; sys.argv = sys.argv[1:]\n"
        "try: runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss >> 10]))"
    )
    command = [sys.executable, "-c", script, *words]
    ended = subprocess.run(command, cwd=CODE, check=True, capture_output=True, text=True)
    seconds, mebibytes = json.loads(ended.stdout.splitlines()[-1])
    return float(seconds), int(mebibytes)


def measure(quick: bool) -> Iterator[str]:
    """Measure each ratio, and judge it by its bound."""
    few, many = (QUICK_FEW, QUICK_MANY) if quick else (FEW, MANY)
    with tempfile.TemporaryDirectory() as folder:
        for source in SOURCES:
            took = {}
            for count in (few, many):
                place, root = Path(folder, f"{source}{count}"), Path(folder, f"{source}{count}-project")
                LAY[source](place, count)
                took[count] = run("generate", "-q", "import", source, str(place), "--root", str(root))
            read_s, _ = run("benchmarks.moving", "read", str(root))
            seconds, mebibytes = took[many]
            ratio, growth = seconds / read_s, seconds / took[few][0]
            what = f"{source}, {many:,} notices in {seconds:.1f} s"
            yield f"{what}: {ratio:.2f} x reading them (at most {MOST_IMPORT}): {judge_at_most(ratio, MOST_IMPORT, quick=quick)}"
            yield f"{what}: {growth:.2f} x as long as {few:,} (at most {MOST_GROWTH}): {judge_at_most(growth, MOST_GROWTH, quick=quick)}"
            yield f"{what}: {mebibytes} MiB (at most {MOST_MIB}): {judge_at_most(mebibytes, MOST_MIB, quick=quick)}"


def main(argv: list[str]) -> int:
    """Read the notices of a project if asked to, otherwise measure everything."""
    if argv and argv[0] == "read":
        read(Path(argv[1]))
        return 0
    return report(argv, measure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
