"""docs/checks.md: every block is valid, every word of a reason is explained. Its sections: checks/test_kinds_complete.py."""

import re
from textwrap import indent

import pytest

from checks.registry import KINDS, load_kind
from constat import config
from tests.support import kind_docs
from tests.support.kind_docs import find_blocks, write_reasons_table

PAGE = kind_docs.PAGE.read_text(encoding="utf-8")
HEAD = """
page: {id: docs, name: Docs, url: "https://status.maxony.example/", languages: [en], timezone: UTC}
monitor: {vantage: zurich}
sla: {target: 99}
"""


def _project(block: str) -> str:
    """A whole `status.yml` around a list of checks, or of services, with the secrets that it uses."""
    secrets = dict.fromkeys(re.findall(r"\$\{(CONSTAT_\w+)\}", block))
    ours = [
        "smtp",
        "imap",
        "sms",
        "east.sms",
        "west.sms",
        "login",
        "api",
        "app",
        "redis",
        "db",
        "replica",
        "mqtt",
        "proxy",
    ]
    names = ", ".join([*(f"{host}.maxony.example" for host in ours), "api.github.com"])
    declared = "".join(f"  {secret}: [{names}]\n" for secret in secrets)
    services = block
    if not block.startswith("- id:"):
        services = "- id: one\n  name: One\n  interval: 1h\n  checks:\n" + indent(block, "    ")
    head = HEAD + ("secrets:\n" + declared if declared else "")
    return f"{head}services:\n{indent(services, '  ')}"


@pytest.mark.parametrize("block", find_blocks(PAGE), ids=lambda block: block.splitlines()[0][:50])
def test_every_yaml_block_is_valid(block: str) -> None:
    read = config.load_config(_project(block), "docs/checks.md", KINDS, load_kind)
    assert len(read.services[0].checks) >= 1


def test_every_reason_word_is_explained() -> None:
    assert write_reasons_table() in PAGE, f"write into the section Reasons:\n{write_reasons_table()}"
