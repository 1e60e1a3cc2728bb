"""Serve a site on this machine, and rebuild it whenever its sources change."""

import threading
import time
from collections.abc import Callable

from outside.project.files import refuse_no_project
from outside.site.local_server import open_server, read_source_state
from tasks.project import Project

LOOK_EVERY_S = 0.5


def serve(
    project: Project, port: int, build: Callable[[Project], None], announce: Callable[[str], None]
) -> None:
    """Serve `site/` until interrupted. `build` makes it; `announce` receives its URL; port 0 picks a free one.

    Raises:
        InputError: there is no `status.yml`.
        OutsideError: the port is in use.

    """
    refuse_no_project(project.root)
    build(project)
    with open_server(project.root / "site", port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        announce(f"http://127.0.0.1:{server.server_address[1]}/")
        try:
            build_on_change(project, build, time.sleep)
        except KeyboardInterrupt:
            server.shutdown()


def build_on_change(
    project: Project, build: Callable[[Project], None], pause: Callable[[float], object]
) -> None:
    """Rebuild after each change, as of the project's `now` plus the seconds that have passed.

    `pause` waits for some seconds between two looks at the sources; once it returns something true, this function returns.
    """
    began = time.monotonic()
    known = read_source_state(project.root, project.code)
    while not pause(LOOK_EVERY_S):
        state = read_source_state(project.root, project.code)
        if state != known:
            known = state
            build(project.reopen(project.now + int(time.monotonic() - began)))
