"""How many rows a second are collected from a real Prometheus: a week of 1,000 services from five places, at five minutes.

`promtool` writes ten million samples into its storage before it starts. Every one of them has to become a row, and one
planted outage has to be on the account, to the second. This needs Debian's package `prometheus`, and about 2 GB of disk
while it runs.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.bounds import judge, judge_at_least, report
from benchmarks.sources import LEAST_ROWS_PER_S, PLACES, ROOT, SERVICE, Counter
from constat.availability.figures import tally
from constat.interval import DAY_S, Interval
from tasks.collect import Collector
from tasks.look import plan_look
from tasks.project import Project
from tests.support.prometheus_stack import Prometheus

EVERY_S = 300
END = 1_795_564_800  # 2026-11-25T00:00:00Z
OUTAGE = Interval(END - 6 * 3600, END - 5 * 3600)
"""When the first service is down, as seen from every place."""
STATUS = """\
page: {{id: maxony, name: Maxony, url: "https://status.maxony.example/", languages: [fr], timezone: Europe/Zurich}}
monitor: {{vantage: geneva}}
sources:
  - {{id: engine, kind: prometheus, url: "{url}", query: probe_success, every: 5m, since: {since}}}
services:
"""


def write_samples(file: Path, services: int, days: int) -> int:
    """Write the samples in the OpenMetrics format; return their number."""
    times = range(END - days * DAY_S, END, EVERY_S)
    values = ["0" if at in OUTAGE else "1" for at in times]
    with file.open("w", encoding="ascii") as stream:
        stream.write("# TYPE probe_success gauge\n")
        for number in range(services):
            for place in PLACES:
                labels = f'probe_success{{check="port",service="s{number}",vantage="{place}"}}'
                own_values = values if number == 0 else ["1"] * len(values)
                stream.writelines(
                    f"{labels} {value} {at}.731\n" for at, value in zip(times, own_values, strict=True)
                )
        stream.write("# EOF\n")
    return services * len(PLACES) * len(times)


def lay_in(folder: Path, services: int, days: int) -> int:
    """Make the storage blocks of a Prometheus; return how many samples they hold. One large block: small ones would take hours."""
    text = folder / "samples.txt"
    count = write_samples(text, services, days)
    words = ("tsdb", "create-blocks-from", "openmetrics", f"--max-block-duration={days * 24}h")
    promtool = shutil.which("promtool")
    if promtool is None:
        raise SystemExit("promtool is not installed: it comes with Debian's package prometheus")
    subprocess.run([promtool, *words, str(text), str(folder / "data")], check=True, capture_output=True)
    text.unlink()
    return count


def collect(folder: Path, url: str, services: int, days: int) -> tuple[Project, int, float, float]:
    """Collect into a new project; return it, its rows, the CPU seconds that they took in this process, and the wall seconds."""
    since = time.strftime("%Y-%m-%d", time.gmtime(END - days * DAY_S))
    names = "".join(SERVICE.format(name=f"s{number}") for number in range(services))
    (folder / "status.yml").write_text(STATUS.format(url=url, since=since) + names)
    project, counter = Project(folder, ROOT, END), Counter()
    plan = plan_look(project, {})
    began, clock = time.process_time(), time.monotonic()
    Collector(lambda: END, counter).collect(plan)  # type: ignore[arg-type] # no other method is called
    return project.reopen(END), counter.rows, time.process_time() - began, time.monotonic() - clock


def measure(quick: bool) -> Iterator[str]:
    """Measure rows a second of one core; check that all samples came, and what the account says of the outage."""
    services, days = (100, 1) if quick else (1000, 7)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, root = Path(name, "prometheus"), Path(name, "project")
        folder.mkdir()
        root.mkdir()
        laid = lay_in(folder, services, days)
        server = Prometheus(folder, ())
        stack.enter_context(server.running())
        project, rows, seconds, clock_s = collect(root, server.url, services, days)
        yield f"{rows:,} of {laid:,} samples of {services} services x {len(PLACES)} places: {judge(rows == laid)}"
        speed = rows / seconds
        verdict = judge_at_least(speed, LEAST_ROWS_PER_S, quick=quick)
        yield f"{seconds:.1f} s of a core, {clock_s:.1f} s by the clock, beside Prometheus and whatever else runs"
        yield f"{speed:,.0f} rows a second (at least {LEAST_ROWS_PER_S:,}): {verdict}"
        yield from judge_outage(project)


def judge_outage(project: Project) -> Iterable[str]:
    """Check that the outage is on the account, and none where there was none."""
    for service, outages in (("s0", 1), ("s1", 0)):
        window = Interval(END - DAY_S, END)
        down = tally(project.account(service, window).states, window).down
        expected = OUTAGE.seconds * outages
        yield f"{service} was down for {down} s of {expected}: {judge(down == expected)}"


if __name__ == "__main__":
    sys.exit(report(sys.argv, measure))
