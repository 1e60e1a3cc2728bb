"""Imports point one way, and only the edges touch the world. Read as the map of the house."""

import ast
from pathlib import Path

import pytest

from tests.support.source import CODE_FOLDERS, ROOT, files, imports, name, tree

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"canonical", "errors", "suggest"}),
    frozenset({"interval", "union", "yamltext"}),
    frozenset({"model"}),
    frozenset({"history", "register", "notices", "availability", "support", "corrections"}),
    frozenset({"config", "statement"}),
    frozenset({"page", "words"}),
    frozenset({"posts"}),
    frozenset({"render", "feeds", "api", "calendar", "widget"}),
    frozenset({"badge"}),
)
"""The modules inside constat/, lowest first. A module uses lower layers and itself; a new one gets its layer here."""

CODE = files(*CODE_FOLDERS)
OURS = ("checks", "constat", "outside", "verbs", "demo", "templates", "tests", "benchmarks")
MAY_USE = {
    "constat": {"constat"},
    "checks": {"checks", "constat"},
    "outside": {"outside", "constat"},
    "verbs": {"verbs", "checks", "outside", "constat", "demo"},
    "demo": {"demo", "constat"},
}

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
    {"sys.argv", "sys.exit", "os.environ", "os.getenv", "time.time", "time.time_ns"}
)


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _our_imports(path: Path) -> set[str]:
    return {imported for imported in imports(path) if imported.split(".")[0] in OURS}


def _dotted(node: ast.expr) -> str:
    """`time.time` of the expression `time.time`; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := _dotted(node.value)):
        return f"{owner}.{node.attr}"
    return ""


def _attributes(path: Path) -> set[str]:
    return {_dotted(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def _calls(path: Path) -> set[str]:
    return {_dotted(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}


def _layer(module: str) -> int:
    """The layer of `constat.model.rules`: that of `model`."""
    part = module.split(".")[1] if "." in module else "errors"
    found = [index for index, layer in enumerate(LAYERS) if part in layer]
    assert found, f"constat/{part} has no layer: give it one in {Path(__file__).name}"
    return found[0]


@pytest.mark.parametrize("path", CODE, ids=_relative)
def test_a_folder_uses_only_what_it_may(path: Path) -> None:
    """checks/ and outside/ use constat/, never the reverse and never each other."""
    folder = path.relative_to(ROOT).parts[0]
    used = {imported.split(".")[0] for imported in _our_imports(path)}
    assert used <= MAY_USE[folder]


@pytest.mark.parametrize("path", files("constat"), ids=_relative)
def test_inside_constat_imports_point_down(path: Path) -> None:
    own = name(path)
    layer = _layer(own)
    for imported in _our_imports(path):
        same_module = imported.split(".")[1] == own.partition(".")[2].split(".")[0]
        assert same_module or _layer(imported) < layer, f"{own} imports {imported}: not below it"


@pytest.mark.parametrize("path", files("constat"), ids=_relative)
def test_constat_is_pure(path: Path) -> None:
    """No sockets, no environment, no clock, no print, no disk."""
    roots = {".".join(imported.split(".")[:length]) for imported in imports(path) for length in (1, 2)}
    assert not roots & WORLDLY_MODULES
    calls = _calls(path)
    assert not calls & WORLDLY_CALLS
    assert not {call for call in calls if "." in call and call.rsplit(".", 1)[1] in CLOCKS}


@pytest.mark.parametrize("path", files("checks", "outside"), ids=_relative)
def test_only_the_command_line_prints_and_reads_argv_environment_and_clock(path: Path) -> None:
    assert "print" not in _calls(path)
    assert not _attributes(path) & COMMAND_LINE_ONLY
    calls = {call for call in _calls(path) if call.startswith(("datetime.", "date."))}
    assert not {call for call in calls if call.rsplit(".", 1)[1] in CLOCKS}


@pytest.mark.parametrize("path", [*CODE, *files("tests", "benchmarks")], ids=_relative)
def test_nothing_imports_the_command_line(path: Path) -> None:
    assert not {imported for imported in imports(path) if imported.split(".")[0] == "generate"}
