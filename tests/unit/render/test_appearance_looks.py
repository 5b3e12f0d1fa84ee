"""Looks of the signature box: what is shown, where the code leads, nothing over anything else."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pydantic import ValidationError
from pypdfium2 import raw

from pks_kit.errors import InputError, UsageError
from pks_kit.policy.box_look import LONGEST_ADDRESS, BoxLook, load_box_look, look_names
from pks_kit.render.appearance import (
    AppearanceFacts,
    appearance_png,
    render_appearance,
    signature_code,
)
from pks_kit.render.pdf.qr import QUIET_ZONE, qr_matrix
from pks_kit.resources import signing_root
from support.appearance import FACTS, words

LOOKS = signing_root() / "appearance"
ADDRESS = "https://verifikasi.contoh.example/pks"
LONGEST = (
    "https://" + "verifikasi-perjanjian.contoh.example/dokumen/pks/2024"[: LONGEST_ADDRESS - 8]
)
USUAL = "dr. Contoh Sekali, M.Kes."
NAMES = {
    "short": "Ayu",
    "usual": FACTS.nama,
    "long": "Dr. dr. Raden Ajeng Kusuma Contohwati Rekawangi, Sp.A., M.Kes.",
    "hundred": ("Nama Panjang Sekali " * 5).strip().ljust(100, "x"),
}


def facts(name: str, alasan: str = "") -> AppearanceFacts:
    nama = NAMES[name]
    return replace(FACTS, nama=nama, sertifikat=nama.partition(",")[0], alasan=alasan)


def shown(look: BoxLook, alasan: str = "") -> str:
    one = replace(facts("usual", alasan), is_uji=False, nama=USUAL, sertifikat="")
    with pypdfium2.PdfDocument(render_appearance(one, look)) as document:
        return " ".join(document[0].get_textpage().get_text_range().split())


def printed(look: BoxLook | None, one: AppearanceFacts) -> Image.Image:
    """Return the box in grey at 200 dpi, what an old office printer has."""
    with pypdfium2.PdfDocument(render_appearance(one, look)) as document:
        return document[0].render(scale=200 / 72, grayscale=True).to_pil().convert("L")


def bits(look: BoxLook | None, one: AppearanceFacts) -> Image.Image:
    """Return the box as a black and white printer puts it on paper."""
    grey = printed(look, one)
    return grey.point(lambda value: 0 if value < 128 else 255).convert("1")


def test_the_usual_look_is_the_file_and_changes_nothing() -> None:
    assert load_box_look(LOOKS) == BoxLook()
    assert render_appearance(FACTS) == render_appearance(FACTS, load_box_look(LOOKS))
    assert look_names(LOOKS) == ("ringkas", "tanda_tangan")


def test_lines_can_be_left_out() -> None:
    assert "Alasan: Menandatangani" in shown(BoxLook(alasan=True), "Menandatangani")
    assert "Alasan" not in shown(BoxLook(), "Menandatangani")
    assert "Pimpinan Klinik" not in shown(BoxLook(jabatan=False))
    assert "Sertifikat: Contoh" in words(replace(FACTS, is_uji=False))
    assert "Sertifikat" not in words(replace(FACTS, is_uji=False), BoxLook(penerbit=False))
    assert "20 Desember 2023" not in shown(BoxLook(waktu=False))
    nameless = shown(BoxLook(nama=False))
    assert nameless.startswith("Ditandatangani secara elektronik ")
    assert USUAL not in nameless
    brief = shown(load_box_look(LOOKS, "ringkas"))
    assert "Pimpinan Klinik" not in brief
    assert USUAL in brief


def test_the_code_leads_to_the_address() -> None:
    look = BoxLook(alamat_verifikasi=f"{ADDRESS}/")
    assert signature_code("ID", FACTS.waktu, look) == f"{ADDRESS}/ID"
    query = BoxLook(alamat_verifikasi=ADDRESS, bentuk_alamat="kueri")
    assert signature_code("ID", FACTS.waktu, query) == f"{ADDRESS}?kode=ID"
    assert signature_code("ID", FACTS.waktu, BoxLook()).startswith("PKS1TTD:ID:")


@pytest.mark.parametrize(
    "address",
    [
        "http://contoh.example",
        "https://",
        "https://contoh.example?x=1",
        "https://contoh.example#x",
        "https://orang@contoh.example",
        "https://contoh.example/a b",
        "https://contoh.example/é",
        "javascript:alert(1)",
        "https://contoh.example/" + "x" * LONGEST_ADDRESS,
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        BoxLook(alamat_verifikasi=address)


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "kami.yml").write_text(f"jabatan: false\nalamat_verifikasi: {ADDRESS}\n")
    look = load_box_look(tmp_path, "kami")
    assert look == BoxLook(jabatan=False, alamat_verifikasi=ADDRESS)
    for name in ("lain", "../kami", ""):
        with pytest.raises(UsageError) as caught:
            load_box_look(tmp_path, name)
        assert caught.value.code == "tampilan.unknown"


@pytest.mark.parametrize(
    "content",
    [
        "warna: biru",
        "- nama",
        "nama: [",
        "alamat_verifikasi: http://contoh.example",
        "{nama: false, jabatan: false, penerbit: false, waktu: false, qr: false}",
    ],
)
def test_a_wrong_file_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "rusak.yml").write_text(content)
    with pytest.raises(InputError) as caught:
        load_box_look(tmp_path, "rusak")
    assert caught.value.code == "tampilan.invalid"


@pytest.mark.sampled(1, each="address")
@pytest.mark.parametrize("name", ["short", "usual", "long"])
@pytest.mark.parametrize("address", [None, ADDRESS, LONGEST])
def test_the_code_is_read_from_a_black_and_white_print(name: str, address: str | None) -> None:
    for form in ("jalur", "kueri") if address else ("jalur",):
        look = BoxLook(alamat_verifikasi=address, bentuk_alamat=form)
        found = zxingcpp.read_barcodes(bits(look, facts(name)).convert("L"))
        expected = signature_code(FACTS.agreement_id, FACTS.waktu, look)
        assert [one.text for one in found] == [expected]
        assert len(qr_matrix(expected)) <= 37


def test_the_print_keeps_every_stroke() -> None:
    """What a threshold leaves of the grey picture is nearly all of its ink."""
    grey = printed(None, FACTS)
    ink = sum(count * (255 - value) / 255 for value, count in enumerate(grey.histogram()))
    black = bits(None, FACTS).histogram()[0]
    assert 0.85 < black / ink < 1.15


def test_words_are_read_by_another_program(tmp_path: Path) -> None:
    path = tmp_path / "kotak.pdf"
    path.write_bytes(render_appearance(facts("usual"), BoxLook(alamat_verifikasi=ADDRESS)))
    run = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True
    )
    read = " ".join(run.stdout.split())
    assert FACTS.nama in read
    assert "20 Desember 2023 pukul 09.30 WIB" in read
    assert "UJI COBA, TANPA AKIBAT HUKUM" in read


def boxes(content: bytes) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    """Return the boxes of the letters and those of the drawings that are as high as the code."""
    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        text = page.get_textpage()
        letters = [
            text.get_charbox(index)
            for index in range(text.count_chars())
            if not chr(raw.FPDFText_GetUnicode(text, index)).isspace()
        ]
        drawings = [
            one.get_bounds()
            for one in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=5)
        ]
    return letters, [box for box in drawings if box[3] - box[1] > 10]


@pytest.mark.sampled(2, each="address")
@pytest.mark.parametrize("name", list(NAMES))
@pytest.mark.parametrize("address", [None, LONGEST])
def test_code_and_words_do_not_touch(name: str, address: str | None) -> None:
    look = BoxLook(alamat_verifikasi=address, alasan=True)
    content = render_appearance(facts(name, "Menandatangani Perjanjian Nomor 1"), look)
    letters, codes = boxes(content)
    assert letters
    for left, bottom, right, top in letters:
        assert 0 <= left < right <= FACTS.width
        assert 0 <= bottom < top <= FACTS.height
    if name != "hundred":
        assert len(codes) == 1
    modules = len(qr_matrix(signature_code(FACTS.agreement_id, FACTS.waktu, look)))
    for code in codes:
        quiet = (code[2] - code[0]) / modules * QUIET_ZONE * 0.99
        zone = (code[0] - quiet, code[1] - quiet, code[2] + quiet, code[3] + quiet)
        for letter in letters:
            assert not (
                letter[0] < zone[2]
                and zone[0] < letter[2]
                and letter[1] < zone[3]
                and zone[1] < letter[3]
            )


@pytest.mark.parametrize("name", list(NAMES))
def test_lines_do_not_run_into_each_other(name: str) -> None:
    with pypdfium2.PdfDocument(render_appearance(facts(name))) as document:
        text = document[0].get_textpage()
        lines = sorted(
            {
                (round(text.get_charbox(index, loose=True)[1], 1))
                for index in range(text.count_chars())
                if chr(raw.FPDFText_GetUnicode(text, index)).isalpha()
            }
        )
    assert all(upper - lower > 4 or upper - lower < 1 for lower, upper in pairwise(lines))


def test_png_is_the_box_in_grey_and_the_same_every_time() -> None:
    first = appearance_png(FACTS)
    assert first == appearance_png(FACTS)
    picture = Image.open(BytesIO(first))
    assert (picture.format, picture.mode) == ("PNG", "L")
    assert picture.width == pytest.approx(FACTS.width * 300 / 72, abs=1)
    assert picture.height == pytest.approx(FACTS.height * 300 / 72, abs=1)
    assert words(FACTS)
