"""The summary beside an agreement: same data, its page numbers, and no part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pks_kit.domain.companion import companion_kind
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import SigningError, UsageError
from pks_kit.inputs.contract_file import load_kontrak
from pks_kit.pipelines.cover import CoverRequest, cover
from pks_kit.pipelines.draft import DraftRequest, draft, prepare
from pks_kit.pipelines.drafting.issue import Prepared
from pks_kit.pipelines.drafting.summary import SummarySource, differences, parties, summary_pdf
from pks_kit.pipelines.drafting.template_values import build_context
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.resources import samples_root
from pks_kit.rules.law.parameters import load_parameters
from support.on_disk import Drafted
from support.sample import changed_at

pytestmark = pytest.mark.slow

SAMPLE = samples_root() / "klinik-pratama-rawat-inap.yml"
AGREEMENTS = sorted(
    one for one in samples_root().glob("*.yml") if not one.name.startswith("addendum")
)


def words(content: bytes | Path) -> str:
    with pypdfium2.PdfDocument(content) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(texts).replace("\x02", "-").split())


def bookmarks(path: Path) -> Iterator[tuple[str, int]]:
    with pypdfium2.PdfDocument(path) as document:
        for one in document.get_toc():
            yield one.get_title(), one.get_dest().get_index() + 1


def source_of(kontrak: Kontrak) -> SummarySource:
    rules = load_parameters().resolve_all(kontrak.jangka_waktu.tanggal_mulai)
    return SummarySource(kontrak=kontrak, values=build_context(kontrak, rules))


def summarised(prepared: Prepared) -> bytes:
    """Return the summary as if every part began one page after the other."""
    pages = {part.alamat: page for page, part in enumerate(prepared.naskah.bagian, start=1)}
    receipt = prepared.receipt.model_copy(update={"pages": len(pages)})
    assert prepared.ringkasan is not None
    return summary_pdf(prepared.ringkasan, prepared.naskah, receipt, pages, prepared.dated)


def test_contents_have_the_pages_of_the_agreement(drafted: Drafted) -> None:
    said = words(drafted.files["ringkasan"]).partition("Isi perjanjian ")[2]
    listed = list(bookmarks(drafted.files["pdf"]))
    assert len(listed) > 30
    for title, page in listed:
        assert f"{title} {page} " in said, title


def test_places_have_the_pages_of_the_receipt(drafted: Drafted) -> None:
    table = words(drafted.files["ringkasan"]).partition("Siapa menandatangani di mana")[2]
    said = table.partition("Isi perjanjian")[0]
    places = [one for one in drafted.receipt.places if one.kind == "tanda_tangan"]
    for one in places:
        assert f" {one.page} " in said
        assert one.nama in said
    ending = next(one.page for one in places if one.kode == "pihak_kedua")
    assert f"{ending} Penutup Bagas Rekaswara" in said


def test_it_says_what_the_agreement_says(drafted: Drafted) -> None:
    said, kontrak = words(drafted.files["ringkasan"]), load_kontrak(SAMPLE).kontrak
    agreement = drafted.files["txt"].read_text(encoding="utf-8")
    shared = (
        kontrak.rekening.utama.nomor,
        kontrak.rekening.cadangan.nomor,
        kontrak.pihak_kesatu.nomor_pks,
        "Rp12.000,00",
        "Rp300.000,00",
        "6 (enam) bulan",
        "15 (lima belas) Hari Kerja",
        "30 September 2024",
    )
    for wanted in shared:
        assert wanted in said, wanted
        assert wanted in agreement, wanted
    assert "1 Januari 2024 sampai dengan 31 Desember 2024" in said
    assert "Rp208.200.000,00 sebulan" in said  # 17.350 people, Rp12.000
    assert "Yang berbeda" not in said


@pytest.mark.sampled(4)
@pytest.mark.parametrize("sample", AGREEMENTS, ids=lambda path: path.stem)
def test_it_names_who_is_bound(sample: Path) -> None:
    source = source_of(load_kontrak(sample).kontrak)
    told = next(fact.isi for fact in parties(source) if fact.apa == "PIHAK KEDUA")
    second, owner = source.values["pihak_kedua"], source.values["pemilik"]
    if source.values["faskes"]["sifat"]["perorangan"]:
        assert told == f"{second['nama_penandatangan']} ({second['nama_tampil']})"
    else:
        assert told == f"{owner['nama_tampil']}, pemilik dan penyelenggara {second['nama_tampil']}"


def test_it_is_no_part_of_the_agreement(drafted: Drafted) -> None:
    path = drafted.files["ringkasan"]
    assert path.name == f"{drafted.receipt.slug}-ringkasan.pdf"
    assert "bukan bagian dari Perjanjian, tidak ditandatangani, dan tidak mengikat" in words(path)
    with pikepdf.open(path) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert len(pdf.pages) <= 2
        assert str(pdf.docinfo["/Title"]).startswith("Ringkasan, bukan bagian dari perjanjian")


@pytest.mark.usefixtures("made_anew")
def test_same_data_same_bytes(drafted: Drafted) -> None:
    again = draft(DraftRequest(source=SAMPLE, formats=("ringkasan",)))
    assert set(again.files) == {"ringkasan"}
    assert again.files["ringkasan"].content == drafted.files["ringkasan"].read_bytes()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("sample", AGREEMENTS, ids=lambda path: path.stem)
def test_every_kind_has_one(sample: Path) -> None:
    prepared = prepare(load_kontrak(sample))
    content = summarised(prepared)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) <= 2
    said = words(content)
    assert prepared.receipt.nama_kedua in said
    paid = "Norma kapitasi" in said
    assert paid == ("Pembayaran kapitasi" in said)
    assert paid == ("apotek" not in sample.stem and "laboratorium" not in sample.stem)


def test_what_differs_from_the_earlier_agreement() -> None:
    kontrak = load_kontrak(SAMPLE).kontrak
    changed = kontrak.model_copy(
        update={
            "rekening": kontrak.rekening.model_copy(
                update={"utama": kontrak.rekening.utama.model_copy(update={"nomor": "1112223334"})}
            ),
            "faskes": kontrak.faskes.model_copy(update={"jumlah_peserta_terdaftar": 99_000}),
            "jejaring": kontrak.jejaring[1:],
        }
    )
    same, other = source_of(kontrak), source_of(changed)
    assert differences(same) == []
    assert differences(replace(same, before=same)) == []
    found = {one["apa"]: one for one in differences(replace(other, before=same))}
    assert set(found) == {"Rekening utama", "Norma kapitasi", "Peserta terdaftar", "Jejaring"}
    assert "1112223334" in found["Rekening utama"]["kini"]
    assert kontrak.rekening.utama.nomor in found["Rekening utama"]["dulu"]
    assert found["Peserta terdaftar"]["dulu"] == "17.350"
    prepared = prepare(load_kontrak(SAMPLE))
    assert prepared.ringkasan is not None
    told = replace(prepared.ringkasan, kontrak=changed, before=same)
    assert "Yang berbeda dari perjanjian sebelumnya" in words(
        summarised(replace(prepared, ringkasan=told))
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"faskes.kode": "9917U777"}, "draft.sebelumnya_other"),
        ({}, "draft.sebelumnya_not_earlier"),
    ],
)
def test_it_is_compared_with_nothing_but_an_earlier_agreement(
    changes: dict[str, str], code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        draft(DraftRequest(source=SAMPLE, formats=("ringkasan",), sebelumnya=changed_at(changes)))
    assert caught.value.code == code


def test_nobody_takes_it_for_the_agreement(drafted: Drafted) -> None:
    path = drafted.files["ringkasan"]
    assert companion_kind(path.read_bytes()) == "ringkasan"
    assert companion_kind(drafted.files["pdf"].read_bytes()) is None
    day = drafted.receipt.tanggal_mulai
    with pytest.raises(SigningError) as caught:
        cover(CoverRequest(pdf=path, receipt=drafted.files["receipt"], batas_waktu=day))
    assert caught.value.code in ("signing.companion", "signing.receipt_mismatch")
    with pytest.raises(SigningError) as caught:
        cover(CoverRequest(pdf=path, batas_waktu=day))
    assert caught.value.code == "signing.companion"
    report = verify(VerifyRequest(pdf=path)).report
    assert report.verdict != "passed"
    assert report.notes[0].code == "companion"
    assert "bukan perjanjiannya" in report.notes[0].message.in_language("id")
