"""`serve`: the site on localhost, built again whenever what it is made of changes."""

import argparse
import sys
import threading
import time

from constat.errors import ConstatError
from outside.site import publishing
from outside.site.local_server import open_server, read_source_state
from verbs.build import build, tell

LOOK_EVERY_S = 0.5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--port", type=int, default=8000, help="the port on 127.0.0.1; 0 takes a free one")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    _rebuild(args, args.now)
    with open_server(args.root / "site", args.port) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{listening.server_address[1]}/ (Ctrl+C ends it)", flush=True)
        try:
            _watch(args)
        except KeyboardInterrupt:
            listening.shutdown()
    return 0


def _watch(args: argparse.Namespace) -> None:
    """Build again after each change; the clock goes on from `--now`."""
    began = time.monotonic()
    known = read_source_state(args.root, args.code)
    while True:
        time.sleep(LOOK_EVERY_S)
        found = read_source_state(args.root, args.code)
        if found != known:
            known = found
            _rebuild(args, args.now + int(time.monotonic() - began))


def _rebuild(args: argparse.Namespace, now: int) -> None:
    """Build and publish; what is wrong is said, and the old site stays."""
    try:
        built = build(args.root, args.code, now)
        publishing.publish_site(args.root, built.files, built.copies)
    except ConstatError as error:
        print(error, file=sys.stderr, flush=True)
    else:
        tell(built.told)
        if args.verbose:
            print(f"built {len(built.files)} files", flush=True)
