"""The published evidence: thirteen months of it, packed once and reproducibly."""

import gzip
import os
import shutil
from pathlib import Path

import pytest

from constat.errors import EvidenceError, OutsideError
from constat.history import HEADER, build_day_path
from constat.interval import Interval, days_of
from outside.evidence.statements import read_frozen_months
from outside.site import packing
from outside.site.packing import build_evidence_files, build_statement_files, pack_days
from outside.site.paths import build_evidence_path, build_statement_path
from outside.site.reader import (
    Place,
    SiteFolder,
    open_site,
    unpack,
)
from outside.web.origin import Origin
from tests.support.availability_cases import UTC, parse_time
from tests.support.frozen_project import NOW, freeze_all, write_frozen_project


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_frozen_project(tmp_path_factory.mktemp("frozen") / "project")
    freeze_all(root)
    return root


@pytest.fixture
def project(frozen: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(frozen, tmp_path / "project"))


def _pack(root: Path) -> dict[str, bytes]:
    return {published: path.read_bytes() for published, path in pack_days(root, NOW).items()}


def test_packed_day_unpacks_to_the_day_file(project: Path) -> None:
    packed = pack_days(project, NOW)
    path = packed["evidence/2026/10/2026-10-07.csv.gz"]
    assert gzip.decompress(path.read_bytes()) == (project / "history/2026/10/2026-10-07.csv").read_bytes()
    assert len(packed) == len(list((project / "history").glob("2*/*/*.csv")))


def test_packing_again_gives_the_same_bytes(project: Path) -> None:
    """Also without the cache: no time, which would differ, is in them."""
    first = _pack(project)
    assert _pack(project) == first
    shutil.rmtree(project / ".site")
    for path in (project / "history").glob("2*/*/*.csv"):
        os.utime(path, (1, 1))
    assert _pack(project) == first


def test_only_what_changed_is_packed_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack_days(project, NOW)
    written: list[Path] = []

    def noted(root: Path, path: str, data: bytes, *, lasting: bool) -> None:
        assert not lasting
        written.append(Path(path))
        (root / path).write_bytes(data)

    monkeypatch.setattr(packing, "replace_file", noted)
    changed = project / "history/2026/10/2026-10-07.csv"
    changed.write_bytes(changed.read_bytes() + b"2026-10-07T23:59:00Z,api,check-0,up,1,1,1800,here,\n")
    os.utime(project / "history/2026/10/2026-10-08.csv", (9, 9))
    pack_days(project, NOW)
    assert [path.name for path in written] == ["2026-10-07.csv.gz"]


def test_a_changed_day_is_packed_again(project: Path) -> None:
    pack_days(project, NOW)
    changed = project / "history/2026/10/2026-10-07.csv"
    changed.write_bytes(changed.read_bytes() + b"torn")
    path = pack_days(project, NOW)["evidence/2026/10/2026-10-07.csv.gz"]
    assert gzip.decompress(path.read_bytes()).endswith(b"torn")


def test_thirteen_months_and_the_days_before_them_are_published(tmp_path: Path) -> None:
    """In November 2026 from November 2025 on; older days are neither published nor kept in the cache."""
    for day in days_of(Interval(parse_time("2025-10-20 00:00"), parse_time("2025-11-03 00:00")), UTC):
        path = tmp_path / "history" / build_day_path(day)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{HEADER}\n", "utf-8")
    paths = sorted(pack_days(tmp_path, NOW))
    assert paths[0] == "evidence/2025/10/2025-10-30.csv.gz"
    pack_days(tmp_path, parse_time("2026-12-01 00:00"))
    assert not list((tmp_path / ".site/evidence").rglob("*.gz"))


def test_statements_are_published_byte_for_byte_each_with_its_table(project: Path) -> None:
    months = read_frozen_months(project)
    files = build_statement_files(months)
    assert files["api/sla/2026-10.json"] == (project / "history/statements/2026-10.json").read_bytes()
    header, smtp, api, first = files["api/sla/2026-10.csv"].decode().splitlines()
    cells = dict(zip(header.split(","), smtp.split(","), strict=True))
    assert (cells["month"], cells["kind"], cells["id"]) == ("2026-10", "service", "smtp")
    assert (cells["down_s"], cells["all_availability"], cells["checks_expected"]) == (
        "7200",
        "99.730",
        "1490",
    )
    assert (cells["without_maintenance_availability"], cells["tickets"]) == ("99.864", "")
    cells = dict(zip(header.split(","), first.split(","), strict=True))
    assert (cells["kind"], cells["id"], cells["late"], cells["down_s"]) == ("support", "first", "1", "")
    assert api.startswith("2026-10,service,api,99.000,met,all,")


def test_a_statement_that_cannot_be_decoded_is_published_without_a_table(project: Path) -> None:
    (project / "history/statements/2026-10.json").write_bytes(b"{}")
    files = build_statement_files(read_frozen_months(project))
    assert files["api/sla/2026-10.json"] == b"{}"
    assert "api/sla/2026-10.csv" not in files


def test_tickets_are_published_only_if_requested(project: Path) -> None:
    months = read_frozen_months(project)
    files = build_evidence_files(project, months, tickets=True)
    assert set(files) == {
        "evidence/register.jsonl",
        *(f"evidence/tickets-{month.month}.csv" for month in months),
    }
    assert set(build_evidence_files(project, months, tickets=False)) == {"evidence/register.jsonl"}


def test_a_torn_line_of_the_register_is_not_published(project: Path) -> None:
    path = project / "history/register.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"at":')
    assert build_evidence_files(project, (), tickets=False)["evidence/register.jsonl"] == whole


def test_the_paths_of_published_files() -> None:
    assert build_evidence_path("2026/10/2026-10-07.csv") == "evidence/2026/10/2026-10-07.csv.gz"
    assert build_evidence_path("register.jsonl") == "evidence/register.jsonl"
    assert build_evidence_path("statements/2026-10.tickets.csv") == "evidence/tickets-2026-10.csv"
    assert (build_statement_path("2026-10"), build_statement_path("2026-10", 2)) == (
        "api/sla/2026-10.json",
        "api/sla/2026-10.2.json",
    )


def test_the_unpacked_size_is_limited() -> None:
    """Zeros compress a thousandfold; nothing larger than the limit is held in memory."""
    assert unpack(gzip.compress(bytes(1 << 20)), "x", 1 << 20) == bytes(1 << 20)
    with pytest.raises(EvidenceError, match="x is larger than 1 MiB once it is unpacked"):
        unpack(gzip.compress(bytes((1 << 20) + 1)), "x", 1 << 20)
    with pytest.raises(EvidenceError, match="x is larger than 0 MiB"):
        unpack(gzip.compress(b"x"), "x", 0)
    with pytest.raises(EvidenceError, match="cut short"):
        unpack(gzip.compress(b"hello")[:-4], "x")
    with pytest.raises(EvidenceError, match="cannot be unpacked"):
        unpack(b"\x1f\x8bnonsense", "x")
    assert unpack(b"plain", "x") == b"plain"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "register.jsonl").write_bytes(bytes(1001))
    with pytest.raises(OutsideError, match="has 1,001 bytes; more than 1,000 are not read"):
        SiteFolder(tmp_path).read("register.jsonl", 1000)


def test_a_site_is_opened_by_its_url_or_its_folder(tmp_path: Path) -> None:
    opened = open_site(Place("https://status.maxony.example/"))
    assert isinstance(opened, Origin)
    assert opened.url == "https://status.maxony.example"
    assert open_site(Place(str(tmp_path))) == SiteFolder(tmp_path)
