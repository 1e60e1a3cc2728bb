"""The proposal to publish a drafted notice, as its maintainers read it: title and body of the pull request."""

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from constat.availability import Episode
from constat.interval import Instant, local, write_offset_if_needed
from constat.maintainers.review import quote_verbatim
from constat.model import LocalText, PageSettings, choose_text
from constat.text.reason_cells import decode_reason

_BLOCK: Final = re.compile(r"<!-- constat (.*?) -->\r?\n.*?<!-- /constat -->", re.DOTALL)
"""Our part of a body, after the title that we gave it; people may write anything around it.

A body that was edited in a browser has CRLF line breaks.
"""
_LONGEST_NAMES: Final = 150
"""The most characters of a title that name services: GitHub allows 256 in all, GitLab 255."""
_MOST_ROWS: Final = 100
"""The most outages that are listed one by one: GitHub allows bodies of 65,536 characters."""


class OutageSummary(NamedTuple):
    """The content of a proposal: its episode, the page, the names of services. `compose`: the address of the page for writing another notice."""

    episode: Episode
    page: PageSettings
    names: Mapping[str, LocalText]
    compose: str = ""

    @property
    def services(self) -> str:
        """The names of the services, in the page's first language: as many as a title has room for."""
        names = [self.name(service) for service in self.episode.services]
        lengths = accumulate(len(name) + len(", ") for name in names)
        count = max(1, sum(length <= _LONGEST_NAMES for length in lengths))
        listed = ", ".join(names[:count])[:_LONGEST_NAMES]
        return listed if count == len(names) else f"{listed} and {len(names) - count} more"

    def name(self, service: str) -> str:
        """The name of a service, in the page's first language."""
        return choose_text(self.names[service], self.page.languages[0])

    def clock(self, at: Instant) -> str:
        """An instant on the page's clock, with its date."""
        zone = self.page.timezone
        return f"{local(at, zone):%Y-%m-%d %H:%M}{write_offset_if_needed(at, zone)}"


def title_proposal(summary: OutageSummary) -> str:
    """Write the title of a proposal: what is down since when, or that it was measured working again."""
    recovered = summary.episode.recovered
    if recovered is not None:
        return f"{summary.services}: measured working again since {summary.clock(recovered)}: resolve?"
    return f"{summary.services}: down since {summary.clock(summary.episode.start)}"


def write_body(summary: OutageSummary, languages: Sequence[str]) -> str:
    """Write the body of a new proposal."""
    elsewhere = f"\n\nOr write a notice of your own: {summary.compose}" if summary.compose else ""
    return (
        f"{_write_block(summary)}\n\n"
        f"Merging this publishes the notice in {', '.join(languages)}. Change the files as you like: a branch that somebody"
        f" else has committed to is left alone. Close this to say nothing; it is not proposed again.{elsewhere}\n"
    )


def renew_proposal(title: str, body: str, summary: OutageSummary) -> tuple[str, str]:
    """Renew our part of a proposal, and its title unless a person gave it another one."""
    match = _BLOCK.search(body)
    if match is None:
        return title, body
    renewed = title_proposal(summary) if quote_verbatim(title) == match[1] else title
    return renewed, body[: match.start()] + _write_block(summary) + body[match.end() :]


def _write_block(summary: OutageSummary) -> str:
    rows = [
        f"| {quote_verbatim(summary.name(fall.service))} | {summary.clock(fall.start)} |"
        f" {_quote_code(decode_reason(fall.reason))} | {summary.clock(fall.end) if fall.end else 'no'} |"
        for fall in summary.episode.falls[:_MOST_ROWS]
    ]
    unlisted = len(summary.episode.falls) - len(rows)
    more = f"\n\n{unlisted} more are not listed here." if unlisted else ""
    recovered = summary.episode.recovered
    end = f"\n\n**Measured working again since {summary.clock(recovered)}: resolve?**" if recovered else ""
    table = "\n".join(
        ["| service | down since | what was seen | works again since |", "| --- | --- | --- | --- |", *rows]
    )
    zone = summary.page.timezone.key
    head = f"<!-- constat {quote_verbatim(title_proposal(summary))} -->"
    return f"{head}\nAs our checks measured it, in the page's time zone ({zone}):\n\n{table}{more}{end}\n<!-- /constat -->"


def _quote_code(text: str) -> str:
    """Quote the words of a target as code in a table cell, where hosts do not turn names, numbers or addresses into links.

    A pipe would end the cell, even one after a pair of backslashes.
    """
    if not text:
        return ""
    cell = re.sub(r"(\\*)\|", lambda pipe: rf"{pipe[1] * 2}\|", text.replace("`", "'"))
    return f"`{cell}`"
