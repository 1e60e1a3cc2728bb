"""Counts of things in the lines of a report."""


def count_of(number: int, noun: str) -> str:
    """A number of things: `1 row`, `1,024 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
