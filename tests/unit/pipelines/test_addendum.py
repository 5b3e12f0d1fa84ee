"""The account-change addendum: refers to its parent, changes one point, refuses what is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pks_kit.cli.main import main
from pks_kit.domain.adendum import Adendum, addendum_id, addendum_slug
from pks_kit.domain.identitas import agreement_id
from pks_kit.errors import FindingsError, InputError, InputProblemsError, UsageError
from pks_kit.inputs import LoadedAdendum, is_adendum, load_adendum, load_kontrak
from pks_kit.inputs.workbook import write_workbook
from pks_kit.pipelines.addendum import (
    AddendumRequest,
    addendum,
    addendum_findings,
    prepare_addendum,
)
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.template import lint
from pks_kit.render.text import render_text
from pks_kit.resources import contract_samples, samples_root
from support.trees import signature_places
from support.words import docx_words, page_words, words

ADDENDUM = samples_root() / "addendum-rekening.yml"
PARENT = samples_root() / "klinik-pratama-rawat-inap.yml"
CADANGAN = {
    "bank": "Bank Mega Contoh",
    "nomor": "0077001",
    "atas_nama": "PT Senja Rekawangi Husada",
}


ATURAN_REKENING = {
    "klinik_pratama": "sepenuhnya merupakan keputusan PIHAK KEDUA",
    "tpmd": "sepenuhnya merupakan keputusan PIHAK KEDUA",
    "tpmdg": "sepenuhnya merupakan keputusan PIHAK KEDUA",
    "puskesmas_blud": "badan layanan umum daerah",
    "puskesmas_non_blud": "rekening Bendahara Dana Kapitasi JKN",
    "klinik_tni_polri": "mekanisme penerimaan negara bukan pajak",
    "rs_d_pratama": "ketentuan pengelolaan keuangan yang berlaku bagi PIHAK KEDUA",
    "apotek": "sepenuhnya merupakan keputusan PIHAK KEDUA",
    "laboratorium": "sepenuhnya merupakan keputusan PIHAK KEDUA",
}


def loaded(parent: Path = PARENT, **changes: Any) -> LoadedAdendum:
    """Return the sample addendum with values replaced; ``__`` in a name stands for a dot."""
    original = replace(load_adendum(ADDENDUM), induk=load_kontrak(parent))
    data = original.adendum.model_dump(mode="json", exclude_none=True)
    for name, value in changes.items():
        *path, last = name.split("__")
        place = data
        for part in path:
            place = place.setdefault(part, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return replace(original, adendum=Adendum.model_validate(data))


def text_of(parent: Path = PARENT, **changes: Any) -> str:
    words = render_text(prepare_addendum(loaded(parent, **changes)).naskah)
    return " ".join(words.split())


def codes(**changes: Any) -> set[str]:
    return {finding.code for finding in addendum_findings(loaded(**changes))}


def test_title_numbers_and_parent() -> None:
    text = text_of()
    title = "ADDENDUM PERJANJIAN KERJA SAMA ANTARA BADAN PENYELENGGARA JAMINAN SOSIAL KESEHATAN"
    assert text.startswith(title)
    assert "MENGENAI PERUBAHAN REKENING UTAMA" in text
    assert text.index("Nomor : 208/KTR/XIV-07/0624") < text.index("Nomor : 007/KP-SR/ADD/VI/2024")
    premise = text[text.index("a. bahwa PARA PIHAK terikat") : text.index("b. bahwa PIHAK KEDUA")]
    for part in (
        "Nomor 417/KTR/XIV-07/1223",
        "Nomor 019/KP-SR/PKS/XII/2023",
        "20 Desember 2023",
        "1 Januari 2024",
        "31 Desember 2024",
        "selanjutnya disebut PERJANJIAN INDUK",
    ):
        assert part in premise
    assert "hari Rabu, tanggal Sembilan Belas, bulan Juni, tahun Dua Ribu Dua Puluh Empat" in text
    assert "rangkap 2 (dua) asli" in text


def test_the_three_conditions_and_the_accounts() -> None:
    text = text_of()
    assert "surat Nomor 114/KP-SR/KEU/VI/2024 tanggal 5 Juni 2024" in text
    assert "memutakhirkan data rekening pada HFIS" in text
    assert "Adendum ini ditandatangani PARA PIHAK; dan" in text
    assert "Bank Bank Niaga Rekaan Bank Fajar Rekaan" in text
    assert "Nomor rekening 9900112233445 0099001122334" in text
    assert "Rekening cadangan PIHAK KEDUA tidak berubah, yaitu Bank Samudra Contoh" in text
    assert "ditujukan ke rekening yang baru paling cepat tanggal 1 Juli 2024." in text
    assert (
        "berlaku sejak ditandatangani PARA PIHAK, dengan pembayaran ke rekening yang baru "
        "paling cepat tanggal 1 Juli 2024, dan berakhir" in text
    )
    assert "PERJANJIAN INDUK beserta seluruh lampirannya yang tidak diubah" in text


def test_clauses_of_the_parent_are_named_as_the_parent_prints_them() -> None:
    parent = prepare(load_kontrak(PARENT)).naskah
    lampiran = next(b for b in parent.bagian if b.subjek == "biaya-penagihan-pembayaran")
    lain = next(bagian for bagian in parent.bagian if bagian.subjek == "lain-lain")
    text = text_of()
    assert f"yang tercantum dalam {lampiran.label} huruf " in text
    assert f"menurut {lain.label} ayat (" in text


def test_both_accounts_or_only_the_reserve() -> None:
    both = text_of(rekening_baru__cadangan=CADANGAN)
    assert "MENGENAI PERUBAHAN REKENING UTAMA DAN REKENING CADANGAN" in both
    assert "tidak berubah, yaitu" not in both
    assert "0077001" in both
    reserve = text_of(rekening_baru={"cadangan": CADANGAN})
    assert "Rekening utama PIHAK KEDUA tidak berubah, yaitu Bank Niaga Rekaan" in reserve


@pytest.mark.parametrize("method", ["elektronik", "digital", "manual"])
def test_places_to_sign(method: str) -> None:
    places = signature_places(prepare_addendum(loaded(cara_kontrak=method)).naskah)
    assert [place.kode for place in places] == ["pihak_kesatu", "pihak_kedua"]
    assert all(place.meterai for place in places)


@pytest.mark.parametrize("parent", contract_samples(), ids=lambda path: path.stem)
def test_every_kind_of_facility_has_its_account_rule(parent: Path) -> None:
    induk = load_kontrak(parent).kontrak
    lama = induk.rekening.utama
    utama = {"bank": "Bank Fajar Rekaan", "nomor": "0099001", "atas_nama": lama.atas_nama}
    penetapan = {"jenis": "Keputusan Bupati", "nomor": "11/2024", "tanggal": "2024-06-01"}
    one = loaded(
        parent,
        cara_kontrak=induk.cara_kontrak,
        rekening_baru={"utama": utama, "penetapan": penetapan},
    )
    prepared = prepare_addendum(one)
    text = " ".join(render_text(prepared.naskah).split())
    assert ATURAN_REKENING[induk.faskes.jenis] in text
    assert "Keputusan Bupati Nomor 11/2024 tanggal 1 Juni 2024" in text
    assert lama.nomor in text


def test_signatories_may_have_changed() -> None:
    decree = {"jenis": "Keputusan Direksi", "nomor": "12/Peg-04/0524", "tanggal": "2024-05-02"}
    text = text_of(
        pihak_kesatu={"nama_kepala_cabang": "Sekar Umpamadewi, S.K.M.", "dasar_penetapan": decree}
    )
    assert "Sekar Umpamadewi, S.K.M., selaku Kepala BPJS Kesehatan Cabang Lembayung" in text
    assert "Nomor 12/Peg-04/0524 tanggal 2 Mei 2024" in text
    assert "Bagas Rekaswara" not in text


def test_the_same_owner_is_bound_and_a_new_signatory_needs_a_new_power() -> None:
    owner = "atas nama PT Senja Rekawangi Husada, pemilik dan penyelenggara Klinik Pratama Senja"
    assert "serta Surat Kuasa Nomor 15/SKU-DIR/SRH/XII/2022 tanggal 5 Desember 2022" in text_of()
    assert owner in text_of()
    decree = {"jenis": "Surat Keputusan Direktur", "nomor": "9/SK", "tanggal": "2024-05-02"}
    successor = {
        "nama_penandatangan": "dr. Bima Andaikusuma",
        "jabatan_penandatangan": "Pimpinan Klinik",
        "dasar_penetapan": decree,
    }
    without = text_of(pihak_kedua=successor)
    assert "Surat Kuasa" not in without
    assert owner in without
    assert "owner.no_power" in codes(pihak_kedua=successor)
    power = {
        "jenis": "Surat Kuasa",
        "nomor": "3/SKU",
        "tanggal": "2024-05-03",
        "pemberi": "Raras Misalputeri, S.E.",
        "jabatan_pemberi": "Direktur",
    }
    text = text_of(pihak_kedua=successor | {"kuasa": power})
    assert "serta Surat Kuasa Nomor 3/SKU tanggal 3 Mei 2024 dari Raras Misalputeri, S.E." in text
    assert "owner.no_power" not in codes(pihak_kedua=successor | {"kuasa": power})


def test_aceh_keeps_the_name_of_its_agreement(tmp_path: Path) -> None:
    parent = tmp_path / PARENT.name
    data = PARENT.read_text(encoding="utf-8") + '\nnama_perjanjian: "AKAD IJARAH"\n'
    parent.write_text(data, encoding="utf-8")
    text = text_of(parent)
    assert text.startswith("ADDENDUM AKAD IJARAH ANTARA")
    assert "Perjanjian Kerja Sama" not in text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rekening_baru": {}}, "addendum.no_account"),
        ({"nomor_pks_kesatu": "417/KTR/XIV-07/1223"}, "addendum.number_of_parent"),
        ({"nomor_pks_kedua": "019/kp-sr/pks/xii/2023"}, "addendum.number_of_parent"),
        ({"tanggal_berlaku": "2025-01-01"}, "addendum.effect_outside_term"),
        ({"tanggal_berlaku": "2024-06-18"}, "addendum.effect_before_signing"),
        ({"tanggal_tanda_tangan": "2023-12-19"}, "addendum.signed_before_parent"),
        ({"tanggal_tanda_tangan": "2025-01-02"}, "addendum.signed_after_term"),
        ({"surat_pemberitahuan__tanggal": "2024-06-20"}, "addendum.notice_after_signing"),
        (
            {
                "rekening_baru__utama": {
                    "bank": "Bank Niaga Rekaan",
                    "nomor": "9900112233445",
                    "atas_nama": "PT Senja Rekawangi Husada",
                }
            },
            "addendum.account_unchanged",
        ),
        ({"rekening_baru__utama__bank": "PT Bank Samudra Contoh Tbk"}, "account.same_bank"),
    ],
)
def test_wrong_data_block(changes: dict[str, Any], code: str) -> None:
    assert code in codes(**changes)
    with pytest.raises(FindingsError) as raised:
        prepare_addendum(loaded(**changes))
    assert any(f.code == code and f.level == "blocking" for f in raised.value.findings)
    assert all(f.legal_basis for f in raised.value.findings)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"tanggal_berlaku": "2024-06-19"},
        {"tanggal_berlaku": "2024-12-31"},
        {"surat_pemberitahuan__tanggal": "2024-06-19"},
    ],
)
def test_boundary_days_are_allowed(changes: dict[str, Any]) -> None:
    found = addendum_findings(loaded(**changes))
    assert [finding.code for finding in found if finding.level == "blocking"] == []


def test_findings_speak_about_the_addendum_only(tmp_path: Path) -> None:
    parent = tmp_path / PARENT.name
    data = PARENT.read_text(encoding="utf-8").replace("2027-07-11", "2024-02-01")
    parent.write_text(data, encoding="utf-8")
    own = Adendum.model_fields
    found = addendum_findings(loaded(parent, nomor_pks_kesatu="208/KTR/XIV-07/0524"))
    assert {finding.path.split(".")[0] for finding in found} <= set(own)
    assert "number.month_differs" in {finding.code for finding in found}
    assert "nomor_pks_kesatu" in {finding.path for finding in found}


def test_another_holder_is_a_warning() -> None:
    found = addendum_findings(loaded(rekening_baru__utama__atas_nama="dr. Ayu Contohwati"))
    assert ("warning", "addendum.holder_differs") in {(f.level, f.code) for f in found}


def test_identity() -> None:
    first, second = loaded(), loaded(nomor_pks_kesatu="209/KTR/XIV-07/0624")
    ids = {addendum_id(one.induk.kontrak, one.adendum) for one in (first, second)}
    assert len(ids) == 2
    assert agreement_id(first.induk.kontrak) not in ids
    assert len(addendum_slug(first.induk.kontrak, first.adendum)) <= 60
    prepared = prepare_addendum(first)
    assert prepared.receipt.induk == agreement_id(first.induk.kontrak)
    assert prepared.receipt.profile == "elektronik"


def test_personal_data_of_the_parent_are_not_embedded() -> None:
    assert '"nik"' not in json.dumps(prepare_addendum(loaded()).data.model_dump(mode="json"))


def test_templates_are_clean() -> None:
    assert [f"{f.file}:{f.line} {f.code}" for f in lint("addendum_rekening")] == []


def test_reading_problems(tmp_path: Path) -> None:
    text = ADDENDUM.read_text(encoding="utf-8")
    file = tmp_path / "a.yml"
    file.write_text(text.replace("klinik-pratama-rawat-inap.yml", "tidak-ada.yml"))
    with pytest.raises(InputError) as missing:
        load_adendum(file)
    assert missing.value.code == "file.not_found"
    for name in ("../rahasia.yml", "/etc/passwd", "..yml", "a/b.yml", ".hidden.yml"):
        file.write_text(text.replace("klinik-pratama-rawat-inap.yml", name))
        with pytest.raises(InputProblemsError) as bad:
            load_adendum(file)
        assert [problem.path for problem in bad.value.problems] == ["perjanjian_induk.berkas"]
    file.write_text(text.replace("tanggal_berlaku: 2024-07-01", "tangal_berlaku: ISI: besok"))
    with pytest.raises(InputProblemsError):
        load_adendum(file)
    file.write_text(text.replace("tanggal_berlaku:", "tangal_berlaku:"))
    with pytest.raises(InputProblemsError) as misspelt:
        load_adendum(file)
    nearest = [p.params.get("nearest") for p in misspelt.value.problems]
    assert "tanggal_berlaku" in nearest


def test_what_is_an_addendum() -> None:
    assert is_adendum(ADDENDUM.read_bytes())
    assert not is_adendum(PARENT.read_bytes())
    assert not is_adendum(b"\xff\xfe")
    assert not is_adendum(b"- 1\n")


def test_templates_of_the_other_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as of_addendum:
        prepare_addendum(loaded(versi_templat="pks_2024"))
    assert of_addendum.value.code == "addendum.not_a_template"
    parent = tmp_path / PARENT.name
    data = PARENT.read_text(encoding="utf-8").replace(
        "versi_templat: pks_2024", "versi_templat: addendum_rekening"
    )
    parent.write_text(data, encoding="utf-8")
    with pytest.raises(UsageError) as of_draft:
        prepare(load_kontrak(parent))
    assert of_draft.value.code == "draft.not_an_agreement"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_command_writes_and_explains(tmp_path: Path) -> None:
    result = run("addendum", ADDENDUM, "-o", tmp_path, "--format", "txt", "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert Path(shown["files"]["txt"]).read_text(encoding="utf-8").startswith("ADDENDUM\n")
    assert shown["template"] == "addendum_rekening"
    other = tmp_path / "salah.yml"
    text = ADDENDUM.read_text(encoding="utf-8").replace("2024-07-01", "2025-07-01")
    other.write_text(text, encoding="utf-8")
    refused = run("addendum", other, "--induk", PARENT, "-o", tmp_path, "--format", "txt")
    assert refused.exit_code == 10
    assert "di luar jangka waktu perjanjian induk" in refused.output
    assert run("addendum", PARENT, "-o", tmp_path).exit_code == 3


@pytest.mark.slow
def test_pdf_docx_and_text_say_the_same(tmp_path: Path) -> None:
    result = run("addendum", ADDENDUM, "-o", tmp_path, "--format", "pdf,docx,txt", "--json")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert 2 <= shown["pages"] <= 4
    expected = words(Path(shown["files"]["txt"]).read_text(encoding="utf-8"))
    assert docx_words(Path(shown["files"]["docx"]), tmp_path) == expected
    printed = " ".join(word for page in page_words(Path(shown["files"]["pdf"])) for word in page)
    assert printed.replace(" ", "") == "".join(expected)
    receipt = json.loads(Path(shown["files"]["receipt"]).read_text(encoding="utf-8"))
    assert {place["name"] for place in receipt["places"]} == {
        "TTD_PIHAK_KESATU",
        "TTD_PIHAK_KEDUA",
        "METERAI_PIHAK_KESATU",
        "METERAI_PIHAK_KEDUA",
    }
    assert receipt["induk"] == agreement_id(load_kontrak(PARENT).kontrak)


@pytest.mark.slow
def test_the_earlier_agreement_may_be_a_row_of_a_workbook(tmp_path: Path) -> None:
    folder = samples_root()
    row = load_kontrak(folder / "klinik-pratama-rawat-inap.yml").kontrak
    other = load_kontrak(folder / "puskesmas-blud.yml").kontrak
    book = tmp_path / "faskes.xlsx"
    book.write_bytes(write_workbook({"satu": other, "dua": row}))
    given = folder / "addendum-rekening.yml"
    expected = addendum(AddendumRequest(source=given, formats=("txt",)))
    made = addendum(AddendumRequest(source=given, induk=book, key="dua", formats=("txt",)))
    assert made.files["txt"].content == expected.files["txt"].content
    with pytest.raises(UsageError) as caught:
        addendum(AddendumRequest(source=given, induk=book, formats=("txt",)))
    assert caught.value.code == "workbook.which_facility"
