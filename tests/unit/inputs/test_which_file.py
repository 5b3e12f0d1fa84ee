"""A file that is given for another one is called by its name, once, with the command for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.errors import InputProblemsError
from pks_kit.inputs.addendum_file import parse_adendum
from pks_kit.inputs.contract_file import parse_kontrak
from pks_kit.inputs.settings_file import parse_settings
from pks_kit.inputs.which_file import role_of_bytes

SAMPLES = Path(__file__).parents[3] / "contoh"

FILES = {
    "agreement": SAMPLES / "tpmd.yml",
    "addendum": SAMPLES / "addendum-rekening.yml",
    "letter": SAMPLES / "surat" / "teguran.yml",
    "settings": SAMPLES / "pengaturan" / "pengaturan.yml",
}
READERS = {
    "agreement": parse_kontrak,
    "addendum": parse_adendum,
    "settings": parse_settings,
}
RECEIPT = b'{"agreement_id": "x", "slug": "y", "places": []}'


@pytest.mark.parametrize("role", FILES)
def test_samples_are_recognised(role: str) -> None:
    assert role_of_bytes(FILES[role].read_bytes()) == role


@pytest.mark.parametrize("wanted", READERS)
@pytest.mark.parametrize("given", [*FILES, "receipt"])
def test_another_file_is_told_once(given: str, wanted: str) -> None:
    content = RECEIPT if given == "receipt" else FILES[given].read_bytes()
    if given == wanted:
        READERS[wanted](content, "f.yml")
        return
    with pytest.raises(InputProblemsError) as caught:
        READERS[wanted](content, "f.yml")
    assert caught.value.code == "input.wrong_file"
    (problem,) = caught.value.problems
    assert problem.code == "input.other_role"
    assert "pks-kit" in problem.text.id or "--" in problem.text.id
    assert "{" not in problem.text.id + problem.text.en


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7\nx", "pks-kit verify"),
        (b"PK\x03\x04..xl/workbook.xml", "buku kerja"),
        (b"PK\x03\x04..word/document.xml", "Word"),
        (b"\xff\xd8\xff\xe0", "gambar"),
        (b"{\\rtf1", "WordPad"),
    ],
)
@pytest.mark.parametrize("wanted", READERS)
def test_what_is_no_text_is_told_with_its_command(content: bytes, words: str, wanted: str) -> None:
    with pytest.raises(InputProblemsError) as caught:
        READERS[wanted](content, "f.yml")
    (problem,) = caught.value.problems
    assert problem.code == "input.other_file"
    assert words in problem.text.id


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def test_a_folder_with_other_files_is_checked_by_its_agreements(ran, tmp_path: Path) -> None:
    others = [FILES["settings"], FILES["addendum"], FILES["letter"]]
    good = ran("check", *others, FILES["agreement"])
    assert good.exit_code == 0
    assert good.stderr.count("dilewati") == 3
    assert "1 faskes: 1 siap, 0 belum" in good.stderr
    bad = tmp_path / "salah.yml"
    bad.write_text(FILES["agreement"].read_text(encoding="utf-8") + "\nbukan_kunci: 1\n")
    assert ran("check", *others, bad).exit_code == 3
    assert ran("check", *others).exit_code == 3


def test_a_pdf_between_them_is_named_and_a_broken_workbook_counts(ran, tmp_path: Path) -> None:
    pdf, book = tmp_path / "a.pdf", tmp_path / "b.xlsx"
    pdf.write_bytes(b"%PDF-1.7\n")
    book.write_bytes(b"%PDF-1.7\n")
    told = ran("check", pdf, FILES["agreement"])
    assert (told.exit_code, "pks-kit verify" in told.stderr) == (0, True)
    assert ran("check", book, FILES["agreement"]).exit_code == 3


def test_notes_between_them_are_passed_over(ran, tmp_path: Path) -> None:
    notes, table = tmp_path / "BACA.md", tmp_path / "a.csv"
    notes.write_text("# Judul\n\nSebuah kalimat\nyang panjang: dua baris.\n" * 9)
    table.write_text("x,y\n1,2\n")
    told = ran("check", notes, table, FILES["agreement"])
    assert told.exit_code == 0, told.output
    assert told.stderr.count("dilewati") == 2
    assert "ganti baris" not in told.output
    alone = ran("check", notes)
    assert alone.exit_code == 3
    assert "bukan data kontrak" in alone.output


def test_drafting_passes_other_files_over(ran, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = ran("draft", FILES["letter"], FILES["settings"], "-o", out, "--format", "txt")
    assert done.exit_code == 3
    done = ran("draft", FILES["letter"], FILES["agreement"], "-o", out, "--format", "txt")
    assert done.exit_code == 0
    assert "dilewati" in done.stderr


def test_a_form_and_its_base_are_not_taken_for_each_other(ran, tmp_path: Path) -> None:
    target = tmp_path / "n.yml"
    told = ran("workbook", "csv-in", FILES["agreement"], "--base", FILES["agreement"], "-o", target)
    assert (told.exit_code, "bukan formulir CSV" in told.stderr) == (3, True)
    form = tmp_path / "f.csv"
    assert ran("workbook", "csv-out", FILES["agreement"], form).exit_code == 0
    told = ran("workbook", "csv-in", form, "--base", FILES["settings"], "-o", target)
    assert (told.exit_code, "bukan data kontrak" in told.stderr) == (3, True)
