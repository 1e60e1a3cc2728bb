"""A small project on disk, with the checks that a test needs."""

import csv
import json
from pathlib import Path
from typing import Any

from constat.history import HEADER

STATUS = """\
page:
  id: maxony
  name: Maxony
  url: https://status.maxony.example/
  languages: [fr]
  timezone: Europe/Zurich
monitor:
  vantage: here
  confirm: {{attempts: 2, delay: 0s}}
{monitor}
sla:
  contract: {{version: "2026-01", url: "https://www.maxony.example/sla"}}
  target: 99
{more}
services:
{services}"""


def write_project(root: Path, *services: str, monitor: str = "", more: str = "") -> Path:
    """Write `status.yml` with some services, each a block of YAML that begins with `- id:`; the project's folder."""
    text = STATUS.format(services="\n".join(services), monitor=monitor, more=more)
    (root / "status.yml").write_text(text, encoding="utf-8")
    return root


def format_service(name: str, *checks: str, interval: str = "1m") -> str:
    """Format the YAML of a service; each check is the content of its braces, without its name."""
    lines = [f"  - id: {name}", f"    name: {name}", f"    interval: {interval}", "    checks:"]
    return "\n".join([*lines, *(f"      - {{name: check-{n}, {check}}}" for n, check in enumerate(checks))])


def read_rows(root: Path) -> list[dict[str, str]]:
    """Read every row of every day file of a project, in the order of the files."""
    samples = []
    for path in sorted((root / "history").glob("*/*/*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == HEADER
        samples += list(csv.DictReader(lines))
    return samples


def read_register_lines(root: Path) -> list[dict[str, Any]]:
    """Read every line of a project's register."""
    path = root / "history" / "register.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
