"""Random changes to statements, registers and day files: nothing crashes, and none that changes what was stated passes."""

import json
import random
import shutil
from typing import Any

import pytest

from constat.errors import EvidenceError
from constat.history import REGISTER
from constat.interval import DAY_S, HOUR_S
from constat.register import parse_register
from constat.sealing.holding import find_broken_days, find_broken_registers
from constat.statement import EvidenceFiles, check_statement, verify_month
from outside.evidence.statements import read_frozen_months
from tasks.project import Project
from tasks.seal import seal_folder
from tasks.verify_month import collect_evidence
from tests.support.availability_cases import parse_time
from tests.support.effort import scale_tries
from tests.support.frozen_project import LAST, MONTHS, NOW, freeze_all, write_frozen_project
from tests.support.source_tree import ROOT

NAME = "statements/2026-10.json"
UNCHAINED = {"frozen_at", "contract", "previous", "supersedes"}
"""What only the statement of the next month, or somebody who kept the file, can hold the newest one to."""
SPLICES = (b"", b"0", b"9", b'"', b",", b"\n", b"}", b"\r", b"\xff", b"up", b"down", b"null", b"2026")


@pytest.fixture(scope="module")
def stated(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, bytes]]:
    """The statement of October, and its evidence, sealed."""
    root = write_frozen_project(tmp_path_factory.mktemp("mutations") / "project")
    for day in range(parse_time("2026-08-04 00:00"), LAST + 1, DAY_S):
        seal_folder(Project(root, ROOT, day + HOUR_S), lambda: True)
    freeze_all(root)
    newest = read_frozen_months(root)[-1].current
    files = dict(collect_evidence(root, newest.statement).files)
    shutil.rmtree(root)
    assert newest.month == MONTHS[-1]
    return newest.data, files


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a piece of up to twenty replaced, doubled, or exchanged for another one."""
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.choice((0, 1, 1, 2, 5, 20)))
    kind = chance.randrange(4)
    if kind == 0:
        piece = bytes([chance.randrange(256)])
    elif kind == 1:
        piece = chance.choice(SPLICES)
    elif kind == 2:
        piece = data[start:end] * 2
    else:
        other = chance.randrange(len(data))
        piece = data[other : other + end - start]
    return data[:start] + piece + data[end:]


def find_troubles(data: bytes, files: dict[str, bytes]) -> list[str]:
    """What `verify` says of a month and of the seals."""
    try:
        troubles = [*verify_month(data, NAME, EvidenceFiles(files, complete=True)).troubles]
        troubles += check_statement(data, NAME)
    except EvidenceError as error:
        return [str(error)]
    register = parse_register(files[REGISTER], REGISTER, NOW)
    troubles += map(str, find_broken_registers(register.seals, files[REGISTER]))
    broken = find_broken_days(
        register.seals, register.withdrawn, lambda path: [files[path]] if path in files else None
    )
    return [*troubles, *map(str, broken)]


def strip(data: bytes) -> Any:
    """The content of a statement without what nothing else holds it to."""
    return {key: value for key, value in json.loads(data).items() if key not in UNCHAINED}


def test_every_change_to_a_statement_is_detected(stated: tuple[bytes, dict[str, bytes]]) -> None:
    data, files = stated
    assert find_troubles(data, files) == []
    chance = random.Random(14)  # noqa: S311 -- not for secrets
    passed = 0
    for _ in range(scale_tries(70)):
        changed = mutate(data, chance)
        if changed != data and not find_troubles(changed, files):
            passed += 1
            assert strip(changed) == strip(data)
    assert passed < scale_tries(70) // 5


@pytest.mark.parametrize("kind", ["register", "day"])
def test_every_change_to_the_evidence_is_detected(stated: tuple[bytes, dict[str, bytes]], kind: str) -> None:
    data, files = stated
    chance = random.Random(kind)  # noqa: S311 -- not for secrets
    days = sorted(path for path in files if path.startswith("2026/"))
    register = json.loads(data)["evidence"]
    lines = next(file["lines"] for file in register if file["path"] == REGISTER)
    covered = len(b"\n".join(files[REGISTER].split(b"\n")[:lines])) + 1
    for _ in range(scale_tries(65)):
        path = REGISTER if kind == "register" else chance.choice(days)
        head = files[path][:covered] if path == REGISTER else files[path]
        changed = mutate(head, chance)
        if not changed.startswith(head):  # what is appended is allowed
            tampered = {**files, path: changed + files[path][len(head) :]}
            assert find_troubles(data, tampered), (path, changed)
