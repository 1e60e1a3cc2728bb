"""A kind of check is complete: one file, one line, one row of words, one test file, one section of the docs.

Each test names what a kind lacks and what to write where, so that whoever adds a kind is led from one step to the next.
"""

import ast
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

import pytest

from checks.registry import KINDS, load_kind
from constat import config
from constat.config.fields.marks import Reads
from constat.config.fields.network_fields import parse_headers
from constat.config.fields.text_fields import (
    find_secret_names,
    parse_secret_table,
    parse_secret_text,
    parse_variable,
)
from constat.model import Defaults
from constat.render.kind_words import KIND_WORDS
from tests.support import message_catalogs
from tests.support.kind_docs import find_example_checks, find_section, pick_options, write_options_table
from tests.support.source_tree import ROOT

FOLDER = ROOT / "checks" / "kinds"
SCHEMA = ROOT / "docs" / "status.schema.json"
FILES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
NAMES = sorted({*KINDS, *FILES})
FUNCTIONS = {
    "subject": "def subject(options: Options) -> str",
    "secret_uses": "def secret_uses(options: Options) -> tuple[SecretUse, ...]",
    "probe": "def probe(options: Options, context: Context) -> ProbeResult",
}
PARAMETERS = {"subject": 1, "secret_uses": 1, "probe": 2}
SECRET = "${CONSTAT_ANY}"
OF_REFRESH = ("refresh_token", "client_id", "client_secret")
SECRET_VALUES: Mapping[Callable[..., Any], Any] = {
    parse_secret_text: SECRET,
    parse_secret_table: {"X-Any": SECRET},
    parse_headers: {"X-Any": SECRET},
    parse_variable: ("CONSTAT_ANY",),
}
"""The parser of a type that may hold secrets -> a value with one."""


@pytest.mark.parametrize("name", NAMES)
def test_a_kind_is_one_file_and_one_line(name: str) -> None:
    assert name in FILES, f"write checks/kinds/{name}.py, or take {name!r} out of KINDS in checks/registry.py"
    line = f'"{name}": "checks.kinds.{name}",'
    assert KINDS.get(name) == f"checks.kinds.{name}", f"add to KINDS in checks/registry.py: {line}"


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_keeps_the_whole_contract(name: str) -> None:
    """Mypy holds the types; this says what is missing before mypy runs."""
    kind, file = load_kind(name), f"checks/kinds/{name}.py"
    assert is_dataclass(vars(kind).get("Options")), f"{file} needs a frozen dataclass Options"
    assert fields(kind.Options), f"{file}: Options needs a field: a kind without options looks at nothing"
    has_defaults = isinstance(vars(kind).get("DEFAULTS"), Defaults)
    assert has_defaults, f"{file} needs: DEFAULTS: Defaults = Defaults()"
    has_libraries = isinstance(vars(kind).get("LIBRARIES"), tuple)
    assert has_libraries, f"{file} needs: LIBRARIES: tuple[str, ...] = () with the modules that probe imports"
    for function, signature in FUNCTIONS.items():
        defined = vars(kind).get(function)
        assert callable(defined), f"{file} needs: {signature}"
        assert len(inspect.signature(defined).parameters) == PARAMETERS[function], f"{file}: {signature}"
    unknown = set(kind.DEFAULTS.with_option) - {option.name for option in fields(kind.Options)}
    assert not unknown, f"{file}: DEFAULTS.with_option names {unknown}, which are not options"


@pytest.mark.parametrize("name", KINDS)
def test_customers_can_read_about_a_kind(name: str) -> None:
    row = f'"{name}": KindWords(message("...")),'
    assert name in KIND_WORDS, f"add to KIND_WORDS in constat/render/kind_words.py: {row}"
    words = KIND_WORDS[name].expectation
    for path in message_catalogs.list_files():
        entry = message_catalogs.read(path).get(words)
        translated = entry is not None and bool(entry.string)
        assert translated, f"run make translations, then translate {words!r} in {path.name}"


def test_word_table_lists_only_existing_kinds() -> None:
    assert set(KIND_WORDS) - set(KINDS) == set(), "take these rows out of constat/render/kind_words.py"


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_a_test_file_in_which_mypy_holds_it_to_the_contract(name: str) -> None:
    path = ROOT / f"tests/checks/kinds/test_{name}.py"
    assert path.exists(), (
        f"write {path.relative_to(ROOT)}: a real server on loopback for each thing it can say"
    )
    line = f"KIND: CheckKind[{name}.Options] = {name}"
    assert _declares_contract(path.read_text(encoding="utf-8")), f"add to {path.relative_to(ROOT)}: {line}"


def _declares_contract(text: str) -> bool:
    """Whether a module has a line `KIND: CheckKind[...] = ...`."""
    statements = (node for node in ast.parse(text).body if isinstance(node, ast.AnnAssign))
    return any(
        ast.unparse(node.target) == "KIND" and ast.unparse(node.annotation).startswith("CheckKind[")
        for node in statements
    )


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_its_section_with_its_options_and_an_example(name: str) -> None:
    section = find_section(name)
    assert section, f"write a section '## {name}' into docs/checks.md, with an example as YAML"
    table = write_options_table(name)
    assert table in section, f"write into the section {name} of docs/checks.md:\n{table}"
    example = f"- {{name: ..., kind: {name}, ...}}"
    known = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    assert f"check.{name}" in known, "run make schema, so that docs/status.schema.json knows the options"
    assert find_example_checks(name), (
        f"write an example into section {name} of docs/checks.md, as YAML: {example}"
    )


def _example_options(name: str) -> list[Any]:
    """The options of a kind's examples in docs/checks.md."""
    return [
        config.load_options(name, load_kind(name), options, find_secret_names(str(options)))
        for options in (pick_options(check) for check in find_example_checks(name))
    ]


def _parts(hint: Any) -> Iterator[Any]:
    """A type and every type, and mark, within it."""
    yield hint
    for part in get_args(hint):
        yield from _parts(part)


def _with_secret(options: Any) -> Iterator[tuple[str, Any]]:
    """The same options with a secret in one place that may hold one, for each such place, with its name.

    Places that the other options of an example rule out are left to its other examples.
    """
    for name, value in _secret_values(options):
        with suppress(ValueError):
            yield name, replace(options, **{name.partition(".")[0]: value})


def _secret_values(options: Any) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(type(options), include_extras=True)
    for option in fields(options):
        parts = list(_parts(hints[option.name]))
        for table in (part for part in parts if isinstance(part, type) and is_dataclass(part)):
            yield from _secret_values_within(option.name, table, getattr(options, option.name))
        for mark in (part for part in parts if isinstance(part, Reads) and part.secrets):
            yield option.name, SECRET_VALUES[mark.parser]


def _secret_values_within(name: str, table: type[Any], value: Any) -> Iterator[tuple[str, Any]]:
    """The same of a table, or of the first of several; those of a list without any are left to other examples."""
    if isinstance(value, Mapping):
        return
    if isinstance(value, tuple):
        for place, changed in _with_secret(value[0]) if value else ():
            yield f"{name}.{place}", (changed, *value[1:])
        return
    inner = value or table(**{each.name: "x" for each in fields(table)})
    yield from ((f"{name}.{place}", changed) for place, changed in _with_secret(inner))


@pytest.mark.parametrize("name", KINDS)
def test_each_secret_option_declares_its_host(name: str) -> None:
    kind = load_kind(name)
    for options in _example_options(name):
        for place, changed in _with_secret(options):
            hosts = [use.host for use in kind.secret_uses(changed) if use.name == "CONSTAT_ANY"]
            assert hosts, f"checks/kinds/{name}.py: secret_uses must list the secrets of the option {place}"
            assert all(hosts), f"checks/kinds/{name}.py: secret_uses must name the host of the option {place}"


def test_secret_options_are_found() -> None:
    """Otherwise the test above would try nothing."""
    places = {
        name: {place for options in _example_options(name) for place, _ in _with_secret(options)}
        for name in KINDS
    }
    assert {name: tried for name, tried in places.items() if tried} == {
        "http": {
            *("query", "headers", "form", "body", "basic.username", "basic.password", "bearer"),
            *("client_cert", "client_key"),
            *(f"steps.{place}" for place in ("query", "headers", "form", "body")),
        },
        "websocket": {"headers", "bearer", "send"},
        "grpc": {"client_cert", "client_key", "metadata"},
        "smtp": {"username", "password", "token", *(f"refresh.{each}" for each in OF_REFRESH)},
        "mail": {
            f"{server}.{place}"
            for server in ("smtp", "imap")
            for place in ("username", "password", "token", *(f"refresh.{each}" for each in OF_REFRESH))
        },
        "smpp": {"system_id", "password"},
        "mqtt": {"username", "password"},
        "proxy": {"username", "password"},
        "redis": {"username", "password"},
        "postgres": {"username", "password"},
        "heartbeat": {"headers"},
        "exec": {"variables"},
    }


@pytest.mark.parametrize("name", KINDS)
def test_subject_has_no_path_port_or_credentials(name: str) -> None:
    subjects = [load_kind(name).subject(options) for options in _example_options(name)]
    assert not [subject for subject in subjects if set(subject) & set("/:@?#$ ")]
