"""Constat's command line: parses, wires, prints, exits. Nothing imports it.

    constat VERB [--root DIR] [--now TIME]

In a checkout that is `bin/constat`, or `python generate.py` with the libraries of requirements.txt. The exit code is 0
(done), 1 (the command ran and found a problem) or 2 (the command could not run).
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- whoever starts it with an older Python should be told so
    sys.exit("constat: this is Python %d.%d; Constat needs 3.11 or newer" % sys.version_info[:2])  # noqa: UP031 -- the same

import argparse
import gc
import os
import shlex
import time
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from constat.errors import ConstatError, EvidenceError, InputError
from constat.version import EXTRAS, explain_extra
from verbs.terminal import INTERRUPTED
from verbs.terminal.arguments import PROGRAM, build_parser, explain_first_word, find_verb, module_of
from verbs.terminal.clock import resolve_time, start_clock
from verbs.terminal.misspelt import parse_words

VERBS = {
    "run": "check, then build: the main job",
    "check": "record what changed in the register, then make the checks that are due",
    "build": "build site/ from the history and the notices",
    "serve": "show the site on localhost and rebuild it on change",
    "validate": "check status.yml, notices, corrections and tickets; report each problem with its line",
    "probe": "run one probe by hand and report it in full; nothing is stored",
    "deliverability": "check everything that decides whether a domain's mail arrives; nothing is stored",
    "new": "write a valid notice, or add an update to one",
    "show": "show what was known at an instant: state, samples, notices",
    "statement": "freeze the statement of a finished month",
    "verify": "recompute the frozen months from the evidence and compare",
    "witness": "keep the seals of a page, as a customer would, and check that they still match",
    "notify": "notify subscribers of what is new",
    "alarm": "alert the maintainers to what failed",
    "draft": "draft a notice about an outage that lasts, for a person to publish",
    "upload": "upload the site to the store that status.yml names",
    "push": "push new history to its branch",
    "init": "start a status page in a folder",
    "import": "import services, notices and measurements from another status page",
    "export": "export services and notices in a format that other status pages can import",
    "cost": "estimate the cost of running on GitHub: minutes, commits, megabytes",
    "demo": "run the built-in demo: a small Maxony on this machine, and its page",
    "completion": "print the completion script for a shell",
}
"""Every verb with its help text, in the order of `--help`. The module `verbs.NAME` implements it."""


CODE = Path(__file__).resolve().parent
"""The folder of the code and the default templates."""


def main(argv: list[str]) -> int:
    """Run one verb and return the exit code. `now` is read here, once; verbs that keep running also get the clock."""
    _open_closed_streams()
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # we have no plugins, and searching for them takes time
    wrong = explain_first_word(argv, VERBS)
    if wrong is not None:
        print(f"{PROGRAM}: {wrong}", file=sys.stderr)
        return 2
    verb = find_verb(argv)
    gc.disable()  # what imports allocate stays alive, so collecting would be wasted time
    try:
        args = parse_words(build_parser(VERBS, [verb] if verb else []), argv)
        gc.freeze()  # so later collections need not scan it
        gc.enable()
        code = _run(args)
        sys.stdout.flush()
    except (ConstatError, ModuleNotFoundError, OSError) as error:
        return _report(error, argv)
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _open_closed_streams() -> None:
    """Give whoever started us without an output (`>&-`) one that nobody reads: Python sets such a stream to `None`."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 -- open until we end


def _report(error: ConstatError | ModuleNotFoundError | OSError, argv: list[str]) -> int:
    """Print an error in one line, perhaps with a tip; return the exit code.

    Raises:
        ModuleNotFoundError: it is a module of ours, and so nothing that people could install.

    """
    if isinstance(error, ModuleNotFoundError):
        library = (error.name or "").partition(".")[0]
        if not library or (CODE / library).is_dir():
            raise error
        print(f"{PROGRAM}: {_explain_missing(library, argv)}", file=sys.stderr)
    elif isinstance(error, BrokenPipeError):  # the reader has closed the pipe, as in `show ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    elif isinstance(
        error, OSError
    ):  # in the words of the machine, what nobody translated: no room, no permission
        place = f"{error.filename}: " if error.filename else ""
        print(f"{PROGRAM}: {place}{error.strerror or error}", file=sys.stderr)
    elif isinstance(error, InputError):
        print(error, file=sys.stderr)
    else:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        if error.tip:
            print(f"tip: {error.tip}", file=sys.stderr)
    return 1 if isinstance(error, EvidenceError) else 2


def _run(args: argparse.Namespace) -> int:
    """Complete the arguments with what every verb is given, and run the verb."""
    args.code = CODE
    given = None if args.now is None else resolve_time(args.now, lambda: _read_zone(args.root))
    args.clock = start_clock(given)
    args.now = int(time.time()) if given is None else given
    args.build_full_parser = lambda: build_parser(VERBS, VERBS)
    code: int = import_module(module_of(args.verb)).run(args)
    return code


def _read_zone(root: Path) -> ZoneInfo:
    """Read the page's time zone, for a time that was given without an offset."""
    from tasks.project import Project  # noqa: PLC0415 -- nearly every command starts without this

    return Project(root, CODE, int(time.time())).zone


def _explain_missing(library: str, argv: list[str]) -> str:
    """Say that a library is not installed, and what to type."""
    starter = CODE / "bin" / PROGRAM
    if library in EXTRAS:
        return explain_extra(library)
    if starter.exists():
        command = shlex.join([str(starter), *argv])
    else:
        command = "pip install --force-reinstall constat-status"
    return f"the library {library} is not installed here; type: {command}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
