"""What `validate` finds nothing wrong with is built, whole and without a warning; and what it refuses has its line."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.command_line import generate_here
from tests.support.source_tree import ROOT

NOW = "2026-11-24T12:00:00Z"
STATUS = """\
page:
  id: own
  name: Own
  url: https://status.example.org/
  languages: [en]
  timezone: Europe/Zurich
monitor: {vantage: here}
sla: {target: 99}
services:
  - id: web
    name: Web
    checks:
      - {name: home, kind: http, url: "https://www.example.org/"}
"""
NOTICE = """\
---
title: The site is slow
kind: incident
services: [web]
impact: minor
---

## 2026-11-24T12:10+01:00 investigating
We look.
"""
HOW = (ROOT / "templates/how.html").read_text(encoding="utf-8")
EMPTY = "\n## 2026-11-24T12:20+01:00 monitoring\n"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>'
CORRECTION = (
    "- {service: web, start: 2026-11-20T03:00Z, end: 2026-11-20T03:04Z, becomes: up,"
    ' decided: 2026-11-21, why: ours, evidence: "https://www.example.org/"}\n'
)
OLD_NAME = '{"at":"2026-11-01T00:00:00Z","kind":"page","timezone":"Europe/Zurich","id":"before"}\n'
FIRST = "incidents/2026-11-24-slow.md"

Files = Mapping[str, str]
WARNING = "warning: "

MISTAKES: dict[str, tuple[Files, str]] = {
    "no translation": (
        {"status.yml": STATUS.replace("[en]", "[en, eo]")},
        "status.yml:5:14: page.languages: no templates/translations/eo.po",
    ),
    "no logo": (
        {"status.yml": STATUS.replace("monitor:", "  brand: {logo: logo.svg}\nmonitor:")},
        "status.yml:7:17: page.brand.logo: there is no templates/logo.svg",
    ),
    "does not compile": (
        {"templates/how.html": HOW + "{% if %}\n"},
        f"templates/how.html:{HOW.count(chr(10)) + 1}: Expected an expression",
    ),
    "unknown variable": (
        {"templates/notice.html": "\n{{ pgae.name }}\n"},
        "templates/notice.html:2: 'pgae' is undefined (did you mean page?)",
    ),
    "unknown attribute": (
        {"templates/how.html": "\n\n{{ page.nmae }}\n"},
        "templates/how.html:3: 'constat.page.types.Page object' has no attribute 'nmae'",
    ),
    "misused": ({"templates/404.html": "{{ page.now + 'x' }}"}, "templates/404.html:1: TypeError: "),
    "unknown in a mail": ({"templates/notify/mail.txt": "{{ letter.title }}"}, "templates/notify/mail.txt:1: "),
    "never so": (
        {"status.yml": STATUS.replace('org/"}', 'org/", json: {a: ">= b"}}')},
        "status.yml:13:9: json: a can never be '>= b' (compare with a number: '>= 100')",
    ),
    "another page.id": (
        {"history/register.jsonl": OLD_NAME},
        "status.yml:2:7: page.id: own was before until now: to subscribers everything would be new (write id:",
    ),
    "says nothing": ({FIRST: NOTICE + EMPTY}, f"{FIRST}:11: an update without a text"),
    "port 25": (
        {"status.yml": STATUS.replace("here", "gha").replace('http, url: "https://www.example.org/"', "tcp, host: a.example, port: 25")},
        "status.yml:13:56: GitHub's machines cannot reach port 25 (write blocked: [25] under monitor, ",
    ),
}  # fmt: skip
"""Name -> the files that are wrong, and how the problem begins."""


def write(root: Path, files: Files) -> None:
    for name, text in {"status.yml": STATUS, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_reported_with_its_place_and_remedy(tmp_path: Path, name: str) -> None:
    files, begins = MISTAKES[name]
    write(tmp_path, files)
    ended = generate_here("-q", "validate", "--root", str(tmp_path), "--now", NOW)
    assert ended.returncode in (1, 2)
    assert [line for line in ended.stdout.splitlines() if line.startswith(begins)], ended.stdout
    assert "<template>" not in ended.stdout


PARTS: tuple[Files, ...] = (
    *(files for files, _ in MISTAKES.values()),
    {},
    {FIRST: NOTICE},
    {FIRST: NOTICE.replace("web", "wbe")},
    {FIRST: NOTICE.replace("We look.", "See ![it](files/a.png).")},
    {"incidents/files/a.png": "picture"},
    {"incidents/a.png": "picture"},
    {"corrections.yml": CORRECTION},
    {"corrections.yml": CORRECTION.replace("web", "wbe")},
    {"support/tickets.csv": "ticket,level,region,opened_at,first_response_at\n"},
    {"support/tickets.csv": "ticket\n"},
    {"templates/how.html": HOW},
    {"templates/logo.svg": LOGO},
    {"templates/wordings.yml": "{}\n"},
    {"history/2026/11/2026-11-24.csv": "torn"},
    {"status.yml": STATUS.replace("[en]", "[en, fr]")},
    {"status.yml": STATUS.replace("sla: {target: 99}", "sla: {}")},
)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=4))
@example([{FIRST: NOTICE}, {"status.yml": STATUS.replace("[en]", "[en, fr]")}])
@example([{"history/2026/11/2026-11-24.csv": "torn"}, {FIRST: NOTICE + EMPTY}])
def test_build_reports_nothing_that_validate_did_not(parts: list[Files]) -> None:
    """Whatever a build refuses, or leaves out of what people wrote, fails `validate`; the rest that it says is a warning of both."""
    with TemporaryDirectory() as folder:
        write(Path(folder), {name: text for files in parts for name, text in files.items()})
        words = ("--root", folder, "--now", NOW)
        validated = generate_here("-q", "validate", *words)
        built = generate_here("-q", "build", *words)
        wrong = [line for line in validated.stdout.splitlines() if ": hint: " not in line]
        refused = {line for line in wrong if WARNING not in line}
        warned = {line.replace(WARNING, "") for line in wrong if WARNING in line}
        said = {line.replace(WARNING, "") for line in built.stderr.splitlines()}
        assert (validated.returncode == 0) == (not refused)
        assert built.returncode == 0 or refused
        assert said <= refused | warned, (
            "what it leaves out of the evidence, where nobody may write, is a warning"
        )
