"""Letters: what each must say, the same words in every format, and what is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from pks_kit.domain.companion import companion_kind
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.surat.dari_faskes import KategoriPerubahan
from pks_kit.errors import (
    FindingsError,
    InputError,
    InputProblemsError,
    NotInForceError,
    SigningError,
    UsageError,
)
from pks_kit.files import NamedFile
from pks_kit.inputs import load_kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.naskah.letters import list_letters
from pks_kit.pipelines.cover import CoverRequest, cover
from pks_kit.pipelines.draft import DraftRequest
from pks_kit.pipelines.draft import draft as draft_agreement
from pks_kit.pipelines.letter import (
    LetterDraftRequest,
    LetterDraftResult,
    LetterListRequest,
    letter_draft,
    letter_list,
)
from pks_kit.pipelines.template import lint
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.resources import letter_sample, samples_root, templates_root
from support.words import words

pytestmark = pytest.mark.slow

KINDS = list_letters(templates_root())
CLINIC = "klinik-pratama-rawat-inap.yml"


def contract(**changes: Any) -> Kontrak:
    """Return the sample contract with top-level groups updated."""
    kontrak = load_kontrak(samples_root() / CLINIC).kontrak
    data = kontrak.model_dump(mode="json", exclude_none=True)
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(data.get(name), dict):
            data[name] |= value
        else:
            data[name] = value
    return Kontrak.model_validate(data)


def earlier() -> Kontrak:
    """Return the state before: another doctor, an older licence, another certificate."""
    data = contract().model_dump(mode="json", exclude_none=True)
    third, fourth = data["tenaga_kesehatan"][2:4]
    third["sip"] = {"nomor": "503/0001/SIP-D/2019", "berlaku_sampai": "2024-10-09"}
    fourth |= {"nama": "dr. Rangga Misalputra", "nik": "9901012506920014", "hp": "089900009999"}
    data["faskes"]["akreditasi"]["nomor"] = "LARS-RK/0044/VIII/2018"
    return Kontrak.model_validate(data)


def data(kind: str, **changes: Any) -> dict[str, Any]:
    """Return the sample data of a letter with values replaced; None takes a value away."""
    found: dict[str, Any] = yaml.safe_load(letter_sample(kind).read_text(encoding="utf-8"))
    found |= changes
    return {name: value for name, value in found.items() if value is not None}


def draft(
    kind: str,
    *,
    kontrak: Kontrak | None = None,
    formats: tuple[str, ...] = ("txt",),
    **changes: Any,
) -> LetterDraftResult:
    given = data(kind, **changes)
    return letter_draft(
        LetterDraftRequest(
            kind=kind,
            source=given,
            kontrak=kontrak or samples_root() / given["perjanjian"]["berkas"],
            sebelumnya=earlier() if kind == "perubahan-data" else None,
            formats=formats,
        )
    )


def text_of(kind: str, *, kontrak: Kontrak | None = None, **changes: Any) -> str:
    text = draft(kind, kontrak=kontrak, **changes).files["txt"].content.decode()
    return " ".join(text.split())


def codes(kind: str, *, kontrak: Kontrak | None = None, **changes: Any) -> set[str]:
    """Return the codes of all findings, of a letter that is refused too."""
    try:
        return {one.code for one in draft(kind, kontrak=kontrak, **changes).findings}
    except FindingsError as error:
        return {one.code for one in error.findings}


FACTS = {
    "persetujuan-cara-kontrak": (
        "kami memilih kontrak elektronik sebagai cara kontrak",
        "menyatakan setuju",
        "menandatangani perjanjian lebih dahulu",
        "sarana dan prasarana yang diperlukan",
        "Sidik SHA-256 data kontrak",
    ),
    "catatan-pks": (
        "Nomor PKS faskes : 019/KP-SR/PKS/XII/2023",
        "Nama penanggung jawab faskes : dr. Ayu Contohwati, M.K.M.",
        "Catatan : Mohon diproses",
        "Sebelum catatan ini dikirim, kami telah memeriksa",
    ),
    "perubahan-data": (
        "Perubahan dokumen",
        "Akreditasi",
        "LARS-RK/0044/VIII/2018",
        "dr. Rangga Misalputra",
        "dr. Dewi Rekaningsih",
        "503/0001/SIP-D/2019",
        "melalui HFIS",
    ),
    "ganti-vendor": (
        "paling lambat 7 (tujuh) hari kalender sebelum perubahan, yaitu 24 Juni 2024",
        "Pasal 16 ayat (6)",
        "consID, userKey, dan secretKey yang baru",
        "PT Layar Data Rekaan",
        "dalam batas waktu",
    ),
    "teguran": (
        "Teguran Tertulis Kedua (Surat Peringatan Kedua)",
        "Pasal 11 ayat (1) huruf d Perjanjian; dan 2.",
        "paling banyak 3 (tiga) kali menurut Pasal 11 ayat (2)",
        "paling cepat 13 Mei 2024",
        "Tembusan: 1. Kepala Dinas Kesehatan Kota Lembayung 2. Ketua Asosiasi",
        "Pasal 4 ayat (3) huruf d",
    ),
    "jawaban-teguran": (
        "surat Nomor 1021/XIV-07/0424 tanggal 12 April 2024",
        "perihal teguran tertulis kedua, dan",
        "Dokter berhalangan karena sakit",
        "14 Mei 2024",
    ),
    "berita-acara-pemulihan": (
        "hari Jumat, tanggal Enam Belas, bulan Agustus, tahun Dua Ribu Dua Puluh Empat",
        "Rp7.550.000,00 (tujuh juta lima ratus lima puluh ribu rupiah)",
        "3 (tiga) kali pembayaran",
        "Rp2.350.000,00 Rp0,00",
        "yaitu 16 November 2024, sebagaimana dimaksud dalam Pasal 10 ayat (4) huruf a",
        "tidak menghapuskan pertanggungjawaban pidana",
    ),
    "hasil-verifikasi": (
        "Bulan Pembebanan Maret 2024",
        "Kekurangan pembayaran sebesar Rp160.000,00 (seratus enam puluh ribu rupiah)",
        "Kelebihan pembayaran sebesar Rp600.000,00 (enam ratus ribu rupiah)",
        "Pasal 9 ayat (2) huruf a",
        "Keberatan kami putus secara tertulis beserta alasannya paling lambat 10 (sepuluh)",
        "menurut Pasal 4 ayat (2) huruf k Perjanjian",
    ),
    "hasil-audit": (
        "hasil Verifikasi Paska Klaim dan hasil Telaah Utilisasi",
        "Rp960.000,00 (sembilan ratus enam puluh ribu rupiah)",
        "Tim Kendali Mutu Kendali Biaya, Dewan Pertimbangan Klinis",
        "1 Januari 2024 sampai dengan 30 Juni 2024",
    ),
    "pakta-icare": (
        "PAKTA INTEGRITAS PENGGUNAAN I-CARE JKN",
        "Status : sudah diterapkan sejak 1 Februari 2024",
        "persetujuan Peserta sebelum membuka riwayat",
    ),
    "surat-registrasi": (
        "Yth. Sekretaris Direktorat Jenderal Pelayanan Kesehatan",
        "penanaman modal dalam negeri (PMDN)",
        "Dinas Kesehatan kabupaten/kota setempat",
        "Kode fasilitas Kementerian Kesehatan : belum ada",
        "Kode fasilitas BPJS Kesehatan : 9917U029",
    ),
    "pengingat-pengembalian": (
        "Laboratorium Klinik Embun Misalnya",
        "belum kami terima kembali, sedangkan menurut surat pengantarnya paling lambat",
        "2. Tanda tangan dr. Rangga Andaisoma, Sp.PK. beserta stempel.",
        "Mohon agar semuanya kami terima paling lambat 29 Januari 2024.",
        "u.p. Bidang Penjaminan Manfaat Primer",
    ),
    "pengajuan-perubahan": (
        "pada HFIS dengan kategori Sarana Penunjang, yang berlaku sejak 1 Juni 2024",
        "Ambulans darat – RK 2048 SJA",
        "disetujui kepala bidang pada kantor cabang",
        "kami periksa pada Profil",
        "Pasal 4 ayat (4) huruf t",
    ),
    "daftar-periksa-faskes-baru": (
        "Target selesai : 2 Desember 2023 (30 (tiga puluh) hari kalender sejak pengajuan)",
        "Penapisan awal 4 November 2023 Lengkap",
        "Pengelolaan dokumen dan penandatanganan belum",
        "Ruang periksa terpenuhi",
    ),
}


def test_every_kind_has_facts_and_a_sample() -> None:
    assert set(FACTS) == set(KINDS)
    assert {path.stem for path in (samples_root() / "surat").glob("*.yml")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_facts_and_no_finding(kind: str) -> None:
    result = draft(kind)
    text = " ".join(result.files["txt"].content.decode().split())
    assert [fact for fact in FACTS[kind] if fact not in text] == []
    assert result.findings == ()


@pytest.mark.sampled(5)
@pytest.mark.parametrize("kind", KINDS)
def test_pdf_docx_and_text_hold_the_same_words(kind: str, tmp_path: Path) -> None:
    result = draft(kind, formats=("pdf", "docx", "txt"))
    path = tmp_path / "surat.pdf"
    path.write_bytes(result.files["pdf"].content)
    wanted = sorted(_solid(result.files["txt"].content.decode()))
    drawn = re.sub(r"Halaman \d+ dari \d+", " ", _pdf_text(path))
    assert sorted(_solid(drawn)) == wanted
    assert _docx_letters(result.files["docx"].content) == _without_labels(
        result.files["txt"].content.decode()
    )


def _solid(text: str) -> list[str]:
    """Return the words without what a line break or a list label changes."""
    return words(re.sub(r"[\t\n]+", " ", text))


def _pdf_text(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def _docx_letters(content: bytes) -> str:
    """Return the letters of a DOCX's body; list labels are numbering and no letters there."""
    import io

    import docx

    document = docx.Document(io.BytesIO(content))
    namespace = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    found = "".join(node.text or "" for node in document.element.body.iter(f"{namespace}t"))
    return re.sub(r"\s+", "", found)


def _without_labels(text: str) -> str:
    lines = (re.sub(r"^\s*(?:\d+\.|–) ", "", line) for line in text.split("\n"))
    rows = (re.sub(r"^(\s*)(.*?) : ", r"\2:", line, count=1) for line in lines)
    return re.sub(r"\s+", "", "".join(rows))


@pytest.mark.usefixtures("made_anew")
def test_same_bytes_twice_and_other_bytes_for_other_data() -> None:
    first, again = (draft("teguran", formats=("pdf", "docx", "txt")) for _ in range(2))
    other = draft("teguran", formats=("pdf", "docx", "txt"), sifat="segera")
    for name in ("pdf", "docx", "txt"):
        assert first.files[name] == again.files[name]
        assert first.files[name].content != other.files[name].content
    assert first.letter_id != other.letter_id


def test_a_letter_is_not_signed_as_an_agreement(tmp_path: Path) -> None:
    path = tmp_path / "surat.pdf"
    path.write_bytes(draft("teguran", formats=("pdf",)).files["pdf"].content)
    assert companion_kind(path.read_bytes()) == "surat"
    with pytest.raises(SigningError) as caught:
        cover(CoverRequest(pdf=path, batas_waktu=date(2024, 4, 12)))
    assert caught.value.code == "signing.letter"
    report = verify(VerifyRequest(pdf=path)).report
    assert report.verdict != "passed"
    assert report.notes[0].code == "letter"


# --- days ----------------------------------------------------------------------------------------


def test_working_days_leave_out_weekends_and_the_named_holidays() -> None:
    assert "yaitu 24 April 2024." in text_of("teguran")  # Friday 12; 15 is a holiday
    assert "yaitu 23 April 2024." in text_of("teguran", hari_libur=None)


def test_results_are_due_on_working_days() -> None:
    text = text_of("hasil-verifikasi", tanggal="2024-05-03", hari_libur=["2024-05-09"])
    assert text.count("yaitu 27 Mei 2024") == 2  # fifteen, without the 9th
    assert "yaitu 20 Mei 2024" in text  # ten


def test_a_notice_after_the_seventh_day_says_so_and_is_still_drafted() -> None:
    assert codes("ganti-vendor", tanggal="2024-06-24") == set()
    assert codes("ganti-vendor", tanggal="2024-06-25") == {"letter.notice_late"}
    assert "melewati batas waktu" in text_of("ganti-vendor", tanggal="2024-06-25")


@pytest.mark.parametrize(
    ("day", "ground", "found"),
    [
        ("2024-03-31", "lalai_kewajiban", {"letter.reprimand_early"}),
        ("2024-04-01", "lalai_kewajiban", set()),
        ("2024-03-01", "penyalahgunaan", set()),
    ],
)
def test_the_wait_between_reprimands(day: str, ground: str, found: set[str]) -> None:
    assert codes("teguran", tanggal=day, alasan=[ground], hari_libur=None) == found


def test_the_third_reprimand_is_the_last() -> None:
    before = [{"nomor": "1", "tanggal": "2024-03-01"}, {"nomor": "2", "tanggal": "2024-04-02"}]
    third = {"ke": 3, "teguran_sebelumnya": before, "tanggal": "2024-05-06"}
    text = text_of("teguran", **third)
    assert "Teguran Tertulis Ketiga" in text
    assert "teguran yang terakhir" in text
    assert "Pasal 12 ayat (1) huruf a" in text
    assert codes("teguran", **third | {"ke": 4}) == {"letter.reprimand_beyond"}
    assert codes("teguran", **third | {"ke": 2}) == {"letter.reprimand_count"}
    assert codes("teguran", **third | {"teguran_sebelumnya": before[::-1]}) == {
        "letter.reprimand_order"
    }


# --- the kinds -----------------------------------------------------------------------------------


def test_consent_on_paper_names_the_meterai_and_is_bound_to_the_data() -> None:
    kontrak = contract(cara_kontrak="digital")
    text = text_of("persetujuan-cara-kontrak", kontrak=kontrak)
    assert "meterai tempel senilai Rp10.000,00 (sepuluh ribu rupiah)" in text
    path = samples_root() / "puskesmas-blud.yml"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest in text_of("persetujuan-cara-kontrak").replace(" ", "")


def test_consent_needs_all_three_points_before_the_signing() -> None:
    points = {"bpjs_lebih_dahulu": True, "tanda_tangan_dan_meterai": True, "sarana_siap": False}
    assert codes("persetujuan-cara-kontrak", setuju=points) == {"letter.point_not_agreed"}
    assert codes("persetujuan-cara-kontrak", tanggal="2024-01-02") == {
        "letter.consent_after_signing"
    }
    manual = contract(cara_kontrak="manual")
    assert "letter.method_without_consent" in codes("persetujuan-cara-kontrak", kontrak=manual)


def test_a_note_goes_out_only_with_checked_data() -> None:
    assert codes("catatan-pks", data_sudah_diperiksa=False) == {"letter.not_checked"}
    wrong = contract(jangka_waktu={"tanggal_selesai": "2023-06-30"})
    assert codes("catatan-pks", kontrak=wrong) == {"letter.data_blocked"}


def test_changes_name_no_identity_number_phone_or_account() -> None:
    text = text_of("perubahan-data")
    for secret in ("9901012506920014", "9901016506920004", "089900009999", "089900005604"):
        assert secret not in text
    assert text.count("dr. Ayu Contohwati") == 1  # signs, and did not change


def test_nothing_changed_and_another_facility_are_refused() -> None:
    source = data("perubahan-data")
    for before, code in (
        (samples_root() / CLINIC, "letter.nothing_changed"),
        (samples_root() / "klinik-pratama-rawat-jalan.yml", "letter.other_facility"),
    ):
        request = LetterDraftRequest(
            kind="perubahan-data",
            source=source,
            kontrak=samples_root() / CLINIC,
            sebelumnya=before,
            formats=("txt",),
        )
        with pytest.raises(FindingsError) as caught:
            letter_draft(request)
        assert {one.code for one in caught.value.findings} == {code}


def test_recovery_must_add_up_in_time() -> None:
    rows = [{"tanggal": "2024-09-16", "jumlah": 7_000_000}]
    assert codes("berita-acara-pemulihan", angsuran=rows) == {"letter.sum_differs"}
    whole = 7_550_000
    late = [{"tanggal": "2024-11-17", "jumlah": whole}]
    assert codes("berita-acara-pemulihan", angsuran=late) == {"letter.instalment_late"}
    unable = {"surat": {"nomor": "5/S", "tanggal": "2024-08-19"}, "disetujui": "2024-08-21"}
    assert codes("berita-acara-pemulihan", angsuran=late, tidak_mampu=unable) == set()
    assert "yaitu 21 Agustus 2025" in text_of(
        "berita-acara-pemulihan", angsuran=late, tidak_mampu=unable
    )
    after = [{"tanggal": "2025-01-15", "jumlah": whole}]
    assert codes("berita-acara-pemulihan", angsuran=after, tidak_mampu=unable) == {
        "letter.set_off_after_term"
    }
    assert codes("berita-acara-pemulihan", angsuran=after, tidak_mampu=unable, cara="setor") == {
        "letter.no_account"
    }
    twice = [{"tanggal": "2024-09-16", "jumlah": 1}, {"tanggal": "2024-09-16", "jumlah": whole - 1}]
    assert codes("berita-acara-pemulihan", angsuran=twice) == {"letter.instalment_order"}


def test_fraud_leads_to_the_investigation_and_not_to_the_committees() -> None:
    text = text_of("hasil-audit", indikasi_kecurangan=True)
    assert "Tim Anti Kecurangan Jaminan Kesehatan Nasional melakukan investigasi" in text
    assert "Dewan Pertimbangan Klinis" not in text


def test_ownership_decides_papers_and_who_verifies() -> None:
    foreign = contract(faskes={"kepemilikan": "pma"})
    text = text_of("surat-registrasi", kontrak=foreign)
    assert "bukti penanaman modal asing" in text
    assert "dilakukan oleh Kementerian Kesehatan" in text
    assert codes("surat-registrasi", kontrak=foreign) == {"letter.no_pma_proof"}
    unknown = contract()
    faskes = unknown.faskes.model_copy(update={"kepemilikan": None})
    kontrak = unknown.model_copy(update={"faskes": faskes})
    assert codes("surat-registrasi", kontrak=kontrak) == {"letter.no_ownership"}


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("teguran", {"nomor": "417/KTR/XIV-07/1223"}, "letter.number_of_agreement"),
        ("hasil-verifikasi", {"bulan_pembebanan": "2024-05"}, "letter.month_not_over"),
        ("hasil-audit", {"periode_selesai": "2023-12-31"}, "letter.end_before_start"),
        ("pakta-icare", {"tanggal_penerapan": None}, "letter.day_missing"),
        ("pakta-icare", {"status": "diajukan"}, "letter.day_not_wanted"),
        ("jawaban-teguran", {"tanggal": "2024-04-11"}, "letter.before_referred"),
        ("jawaban-teguran", {"tanggal": "2024-04-24"}, "letter.answer_late"),
    ],
)
def test_what_does_not_fit_is_found(kind: str, changes: dict[str, Any], code: str) -> None:
    assert codes(kind, **changes) == {code}


def test_a_stage_after_the_thirtieth_day_is_late() -> None:
    stages = [{"tahap": "pengelolaan_dokumen", "tanggal": "2023-12-02"}]
    assert codes("daftar-periksa-faskes-baru", tahap=stages) == set()
    stages[0]["tanggal"] = "2023-12-03"
    assert codes("daftar-periksa-faskes-baru", tahap=stages) == {"letter.stage_late"}
    again = [stages[0] | {"tanggal": "2023-11-20"}] * 2
    assert codes("daftar-periksa-faskes-baru", tahap=again) == {"letter.stage_twice"}


# --- files ---------------------------------------------------------------------------------------


def test_the_contract_is_found_in_the_folder_above() -> None:
    result = letter_draft(
        LetterDraftRequest(kind="teguran", source=letter_sample("teguran"), formats=("txt",))
    )
    assert result.files["txt"].name.startswith("surat-teguran-9917u029-")


def test_findings_tell_the_line_of_the_letter() -> None:
    content = letter_sample("teguran").read_text(encoding="utf-8")
    wrong = content.replace("tanggal: 2024-03-01}", "tanggal: 2024-04-01}")
    request = LetterDraftRequest(
        kind="teguran", source=wrong, kontrak=samples_root() / CLINIC, formats=("txt",)
    )
    with pytest.raises(FindingsError) as caught:
        letter_draft(request)
    (finding,) = caught.value.findings
    assert finding.line == 1 + content[: content.index("\ntanggal:") + 1].count("\n")


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_and_missing_keys_are_refused_with_their_place(kind: str) -> None:
    content = letter_sample(kind).read_text(encoding="utf-8")
    wrong = re.sub(r"(?m)^nomor: .*$", "nomr: 1", content)
    request = LetterDraftRequest(
        kind=kind,
        source=wrong,
        kontrak=samples_root() / CLINIC,
        sebelumnya=earlier() if kind == "perubahan-data" else None,
    )
    with pytest.raises(InputProblemsError) as caught:
        letter_draft(request)
    line = 1 + wrong[: wrong.index("nomr:")].count("\n")
    assert ("nomr", line) in {(one.path, one.line) for one in caught.value.problems}
    assert "nomor" in {one.path for one in caught.value.problems}


def test_requests_that_cannot_be_met() -> None:
    source = letter_sample("teguran")
    with pytest.raises(InputError) as unknown:
        letter_draft(LetterDraftRequest(kind="../pks_2024", source=source))
    assert unknown.value.code == "letter.unknown_kind"
    for request, code in (
        (LetterDraftRequest(kind="teguran", source=source, formats=("odt",)), "unknown_format"),
        (LetterDraftRequest(kind="teguran", source=data("teguran")), "no_contract"),
        (LetterDraftRequest(kind="perubahan-data", source=source), "earlier_wanted"),
        (
            LetterDraftRequest(kind="teguran", source=source, sebelumnya=contract()),
            "earlier_unwanted",
        ),
    ):
        with pytest.raises(UsageError) as caught:
            letter_draft(request)
        assert caught.value.code.endswith(code)


def test_a_text_is_not_used_before_its_time() -> None:
    with pytest.raises(NotInForceError):
        draft("teguran", tanggal="2022-12-30", ke=1, teguran_sebelumnya=None)


def test_another_person_may_sign() -> None:
    text = text_of("teguran", penanda_tangan={"nama": "Rani Contohsari", "jabatan": "Plh. Kepala"})
    assert "Plh. Kepala, Rani Contohsari" in text
    assert "Bagas Rekaswara" not in text


def test_list_tells_who_signs_and_what_decides() -> None:
    rows = {one.kind: one for one in letter_list(LetterListRequest()).letters}
    assert set(rows) == set(KINDS)
    assert rows["teguran"].pengirim == "bpjs"
    assert "sanksi.jeda_teguran" in rows["teguran"].parameter
    assert rows["perubahan-data"].sebelumnya
    assert rows["berita-acara-pemulihan"].pengirim == "bersama"


def test_templates_have_no_mistakes() -> None:
    assert lint("surat") == ()


def test_the_day_of_the_letter_is_the_day_of_the_file(tmp_path: Path) -> None:
    import pikepdf

    path = tmp_path / "surat.pdf"
    path.write_bytes(draft("teguran", formats=("pdf",)).files["pdf"].content)
    with pikepdf.open(path) as pdf:
        assert str(pdf.trailer.Info.CreationDate).startswith("D:20240412")


# --- what the agreement says ----------------------------------------------------------------------


def test_results_keep_the_deadlines_of_the_agreement() -> None:
    kontrak = contract()
    loaded = draft_agreement(DraftRequest(source=kontrak, formats=("txt",)))
    agreement = " ".join(loaded.files["txt"].content.decode().split())
    verification, audit = text_of("hasil-verifikasi"), text_of("hasil-audit")
    settled = "paling lambat 15 (lima belas) Hari Kerja setelah hasil "
    assert agreement.count(f"{settled}tersebut diterima") == 2
    assert verification.count(f"{settled}ini Saudara terima") == 2
    objection = "paling lambat 10 (sepuluh) Hari Kerja setelah hasil "
    assert f"{objection}tersebut diterima" in agreement
    for letter in (verification, audit):
        assert f"{objection}ini Saudara terima" in letter
        assert "setelah tanggal surat ini" not in letter
    # disagreement on a verification does not go to the committees, only on an audit (Pasal 13)
    assert "Pasal 9 ayat (5)" not in verification
    assert "Pasal 9 ayat (5)" in audit


def test_the_owner_is_the_party_of_letters_too() -> None:
    bound = "PT Senja Rekawangi Husada, pemilik dan penyelenggara Klinik Pratama Senja Rekawangi"
    minutes = draft("berita-acara-pemulihan").files["txt"].content.decode()
    assert f"bertindak untuk dan atas nama {bound}, selanjutnya disebut PIHAK KEDUA" in minutes
    assert "serta Surat Kuasa Nomor 15/SKU-DIR/SRH/XII/2022" in minutes
    assert f"\nPIHAK KEDUA\n{bound}\ndr. Ayu Contohwati, M.K.M.\n" in minutes
    reprimand = draft("teguran").files["txt"].content.decode()
    assert f"antara BPJS Kesehatan Cabang Lembayung dan {bound} Nomor" in reprimand
    assert (
        "\nYth. PT Senja Rekawangi Husada\n"
        "c.q. Pimpinan Klinik pada Klinik Pratama Senja Rekawangi\nu.p. " in reprimand
    )


def test_a_facility_writes_from_its_own_place_under_the_name_of_its_government() -> None:
    text = draft("persetujuan-cara-kontrak").files["txt"].content.decode()
    assert text.startswith("PEMERINTAH KABUPATEN CAKRAWALA\nUPT PUSKESMAS MEGA REKASARI\n")
    assert "\nCakrawala, 7 Desember 2023\n" in text
    assert "dan Pemerintah Kabupaten Cakrawala, pemilik dan penyelenggara UPT Puskesmas" in text
    other = text_of("persetujuan-cara-kontrak", kota="Rekasari")
    assert "Rekasari, 7 Desember 2023" in other
    assert text_of("teguran").count("Lembayung, 12 April 2024") == 1


@pytest.mark.sampled(5)
@pytest.mark.parametrize("kind", KINDS)
def test_no_page_holds_copies_alone(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "surat.pdf"
    result = draft(kind, formats=("pdf",))
    path.write_bytes(result.files["pdf"].content)
    if result.pages == 1:
        return
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        last = document[len(document) - 1].get_textpage().get_text_bounded()
    assert not last.lstrip().startswith(("Lampiran:", "Tembusan:"))
    signed = max(last.find(name) for name in ("dr. Ayu Contohwati", "Bagas Rekaswara"))
    assert signed > 100  # whoever signs does so under words of the letter


@pytest.mark.parametrize(
    ("kategori", "said"),
    [
        ("dokumen", "pemberitahuan resmi tertulis yang diwajibkan"),
        ("rekening", "Adendum perjanjian yang ditandatangani para pihak"),
        ("sertifikasi_dokter", "tanggal mulai, tanggal selesai, dan bukti pelatihannya"),
        ("tindakan_nonkapitasi", "kami berkoordinasi lebih dahulu dengan kantor cabang"),
        ("bidan_jejaring", "paling besar 1 (satu) megabita"),
    ],
)
def test_a_request_says_what_its_category_asks_for(kategori: str, said: str) -> None:
    assert said in text_of("pengajuan-perubahan", kategori=kategori)


def test_every_category_of_hfis_can_be_filed() -> None:
    known = get_args(KategoriPerubahan)
    assert len(known) == 15
    for kategori in known:
        found = codes("pengajuan-perubahan", kategori=kategori)
        assert found == ({"letter.poned_only_puskesmas"} if kategori == "berkas_poned" else set())
    waiting = {"kategori": "bidan_jejaring", "pengajuan_lain_menunggu": True}
    assert codes("pengajuan-perubahan", **waiting) == {"letter.change_pending"}
    same = [{"isian": "Alamat", "semula": "A", "menjadi": "A"}]
    assert codes("pengajuan-perubahan", perubahan=same) == {"letter.same_value"}


def test_the_agreement_of_a_letter_may_be_a_row_of_a_workbook() -> None:
    row = load_kontrak(samples_root() / CLINIC).kontrak
    book = NamedFile("faskes.xlsx", write_workbook({"satu": contract(), "dua": row}))
    given = letter_sample("teguran")
    alone = LetterDraftRequest(kind="teguran", source=given, formats=("txt",))
    request = dataclasses.replace(alone, kontrak=book, key="dua")
    expected, made = letter_draft(alone), letter_draft(request)
    assert made.files["txt"].content == expected.files["txt"].content
    with pytest.raises(UsageError) as caught:
        letter_draft(dataclasses.replace(request, key=None))
    assert caught.value.code == "workbook.which_facility"


def test_a_reminder_says_what_is_known_of_the_deadline() -> None:
    kind = "pengingat-pengembalian"
    assert "semuanya segera kami terima" in text_of(kind, batas_waktu=None)
    both = text_of(kind, batas_waktu=None, batas_semula=None)
    assert "pada hari yang disebut pada surat pengantarnya" in both
    assert "dalam keadaan belum lengkap" in text_of(kind, belum_kembali=False)
    assert codes(kind, batas_waktu="2024-01-17") == {"letter.deadline_before"}
    assert codes(kind, batas_waktu="2024-01-18") == {"letter.deadline_passed"}
    assert codes(kind, batas_waktu="2024-05-01") == {"letter.deadline_shut"}  # a holiday each year
    assert codes(kind, batas_waktu="2024-02-03") == {"letter.deadline_shut"}  # a Saturday
    assert codes(kind, kontrak=contract()) == {"letter.nothing_to_return"}
