"""What another tool measured, planned as files of `history/imported/` (rule 20): a file that is there is never changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from constat.imported import decode_rows, encode_document, encode_rows
from constat.imported.imported_files import FOLDER
from constat.interval import Instant
from constat.model.imported import ImportedRow
from constat.moving.model import SOURCE_TITLES, Finding, Moved, MovedEvidence

MOST_IMPORTS = 60
"""Imports of one source into a project: each that brings new rows is a file of its own."""


class EvidencePlan(NamedTuple):
    """Files to write, by path in the project, and what was found."""

    changed: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def plan_evidence(
    moved: Moved, ids: Mapping[str, str], read: Callable[[str], bytes | None], now: Instant
) -> EvidencePlan:
    """Plan the files of what a source measured; `ids`: key of the source's service -> our id.

    What an earlier import brought stands as it is. Only rows that it did not bring are written, into a further file: so
    the same source read again changes nothing, and one that has grown since adds what is new.
    """
    changed: dict[str, bytes] = {}
    findings: list[Finding] = []
    for evidence in moved.evidence:
        named, unnamed = _name_services(evidence.rows, ids)
        findings += [
            Finding(f"evidence {key}", f"{count} rows of a service that is not here", "left out")
            for key, count in unnamed.items()
        ]
        path, known = _find_place(evidence.name, read)
        new = [row for row in named if row not in known]
        if not new:
            continue
        csv = encode_rows(new)
        changed[f"{path}.csv"] = csv
        changed[f"{path}.json"] = _write_document(moved, evidence, csv, now)
    return EvidencePlan(changed, tuple(findings))


def _name_services(
    rows: Sequence[ImportedRow], ids: Mapping[str, str]
) -> tuple[list[ImportedRow], dict[str, int]]:
    """The rows by our ids, and how many rows there are of each service that has none."""
    unnamed: dict[str, int] = {}
    named = []
    for row in rows:
        chosen = ids.get(row.service)
        if chosen is None:
            unnamed[row.service] = unnamed.get(row.service, 0) + 1
        else:
            named.append(replace(row, service=chosen))
    return named, unnamed


def _find_place(name: str, read: Callable[[str], bytes | None]) -> tuple[str, frozenset[ImportedRow]]:
    """The path of the next file of a source, without its suffix, and the rows that the files before it hold."""
    known: set[ImportedRow] = set()
    path = ""
    for path in _list_paths(name):
        data = read(f"{path}.csv")
        if data is None:
            break
        known.update(decode_rows(data, path)[0])
    return path, frozenset(known)


def _list_paths(name: str) -> Iterator[str]:
    yield f"history/{FOLDER}/{name}"
    yield from (f"history/{FOLDER}/{name}-{number}" for number in range(2, MOST_IMPORTS))


def _write_document(moved: Moved, evidence: MovedEvidence, csv: bytes, now: Instant) -> bytes:
    report = [f"{finding.place}: {finding.found}: {finding.done}" for finding in evidence.report]
    return encode_document(SOURCE_TITLES[moved.source], evidence.source, now, csv, report)
