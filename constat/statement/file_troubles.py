"""The files that a frozen month rests on, compared with those available: what was changed, what is missing, what was left out."""

from collections.abc import Iterator, Mapping

from constat.history import DAY_FILE, REGISTER
from constat.model import EvidenceFile, Seal, Statement, Withdrawn
from constat.register import parse_register
from constat.statement.inputs import compute_sha256, take_whole_lines
from constat.statement.recomputation import FOREVER, EvidenceFiles, build_sources


def find_file_troubles(frozen: Statement, evidence: EvidenceFiles) -> Iterator[str]:
    """Describe the files that differ from the frozen ones or are missing, and those that the month should rest on."""
    first_lines = build_sources(frozen, evidence).register
    seals = parse_register(first_lines, REGISTER, frozen.frozen_at).seals
    withdrawn = parse_register(evidence.files.get(REGISTER, b""), REGISTER, FOREVER).withdrawn
    for file in frozen.evidence:
        data = evidence.files.get(file.path)
        if data is not None:
            yield from _describe_change(file, data, frozen.month, withdrawn)
        elif evidence.complete:
            yield f"{file.path} is missing"
    yield from _describe_omissions(frozen, evidence, seals)


def _describe_change(
    file: EvidenceFile, data: bytes, month: str, withdrawn: tuple[Withdrawn, ...]
) -> Iterator[str]:
    """Describe why the first part of a file is not what a month rests on."""
    if file.lines is not None:
        first, count, unit = take_whole_lines(data, file.lines), file.lines, "lines"
        available = first.count(b"\n")
    else:
        count, unit = len(data) if file.bytes is None else file.bytes, "bytes"
        first = data[:count]
        available = len(first)
    reason = next(
        (f"; something was withdrawn from it: {line.why}" for line in withdrawn if line.path == file.path), ""
    )
    if available < count:
        yield f"{file.path} has fewer than the {count} {unit} that {month} rests on{reason}"
    elif compute_sha256(first) != file.sha256:
        is_whole = file.lines is None and len(first) == len(data)
        part = " is not the file" if is_whole else f": its first {count} {unit} are not those"
        yield f"{file.path}{part} that {month} rests on{reason}"


def _describe_omissions(frozen: Statement, evidence: EvidenceFiles, seals: tuple[Seal, ...]) -> Iterator[str]:
    """Describe the days that a month does not rest on, or only in part, though they were sealed before it was frozen.

    Without seals in the register, there is no knowing what came later, so every further file is named.
    """
    rests_on = {file.path: file.bytes or 0 for file in frozen.evidence}
    sealed = _list_sealed(seals)
    for path in sorted(evidence.files):
        if not DAY_FILE.fullmatch(path):
            continue
        if path not in rests_on and (path in sealed or not seals):
            yield f"{path} is there, and {frozen.month} does not rest on it"
        elif path in rests_on and rests_on[path] < sealed.get(path, 0):
            yield (
                f"{frozen.month} rests on the first {rests_on[path]} bytes of {path}, "
                f"of which {sealed[path]} were sealed before it was frozen"
            )


def _list_sealed(seals: tuple[Seal, ...]) -> Mapping[str, int]:
    """The bytes of each day file that were sealed."""
    sealed: dict[str, int] = {}
    for seal in seals:
        sealed[seal.path] = max(seal.bytes, sealed.get(seal.path, 0))
    return sealed
