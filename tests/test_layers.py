"""Imports point one way, and only the edges touch the outside world."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.support.house_map import LAYERS, MAY_USE
from tests.support.source_tree import (
    CODE_FOLDERS,
    ROOT,
    list_files,
    list_imports,
    list_nodes,
    name_module,
    parse_file,
)

CODE = list_files(*CODE_FOLDERS)
OURS = ("checks", "constat", "outside", "tasks", "verbs", "demo", "templates", "tests", "benchmarks")
WORLDLY_MODULES = frozenset(
    [
        "argparse",
        "asyncio",
        "dns",
        "email.mime",
        "fcntl",
        "http.client",
        "http.server",
        "imaplib",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "requests",
        "secrets",
        "select",
        "selectors",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib.request",
        "urllib3",
    ]
)
WORLDLY_CALLS = frozenset({"print", "open", "input", "exit", "quit", "breakpoint", "eval", "exec"})
CLOCKS = frozenset({"now", "utcnow", "today"})
COMMAND_LINE_ONLY = frozenset(
    {
        "argparse",
        "os.environ",
        "os.getenv",
        "sys.argv",
        "sys.exit",
        "sys.stderr",
        "sys.stdin",
        "sys.stdout",
        "time.time",
        "time.time_ns",
    }
)


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _our_imports(path: Path) -> set[str]:
    return {imported for imported in list_imports(path) if imported.split(".")[0] in OURS}


def _dotted(node: ast.expr) -> str:
    """`time.time` of the expression `time.time`; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def _attributes(path: Path) -> set[str]:
    return {_dotted(node) for node in list_nodes(path) if isinstance(node, ast.Attribute)}


def _calls(path: Path) -> set[str]:
    return {_dotted(node.func) for node in list_nodes(path) if isinstance(node, ast.Call)}


def _part(module: str) -> str:
    """`model` of `constat.model.rules`; empty for the folder itself."""
    return module.split(".")[1] if "." in module else ""


def _layer(module: str, layers: tuple[frozenset[str], ...]) -> int:
    """The layer of `constat.model.rules`: that of `model`. The folder's own module is the lowest."""
    part = _part(module)
    ranks = [rank for rank, layer in enumerate(layers) if part in layer] if part else [0]
    assert ranks, f"{module} has no layer: give {part} one in tests/support/house_map.py"
    return ranks[0]


def _list_forbidden(paths: Iterable[Path], find: Callable[[Path], Iterable[str]]) -> list[str]:
    """Everything that `find` finds in some files, as `path: what`."""
    return [f"{_relative(path)}: {found}" for path in paths for found in sorted(find(path))]


def test_folder_imports_only_allowed_folders() -> None:
    """checks/ and outside/ use constat/, never the reverse and never each other."""

    def find(path: Path) -> set[str]:
        used = {imported.split(".")[0] for imported in _our_imports(path)}
        return used - MAY_USE[path.relative_to(ROOT).parts[0]]

    assert _list_forbidden(CODE, find) == []


def test_imports_inside_a_folder_point_down() -> None:
    def find(path: Path) -> Iterator[str]:
        own = name_module(path)
        folder = own.split(".")[0]
        layers = LAYERS[folder]
        layer = _layer(own, layers)
        for imported in (each for each in _our_imports(path) if each.split(".")[0] == folder):
            if _part(imported) != _part(own) and _layer(imported, layers) >= layer:
                yield f"imports {imported}, which is not below it"

    assert _list_forbidden(list_files(*LAYERS), find) == []


def _list_clock_calls(path: Path) -> set[str]:
    return {call for call in _calls(path) if "." in call and call.rsplit(".", 1)[1] in CLOCKS}


def test_constat_is_pure() -> None:
    """No sockets, no environment, no clock, no print, no disk."""

    def find(path: Path) -> set[str]:
        roots = {
            ".".join(imported.split(".")[:length]) for imported in list_imports(path) for length in (1, 2)
        }
        return (roots & WORLDLY_MODULES) | (_calls(path) & WORLDLY_CALLS) | _list_clock_calls(path)

    assert _list_forbidden(list_files("constat"), find) == []


def test_only_the_command_line_prints_and_reads_argv_environment_and_clock() -> None:
    def find(path: Path) -> set[str]:
        clocks = {call for call in _list_clock_calls(path) if call.startswith(("datetime.", "date."))}
        prints = _calls(path) & {"print", "input", "exit", "quit"}
        return prints | ((_attributes(path) | list_imports(path)) & COMMAND_LINE_ONLY) | clocks

    assert _list_forbidden(list_files("checks", "outside", "tasks"), find) == []


def test_nothing_imports_the_command_line() -> None:
    def find(path: Path) -> set[str]:
        return {imported for imported in list_imports(path) if imported.split(".")[0] == "generate"}

    assert _list_forbidden([*CODE, *list_files("tests", "benchmarks")], find) == []


def _literal(path: Path, variable: str) -> object:
    """The value of a module's variable, which has to be written out as a literal."""
    for node in parse_file(path).body:
        if isinstance(node, ast.Assign) and [_dotted(target) for target in node.targets] == [variable]:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{path} has no {variable}")


def _verbs() -> dict[str, str]:
    verbs = _literal(ROOT / "generate.py", "VERBS")
    assert isinstance(verbs, dict)
    return verbs


VERB_MODULES = sorted((ROOT / "verbs").glob("[!_]*.py"))


def test_every_verb_is_one_module_and_every_module_one_verb() -> None:
    """`verbs/terminal/` is what they share. A verb that is a keyword of Python has a module that ends with an underscore."""
    assert set(_verbs()) == {path.stem.removesuffix("_") for path in VERB_MODULES}


def test_no_verb_imports_another() -> None:
    """Work that two of them share is a task; output that two of them share is in `verbs/terminal/`."""
    modules = tuple(f"verbs.{path.stem}." for path in VERB_MODULES)

    def find(path: Path) -> set[str]:
        return {imported for imported in list_imports(path) if f"{imported}.".startswith(modules)}

    assert _list_forbidden([*VERB_MODULES, *list_files("verbs/terminal")], find) == []


SETTINGS = """
page: {id: a, name: A, url: "https://a.example/", languages: [en], timezone: UTC}
monitor: {vantage: here}
sla: {target: 99}
services:
  - id: a
    name: A
    interval: 5m
    checks:
      - {name: web, kind: http, url: "https://a.example/", timeout: 5s}
      - {name: names, kind: dns, domain: a.example, timeout: 5s}
      - {name: mail, kind: smtp, host: a.example, timeout: 5s}
      - {name: port, kind: tcp, host: a.example, port: 25, timeout: 5s}
      - {name: certificate, kind: tls, host: a.example, timeout: 5s}
      - {name: gateway, kind: smpp, host: a.example, system_id: a, timeout: 5s}
      - {name: hosts, kind: mx, domain: a.example}
"""


UNNEEDED = ("requests", "dns", "aiosmtpd", "ssl", "pydantic", "pydantic_core", "importlib.metadata")
"""Of these, requests and dnspython alone would cost a build 200 ms."""


def test_build_imports_no_module_it_does_not_need(tmp_path: Path) -> None:
    """A whole build of a project of many kinds: it opens no connection, and nothing is wrong with its `status.yml`."""
    (tmp_path / "status.yml").write_text(SETTINGS)
    program = (
        "import runpy, sys\n"
        "try:\n    runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "except SystemExit as end:\n    print(end.code, *sorted(set(unneeded) & set(sys.modules)))\n"
    )
    argv = [str(ROOT / "generate.py"), "build", "--root", str(tmp_path)]
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv = {argv!r}; unneeded = {UNNEEDED!r}\n{program}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own program)
    assert done.stdout.split() == ["0"]


def test_no_two_modules_of_constat_share_a_name() -> None:
    """A search for `days.py` should have one result."""
    names = Counter(path.name for path in list_files("constat") if path.name != "__init__.py")
    assert [name for name, count in names.items() if count > 1] == []
