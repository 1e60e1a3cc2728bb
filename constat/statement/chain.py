"""The chain of statements: each has the hash of the one before it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from constat.model import Statement


class Link(NamedTuple):
    """One statement of the chain: its own hash, and the hashes of the statements that it superseded, by path."""

    statement: Statement
    sha256: str
    superseded: Mapping[str, str]

    @property
    def hashes(self) -> set[str]:
        """The hashes of all statements of this month."""
        return {self.sha256, *self.superseded.values()}


def month_before(month: str) -> str:
    """`2025-12` of `2026-01`."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year}-{number - 1:02}" if number > 1 else f"{year - 1}-12"


def month_after(month: str) -> str:
    """`2026-01` of `2025-12`."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year}-{number + 1:02}" if number < 12 else f"{year + 1}-01"  # noqa: PLR2004 - months of a year


def check_chain(links: Sequence[Link]) -> Iterator[str]:
    """Find the breaks in a chain of statements, oldest first. A previous statement may have been superseded since."""
    for index, link in enumerate(links):
        before = links[index - 1] if index else None
        yield from _find_link_troubles(link, before)
        yield from _find_superseded_troubles(link)


def _find_link_troubles(link: Link, before: Link | None) -> Iterator[str]:
    month, previous = link.statement.month, link.statement.previous
    if before is None:
        return
    if before.statement.month != month_before(month):
        yield f"{month} follows {before.statement.month}: a month between them is missing"
    elif previous is None:
        yield f"{month} names no previous statement, and there is one of {before.statement.month}"
    elif previous.month != before.statement.month:
        yield f"{month} names {previous.month} as the month before it"
    elif previous.sha256 not in before.hashes:
        yield f"{month} follows another statement of {previous.month} than the one that is here"


def _find_superseded_troubles(link: Link) -> Iterator[str]:
    old = link.statement.supersedes
    if old is None:
        return
    sha256 = link.superseded.get(old.path)
    if sha256 is None:
        yield f"{old.path}, which {link.statement.month} supersedes, is missing"
    elif sha256 != old.sha256:
        yield f"{old.path} is not the statement that {link.statement.month} supersedes"


def check_firsts(
    links: Sequence[Link], sampled: Mapping[str, Mapping[tuple[str, str], int]]
) -> Iterator[str]:
    """Find the first samples in statements that the evidence contradicts. `sampled`: those in the day files of each month.

    Each statement must have the earliest sample in any of the day files up to its own.
    """
    known: dict[tuple[str, str], int] = {}
    for link in links:
        month = link.statement.month
        for check, at in sampled.get(month, {}).items():
            known[check] = min(at, known.get(check, at))
        for service in link.statement.services:
            for name, at in service.firsts.items():
                key = (service.figures.service, name)
                if at > known.get(key, at):
                    yield f"{month} begins to count {'/'.join(key)} later than its first sample"
                known[key] = min(at, known.get(key, at))
