"""The front matter of a Hugo page: YAML, TOML or JSON, mistakes included."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

from constat.errors import InputError
from constat.moving.prose import tidy
from constat.text.yaml_source import Value, read_yaml_at

_YAML: Final = re.compile(r"\s*---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML: Final = re.compile(r"\s*\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_UNOPENED: Final = re.compile(
    r"((?:[ \t]*(?:[A-Za-z_]+:|-|#)[^\n]*\n|[ \t]*\n)+)^---[ \t]*(?:\n|\Z)", re.MULTILINE
)
_KEY: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):[ \t]*(.*)")
_MOST_DEEP: Final = 20


class FrontMatter(NamedTuple):
    """The keys of a page in lower case, since Hugo ignores case, all values as text, and the text below them.

    `lines`: the line of each key in the file. `troubles`: (line, what is wrong, what was done) for each mistake that
    did not prevent reading.
    """

    keys: Mapping[str, Value]
    lines: Mapping[str, int]
    body: str
    troubles: tuple[tuple[int, str, str], ...] = ()

    def text(self, key: str) -> str:
        """The text of a key; empty where there is none."""
        value = self.keys.get(key.lower(), "")
        return value.strip() if isinstance(value, str) else ""

    def list(self, key: str) -> tuple[str, ...]:
        """The texts of a key that holds a list, or a single one; without empty ones."""
        value = self.keys.get(key.lower(), "")
        values = value if isinstance(value, list) else [value]
        return tuple(
            text.strip() for text in values if isinstance(text, str) and text.strip() not in _NOTHING
        )

    def flag(self, key: str) -> bool:
        """Whether a key says yes."""
        return self.text(key).lower() in _YES


_NOTHING: Final = ("", "~", "null", "Null", "NULL")
_YES: Final = frozenset({"true", "yes", "on", "y"})


def split_page(source: str) -> FrontMatter | None:
    """Split a page into its keys and its body; `None` where it has no front matter."""
    text = tidy(source)
    if match := _YAML.match(text):
        return _read_yaml(match[1], 1 + text.count("\n", 0, match.start(1)), text[match.end() :])
    if match := _TOML.match(text):
        return _read_toml(match[1], 1 + text.count("\n", 0, match.start(1)), text[match.end() :])
    if text.lstrip().startswith("{"):
        return _read_json(text)
    match = _UNOPENED.match(text)
    if match and _KEY.search(match[1]):
        read = _read_yaml(match[1], 1, text[match.end() :])
        missing = (1, "the line --- that opens the front matter is missing", "read as if it were there")
        return read._replace(troubles=(missing, *read.troubles))
    return None


def _read_yaml(text: str, first_line: int, body: str) -> FrontMatter:
    try:
        document = read_yaml_at(text, "", first_line=first_line)
    except InputError as error:
        return _read_loosely(text, first_line, body, str(error.problems[0].message))
    if not isinstance(document.data, dict):
        return FrontMatter({}, {}, body)
    lines = {key.lower(): document.key_place((key,))[0] for key in document.data}
    troubles = tuple(
        (problem.line, problem.message, "the last value counts") for problem in document.problems
    )
    return FrontMatter(lower_keys(document.data), lines, body, troubles)


def _read_loosely(text: str, first_line: int, body: str, problem: str) -> FrontMatter:
    """Read front matter that is not valid YAML line by line: `key: value`, and lists of `- value` below a key."""
    keys: dict[str, Value] = {}
    lines: dict[str, int] = {}
    last = ""
    for number, line in enumerate(text.split("\n")):
        if match := _KEY.fullmatch(line.rstrip()):
            last = match[1].lower()
            keys[last], lines[last] = _unquote(match[2]), first_line + number
        elif last and (item := re.fullmatch(r"[ \t]*-[ \t]+(.*)", line.rstrip())):
            known = keys[last]
            keys[last] = [*known, _unquote(item[1])] if isinstance(known, list) else [_unquote(item[1])]
    trouble = (first_line, f"the front matter is no YAML ({problem})", "read line by line")
    return FrontMatter(keys, lines, body, (trouble,))


def _unquote(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _read_toml(text: str, first_line: int, body: str) -> FrontMatter:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return FrontMatter(
            {}, {}, body, ((first_line, f"the front matter is no TOML ({error})", "its keys were not read"),)
        )
    return _build_from_plain(data, text, body, r"^[ \t]*[\"']?%s[\"']?[ \t]*=", first_line)


def _read_json(text: str) -> FrontMatter | None:
    start = len(text) - len(text.lstrip())
    try:
        data, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return _build_from_plain(data, text[:end], text[end:].lstrip("\n"), r'"%s"\s*:', 1)


def _build_from_plain(
    data: Mapping[str, Any], text: str, body: str, pattern: str, first_line: int
) -> FrontMatter:
    lines = {}
    for key in data:
        found = re.search(pattern % re.escape(key), text, re.MULTILINE)
        lines[key.lower()] = first_line + (text.count("\n", 0, found.start()) if found else 0)
    return FrontMatter(lower_keys({key: as_text(value) for key, value in data.items()}), lines, body)


def lower_keys(value: Value) -> dict[str, Value]:
    """The keys of a table in lower case, as Hugo compares them; empty for anything that is not a table."""
    return {key.lower(): each for key, each in value.items()} if isinstance(value, dict) else {}


def as_text(value: object, depth: int = 0) -> Value:
    """Turn a plain value of TOML or JSON into the texts that YAML would have."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Mapping) and depth < _MOST_DEEP:
        return {str(key): as_text(each, depth + 1) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str) and depth < _MOST_DEEP:
        return [as_text(each, depth + 1) for each in value]
    return "" if value is None else str(value)


def show(value: Value) -> str:
    """Write a value for the report."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
