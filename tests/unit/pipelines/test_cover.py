"""Covering instructions: what they say, show and refuse; the agreement stays untouched."""

from __future__ import annotations

import json
import secrets
import warnings
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner

from pks_kit.cli.cover import cover_command
from pks_kit.domain.edition import LAYOUT
from pks_kit.domain.page_list import page_list
from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.domain.tanggal import working_day_until
from pks_kit.errors import PksKitError, RenderError, SigningError, UsageError
from pks_kit.inputs.contract_file import load_kontrak
from pks_kit.json_form import to_json
from pks_kit.pipelines.cover import CoverRequest, CoverResult, cover
from pks_kit.pipelines.covering import last_day, name_to_send, word_for
from pks_kit.pipelines.draft import DraftRequest
from pks_kit.pipelines.signing.sign_request import SignRequest
from pks_kit.render.cover import (
    PenPlace,
    WhatPagesSay,
    as_printed,
    pen_places,
    places_of_pen,
)
from pks_kit.render.cover.document import MOST_PICTURES
from pks_kit.render.cover.marks import PenMark, picture_values
from pks_kit.render.cover.printed import PagePicture, page_pictures
from pks_kit.resources import samples_root
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.signing.sandbox.authority import SandboxTimestamps, create_sandbox, people_of
from pks_kit.signing.sandbox.meterai import SandboxMeterai
from support.on_disk import Drafted, drafted_in, signed_as

pytestmark = pytest.mark.slow

SAMPLE = samples_root() / "klinik-pratama-rawat-inap.yml"
MANUAL = samples_root() / "klinik-tni-polri-manual.yml"


SIGNING = load_kontrak(SAMPLE).kontrak.pihak_kesatu.tanggal_tanda_tangan


def now() -> datetime:
    """Return a moment at which the sample agreement is signed."""
    return datetime.combine(SIGNING, time(3), tzinfo=UTC)


DEADLINE = working_day_until(SIGNING + timedelta(days=10))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    folder = tmp_path_factory.mktemp("digital")
    text = SAMPLE.read_text(encoding="utf-8")
    data = folder / "digital.yml"
    data.write_text(
        text.replace("cara_kontrak: elektronik", "cara_kontrak: digital"), encoding="utf-8"
    )
    return drafted_in(folder, DraftRequest(source=data, formats=("pdf",)))


@pytest.fixture(scope="module")
def signed(issued: Drafted) -> tuple[Path, Path]:
    """The file after PIHAK KESATU signed, and after it also stamped."""
    sandbox = create_sandbox(now(), people_of(issued.receipt))
    timestamps = SandboxTimestamps(key=sandbox.tsa, clock=now)
    meterai = SandboxMeterai(
        key=sandbox.meterai, timestamps=timestamps, random_bytes=secrets.token_bytes
    )
    folder = issued.files["pdf"].parent
    first, second = folder / "ttd.pdf", folder / "ttd-meterai.pdf"
    signed_as(
        first,
        SignRequest(
            pdf=issued.files["pdf"],
            clock=now,
            peran="pihak_kesatu",
            signer=sandbox.signers["pihak_kesatu"],
            timestamps=timestamps,
        ),
    )
    again = SignRequest(pdf=first, clock=now, peran="pihak_kesatu", meterai=meterai)
    signed_as(second, again)
    return first, second


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    folder = tmp_path_factory.mktemp("manual")
    return drafted_in(folder, DraftRequest(source=MANUAL, formats=("pdf",)))


def receipt_of(result: Drafted) -> Receipt:
    return parse_receipt(result.files["receipt"].read_bytes(), "receipt")


def made(pdf: Path, output: Path, **options: object) -> CoverResult:
    result = cover(CoverRequest(pdf=pdf, **({"batas_waktu": DEADLINE} | options)))  # type: ignore[arg-type]
    output.write_bytes(result.file.content)
    return result


def words(pdf: Path, pages: int | None = None) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in list(document)[:pages]]
    return " ".join(" ".join(texts).replace("\x02", "-").replace("\ufffe", "-").split())


def sheets(receipt: Receipt, role: str) -> str:
    """Return the pages of a role, one sheet each and one after another, as the cover says them."""
    pages = [one.page for one in receipt.places if (one.peran, one.kind) == (role, "tanda_tangan")]
    assert len(pages) > 1
    assert pages == list(range(pages[0], pages[-1] + 1))
    return f"halaman {pages[0]}–{pages[-1]}."


def places_in(content: bytes, receipt: Receipt, cara_kontrak: str) -> tuple[PenPlace, ...]:
    say = WhatPagesSay(places=places_of_pen(receipt, cara_kontrak)).answer((content,))
    return pen_places(say, receipt, cara_kontrak)


@pytest.fixture(scope="module")
def covered(signed: tuple[Path, Path]) -> tuple[Path, CoverResult]:
    path = signed[1].with_name("pengantar.pdf")
    return path, made(signed[1], path)


def test_it_says_what_is_to_be_done(covered: tuple[Path, CoverResult], issued: Drafted) -> None:
    said, receipt = words(covered[0]), receipt_of(issued)
    rules = load_parameters().resolve_all(receipt.as_of)
    assert rules.whole("perjanjian.meterai_tempel") == 10_000
    for wanted in (
        "Bukan bagian dari Perjanjian",
        receipt.nomor_kesatu,
        receipt.nomor_kedua,
        receipt.nama_kesatu,
        receipt.nama_kedua,
        receipt.agreement_id,
        "Rp10.000,00 (sepuluh ribu rupiah)",
        "melintasi meterai",
        "tanggal, bulan, dan tahun",
        f"seluruh {receipt.pages} halaman",
        "A4, satu muka",
        "«sesuaikan halaman» tidak merugikan",
        "2 (dua) rangkap asli",
        "serahkan 1 (satu) rangkap cetak",
        "berwarna 200 dpi",
        "bukan fotokopi atau foto",
        "Urutan halaman bebas",
        "satu berkas PDF",
        "Paraf Pihak II",
        f"lembarnya sendiri sebelum diunggah: {sheets(receipt, 'jejaring')}",
        f"pakta integritasnya: {sheets(receipt, 'pengguna')}",
        "UJI COBA, TANPA AKIBAT HUKUM",
        f"{receipt.slug}-untuk-faskes.pdf",
        f"{receipt.slug}-pindaian.pdf",
        "Bila ada halaman yang rusak atau salah",
    ):
        assert wanted in said, wanted
    assert receipt.issued is not None
    assert receipt.issued.sha256 in said.replace(" ", "")
    assert "SALINAN CETAK" not in said
    for jargon in ("pks-kit verify", "Covering instructions", "ttd-meterai.pdf", " the "):
        assert jargon not in said


def test_it_adds_up_what_is_to_be_bought_and_initialled(
    covered: tuple[Path, CoverResult], issued: Drafted
) -> None:
    said, receipt, sets = words(covered[0]), receipt_of(issued), 2
    stamped = [one for one in receipt.places if one.kind == "meterai" and one.medium == "pen"]
    assert covered[1].meterai == len(stamped)
    count = len(stamped) * sets
    price = f"Rp{count * 10:d}.000,00"
    assert f"disiapkan {count} meterai tempel, seluruhnya {price}" in said
    assert f"seluruhnya {receipt.pages * sets} paraf" in said


def test_it_says_whom_to_ask(covered: tuple[Path, CoverResult]) -> None:
    party = load_kontrak(SAMPLE).kontrak.pihak_kesatu
    for wanted in (party.pic, party.up, party.hp_pic, party.telepon, party.email, party.alamat):
        assert wanted in words(covered[0])


def test_no_last_page_with_a_picture_or_two(covered: tuple[Path, CoverResult]) -> None:
    with pikepdf.open(covered[0]) as pdf:
        last = len(pdf.pages[-1].obj.Resources.get("/XObject", {}))
    assert last >= 3


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (date(2023, 12, 29), date(2023, 12, 29)),
        (date(2023, 12, 30), date(2023, 12, 29)),
        (date(2023, 12, 31), date(2023, 12, 29)),
        (date(2024, 1, 1), date(2023, 12, 29)),  # a holiday after a weekend
        (date(2024, 1, 2), date(2024, 1, 2)),
    ],
)
def test_the_last_day_is_a_working_day(wanted: date, told: date, drafted: Drafted) -> None:
    found, notes = last_day(wanted, drafted.receipt, None)
    assert found == told
    code = "deadline_holiday" if wanted == date(2024, 1, 1) else "deadline_moved"
    assert [note.code for note in notes] == ([code] if wanted != told else [])
    for note in notes:
        assert "Jumat, 29 Desember 2023" in note.message.in_language("id")
        assert (
            "hari libur nasional (Tahun Baru Masehi"
            if wanted == date(2024, 1, 1)
            else "akhir pekan"
        ) in note.message.in_language("id")


def test_no_last_day_after_the_end_or_before_the_signature(drafted: Drafted) -> None:
    end = drafted.receipt.tanggal_selesai
    with pytest.raises(UsageError) as caught:
        last_day(end + timedelta(days=1), drafted.receipt, None)
    assert caught.value.code == "cover.deadline_after_term"
    with pytest.raises(UsageError) as caught:  # moved to the Friday before, which is too early
        last_day(date(2023, 12, 31), drafted.receipt, date(2023, 12, 30))
    assert caught.value.code == "cover.deadline_passed"


def test_no_last_day_that_has_passed_while_the_agreement_is_in_force(drafted: Drafted) -> None:
    """Letters asked for an answer by a day of long ago."""
    end = drafted.receipt.tanggal_selesai
    now = datetime.combine(end, time(9, 0), UTC)
    request = CoverRequest(
        pdf=drafted.files["pdf"],
        receipt=drafted.files["receipt"],
        batas_waktu=working_day_until(end) - timedelta(days=1),
        clock=lambda: now,
    )
    with pytest.raises(UsageError) as caught:
        cover(request)
    assert caught.value.code == "value.deadline_over"


def test_a_file_is_called_by_a_name_that_tells_the_agreement(drafted: Drafted) -> None:
    slug = drafted.receipt.slug
    assert name_to_send(f"{slug}-2-meterai.pdf", drafted.receipt) == (f"{slug}-2-meterai.pdf", ())
    name, (note,) = name_to_send("2.pdf", drafted.receipt)
    assert name == f"{slug}-untuk-faskes.pdf"
    assert name in note.message.in_language("id")


@pytest.fixture(scope="module")
def leaflet(drafted: Drafted, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CoverResult]:
    path = tmp_path_factory.mktemp("elektronik") / "petunjuk.pdf"
    return path, made(drafted.files["pdf"], path)


def test_an_electronic_agreement_gets_a_leaflet(
    leaflet: tuple[Path, CoverResult], drafted: Drafted
) -> None:
    said, receipt = words(leaflet[0]), drafted.receipt
    for wanted in (
        "PETUNJUK TANDA TANGAN ELEKTRONIK",
        "Bukan bagian dari Perjanjian",
        "BSrE",
        "PSrE",
        "meterai elektronik",
        "PIHAK KESATU belum selesai",
        "Jangan pernah mencetak ke PDF, memindai, menyunting, menggabung",
        "Cara memeriksa",
        "(0999) 555",
    ):
        assert wanted in said, wanted
    for name in (f"{receipt.slug}.pdf", f"{receipt.slug}-ditandatangani.pdf"):
        assert name in said.replace(" ", "")  # a long name breaks over lines
    for paper in ("meterai tempel", "pena bertinta", "Stempel", "paraf pada", "rangkap asli"):
        assert paper not in said, paper
    places = [one for one in receipt.places if one.kind == "tanda_tangan"]
    stamps = [one for one in receipt.places if one.kind == "meterai"]
    assert (leaflet[1].places, leaflet[1].meterai) == (len(places), len(stamps))
    assert leaflet[1].electronic
    others = [one for one in stamps if one.peran != "pihak_kesatu"]
    assert f"{len(others)} meterai elektronik (Rp{len(others) * 10}.000,00)" in said
    for one in places:
        assert one.nama in said
        assert f"Halaman {one.page}" in said
    number = 1 + [one.kode for one in places].index("pihak_kedua")
    assert f"pada kotak nomor {number} dalam daftar" in said


def test_the_leaflet_tells_what_is_done(
    electronic_signed: tuple[Path, Drafted], tmp_path: Path
) -> None:
    path = tmp_path / "petunjuk.pdf"
    pdf, issued = electronic_signed
    made(pdf, path, receipt=issued.files["receipt"])
    said = words(path)
    assert "1 PIHAK KESATU Tanda tangan elektronik sudah" in said
    assert "2 PIHAK KESATU Meterai elektronik belum" in said
    assert "Tanda tangan elektronik: Bagas Rekaswara" in said


@pytest.fixture(scope="module")
def electronic_signed(
    drafted: Drafted, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Drafted]:
    sandbox = create_sandbox(now(), people_of(drafted.receipt))
    path = tmp_path_factory.mktemp("ttd") / "ttd.pdf"
    signed_as(
        path,
        SignRequest(
            pdf=drafted.files["pdf"],
            clock=now,
            peran="pihak_kesatu",
            signer=sandbox.signers["pihak_kesatu"],
            timestamps=SandboxTimestamps(key=sandbox.tsa, clock=now),
        ),
    )
    return path, drafted


def test_it_says_who_signed_and_which_meterai(covered: tuple[Path, CoverResult]) -> None:
    said = words(covered[0])
    assert "Bagas Rekaswara" in said
    serial = said.partition("nomor seri ")[2][:22]
    assert serial.isalnum()
    assert len(serial) == 22
    assert " WIB" in said


def test_every_place_for_the_pen_is_listed(
    covered: tuple[Path, CoverResult], signed: tuple[Path, Path], issued: Drafted
) -> None:
    receipt = receipt_of(issued)
    places = places_in(signed[1].read_bytes(), receipt, "digital")
    wanted = {
        one.kode
        for one in receipt.places
        if one.kind == "tanda_tangan" and one.peran != "pihak_kesatu"
    }
    assert {one.kode for one in places} == wanted
    assert [one.number for one in places] == list(range(1, len(places) + 1))
    by_kode = {one.kode: one for one in places}
    assert by_kode["pihak_kedua"].meterai
    assert by_kode["pihak_kedua"].stempel
    assert by_kode["pihak_kedua"].part == "Penutup"
    assert by_kode["jejaring_1"].part.startswith("Lampiran V ")
    assert not by_kode["pengguna_1"].stempel
    for one in receipt.places:  # who signs for PIHAK KEDUA does not acknowledge himself as user
        if one.peran == "pengguna" and one.kind == "tanda_tangan":
            acknowledged = one.nama != by_kode["pihak_kedua"].nama
            assert (f"{one.kode}_mengetahui" in by_kode) == acknowledged, one.kode
    assert "pengguna_1_mengetahui" not in by_kode
    assert not by_kode["pengguna_2_mengetahui"].meterai
    assert by_kode["pengguna_2_mengetahui"].stempel
    result = covered[1]
    assert (result.places, result.meterai) == (len(places), sum(one.meterai for one in places))
    said = words(covered[0])
    for one in places:
        assert one.nama in said
        assert f"Halaman {one.page}" in said
    assert to_json(result)["test"] is True


def test_pictures_show_the_pages_with_numbered_boxes(
    covered: tuple[Path, CoverResult], issued: Drafted
) -> None:
    pages = {one.page for one in receipt_of(issued).places} | {1}
    names: set[str] = set()
    with pikepdf.open(covered[0]) as pdf:
        for page in pdf.pages:
            for name, image in page.obj.Resources.get("/XObject", {}).items():
                assert image.Subtype == "/Image"
                assert min(image.read_bytes()) < 60  # there is something on it
                names.add(str(name))
    assert names == {f"/Halaman{page}" for page in pages}


def test_marks_stand_where_the_receipt_says() -> None:
    picture = PagePicture(
        page=7, width=1, height=1, pixels=b"", page_width=595.276, page_height=841.89
    )
    mark = PenMark(
        label="3", rects=((59.53, 420.94, 119.06, 505.13), (29.76, 420.94, 89.3, 505.13))
    )
    values = picture_values(picture, [mark])
    assert values["kotak"] == [
        {"kiri": 5.0, "atas": 28.29, "lebar": 5.0, "tinggi": 7.07},
        {"kiri": 2.5, "atas": 28.29, "lebar": 5.0, "tinggi": 7.07},
    ]
    assert values["nomor"] == [{"kiri": 2.5, "atas": 24.89, "teks": "3"}]


@pytest.mark.usefixtures("made_anew")
def test_same_input_same_bytes_and_the_agreement_untouched(
    covered: tuple[Path, CoverResult], signed: tuple[Path, Path], tmp_path: Path
) -> None:
    before = signed[1].read_bytes()
    again = tmp_path / "lagi.pdf"
    made(signed[1], again, receipt=next(signed[1].parent.glob("*.receipt.json")))
    assert again.read_bytes() == covered[0].read_bytes()
    assert signed[1].read_bytes() == before


def test_the_print_copy_is_no_signed_file(
    signed: tuple[Path, Path], issued: Drafted, tmp_path: Path
) -> None:
    copy = tmp_path / "cetak.pdf"
    result = made(signed[1], copy, sertakan=True)
    receipt = receipt_of(issued)
    with pikepdf.open(copy) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith("SALINAN CETAK, BUKAN BERKAS YANG DITANDA")
        assert len(pdf.pages) == result.pages + receipt.pages
        assert not {"/AcroForm", "/Names", "/AF"} & set(pdf.Root.keys())
        assert not any("/Annots" in page.obj for page in pdf.pages)
    assert "bukan berkas yang ditandatangani" in words(copy, result.pages)
    with pypdfium2.PdfDocument(copy) as one, pypdfium2.PdfDocument(signed[1]) as other:
        other.init_forms()
        for number in (1, 22, 50, receipt.pages):
            printed = one[result.pages + number - 1].render(scale=1, grayscale=True).to_pil()
            original = other[number - 1].render(scale=1, grayscale=True).to_pil()
            differing = sum(
                abs(a - b) > 64 for a, b in zip(printed.tobytes(), original.tobytes(), strict=True)
            )
            assert differing < 60, number
    with pytest.raises(PksKitError):
        made(copy, tmp_path / "lagi.pdf")


def test_manual_is_for_both_parties(manual: Drafted, tmp_path: Path) -> None:
    path = tmp_path / "pengantar.pdf"
    result = made(manual.files["pdf"], path, batas_waktu=date(2023, 12, 27))
    said = words(path)
    assert "Belum ada tanda tangan dan belum ada meterai" in said
    assert "Rabu, 27 Desember 2023" in said
    assert "kedua kotak paraf" in said
    assert "HFIS: NO PKS" not in said
    assert "UJI COBA" not in said
    assert result.is_uji is False
    first = places_in(manual.files["pdf"].read_bytes(), receipt_of(manual), "manual")[0]
    assert first.peran == "pihak_kesatu"


def test_refusals(
    signed: tuple[Path, Path], issued: Drafted, drafted: Drafted, tmp_path: Path
) -> None:
    out = tmp_path / "pengantar.pdf"
    cases = (
        (issued.files["pdf"], {}, SigningError, "cover.not_ready"),
        (signed[0], {}, SigningError, "cover.not_ready"),
        (drafted.files["pdf"], {"sertakan": True}, UsageError, "cover.electronic"),
        (
            signed[1],
            {"batas_waktu": SIGNING - timedelta(days=3)},
            UsageError,
            "cover.deadline_passed",
        ),
    )
    for pdf, options, kind, code in cases:
        with pytest.raises(kind) as caught:
            made(pdf, out, **options)
        assert caught.value.code == code
        assert not out.exists()


def test_the_command_replaces_nothing_unasked(signed: tuple[Path, Path], tmp_path: Path) -> None:
    pdf, out = signed[1], tmp_path / "pengantar.pdf"
    out.write_bytes(b"x")
    before = pdf.read_bytes()
    for output, options, code in (
        (out, [], "cover.exists"),
        (pdf, ["--force"], "file.over_input"),
    ):
        given = [str(pdf), "--batas-waktu", DEADLINE.isoformat(), "-o", str(output), "--json"]
        told = CliRunner().invoke(cover_command, [*given, *options])
        assert (told.exit_code, json.loads(told.stdout)["error"]["code"]) == (2, code)
    assert (out.read_bytes(), pdf.read_bytes()) == (b"x", before)


def test_a_changed_file_gets_no_cover(signed: tuple[Path, Path], tmp_path: Path) -> None:
    changed = signed[1].with_name("berubah.pdf")
    content = bytearray(signed[1].read_bytes())
    content[len(content) // 3] ^= 1
    changed.write_bytes(content)
    with pytest.raises(PksKitError):
        made(changed, tmp_path / "pengantar.pdf")


@pytest.mark.parametrize(
    ("name", "parent", "said"),
    [
        ("PERJANJIAN KERJA SAMA", None, "Perjanjian"),
        ("AKAD IJARAH", None, "Akad Ijarah"),
        ("ADDENDUM PERJANJIAN KERJA SAMA", "7K2M9X4Q" * 3, "Adendum"),
    ],
)
def test_the_cover_calls_the_document_by_its_name(
    name: str, parent: str | None, said: str, drafted: Drafted
) -> None:
    receipt = receipt_of(drafted).model_copy(update={"induk": parent})
    assert word_for(receipt, f"{name} antara BPJS Kesehatan dan Klinik") == said


def test_page_lists() -> None:
    assert page_list([52, 50, 51, 54, 60, 61]) == "50–52, 54, 60–61"
    assert page_list([]) == ""


def test_many_sheets_are_listed_and_not_all_drawn(
    signed: tuple[Path, Path], issued: Drafted
) -> None:
    from dataclasses import replace

    from pks_kit.render.cover import CoverContent as Drawn
    from pks_kit.render.cover import render_cover

    content = signed[1].read_bytes()
    places = places_in(content, receipt_of(issued), "digital")
    many = tuple(
        replace(places[0], number=number, page=number) for number in range(1, MOST_PICTURES + 5)
    )
    names = (
        "judul sebutan nomor_kesatu nomor_kedua nama_kesatu nama_kedua mulai selesai agreement_id "
        "sha256 berkas batas serah rangkap meterai jejaring pengguna pernyataan semua_meterai "
        "harga_meterai meterai_kesatu semua_paraf nama_pindai sesi_hfis"
    )
    base = dict.fromkeys(names.split(), "x")
    values = base | {
        "halaman": 80, "digital": True, "uji": False, "sertakan": False, "tindakan": [],
        "jumlah_tanda": 1, "jumlah_meterai": 0, "jumlah_stempel": 0, "cetak_lama": False,
        "kontak": {}, "terisi": [], "agreement_id": "0" * 26,
    }  # fmt: skip
    drawn = Drawn(
        values=values,
        places=many,
        agreement=content,
        cara_kontrak="digital",
        layout=LAYOUT,
    )
    result = render_cover(drawn)
    with pypdfium2.PdfDocument(result) as document:
        said = " ".join(page.get_textpage().get_text_range() for page in document)
    last = MOST_PICTURES + 4
    assert f"Halaman {MOST_PICTURES + 1}–{last} tidak digambar" in " ".join(said.split())
    assert f"Halaman {MOST_PICTURES}" in said
    with pytest.raises(RenderError) as caught:
        render_cover(replace(drawn, values=values | {"judul": "Nama\u202e"}))
    assert caught.value.code == "render.pdf.unprintable"


def test_printing_warns_of_nothing(signed: tuple[Path, Path]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        printed = as_printed(signed[1].read_bytes())
    (picture,) = page_pictures(printed, (22,), width_mm=50, dpi=100)
    assert len(picture.pixels) == picture.width * picture.height
    with pikepdf.open(BytesIO(printed)) as pdf:
        assert "/AcroForm" not in pdf.Root


@pytest.mark.sampled(1)
@pytest.mark.parametrize("dpi", [150, 200])
def test_a_scan_of_our_own_pages_is_recognised(manual: Drafted, tmp_path: Path, dpi: int) -> None:
    """Whoever scans the whole print was told of sheets that nobody recognises."""
    pytest.importorskip("cv2")
    from pks_kit.scan.codes import read_all_codes
    from pks_kit.scan.reading import read_scan
    from pks_kit.scan.simulated import encode

    result = made(manual.files["pdf"], tmp_path / "cetak.pdf", sertakan=True)
    receipt = receipt_of(manual)
    with pypdfium2.PdfDocument(tmp_path / "cetak.pdf") as document:
        pictures = [
            page.render(scale=dpi / 72, grayscale=True).to_numpy().squeeze()
            for page in list(document)[: result.pages + 1]
        ]
    read = [read_all_codes(one, dpi) for one in pictures]
    assert [(one.pages, one.covers) for one in read[:-1]] == [
        ([], {receipt.agreement_id})
    ] * result.pages
    assert read[-1].pages
    assert not read[-1].covers
    sheets = encode.as_pdf(pictures[:-1], dpi=dpi, jpeg_quality=80)
    facts = read_scan(manual.files["pdf"].read_bytes(), receipt, [sheets])
    assert {one.status for one in facts.pages} == {"cover"}
