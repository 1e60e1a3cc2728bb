"""Plainly valid values are read without pydantic, with the same result; all others are left to pydantic."""

import subprocess
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from checks.registry import KINDS, load_kind
from constat import config
from constat.config import pydantic_path, sections
from constat.config.value_parsing import take
from constat.errors import InputError
from constat.model import Defaults
from tests.support.config_pieces import SECRETS, pieces
from tests.support.effort import scale_tries
from tests.support.source_tree import ROOT

SECTIONS: dict[str, Any] = {
    "page": sections.Page,
    "monitor": sections.Monitor,
    "sla": sections.Sla,
    "secrets": sections.SECRETS,
    "service": sections.Service,
    "support": sections.Support,
    "notify": sections.Notify,
    "subscribe": sections.Subscribe,
}
OPTIONS = {name: load_kind(name).Options for name in KINDS}


def parse_fast(declared: Any, data: object) -> tuple[object, ...]:
    """What we take for right; nothing where we are in doubt."""
    try:
        return (take(declared, data, SECRETS),)
    except ValueError:
        return ()


def parse_with_pydantic(declared: Any, data: object) -> tuple[object, ...]:
    """What pydantic takes for right."""
    try:
        return pydantic_path._make_adapter(declared).validate_python((data,), context={"secrets": SECRETS})
    except ValidationError:
        return ()


@pytest.mark.parametrize("name", [*SECTIONS, *OPTIONS])
def test_fast_parser_agrees_with_pydantic(name: str) -> None:
    """Nothing wrong gets by, and pydantic is loaded for nothing that is right."""
    declared = {**SECTIONS, **OPTIONS}[name]
    outcomes = set()

    def compare(data: object) -> None:
        ours = parse_fast(declared, data)
        assert ours == parse_with_pydantic(declared, data)
        outcomes.add(bool(ours))

    for examples in (60, 600):  # few are enough, unless none of them was valid
        if outcomes != {True, False}:
            settings(max_examples=scale_tries(examples))(given(pieces(declared))(compare))()
    assert outcomes == {True, False}


@dataclass(frozen=True)
class Foreign:
    """Options with a type that is pydantic's, and a rule that knows nothing of hints."""

    number: int

    def __post_init__(self) -> None:
        if self.number > 9:
            raise ValueError("more than fits")


def test_a_kind_may_declare_what_only_pydantic_reads() -> None:
    foreign = SimpleNamespace(Options=Foreign, DEFAULTS=Defaults())
    assert parse_fast(Foreign, {"number": "5"}) == ()
    assert config.load_options("foreign", foreign, {"number": "5"}) == Foreign(5)
    with pytest.raises(InputError, match="more than fits"):
        config.load_options("foreign", foreign, {"number": "10"})


READING = """
import sys
from pathlib import Path
from checks.registry import KINDS, load_kind
from constat import config
from tasks.probe_options import parse_manual_options
config.load_config(Path("status.yml").read_text(encoding="utf-8"), "status.yml", KINDS, load_kind)
parse_manual_options("tcp", load_kind("tcp"), ["--host", "maxony.example", "--port", "25"])
print(sorted({name.partition(".")[0] for name in sys.modules} & {"pydantic", "pydantic_core", "ssl"}))
"""


def test_reading_our_own_status_yml_loads_neither_pydantic_nor_tls() -> None:
    """It holds most kinds of check and every section; loading pydantic takes longer than all the rest."""
    command = [sys.executable, "-c", READING]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 - our own words
    assert done.stdout == "[]\n"
