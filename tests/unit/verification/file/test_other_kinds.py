"""What people upload by mistake is called by its name, in both languages, with what to do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from click.testing import CliRunner
from PIL import Image

from pks_kit.cli.main import main
from support.judging import failures, judge


def _saved(save: Callable[[io.BytesIO], None]) -> bytes:
    target = io.BytesIO()
    save(target)
    return target.getvalue()


def packed(*names: str, first: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    def save(target: io.BytesIO) -> None:
        with zipfile.ZipFile(target, "w", method) as archive:
            if first:
                archive.writestr(zipfile.ZipInfo("mimetype"), first)
            for name in names:
                archive.writestr(name, "isi " * 40)

    return _saved(save)


def picture(kind: str) -> bytes:
    return _saved(lambda target: Image.new("RGB", (4, 4)).save(target, kind))


_ODF = "application/vnd.oasis.opendocument."
KINDS: dict[str, tuple[bytes, str, str, str]] = {
    "docx": (_saved(docx.Document().save), "office", "Word (.docx)", "Word (.docx)"),
    "xlsx": (_saved(openpyxl.Workbook().save), "office", "Excel (.xlsx)", "Excel (.xlsx)"),
    "pptx": (packed("[Content_Types].xml", "ppt/presentation.xml"), "office", "PowerPoint",
             "PowerPoint"),
    "odt": (packed("content.xml", first=_ODF + "text"), "office", "(.odt)", "(.odt)"),
    "ods": (packed("content.xml", first=_ODF + "spreadsheet"), "office", "(.ods)", "(.ods)"),
    "jar": (packed("META-INF/MANIFEST.MF", "A.class"), "office", "Java (.jar)", "Java (.jar)"),
    "apk": (packed("META-INF/MANIFEST.MF", "AndroidManifest.xml", "classes.dex"), "office",
            "Android (.apk)", "Android (.apk)"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "office", "Office 97", "Office 97"),
    "rtf": (b"{\\rtf1 halo}", "office", "Rich Text", "Rich Text"),
    "zip": (packed("PKS final.pdf"), "archive", "berkas ZIP", "a ZIP file"),
    "zip, stored": (packed("PKS final.pdf", method=zipfile.ZIP_STORED), "archive", "berkas ZIP",
                    "a ZIP file"),
    "zip, folders": (packed("PKS/Klinik/PKS.pdf", "PKS/Klinik/KTP.jpg"), "archive", "berkas ZIP",
                     "a ZIP file"),
    "zip, many": (packed(*(f"{n}.pdf" for n in range(40))), "archive", "berkas ZIP", "a ZIP file"),
    "zip, empty": (packed(), "archive", "berkas ZIP", "a ZIP file"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40), "archive", "berkas 7z", "a 7z file"),
    "rar": (b"Rar!\x1a\x07\x01\0" + bytes(40), "archive", "berkas RAR", "a RAR file"),
    "png": (picture("PNG"), "other_kind", "gambar PNG", "a PNG picture"),
    "jpeg": (picture("JPEG"), "other_kind", "gambar JPEG", "a JPEG picture"),
    "tiff": (picture("TIFF"), "other_kind", "gambar TIFF", "a TIFF picture"),
    "html": (b"\n<!DOCTYPE html><html><body>halo", "other_kind", "halaman web", "a web page"),
    "text": ("Perjanjian – salinan\n".encode(), "other_kind", "berkas teks", "a text file"),
    "utf-16": ("Salinan".encode("utf-16"), "other_kind", "berkas teks", "a text file"),
    "empty": (b"", "empty", "kosong", "empty"),
    "program": (b"MZ\x90\0" + bytes(200), "not_pdf", "bukan PDF", "not a PDF"),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_called_by_its_name(name: str) -> None:
    content, reason, *words = KINDS[name]
    report = judge(content)
    (one,) = [check for check in report.checks if check.status == "failed"]
    assert (one.code, one.reason) == ("file.type", reason)
    for language, said in zip(("id", "en"), words, strict=True):
        text = one.message.in_language(language)
        assert said in text
        assert "  " not in text
        assert " ," not in text
        hint = one.message.hint_in_language(language)
        assert hint
        assert "bukti" not in text + hint
        assert "evidence" not in text + hint


@pytest.mark.parametrize(
    ("name", "language"),
    [("docx", "en"), ("zip, folders", "id"), ("png", "en"), ("empty", "id")],
)
def test_the_command_says_so_and_ends_as_for_any_wrong_file(
    name: str, language: str, tmp_path: Path
) -> None:
    content, _, *words = KINDS[name]
    path = tmp_path / "kiriman"
    path.write_bytes(content)
    done = CliRunner().invoke(
        main, ["verify", str(path), "--jenis", "umum"], env={"LC_ALL": f"{language}_X.UTF-8"}
    )
    assert words[language == "en"] in " ".join(done.output.split()), done.output
    assert "bukti" not in done.output
    assert "evidence" not in done.output
    assert done.exit_code == 30


def test_a_zip_that_claims_to_be_ours_is_judged_as_ours() -> None:
    from pks_kit import VerifyRequest, verify

    repacked = packed("akhir.pdf", "terbit.pdf")
    report = verify(VerifyRequest(pdf=repacked)).report
    assert {one.split("/")[0] for one in failures(report)} == {"bundle.container"}
