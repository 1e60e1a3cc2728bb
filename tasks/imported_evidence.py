"""Plan the files of `history/imported/` for what another tool measured (rule 20); an existing file is never changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from constat.imported import decode_rows, encode_document, encode_rows
from constat.imported.imported_files import FOLDER
from constat.interval import Instant
from constat.model.imported import ImportedRow
from constat.moving.counting import count_of
from constat.moving.model import SOURCE_TITLES, Finding, Moved, MovedEvidence

MOST_IMPORTS = 200
"""How many imports of one source a project can hold: each that brings new rows makes a file of its own."""


class EvidencePlan(NamedTuple):
    """Files to write, by path in the project, and what was found."""

    changed: Mapping[str, bytes]
    findings: tuple[Finding, ...]


def plan_evidence(
    moved: Moved, ids: Mapping[str, str], read: Callable[[str], bytes | None], now: Instant
) -> EvidencePlan:
    """Plan the files of what a source measured; `ids`: key of the source's service -> our id.

    What an earlier import wrote stays as it is. Only rows that it lacked are written, to a further file: so reading the
    same source again changes nothing, and a source that has grown since adds only what is new.
    """
    changed: dict[str, bytes] = {}
    findings: list[Finding] = []
    for evidence in moved.evidence:
        named, unnamed = _name_services(evidence.rows, ids)
        findings += [
            Finding(
                f"evidence {key}",
                f"{count_of(count, 'row')} of a service that is not in the project",
                "left out",
            )
            for key, count in unnamed.items()
        ]
        path, known = _find_place(evidence.name, read)
        new = [row for row in named if row not in known]
        if not new:
            continue
        if not path:
            done = f"not written: there are {MOST_IMPORTS} files of earlier imports; combine them"
            findings.append(Finding(evidence.name, f"{count_of(len(new), 'new row')}", done))
            continue
        csv = encode_rows(new)
        changed[f"{path}.csv"] = csv
        changed[f"{path}.json"] = _write_document(moved, evidence, csv, now)
    return EvidencePlan(changed, tuple(findings))


def _name_services(
    rows: Sequence[ImportedRow], ids: Mapping[str, str]
) -> tuple[list[ImportedRow], dict[str, int]]:
    """Give rows our ids; also count the rows of each service that has no id here."""
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
    """Find the path of the next file of a source, without its suffix, and the rows that the files before it hold.

    The path is empty where there are `MOST_IMPORTS` files already.
    """
    known: set[ImportedRow] = set()
    for path in _list_paths(name):
        data = read(f"{path}.csv")
        if data is None:
            return path, frozenset(known)
        known.update(decode_rows(data, path)[0])
    return "", frozenset(known)


def _list_paths(name: str) -> Iterator[str]:
    yield f"history/{FOLDER}/{name}"
    yield from (f"history/{FOLDER}/{name}-{number}" for number in range(2, MOST_IMPORTS + 1))


def _write_document(moved: Moved, evidence: MovedEvidence, csv: bytes, now: Instant) -> bytes:
    report = [f"{finding.place}: {finding.found}: {finding.done}" for finding in evidence.report]
    return encode_document(SOURCE_TITLES[moved.source], evidence.source, now, csv, report)
