"""`statement --pdf`: the page of a month on paper, with the statement itself attached."""

import hashlib
import io
import sys
from pathlib import Path

import pikepdf
import pytest

from constat.errors import UsageError
from tests.support.frozen_project import NOW, freeze_all, run, write_frozen_project
from verbs import statement

pytest.importorskip("weasyprint")
MONTH = "2026-10"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose months are frozen."""
    folder = write_frozen_project(tmp_path_factory.mktemp("pdf") / "project")
    freeze_all(folder)
    return folder


@pytest.fixture(scope="module")
def written(root: Path) -> bytes:
    """The PDF of October."""
    path = root / "october.pdf"
    assert run(statement, root, MONTH, "--pdf", str(path)) == 0
    return path.read_bytes()


def test_metadata_states_pdf_a_3u_and_the_date_of_the_freeze(root: Path, written: bytes) -> None:
    """The date is that of the freeze, not that of the printing."""
    with pikepdf.open(io.BytesIO(written)) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert str(metadata["xmp:CreateDate"]).startswith("2026-11-05T00:00:00")
        assert "octobre 2026" in str(metadata["dc:title"])
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert str(pdf.Root.Lang) == "fr"
        digest = hashlib.sha256((root / f"history/statements/{MONTH}.json").read_bytes()).digest()
        assert bytes(pdf.trailer.ID[0]) == digest


def test_the_statement_is_attached_byte_for_byte(root: Path, written: bytes) -> None:
    """The PDF contains what `verify` needs."""
    with pikepdf.open(io.BytesIO(written)) as pdf:
        [(name, specification)] = pdf.attachments.items()
        assert name == f"statement-{MONTH}.json"
        attached = specification.get_file().read_bytes()
        assert attached == (root / f"history/statements/{MONTH}.json").read_bytes()
        assert hashlib.sha256(attached).hexdigest() in specification.description
        assert specification.obj.AFRelationship == "/Source"
        assert str(pdf.Root.AF[0].UF) == name


def test_fonts_are_embedded_and_only_links_are_external(written: bytes) -> None:
    with pikepdf.open(io.BytesIO(written)) as pdf:
        fonts = [
            obj
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
        assert not [obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and "/JS" in obj]
        assert len(pdf.pages) > 1


def test_printing_again_later_gives_the_same_bytes(root: Path, written: bytes, tmp_path: Path) -> None:
    path = tmp_path / "again.pdf"
    assert run(statement, root, MONTH, "--pdf", str(path), now=NOW + 3600) == 0
    assert path.read_bytes() == written


def test_missing_extra_says_what_to_install(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(UsageError, match=r'pip install "constat-status\[pdf\]"'):
        run(statement, root, MONTH, "--pdf", str(tmp_path / "no.pdf"))
    assert not (tmp_path / "no.pdf").exists()


def test_language_missing_from_the_page_is_reported(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the page has no language 'en'") as raised:
        run(statement, root, MONTH, "--pdf", str(tmp_path / "no.pdf"), "--language", "en")
    assert raised.value.tip == "its languages are fr"


def test_pdf_cannot_be_combined_with_due(root: Path) -> None:
    with pytest.raises(UsageError, match="--pdf cannot be combined with --due"):
        run(statement, root, "--due", "--pdf")
