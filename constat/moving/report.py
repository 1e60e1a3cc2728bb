"""The report of an import: what was found, where, and what was done with it. The same input gives the same bytes."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from constat.errors import visible
from constat.moving.model import Finding

REPORT: Final = "import-report.md"
REDIRECTS: Final = "import-redirects.txt"
_HEADING: Final = re.compile(r"^# (?=Imported from )", re.MULTILINE)
_MOST_WORDS: Final = 20_000
"""The most characters of one cell; the rest is in the source, at the place that the line names."""

_INTRODUCTION: Final = (
    "Each line names a file or an id of the source, what was found there, and what was done with it."
    " Nothing that this report does not name was left out."
)


def write_report(title: str, counts: Sequence[str], findings: Sequence[Finding]) -> str:
    """Write the report of one source."""
    lines = [f"# Imported from {title}", "", _INTRODUCTION, "", *(f"- {line}" for line in counts), ""]
    if findings:
        lines += ["| where | found | done |", "| --- | --- | --- |"]
        lines += [f"| {' | '.join(map(_write_cell, finding))} |" for finding in dict.fromkeys(findings)]
        lines.append("")
    return "\n".join(lines)


def _write_cell(text: str) -> str:
    words = visible(" ".join(text.split()))
    if len(words) > _MOST_WORDS:
        words = f"{words[:_MOST_WORDS]} …"
    return re.sub(r"([\\|<>`*_\[\]])", r"\\\1", words)


def put_report(existing: str, report: str) -> str:
    """Replace the report of a source, or add it; leave those of other sources as they are."""
    sections = [
        f"# {section}" for section in _HEADING.split(existing) if section.startswith("Imported from ")
    ]
    heading = report.partition("\n")[0]
    mine = [number for number, section in enumerate(sections) if section.partition("\n")[0] == heading]
    if mine:
        sections[mine[0]] = report
    else:
        sections.append(report)
    return "\n".join(f"{section.rstrip()}\n" for section in sections)


def write_redirects(moves: Mapping[str, str], home: str) -> str:
    """Write the redirects from the old addresses: `OLD NEW 301`, as hosts read them from a file `_redirects`.

    `moves`: old address (absolute, or a path) -> path below our page. An address of another host stays a whole URL.
    """
    home_parts = urlsplit(home)
    lines = []
    for old, new in sorted(moves.items()):
        target = f"{home_parts.path.rstrip('/')}/{new}"
        split = urlsplit(old)
        same = not split.netloc or split.netloc.lower() == home_parts.netloc.lower()
        source = (split.path or "/") if same else f"{split.scheme}://{split.netloc}{split.path or '/'}"
        if source != target:
            lines.append(
                f"{source.replace(' ', '%20')} {target if same else home.rstrip('/') + '/' + new} 301"
            )
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))
