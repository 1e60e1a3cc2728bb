"""The part of the command line that all verbs share."""

import ast
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from constat.version import VERSION
from tests.support.command_line import build_environment
from tests.support.own_project import STATUS
from tests.support.source_tree import ROOT

PROGRAM = [sys.executable, str(ROOT / "generate.py")]


SEEN = "1 service down (nobody: refused); 1 row"


def _run(*words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own program)
        [*PROGRAM, *words],
        cwd=folder,
        env=build_environment(TERM="xterm"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "status.yml").write_text(STATUS)
    return tmp_path


def test_a_reader_that_closes_the_pipe_is_not_an_error() -> None:
    """As in `constat validate --schema | head -1`: no traceback, and exit code 0."""
    reading, writing = os.pipe()
    os.close(reading)  # nobody reads
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(  # noqa: S603 (our own program)
            [*PROGRAM, "validate", "--schema"],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (0, "")


def test_version_is_printed() -> None:
    assert _run("--version").stdout == f"constat {VERSION}\n"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["buidl"], "there is no verb 'buidl'; did you mean build?"),
        (["--root", "build", "vrify"], "there is no verb 'vrify'; did you mean verify?"),
        (["probe", "htpp"], "there is no kind of check 'htpp'; did you mean http?"),
        (["new", "incidnet", "x"], "there is no choice 'incidnet'; did you mean incident?"),
        (["new", "incident", "x", "--impact", "minr"], "there is no choice 'minr'; did you mean minor?"),
        (["completion", "bsh"], "there is no choice 'bsh'; did you mean bash?"),
        (["export", "statuspag"], "there is no shape 'statuspag'; did you mean statuspage?"),
        (["--rot", "here", "run"], "there is no option '--rot'; did you mean --root?"),
        (["new", "incident", "x", "--ends=3h"], "--ends=3h is not an option of this command"),
        (["validate", "--fromat", "json"], "there is no option '--fromat'; did you mean --format?"),
        (
            ["new", "incident", "x", "--sevices=api"],
            "there is no option '--sevices'; did you mean --services?",
        ),
    ],
)
def test_misspelt_word_suggests_the_closest_one(words: list[str], hint: str) -> None:
    done = _run(*words)
    assert done.returncode == 2
    assert hint in done.stderr


@pytest.mark.parametrize("time", ["2026-11-23T09:40:00Z", "2026-11-23T10:40+01:00", "2026-11-23T10:40"])
@pytest.mark.parametrize("is_first", [True, False], ids=["before the verb", "after the verb"])
def test_options_of_all_verbs_stand_before_or_after_the_verb(
    project: Path, time: str, *, is_first: bool
) -> None:
    """Without an offset, a time is the page's, as with `show --at`."""
    shared, verb = ["--root", str(project), "--now", time, "-q", "-v"], ["check"]
    done = _run(*shared, *verb) if is_first else _run(*verb, *shared)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-11-23T09:40:00Z nobody/port down" in done.stdout


def test_invalid_time_is_explained(project: Path) -> None:
    done = _run("check", "--root", str(project), "--now", "yesterday")
    assert done.returncode == 2
    assert "'yesterday' is not a valid time; write it as 2026-11-23T10:15+01:00" in done.stderr


def test_the_closing_line_goes_to_standard_error_unless_standard_output_is_a_terminal(project: Path) -> None:
    done = _run("check", "--root", str(project))
    assert (done.stdout, done.stderr) == ("", f"{SEEN} in {project / 'history'}\n")
    assert _run("check", "-q", "--root", str(project)).stderr == ""
    terminal, slave = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen, os.fdopen(slave, "wb") as out:
        words = [*PROGRAM, "check", "--only", "nobody", "--root", str(project)]
        errors = subprocess.run(words, stdout=out, stderr=subprocess.PIPE, check=True, timeout=60).stderr  # noqa: S603 (our own program)
        assert errors == b""
        assert screen.read(200) == f"\033[31m{SEEN} in {project / 'history'}\033[0m\r\n".encode()


def test_verbs_report_what_they_did(project: Path) -> None:
    for words, line in (
        (["validate"], "nothing is wrong"),
        (["run"], SEEN),
        (["build"], "site/ "),
        (["statement", "--due"], "no month is due"),
        (["verify"], "no month is frozen yet: there is nothing to compare"),
        (["notify"], "status.yml names nobody to notify"),
        (["alarm"], "0 troubles, 0 maintainers alerted"),
    ):
        done = _run(*words, "--root", str(project))
        assert (done.returncode, done.stdout) == (0, "")
        assert line in done.stderr.splitlines()[-1]


def test_common_options_are_accepted_after_subcommands(project: Path) -> None:
    time = "2026-11-23T10:40+01:00"
    done = _run(
        "new", "incident", "x", "--services", "nobody", "--root", str(project), "--now", time, "-q", "-v"
    )
    assert done.returncode == 0, done.stderr
    assert (project / "incidents/2026-11-23-x.md").exists()


WORDS = (
    ("constat va", "validate"),
    ("constat build --ro", "--root"),
    ("constat new inc", "incident"),
    ("constat probe ht", "http"),
    ("constat import up", "upptime"),
)


@pytest.fixture(scope="module")
def completion(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bash") / "constat.bash"
    path.write_text(_run("completion", "bash").stdout)
    return path


@pytest.mark.parametrize(("typed", "completed"), WORDS)
def test_bash_completes_verbs_options_and_known_words(typed: str, completed: str, completion: Path) -> None:
    words = typed.split()
    script = f"""
        source {completion}
        COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; COMP_LINE='{typed}'; COMP_POINT={len(typed)}
        _shtab_constat constat '{words[-1]}' '{words[-2]}'
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603, S607 (our own words)
    assert completed in done.stdout.split()


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_all_verbs(shell: str) -> None:
    printed = _run("completion", shell).stdout
    assert "validate" in printed
    assert "--allow-exec" in printed or "allow-exec" in printed


def test_old_python_is_refused_with_an_explanation() -> None:
    """The guard at the top of `generate.py` runs only where the whole file can be read: with Python 3.6 and its like."""
    assert ast.parse((ROOT / "generate.py").read_text(encoding="utf-8"), feature_version=(3, 6))


BARE = [sys.executable, "-S", "-E", "-s"]
"""A Python without any installed library."""


def _copy_checkout(folder: Path) -> None:
    """Copy what the command line needs of a checkout that was not set up."""
    for name in ("checks", "constat", "outside", "tasks", "verbs", "bin"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "generate.py", folder)


def test_checkout_without_setup_says_what_to_type(tmp_path: Path) -> None:
    _copy_checkout(tmp_path)
    words = [*BARE, str(tmp_path / "generate.py"), "build", "--root", "a page"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 (our own program)
    assert done.returncode == 2
    line = f"is not installed here; type: {tmp_path}/bin/constat build --root 'a page'\n"
    assert done.stderr.startswith("constat: the library ")
    assert done.stderr.endswith(line)
    assert done.stderr.count("\n") == 1


def test_an_installed_program_says_what_to_type(tmp_path: Path) -> None:
    _copy_checkout(tmp_path)
    shutil.rmtree(tmp_path / "bin")
    words = [*BARE, str(tmp_path / "generate.py"), "build"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 (our own program)
    assert done.stderr.endswith("is not installed here; type: pip install --force-reinstall constat-status\n")


def test_the_script_of_a_checkout_sets_up_once_and_passes_everything_on(tmp_path: Path) -> None:
    """With a `make` and a Python of our own in place of the real ones, which would take a minute."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / "requirements-dev.txt").touch()
    make = tmp_path / "make"
    make.write_text(
        '#!/bin/sh\necho "setting up"\nmkdir -p "$3/.venv/bin" && touch "$3/.venv/ready"\n'
        'printf "#!/bin/sh\\nprintf \'%%s\\\\n\' \\"\\$@\\"\\n" >"$3/.venv/bin/python" && chmod +x "$3/.venv/bin/python"\n'
    )
    make.chmod(0o755)
    linked = tmp_path / "elsewhere"
    linked.symlink_to(tmp_path / "bin/constat")
    words = ["show", "--at", "a time"]

    def start(path: Path) -> subprocess.CompletedProcess[str]:
        variables = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        return subprocess.run(  # noqa: S603 (our own program)
            [path, *words], env=variables, capture_output=True, text=True, check=True, timeout=60
        )

    first, second = start(tmp_path / "bin/constat"), start(linked)
    assert first.stdout == f"{tmp_path}/generate.py\nshow\n--at\na time\n" == second.stdout
    assert (first.stderr, second.stderr) == ("setting up\n", "")
    later = (tmp_path / ".venv/ready").stat().st_mtime + 5
    os.utime(tmp_path / "requirements-dev.txt", (later, later))
    assert start(linked).stderr == "setting up\n", "the lock file is newer"


def test_the_script_of_a_checkout_says_that_it_needs_make(tmp_path: Path) -> None:
    for program in ("sh", "dirname", "readlink", "find"):
        (tmp_path / program).symlink_to(shutil.which(program) or program)
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    words = [str(tmp_path / "bin/constat"), "demo"]
    done = subprocess.run(  # noqa: S603 (our own program)
        words, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False, timeout=60
    )
    line = (
        f"constat: make, which sets this up, is not installed; install it, or type: pip install {tmp_path}\n"
    )
    assert (done.returncode, done.stderr) == (2, line)
