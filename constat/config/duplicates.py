"""Rules against duplicates."""

from collections.abc import Iterable

from constat.config.sections import Reader
from constat.text.yaml_source import Path


def refuse_duplicates(reader: Reader, path: Path, values: Iterable[object]) -> None:
    """Refuse a value that appears twice in a list."""
    seen = set()
    for number, value in enumerate(values):
        if value in seen:
            reader.wrong((*path, number), f"{value} appears twice", "keep one")
        seen.add(value)


def refuse_equal_keys(reader: Reader, path: Path, key: str) -> None:
    """Refuse two entries of a list with the same name. It compares the text, so that faulty entries are compared too."""
    first_lines: dict[str, int] = {}
    number = 0
    while (*path, number) in reader.document.places:
        name = reader.document.value_at((*path, number, key))
        line = reader.document.place((*path, number, key))[0]
        if not isinstance(name, str):
            pass  # a missing or malformed name is reported elsewhere
        elif name in first_lines:
            hint = f"it is already on line {first_lines[name]}: names are permanent and must be unique"
            reader.wrong((*path, number, key), f"the {key} {name} appears twice", hint)
        else:
            first_lines[name] = line
        number += 1
