"""A kind that a project brings: the example of docs/own-kind.md against a real server, and code that does what it likes."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checks.own_kinds import load_own_kind
from tests.support.command_line import generate_here
from tests.support.markdown_docs import find_blocks
from tests.support.scripted_server import HEAR, ScriptedServer
from tests.support.small_project import format_service, read_register_lines, read_rows, write_project
from tests.support.source_tree import ROOT

PAGE = ROOT / "docs/own-kind.md"
EXAMPLE = {
    language: next(b.text for b in find_blocks(language) if b.document == PAGE)
    for language in ("json", "python")
}
NOW = "2026-11-25T10:00:00Z"
QUIET = {"trays": {"type": "string"}}


def bring(root: Path, name: str, declared: object, code: str) -> None:
    """Write both files of a kind."""
    (root / "checks").mkdir(exist_ok=True)
    text = declared if isinstance(declared, str) else json.dumps(declared, indent=2)
    (root / f"checks/{name}.json").write_text(text, "utf-8")
    (root / f"checks/{name}.py").write_text(code, "utf-8")


def run(root: Path, *words: str) -> tuple[int, str]:
    """Run a verb; its code, and all that it printed."""
    done = generate_here("-q", "--root", str(root), *words)
    return done.returncode, done.stdout + done.stderr


def look(root: Path, *words: str, at: str = NOW) -> tuple[str, str, str]:
    """Check once: the outcome and the reason of the newest row, and what was printed."""
    printed = run(root, "check", "--now", at, *words)[1]
    row = read_rows(root)[-1]
    return row["outcome"], row["reason"], printed


def write_queue(root: Path, port: int, more: str = "") -> None:
    check = f"kind: queue, host: 127.0.0.1, port: {port}, most: 500{more}"
    write_project(root, format_service("jobs", check))
    bring(root, "queue", EXAMPLE["json"], EXAMPLE["python"])


def test_documented_example_works_as_printed(tmp_path: Path) -> None:
    with ScriptedServer(HEAR, HEAR, b"812\n") as server:
        write_queue(tmp_path, server.port)
        assert run(tmp_path, "validate") == (0, "")
        assert look(tmp_path)[:2] == ("unknown", "program checks/queue.py may not be run here: --allow-exec")
        seen = look(tmp_path, "--allow-exec", at="2026-11-25T10:05:00Z")
        server.acts = (HEAR, HEAR, b"3\n")
        assert look(tmp_path, "--allow-exec", at="2026-11-25T10:10:00Z")[:2] == ("up", "")
        code, printed = run(
            tmp_path, "probe", "queue", "127.0.0.1", f"--port={server.port}", "--most=1", "--allow-exec"
        )
    assert seen[:2] == ("degraded", "value 812 jobs wait")
    assert server.heard[1::2] == [b"depth\n"] * 3
    assert (code, "value 3 jobs wait" in printed, "connect" in printed) == (1, True, True)
    recorded = next(line for line in read_register_lines(tmp_path) if line["kind"] == "service")
    assert (
        next(iter(recorded["rules"]["checks"].values())).items()
        >= {"kind": "queue", "subject": "127.0.0.1", "interval_s": 60}.items()
    )
    assert run(tmp_path, "build", "--now", "2026-11-25T10:15:00Z")[0] == 0
    assert "qui se vide" in (tmp_path / "site/services/jobs/index.html").read_text("utf-8")


def test_bare_address_is_that_of_the_subject(tmp_path: Path) -> None:
    write_project(tmp_path, format_service("jobs", "kind: tray, printer: 127.0.0.1"))
    options = {"host": {"type": "string"}, "printer": {"type": "string", "format": "hostname"}}
    bring(tmp_path, "tray", {"properties": options, "x-subject": "printer"}, "")
    assert "tray tray.maxony.example\n" in run(tmp_path, "probe", "tray", "tray.maxony.example")[1]


def test_a_secret_goes_only_to_the_host_that_the_declaration_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSTAT_QUEUE", "abra-cadabra")
    with ScriptedServer(HEAR, HEAR, b"abra-cadabra?\n") as server:
        write_queue(tmp_path, server.port, ', token: "${CONSTAT_QUEUE}"')
        assert "the secret CONSTAT_QUEUE is not declared" in run(tmp_path, "validate")[1]
        settings = tmp_path / "status.yml"
        own = settings.read_text("utf-8")
        settings.write_text("secrets: {CONSTAT_QUEUE: [other.example]}\n" + own, "utf-8")
        assert "the secret CONSTAT_QUEUE may not be sent to 127.0.0.1" in run(tmp_path, "validate")[1]
        settings.write_text("secrets: {CONSTAT_QUEUE: [127.0.0.1]}\n" + own, "utf-8")
        outcome, reason, printed = look(tmp_path, "--allow-exec")
    assert server.heard[0] == b"abra-cadabra\n"
    assert (outcome, "cadabra" in reason + printed) == ("down", False)


CRASHES: dict[str, tuple[str, str]] = {
    "raises when loaded": ("raise LookupError('no such printer')", "crash LookupError"),
    "wants to exit": ("import sys; sys.exit(0)", "crash SystemExit"),
    "has no probe": ("Options = dict\nLIBRARIES = ()", "crash UnfitCodeError"),
    "takes other options": ("LIBRARIES = ()\nclass Options: pass\ndef probe(o, c): pass", "crash TypeError"),
    "returns nothing": (
        "LIBRARIES = ()\nOptions = dict\ndef probe(o, c): return None",
        "crash UnfitCodeError",
    ),
    "returns nonsense": (
        "from checks.probing import ProbeResult\nLIBRARIES = ()\nOptions = dict\ndef probe(o, c): return ProbeResult('up', 'x', 3)",
        "crash UnfitCodeError",
    ),
    "takes for ever": (
        "from checks.probing import attempt\nLIBRARIES = ()\nOptions = dict\ndef probe(o, c): return attempt(c, lambda: 10**5000)",
        "crash UnfitCodeError",
    ),
    "raises": ("LIBRARIES = ()\nOptions = dict\ndef probe(o, c): return 1 / 0", "crash ZeroDivisionError"),
    "lacks a library": (
        "LIBRARIES = ('no_such',)\nOptions = dict\ndef probe(o, c): pass",
        "crash ModuleNotFoundError",
    ),
    "is not Python": ("def probe(", "crash SyntaxError"),
}


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """One round over a kind for each way to fail, and one that is well: the reasons by service, and what was printed."""
    root = tmp_path_factory.mktemp("crashes")
    names = [name.replace(" ", "-").lower() for name in CRASHES]
    services = [format_service(name, f"kind: {name}, trays: two") for name in (*names, "well")]
    write_project(root, *services)
    for name, (code, _) in zip(names, CRASHES.values(), strict=True):
        bring(root, name, {"properties": QUIET}, code)
    well = "from checks.probing import ProbeResult\nfrom constat.model import Outcome\nLIBRARIES = ()\nOptions = dict\n"
    bring(
        root,
        "well",
        {"properties": QUIET},
        f"{well}def probe(o, c): return ProbeResult(Outcome.DOWN, 4, 'tray empty')",
    )
    printed = run(root, "check", "--allow-exec", "--now", NOW)[1]
    return {row["service"]: f"{row['outcome']} {row['reason']}" for row in read_rows(root)}, printed


@pytest.mark.parametrize("name", CRASHES)
def test_failing_code_affects_only_its_own_check(name: str, crashed: tuple[dict[str, str], str]) -> None:
    reasons, printed = crashed
    service_id = name.replace(" ", "-").lower()
    assert reasons[service_id] == f"unknown {CRASHES[name][1]}"
    assert service_id in printed


def test_failing_code_in_a_manual_probe_is_reported_in_one_line(tmp_path: Path) -> None:
    write_project(tmp_path, format_service("jobs", "kind: tray, trays: two"))
    for code, told in (
        ("def probe(o, c):\n    raise SystemExit('enough')", "SystemExit: enough at tray.py:4"),
        ("def probe(o, c):\n    return None", "UnfitCodeError: tray.py: probe returned NoneType"),
    ):
        bring(tmp_path, "tray", {"properties": QUIET}, f"LIBRARIES = ()\nOptions = dict\n{code}")
        ended, printed = run(tmp_path, "probe", "tray", "--allow-exec")
        assert (ended, f"checks/tray.py crashed: {told}" in printed) == (2, True), printed


def test_custom_reason_is_reported(crashed: tuple[dict[str, str], str]) -> None:
    assert crashed[0]["well"] == "down reported tray empty"


def test_validate_review_and_build_never_load_the_code(tmp_path: Path) -> None:
    write_project(tmp_path, format_service("jobs", "kind: trap, trays: two"))
    bring(
        tmp_path,
        "trap",
        {"properties": QUIET},
        f"import pathlib\npathlib.Path({str(tmp_path / 'sprung')!r}).touch()",
    )
    for words in (
        ["validate"],
        ["validate", "--format", "review"],
        ["validate", "--schema"],
        ["build"],
        ["check"],
    ):
        run(tmp_path, *words, "--now", NOW)
    with pytest.raises(SystemExit, match="0"):
        run(tmp_path, "probe", "trap", "--help")
    assert not (tmp_path / "sprung").exists()
    assert "project_checks.trap" not in sys.modules
    run(tmp_path, "check", "--allow-exec", "--now", "2026-11-25T11:00:00Z")
    assert (tmp_path / "sprung").exists(), "else the trap would not have told anything"
    assert not list((tmp_path / "checks").rglob("*.pyc"))


def test_editors_complete_the_options_of_a_projects_kinds(tmp_path: Path) -> None:
    write_queue(tmp_path, 7)
    schema = json.loads(run(tmp_path, "validate", "--schema")[1])
    own = schema["$defs"]["check.queue"]
    assert own["properties"]["port"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 65535,
        "description": "its port",
    }
    assert [*own["required"], *own["then"]["required"]] == ["name", "kind", "host", "most"]
    assert "queue" in schema["$defs"]["Check"]["properties"]["kind"]["enum"]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("host: 127.0.0.1", "status.yml:8:5: the key most is missing (degraded if more jobs wait)"),
        ("host: 127.0.0.1, most: many", "'many' is not a whole number from 0 to 100000 (write only digits)"),
        ("host: 127.0.0.1, most: 5, prot: 7", "unknown key prot (did you mean port?)"),
        ("host: a b, most: 5", "'a b' is not a valid host"),
    ],
)
def test_check_must_match_the_declaration(option: str, told: str, tmp_path: Path) -> None:
    write_queue(tmp_path, 7)
    write_project(tmp_path, format_service("jobs", f"kind: queue, {option}"))
    code, printed = run(tmp_path, "validate")
    assert (
        code,
        told.partition(": ")[2] in printed if told.startswith("status.yml") else told in printed,
    ) == (2, True), printed
    assert printed.startswith("status.yml:")


def edit(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    declared: dict[str, Any] = json.loads(EXAMPLE["json"])
    change(declared)
    return declared


WRONG: dict[str, tuple[object, str]] = {
    "not JSON": ('{"properties": {', "checks/queue.json:1:17: not JSON"),
    "a list": ("[]", "checks/queue.json:1: not a table of keys"),
    "deep": ("[" * 100_000, "nested too deeply"),
    "no options": ({"properties": {}}, "no table of 1 to 40 options"),
    "a keyword that is not read": (
        edit(lambda d: d.update(oneOf=[])),
        "the keyword oneOf is not read here",
    ),
    "a pattern": (edit(lambda d: d["properties"]["token"].update(pattern="(a+)+$")), "unknown key pattern"),
    "other keys allowed": (
        edit(lambda d: d.update(additionalProperties=True)),
        "additionalProperties is always false",
    ),
    "a number": (
        edit(lambda d: d["properties"]["most"].update(type="number")),
        "'number' is not a valid value",
    ),
    "bounds of a text": (
        edit(lambda d: d["properties"]["host"].update(minimum=1)),
        "minimum and maximum apply to integers",
    ),
    "bounds exchanged": (
        edit(lambda d: d["properties"]["port"].update(minimum=70_000)),
        "minimum is above maximum",
    ),
    "a list of anything": (
        edit(lambda d: d["properties"]["token"].update(type="array")),
        "items and type array go together",
    ),
    "an empty enum": (
        edit(lambda d: d["properties"]["token"].update(enum=[])),
        "enum lists at least one value",
    ),
    "a default out of bounds": (
        edit(lambda d: d["properties"]["port"].update(default=0)),
        "'0' is not a whole number",
    ),
    "a key of every check": (
        edit(lambda d: d["properties"].update(interval={"type": "string"})),
        "every check has the key interval",
    ),
    "the key that divides a check": (
        edit(lambda d: d["properties"].update(destinations={"type": "string"})),
        "every check has the key destinations",
    ),
    "a name of two words": (
        edit(lambda d: d["properties"].update({"two words": {"type": "string"}})),
        "is not a valid name of an option",
    ),
    "an unknown one required": (
        edit(lambda d: d["required"].append("prot")),
        "there is no option prot (did you mean port?)",
    ),
    "a subject that is no host": (
        edit(lambda d: d.update({"x-subject": "token"})),
        "token is not an option that names a host",
    ),
    "a secret for nobody": (
        edit(lambda d: d.update({"x-secrets": {"token": "most"}})),
        "most is not an option that names a host",
    ),
    "a secret number": (
        edit(lambda d: d.update({"x-secrets": {"most": "host"}})),
        "most is not a plain string",
    ),
    "a secret for a host left out": (
        edit(lambda d: d.update(required=["most"])),
        "the option host may be left out",
    ),
    "an interval that is none": (
        edit(lambda d: d["x-defaults"].update(interval="often")),
        "'often' is not a valid duration",
    ),
    "no words": (edit(lambda d: d.update({"x-words": {}})), "no text in any language"),
}


@pytest.mark.parametrize("name", WRONG)
def test_invalid_declaration_is_reported_with_its_place(name: str, tmp_path: Path) -> None:
    declared, told = WRONG[name]
    write_project(tmp_path, format_service("jobs", "kind: queue, host: 127.0.0.1, most: 5"))
    bring(tmp_path, "queue", declared, "")
    code, printed = run(tmp_path, "validate")
    assert code == 2, printed
    assert told in printed
    assert all(line.startswith("checks/queue.json:") for line in printed.splitlines()), printed


def _link(root: Path, path: str) -> None:
    (root / "elsewhere").write_text("{}")
    (root / path).unlink()
    (root / path).symlink_to(root / "elsewhere")


ODD_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "code without a declaration": (
        lambda root: (root / "checks/fax.py").write_text(""),
        "checks/fax.json: no such file",
    ),
    "a declaration without code": (
        lambda root: (root / "checks/queue.py").unlink(),
        "checks/queue.py: no such file",
    ),
    "a name of ours": (lambda root: (root / "checks/http.py").write_text(""), "http is a name of ours"),
    "a word of probe": (
        lambda root: (root / "checks/domain-health.py").write_text(""),
        "domain-health is a name of ours",
    ),
    "a name that is none": (
        lambda root: (root / "checks/My Fax.py").write_text(""),
        "'My Fax' is not a valid name of a kind",
    ),
    "linked code": (
        lambda root: _link(root, "checks/queue.py"),
        "checks/queue.py: is a link, which is not followed",
    ),
    "a linked declaration": (
        lambda root: _link(root, "checks/queue.json"),
        "checks/queue.json: is a link, which is not followed",
    ),
}


@pytest.mark.parametrize("name", ODD_FILES)
def test_incomplete_kind_taken_name_and_link_are_refused(name: str, tmp_path: Path) -> None:
    write_queue(tmp_path, 7)
    change, told = ODD_FILES[name]
    change(tmp_path)
    code, printed = run(tmp_path, "validate")
    assert code in (1, 2)
    assert told in printed


def test_code_that_hangs_while_loading_is_abandoned(tmp_path: Path) -> None:
    code = "import threading\nthreading.Event().wait(1)"
    kind = load_own_kind("endless", code, tmp_path / "endless.py", within_s=0.02)
    assert (kind.module, str(kind.error)) == (None, "endless.py did not load within 0.02 s")
