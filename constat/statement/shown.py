"""What people are shown of a statement, compared with it: the figures of its page in each language, and its table."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any, NamedTuple

from constat.model import Statement
from constat.statement.encode import build_content
from constat.statement.table import format_table

_FIGURE = re.compile(r"<data\s([^<>]{1,500})>([^<]{0,100})")
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")
_LANGUAGE = re.compile(r"\shreflang=\"([a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\"")
"""As our templates write them. Bounded, and without a parser of HTML: the page may be a stranger's, and built to keep a parser busy."""
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


class ShownFigure(NamedTuple):
    """A figure of a page: whose it is, which (`all.availability`), its value for programs, and the words for people."""

    service: str
    figure: str
    value: str
    words: str


class ShownPage(NamedTuple):
    """The figures of a page, and the codes of the languages that it says it exists in."""

    figures: tuple[ShownFigure, ...]
    languages: tuple[str, ...]


def read_page(text: str) -> ShownPage:
    """Read what a page shows: every `<data data-service data-figure value>` with its words, and every `hreflang`."""
    return ShownPage(
        tuple(figure for match in _FIGURE.finditer(text) for figure in _read_figure(match)),
        tuple(dict.fromkeys(match[1] for match in _LANGUAGE.finditer(text))),
    )


def _read_figure(match: re.Match[str]) -> Iterator[ShownFigure]:
    attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(match[1])}
    if "data-figure" in attributes:
        yield ShownFigure(
            attributes.get("data-service", ""),
            attributes["data-figure"],
            attributes.get("value", ""),
            unescape(match[2]),
        )


def check_page(statement: Statement, page: ShownPage) -> Iterator[str]:
    """Find every figure of a page that is not the statement's, and every service of which it shows none."""
    content = build_content(statement)
    services: dict[str, dict[str, Any]] = {fields["id"]: fields for fields in content["services"]}
    for shown in page.figures:
        stated = _find_value(services.get(shown.service), shown.figure)
        if shown.value != stated:
            yield f"shows {shown.value!r} as {shown.figure} of {shown.service}, and the statement has {stated!r}"
        elif "." in shown.value and not _says_percentage(shown.words, shown.value):
            yield f"shows {shown.words!r} as {shown.figure} of {shown.service}, and the statement has {stated!r}"
    shown_services = {shown.service for shown in page.figures}
    yield from (f"shows no figure of {service}" for service in services if service not in shown_services)


def _find_value(fields: Any, figure: str) -> str:  # noqa: ANN401 -- plain JSON values
    for key in figure.split("."):
        fields = fields.get(key) if isinstance(fields, dict) else None
    return "" if fields is None else str(fields)


def _says_percentage(words: str, percent: str) -> bool:
    """Whether words say a percentage, in whatever language: `99,930 %`; trailing zeros may be left out."""
    said = [Decimal(number.replace(",", ".")) for number in _NUMBER.findall(words)]
    return said == [Decimal(percent)]


def check_table(statement: Statement, table: bytes) -> Iterator[str]:
    """Find the first line of a table that is not the statement's."""
    for number, (shown, stated) in enumerate(
        zip(table.split(b"\n"), format_table(statement).split(b"\n"), strict=False), start=1
    ):
        if shown.rstrip(b"\r") != stated:
            yield f"has another line {number} than the statement gives"
            return
    if table.count(b"\n") != format_table(statement).count(b"\n"):
        yield "has another number of lines than the statement gives"
