"""The HFIS form as CSV: exact labels, no formula gets out, every value comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.errors import InputProblemsError
from pks_kit.inputs import parse_kontrak
from pks_kit.inputs.csv_values import spoilt
from pks_kit.inputs.form_into_data import apply_form
from pks_kit.inputs.hfis_csv import neutralised, read_form, restored, write_form
from pks_kit.inputs.workbook.labels import FORM
from pks_kit.inputs.workbook.layout import tables
from pks_kit.inputs.yaml_writer import write_kontrak
from support.sample import SAMPLE, changed_at, sample

BASE = SAMPLE.read_bytes()


def form(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def problems_of(content: bytes, base: bytes = BASE) -> list[tuple[str, int | None]]:
    with pytest.raises(InputProblemsError) as caught:
        apply_form(read_form(content, "f.csv"), "f.csv", base, "b.yml")
    return [(problem.code, problem.line) for problem in caught.value.problems]


def test_the_form_has_the_labels_of_hfis_in_two_sections() -> None:
    rows = list(csv.reader(io.StringIO(write_form(sample()).decode("utf-8-sig"))))
    labels = [row[0] for row in rows]
    assert labels[0] == "PIHAK 1"
    assert labels[15] == "PIHAK 2"
    assert labels[16:20] == [
        "Nomor PKS Faskes", "Nama Faskes", "Nama Penandatanganan", "Jabatan Penandatanganan",
    ]  # fmt: skip
    own = 1 + 14 + 1 + 13
    assert labels[own] == "PEMILIK"
    assert [label for label in labels if label.startswith("REKREDENSIALING")] == [
        "REKREDENSIALING 1", "REKREDENSIALING 2",
    ]  # fmt: skip
    assert ["Pemilik akta nomor", "21"] in rows
    assert ["Skor rekredensialing", "90,90"] in rows
    bare = changed_at({"pemilik": None, "pihak_kedua.kuasa": None, "rekredensialing": []})
    assert len(list(csv.reader(io.StringIO(write_form(bare).decode("utf-8-sig"))))) == own
    assert dict(rows)["Tanggal Surat Keputusan BPJS Kesehatan"] == "2022-03-14"


def test_owner_and_years_come_back_from_the_form() -> None:
    content = form(
        "PEMILIK,", "Pemilik akta nomor,22", "Pihak KEDUA kuasa pemberi,Sari Misal",
        "REKREDENSIALING 2,", "Tahun,2023", "Skor rekredensialing,\"91,05\"",
        "Tanggal rekredensialing,2023-10-17",
    )  # fmt: skip
    updated = apply_form(read_form(content, "f.csv"), "f.csv", BASE, "b.yml")
    kontrak = parse_kontrak(updated.content, "b.yml").kontrak
    data = kontrak.model_dump()
    assert data["pemilik"]["akta"]["nomor"] == "22"
    assert data["pihak_kedua"]["kuasa"]["pemberi"] == "Sari Misal"
    assert str(kontrak.rekredensialing[1].skor_rekredensialing) == "91.05"
    assert str(kontrak.rekredensialing[1].tanggal_rekredensialing) == "2023-10-17"
    # a list has no gaps: the fourth row cannot stand without a third
    assert problems_of(form("REKREDENSIALING 4,", "Tahun,2025")) == [("form.no_place", 2)]


def test_every_label_leads_to_a_column_of_the_model() -> None:
    known = {column.key for column in tables()[0].columns}
    assert {path for labels in FORM.values() for path in labels.values()} <= known


def test_the_form_of_other_data_makes_that_data() -> None:
    other = changed_at(
        {
            "pihak_kedua.nama_faskes": '=cmd|"/C calc"!A1',
            "pihak_kedua.alamat": "@Jalan; satu, dua",
            "pihak_kedua.hp_pic": "+62 812 000",
            "pihak_kedua.up": "'=bagian",
            "pihak_kesatu.pic": "- kepala",
            "pihak_kesatu.tanggal_tanda_tangan": "2023-12-21",
        }
    )
    written = write_form(other)
    cells = [cell for row in csv.reader(io.StringIO(written.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    updated = apply_form(read_form(written, "f.csv"), "f.csv", BASE, "b.yml")
    assert parse_kontrak(updated.content, "b.yml").kontrak == other
    assert len(updated.changed) == 6


BLANKS = " \u00a0\u1680\u2003\u202f\u205f\u3000\u200b\u200d\u2060\ufeff\u00ad\x00\x1f"
STARTS = "=+-@＝＋－＠﹦﹢﹣﹫⁼⁺−⁻\t\r\n"


@given(st.text(max_size=12) | st.text(f"{BLANKS}{STARTS}'a1", max_size=6))
def test_neutralised_text_is_safe_and_comes_back(text: str) -> None:
    safe = neutralised(text)
    assert safe.lstrip(BLANKS)[:1] not in tuple(STARTS)
    assert restored(safe) == text


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("blank", ["", *BLANKS, "'", " ' \u200b"])
def test_no_blank_and_no_width_leads_to_a_formula(blank: str, start: str) -> None:
    text = f"{blank}{start}1+1"
    assert neutralised(text) == f"'{text}"
    assert restored(f"'{text}") == text


@pytest.mark.parametrize("text", ["", "'", "a=1", "1-2", "( =1", "'kutip", "–", "é", "Jl. @"])
def test_other_text_is_left_alone(text: str) -> None:
    assert neutralised(text) == restored(text) == text


@pytest.mark.parametrize("value", ["=1+1", "'=1", "+62 812", "@a", "- b"])
def test_a_value_behind_blanks_of_a_program_is_the_value(value: str) -> None:
    for cell in (f"'{value}", f"' {value}", f" ' {value}"):
        (entry,) = read_form(form("PIHAK 2,", f'Nama Faskes,"{cell}"'), "f.csv")
        assert entry.text == value


def test_only_the_changed_values_change_in_the_file() -> None:
    content = form(
        "PIHAK 2;", "Nama Faskes;Klinik Baru", "Tanggal Dasar Penetapan;1/2/2022", "Email Faskes;"
    )
    updated = apply_form(
        read_form(content, "f.csv", date_order="day-first"), "f.csv", BASE, "b.yml"
    )
    old, new = BASE.decode().splitlines(), updated.content.decode().splitlines()
    assert [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]] == [
        ('  nama_faskes: "Klinik Pratama Senja Rekawangi"', '  nama_faskes: "Klinik Baru"'),
        ("    tanggal: 2021-01-11", "    tanggal: 2022-02-01"),
    ]


def test_other_separators_older_labels_and_any_capitals() -> None:
    for mark in (",", ";", "\t"):
        content = form(f"pihak 2{mark}", f"PENANGGUNG JAWAB :{mark}dr. Lain")
        (entry,) = read_form(content, "f.csv")
        assert (entry.path, entry.text) == ("pihak_kedua.nama_penandatangan", "dr. Lain")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["PIHAK 1,", "Nama Kepala Cabagn,X"], [("form.unknown_label", 2)]),
        (["PIHAK 1,", "Nama Faskes,X"], [("form.unknown_label_far", 2)]),
        (["Nama Faskes,X"], [("form.no_section", 1)]),
        (["PIHAK 2,", "Nama Faskes,X", "Nama Faskes,Y"], [("form.twice", 3)]),
        (["PIHAK 2,", "Alamat Faskes,Jalan Satu, Kota"], [("form.extra_value", 2)]),
        (["PIHAK 2,", "Nama Faskes,A\u202eB"], [("input.unprintable", 2)]),
        (["PIHAK 2,", "Tanggal Dasar Penetapan,31/02/2022"], [("input.bad_date", 2)]),
        (["PIHAK 2,", "Tanggal Dasar Penetapan,12/31/2022"], [("form.month_first", 2)]),
        (["PIHAK 2,", "WA/HP PIC Faskes,abc"], [("input.bad_format", 2)]),
        ([""], [("form.empty", 1)]),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    lines: list[str], expected: list[tuple[str, int]]
) -> None:
    assert problems_of(form(*lines)) == expected


def test_a_form_that_is_no_text() -> None:
    assert problems_of(b"PIHAK 1,\n\xff") == [("input.not_utf8", 2)]
    assert problems_of(b"PIHAK 1,\n" + b"x" * 150_000) == [("form.not_csv", None)]
    assert problems_of(b"a,b\n" * 300) == [("input.too_large", None)]


def test_values_waiting_elsewhere_are_counted_not_refused() -> None:
    base = BASE.replace(b'pic: "Tirta Misalwan, A.Md.Kes."', b'pic: "ISI: nama PIC"')
    content = form("PIHAK 2,", "Nama Faskes,Klinik Baru")
    updated = apply_form(read_form(content, "f.csv"), "f.csv", base, "b.yml")
    assert [problem.code for problem in updated.remaining] == ["input.to_be_filled"]
    filled = form("PIHAK 2,", "PIC Faskes,Tirta")
    assert apply_form(read_form(filled, "f.csv"), "f.csv", base, "b.yml").remaining == ()


@pytest.mark.parametrize("old", ["alamat:", "alamat: >\n    Jalan\n    Dua", "alamat: 'Jalan'"])
def test_any_way_to_write_a_value_can_be_replaced(old: str) -> None:
    lines = BASE.decode().splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith('  alamat: "Jalan Pelangi'))
    base = "\n".join([*lines[:at], f"  {old}", *lines[at + 1 :]]).encode()
    content = form("PIHAK 2,", 'Alamat Faskes,"Jalan ""Baru"" #3: satu"')
    updated = apply_form(read_form(content, "f.csv"), "f.csv", base, "b.yml")
    kontrak = parse_kontrak(updated.content, "b.yml").kontrak
    assert kontrak.pihak_kedua.alamat == 'Jalan "Baru" #3: satu'


def test_a_missing_key_gets_its_place() -> None:
    base = b"\n".join(line for line in BASE.splitlines() if b"nama_faskes:" not in line)
    updated = apply_form(read_form(form("PIHAK 2,", "Nama Faskes,X"), "f.csv"), "f.csv", base, "b")
    assert parse_kontrak(updated.content, "b.yml").kontrak.pihak_kedua.nama_faskes == "X"


def test_a_value_of_another_kind_is_no_place() -> None:
    base = BASE.replace(b"\npihak_kedua:\n", b'\npihak_kedua: "lain"\nlama:\n')
    assert ("form.no_place", 2) in problems_of(form("PIHAK 2,", "Nama Faskes,X"), base)


BARE = {"pemilik": None, "pihak_kedua.kuasa": None, "rekredensialing": [], "kinerja": None}
RESULTS = {
    "kinerja": {
        "angka_kontak_permil": "151",
        "rasio_rujukan_nonspesialistik_persen": "1.5",
        "rasio_prolanis_terkendali_persen": "5",
    }
}


@pytest.mark.parametrize("ending", ["\n", "", "\n\n# selesai", "\nrekredensialing: []  # kosong\n"])
def test_owner_years_and_results_come_into_data_that_had_none(ending: str) -> None:
    full = changed_at(RESULTS)
    bare = f"# atas\n{write_kontrak(changed_at(BARE)).rstrip()}"
    bare = bare.replace("\nrekredensialing: []", "")
    base = f"{bare}{ending}".encode()
    updated = apply_form(read_form(write_form(full), "f.csv"), "f.csv", base, "b.yml")
    assert parse_kontrak(updated.content, "b.yml").kontrak == full
    assert updated.remaining == ()
    after = updated.content.decode().splitlines()
    kept = [line for line in base.decode().splitlines() if "rekredensialing" not in line]
    assert [line for line in kept if line not in after] == []


def test_a_new_year_and_a_new_deed_stand_behind_the_others() -> None:
    content = form(
        "PEMILIK,", "Pemilik perubahan terakhir pengesahan penerbit,Ditjen AHU",
        "REKREDENSIALING 3,", "Tahun,2024", "Status,Upload PKS",
    )  # fmt: skip
    updated = apply_form(read_form(content, "f.csv"), "f.csv", BASE, "b.yml")
    kontrak = parse_kontrak(updated.content, "b.yml").kontrak
    assert [one.tahun for one in kontrak.rekredensialing] == [2022, 2023, 2024]
    assert kontrak.pemilik is not None
    assert kontrak.pemilik.perubahan_terakhir is not None
    approval = kontrak.pemilik.perubahan_terakhir.pengesahan
    assert approval is not None
    assert approval.penerbit == "Ditjen AHU"
    assert [(one.path, one.old) for one in updated.changed] == [
        ("pemilik.perubahan_terakhir.pengesahan.penerbit", ""),
        ("rekredensialing[2].tahun", ""),
        ("rekredensialing[2].status", ""),
    ]
    before, after = BASE.decode().splitlines(), updated.content.decode().splitlines()
    assert [line for line in after if line in set(before)] == before


# --- what Excel does to a form ------------------------------------------------------------------

_LETTER = "Tanggal Dasar Penetapan"
_LETTER_PATH = "pihak_kedua.dasar_penetapan.tanggal"


def dated(text: str, order: str | None = None) -> str:
    entries = read_form(form("PIHAK 2,", f"{_LETTER},{text}"), "f.csv", date_order=order)  # type: ignore[arg-type]
    return entries[0].text


@pytest.mark.parametrize("text", ["12/11/2023", "8/11/2020", "01-02-2023", "3.4.2023"])
def test_a_day_that_could_be_a_month_is_asked_about(text: str) -> None:
    content = form("PIHAK 2,", f"{_LETTER},{text}")
    assert problems_of(content) == [("form.ambiguous_date", 2)]


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("12/11/2023", "month-first", "2023-12-11"),
        ("12/11/2023", "day-first", "2023-11-12"),
        ("20/12/2023", None, "2023-12-20"),
        ("20-12-2023", None, "2023-12-20"),
        ("11/11/2023", None, "2023-11-11"),
        ("12/31/2022", "month-first", "2022-12-31"),
        ("11 Desember 2023", None, "2023-12-11"),
        ("11-Agu-2023", None, "2023-08-11"),
        ("2023-12-11", "month-first", "2023-12-11"),
    ],
)
def test_dates_that_mean_one_day(text: str, order: str | None, expected: str) -> None:
    assert dated(text, order) == expected


@pytest.mark.parametrize("text", ["20/12/2023", "31/01/2022"])
def test_a_date_against_the_order_that_was_named_is_refused(text: str) -> None:
    entries = read_form(form("PIHAK 2,", f"{_LETTER},{text}"), "f.csv", date_order="month-first")
    with pytest.raises(InputProblemsError) as caught:
        apply_form(entries, "f.csv", BASE, "b.yml")
    assert [one.code for one in caught.value.problems] == ["input.bad_date"]


def test_every_change_is_told_with_both_values() -> None:
    content = form("PIHAK 2,", f"{_LETTER},20/12/2023", "Nama Faskes,Klinik Baru")
    updated = apply_form(read_form(content, "f.csv"), "f.csv", BASE, "b.yml")
    old = sample().pihak_kedua
    assert [(one.path, one.old, one.new) for one in updated.changed] == [
        (_LETTER_PATH, old.dasar_penetapan.tanggal.isoformat(), "2023-12-20"),
        ("pihak_kedua.nama_faskes", old.nama_faskes, "Klinik Baru"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("Jalan A", "#NAME?", "form.error_value"),
        ("Jalan A", "########", "form.error_value"),
        ("Jalan A", "#REF!", "form.error_value"),
        ("Jalan A", "#12", ""),
        ("08123456", "8123456", "form.zeros_lost"),
        ("8123456", "08123456", "form.zeros_lost"),
        ("9901010101900001", "9.90101E+15", "form.digits_lost"),
        ("9901010101900001", "9,90101E+15", "form.digits_lost"),
        ("9901010101900001", "9901010101900000", "form.digits_lost"),
        ("12/3", "12-Mar", "form.dated"),
        ("1-2-3", "01-Feb-03", "form.dated"),
        ("08123456", "08123457", ""),
        ("Ruang 3", "12-Mar", ""),
        ("9901010101900001", "9901010101900002", ""),
    ],
)
def test_values_that_a_spreadsheet_program_spoilt(old: str, new: str, fault: str) -> None:
    assert spoilt(old, new) == fault


def test_a_spoilt_value_is_refused_at_its_line() -> None:
    base = changed_text("pihak_kedua.hp_pic", "081200990099")
    content = form("PIHAK 2,", "WA/HP PIC Faskes,81200990099")
    assert problems_of(content, base) == [("form.zeros_lost", 2)]


def changed_text(path: str, value: str) -> bytes:
    from pks_kit.inputs.plain_data import canonical_bytes

    return canonical_bytes(changed_at({path: value}))


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_the_line_that_names_the_separator_is_used(mark: str) -> None:
    content = form(f"sep={mark}", f"PIHAK 2{mark}", f"Nama Faskes{mark}Klinik Baru")
    assert read_form(content, "f.csv")[0].text == "Klinik Baru"
    assert read_form(content, "f.csv")[0].line == 3


def test_unicode_text_of_excel_is_named() -> None:
    assert problems_of("PIHAK 2\tx\n".encode("utf-16")) == [("input.utf16", 1)]
    for begin in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html><table>", b"%PDF-1.7"):
        assert problems_of(begin + b" PIHAK 2;") == [("input.other_file", 1)]
