"""The demo, live: its page is served, its servers are watched, and its services break and are repaired in turn."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from constat.errors import OutsideError
from constat.interval import DAY_S, Interval
from demo.maxony import Maxony
from outside.github import Job
from outside.site.local_server import open_server
from tasks.look import LookListener, LookPlan
from tasks.project import Project
from tasks.serve import build_on_change
from tasks.watch import watch

PORT = 8000
"""The port of the page; a free one is used if it is taken."""

BROKEN = ("api", "website", "applications")
"""The services that break, in turn."""

BEFORE_S, DURING_S = 20, 130
"""How long all is well before a service breaks, and how long it stays broken: two or three checks of it fail."""

Pause = Callable[[float], bool]
"""A function that waits for some seconds and returns whether the demo has ended."""


def break_in_turn(servers: Maxony, pause: Pause, tell: Callable[[str], None]) -> None:
    """Break and repair one service after another, until `pause` returns that the demo has ended."""
    for service in cycle(BROKEN):
        if pause(BEFORE_S):
            return
        servers.fail_web(service)
        tell(f"{service} is broken now: it answers 503")
        is_over = pause(DURING_S)
        servers.restore_web(service)
        if is_over:
            return
        tell(f"{service} is mended")


class Stage(NamedTuple):
    """What a live demo needs from the verb that shows it.

    `build` builds the page; `announce` receives its address; `tell` receives what happens to the services; `clock` returns
    the time in seconds since the epoch; `length_s` is how long the demo lasts unless it is interrupted.
    """

    build: Callable[[Project], None]
    announce: Callable[[str], None]
    tell: Callable[[str], None]
    clock: Callable[[], float]
    length_s: int = DAY_S


def run_live_demo(plan: LookPlan, servers: Maxony, listener: LookListener, stage: Stage) -> None:
    """Watch until interrupted, while serving the page and breaking services in turn.

    Raises:
        OutsideError: another watch of this project is running, or the samples cannot be written.

    """
    plan, over = plan.reopen(int(stage.clock())), threading.Event()
    project = plan.project
    with _serve_page(project.root / "site") as address:
        stage.announce(address)
        works: Sequence[Callable[[], None]] = (
            lambda: build_on_change(project, stage.build, over.wait),
            lambda: break_in_turn(servers, over.wait, stage.tell),
        )
        threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in threads:
            thread.start()
        try:
            span = Interval(project.now, project.now + stage.length_s)
            watch(plan, span, stage.clock, listener, Job())
        finally:
            over.set()
            for thread in threads:
                thread.join()


@contextmanager
def _serve_page(site: Path) -> Iterator[str]:
    """Serve a folder on this machine; yield its address."""
    try:
        server = open_server(site, PORT)
    except OutsideError:
        server = open_server(site, 0)
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
