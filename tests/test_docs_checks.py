"""docs/checks.md: a section for each kind, its options as they are, and every block a check that is taken."""

import re
from collections.abc import Iterator
from textwrap import indent

import pytest

from checks.registry import KINDS, load_kind
from constat import config
from constat.text import yaml_source
from tests.support.kind_docs import options_table, reasons_table
from tests.support.source_tree import ROOT

PAGE = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
HEAD = """
page: {id: docs, name: Docs, url: "https://status.maxony.example/", languages: [en], timezone: UTC}
monitor: {vantage: zurich}
sla: {target: 99}
"""


def _section(name: str) -> str:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"docs/checks.md has no section {name}"
    return found[1]


def _blocks() -> Iterator[str]:
    yield from re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def _project(block: str) -> str:
    """A whole `status.yml` around a list of checks, or of services, with the secrets that it uses."""
    secrets = dict.fromkeys(re.findall(r"\$\{(CONSTAT_\w+)\}", block))
    hosts = ["smtp", "imap", "sms", "east.sms", "west.sms"]
    names = ", ".join(f"{host}.maxony.example" for host in hosts)
    declared = "".join(f"  {secret}: [{names}]\n" for secret in secrets)
    services = block
    if not block.startswith("- id:"):
        services = "- id: one\n  name: One\n  interval: 1h\n  checks:\n" + indent(block, "    ")
    head = HEAD + ("secrets:\n" + declared if declared else "")
    return f"{head}services:\n{indent(services, '  ')}"


@pytest.mark.parametrize("block", list(_blocks()), ids=lambda block: block.splitlines()[0][:50])
def test_every_block_is_taken(block: str) -> None:
    read = config.load_config(_project(block), "docs/checks.md", KINDS, load_kind)
    assert len(read.services[0].checks) >= 1


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_its_section_with_its_options_and_an_example(name: str) -> None:
    section = _section(name)
    assert options_table(name) in section, f"write into the section {name}:\n{options_table(name)}"
    blocks = re.findall(r"^```yaml\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    assert any(entry["kind"] == name for block in blocks for entry in _entries(block))


def _entries(block: str) -> list[dict[str, str]]:
    data = yaml_source.read_yaml(block, "docs/checks.md").data
    assert isinstance(data, list)
    return [entry for entry in data if isinstance(entry, dict)]  # type: ignore[misc]


def test_every_word_of_a_reason_is_told() -> None:
    assert reasons_table() in PAGE, f"write into the section Reasons:\n{reasons_table()}"
