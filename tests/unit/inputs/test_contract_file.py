from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path

import pytest

from pks_kit.errors import InputError, InputProblemsError, Problem
from pks_kit.inputs import kontrak_schema, load_kontrak, parse_kontrak
from pks_kit.inputs.expected import PATTERNS
from pks_kit.inputs.json_schema import settings_schema
from pks_kit.inputs.problems import MAXIMUM_PROBLEMS
from support.sample import SAMPLE

TEXT = SAMPLE.read_text(encoding="utf-8")
ROOT = Path(__file__).resolve().parents[3]


def problems(text: str | bytes) -> tuple[Problem, ...]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(InputProblemsError) as caught:
        parse_kontrak(content, "uji.yml")
    assert caught.value.code == "input.problems"
    return caught.value.problems


def replaced(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1, old
    return TEXT.replace(old, new, 1)


def only(text: str) -> Problem:
    found = problems(text)
    assert len(found) == 1, [(p.code, p.path) for p in found]
    return found[0]


def test_sample_is_whole() -> None:
    loaded = load_kontrak(SAMPLE)
    kontrak = loaded.kontrak
    assert kontrak.pihak_kesatu.tanggal_tanda_tangan == date(2023, 12, 20)
    assert kontrak.jadwal.operasional[0].buka == time(8, 0)
    assert kontrak.faskes.rawat_inap is True
    assert kontrak.faskes.poned is False
    assert len(kontrak.tenaga_kesehatan) >= 8
    assert [anggota.jenis for anggota in kontrak.jejaring] == ["bidan", "laboratorium", "apotek"]
    assert len(kontrak.pengguna_aplikasi) == 4
    assert len(kontrak.integrasi) == 5
    assert all(tenaga.nik.startswith("99") for tenaga in kontrak.tenaga_kesehatan)
    assert {sesi.pekan for sesi in kontrak.jadwal.praktik} == {"setiap", "ganjil", "genap"}
    assert loaded.source_bytes == SAMPLE.read_bytes()


def test_lines_of_values() -> None:
    loaded = load_kontrak(SAMPLE)
    lines = TEXT.splitlines()
    assert (
        "tanggal_selesai: 2024-12-31" in lines[loaded.line_of("jangka_waktu.tanggal_selesai") - 1]
    )
    assert "drg_gita" in lines[loaded.line_of("tenaga_kesehatan[5].kunci") - 1]
    assert loaded.line_of("jadwal.praktik[999].poli") == loaded.line_of("jadwal.praktik")


def test_scalars_stay_text() -> None:
    text = replaced('nomor: "9988776655"', "nomor: 0123456789").replace('"08:00"', "08.00")
    kontrak = parse_kontrak(text.encode(), "uji.yml").kontrak
    assert kontrak.rekening.cadangan.nomor == "0123456789"
    assert kontrak.jadwal.operasional[0].buka == time(8, 0)
    text = replaced('nama_faskes: "Klinik Pratama Senja Rekawangi"', "nama_faskes: no")
    assert parse_kontrak(text.encode(), "u").kontrak.pihak_kedua.nama_faskes == "no"


@pytest.mark.parametrize("word", ["ya", "YA", "true", "True"])
def test_yes(word: str) -> None:
    text = replaced("poned: tidak", f"poned: {word}")
    assert parse_kontrak(text.encode(), "u").kontrak.faskes.poned is True


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "<script>alert(1)</script>", "A | B", "*A*", "../../etc", "%s {0}", "CON"]
)
def test_legal_names_print_exactly(name: str) -> None:
    text = replaced('"Klinik Pratama Senja Rekawangi"', f"'{name}'")
    assert parse_kontrak(text.encode(), "u").kontrak.pihak_kedua.nama_faskes == name


def test_bom_and_windows_line_ends() -> None:
    content = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    assert parse_kontrak(content, "u").kontrak == load_kontrak(SAMPLE).kontrak


def test_decomposed_text_is_composed_and_blanks_collapse() -> None:
    text = replaced('"Klinik Pratama Senja Rekawangi"', '"Klinik  Pratama E\u0301mbun "')
    assert parse_kontrak(text.encode(), "u").kontrak.pihak_kedua.nama_faskes == (
        "Klinik Pratama Émbun"
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("    spesialis: ya", "    spesialist: ya", "input.unknown_key",
         "tenaga_kesehatan[4].spesialist"),
        ("    status: \"Paripurna\"", "    xyzzy: 1\n    status: \"P\"",
         "input.unknown_key_far", "faskes.akreditasi.xyzzy"),
        ("tanggal_tanda_tangan: 2023-12-20", "tanggal_tanda_tangan: 20/12/2023",
         "input.bad_date", "pihak_kesatu.tanggal_tanda_tangan"),
        ("tanggal_tanda_tangan: 2023-12-20", "tanggal_tanda_tangan: 2023-02-30",
         "input.bad_date", "pihak_kesatu.tanggal_tanda_tangan"),
        ("tanggal_tanda_tangan: 2023-12-20", "tanggal_tanda_tangan: 1703030400",
         "input.bad_date", "pihak_kesatu.tanggal_tanda_tangan"),
        ("tanggal_tanda_tangan: 2023-12-20", "tanggal_tanda_tangan: [2023]",
         "input.expected_text", "pihak_kesatu.tanggal_tanda_tangan"),
        ('buka: "08:00"', 'buka: "8"', "input.bad_time", "jadwal.operasional[0].buka"),
        ('buka: "08:00"', 'buka: "24:00"', "input.bad_time", "jadwal.operasional[0].buka"),
        ("poned: tidak", "poned: mungkin", "input.bad_yes_no", "faskes.poned"),
        ("jumlah_tempat_tidur: 8", "jumlah_tempat_tidur: 8.5",
         "input.bad_whole", "faskes.jumlah_tempat_tidur"),
        ("jumlah_tempat_tidur: 8", "jumlah_tempat_tidur: 1_0",
         "input.bad_whole", "faskes.jumlah_tempat_tidur"),
        ("jumlah_tempat_tidur: 8", "jumlah_tempat_tidur: 501",
         "input.out_of_range", "faskes.jumlah_tempat_tidur"),
        ("cara_kontrak: elektronik", "cara_kontrak: surel", "input.not_a_choice", "cara_kontrak"),
        ('kode: "9917U029"', 'kode: "9917u029"', "input.bad_format", "faskes.kode"),
        ('nik: "9901015203850001"', 'nik: "٩٩٠١٠١٥٢٠٣٨٥٠٠٠١"',
         "input.unprintable", "tenaga_kesehatan[0].nik"),
        ('pengadilan: "Lembayung"', "pengadilan:", "input.empty_value", "pihak_kesatu.pengadilan"),
        ('pengadilan: "Lembayung"', "pengadilan: ' '", "input.empty_value",
         "pihak_kesatu.pengadilan"),
        ('pengadilan: "Lembayung"', "pengadilan: {a: b}", "input.expected_text",
         "pihak_kesatu.pengadilan"),
        ('pengadilan: "Lembayung"', 'pengadilan: "' + "x" * 5000 + '"', "input.too_long",
         "pihak_kesatu.pengadilan"),
        ('pengadilan: "Lembayung"', 'pengadilan: "Lem\u200bbayung"', "input.unprintable",
         "pihak_kesatu.pengadilan"),
        ('pengadilan: "Lembayung"', 'pengadilan: "\\u202Elembayung"', "input.unprintable",
         "pihak_kesatu.pengadilan"),
        ('pengadilan: "Lembayung"', 'pengadilan: "a\\nb"', "input.line_break",
         "pihak_kesatu.pengadilan"),
        ('  pengadilan: "Lembayung"', '  pengadilan: "L"\n  pengadilan: "M"',
         "input.duplicate_key", "pihak_kesatu.pengadilan"),
        ("\n  tanggal_selesai: 2024-12-31\n\n", "\n\n",
         "input.missing_field", "jangka_waktu.tanggal_selesai"),
    ],
)  # fmt: skip
def test_one_fault_one_problem(old: str, new: str, code: str, path: str) -> None:
    problem = only(replaced(old, new))
    assert (problem.code, problem.path) == (code, path)
    assert problem.line is not None
    lines = replaced(old, new).splitlines()
    key = path.rpartition(".")[2].split("[")[0] if code != "input.missing_field" else "jangka_waktu"
    assert key in lines[problem.line - 1]
    assert "{" not in problem.text.id.replace("{{", "")
    assert "{" not in problem.text.en.replace("{{", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "input.empty_file"),
        ("# hanya catatan", "input.empty_file"),
        ("- a", "input.top_not_mapping"),
        ("a: 1\n---\nb: 2", "input.several_documents"),
        ("a: &x 1\nb: *x", "input.anchor_refused"),
        ("a: &x 1", "input.anchor_refused"),
        ("a: [*x]", "input.anchor_refused"),
        ("&a x: 1", "input.key_not_text"),
        ("a: !!python/object/apply:os.system [ls]", "input.tag_refused"),
        ("!!str a: 1", "input.key_not_text"),
        ("? [a]\n: 1", "input.key_not_text"),
        ("a: {{ 7*7 }}", "input.key_not_text"),
        ("a: [", "input.yaml_syntax"),
        ("a: b: c", "input.yaml_syntax"),
        ('a: "\\U00110000"', "input.yaml_syntax"),
        ('a: "\\ud800"', "input.yaml_syntax"),
        ("a: \x00", "input.control_character"),
        (b"a: \xff", "input.not_utf8"),
        ("a: " + "[" * 50, "input.too_deep"),
        ("a: [" + "1," * 30_000 + "]", "input.too_many_nodes"),
        ("x" * 1_000_001, "input.too_large"),
        ("%YAML 9.9\n---\na: 1", "input.yaml_syntax"),
    ],
)
def test_no_contract_at_all(text: str | bytes, code: str) -> None:
    assert problems(text)[0].code == code


def test_billion_laughs_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert [p.code for p in problems("\n".join(lines))] == ["input.anchor_refused"]


def test_all_problems_at_once_in_the_order_of_the_file() -> None:
    text = (
        TEXT.replace('nomor_pks: "417', 'nomer_pks: "417')
        .replace("poned: tidak", "poned: 7")
        .replace("2024-12-31\n\n# Rek", "31-12-2024\n\n# Rek")
    )
    found = problems(text)
    assert {p.code for p in found} == {
        "input.unknown_key",
        "input.missing_field",
        "input.bad_yes_no",
        "input.bad_date",
    }
    lines = [p.line or 0 for p in found]
    assert lines == sorted(lines)
    near = next(p for p in found if p.code == "input.unknown_key")
    assert "nomor_pks" in near.text.id
    assert "nomor_pks" in near.text.en


def test_both_languages_say_what_is_expected() -> None:
    problem = only(replaced('kode: "9917U029"', 'kode: "123"'))
    assert "4 angka" in problem.text.id
    assert "4 digits" in problem.text.en
    assert "digits" not in problem.text.id


def test_no_long_number_in_any_message() -> None:
    nik = "9901015203850001"
    text = (
        TEXT.replace("poned: tidak", f"poned: {nik}")
        .replace("cara_kontrak: elektronik", "cara_kontrak: '9901 0152 0385 0001'")
        .replace("jumlah_tempat_tidur: 8", f"{nik}: 8")
        .replace(f'nik: "{nik}"', f'nik: "{nik}9"')
        .replace('hp: "089900005601"', 'hp: "x089900005601"')
        .replace("tanggal_tanda_tangan: 2023-12-20", "tanggal_tanda_tangan: 089900005601")
    )
    said = " ".join(f"{p.text.id} {p.text.en} {p.params}" for p in problems(text))
    assert "99••••" in said
    for secret in (nik, "0152", "089900005601", "99000056"):
        assert secret not in said


def test_problem_list_is_cut() -> None:
    text = "\n".join(f"k{n}: 1" for n in range(500))
    found = problems(text)
    assert len(found) == MAXIMUM_PROBLEMS + 1
    assert found[-1].code == "input.more_problems"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.yml", "file.not_found"), (tmp_path, "file.not_regular")):
        with pytest.raises(InputError) as caught:
            load_kontrak(path)
        assert caught.value.code == code


def test_published_schema_is_current() -> None:
    published = json.loads((ROOT / "docs/skema/kontrak.schema.json").read_text(encoding="utf-8"))
    assert published == kontrak_schema()
    assert published["$schema"].endswith("2020-12/schema")


def test_every_pattern_has_words() -> None:
    text, settings = json.dumps(kontrak_schema()), json.dumps(settings_schema())
    assert len(PATTERNS) == 18
    for pattern in PATTERNS:
        assert json.dumps(pattern)[1:-1] in text + settings
    used = settings.count('"pattern"') + settings.count('"patternProperties"')
    assert used == sum(settings.count(json.dumps(one)) for one in PATTERNS)
    assert text.count('"pattern"') == sum(
        text.count('"pattern": ' + json.dumps(p)) for p in PATTERNS
    ) + text.count('[:.][0-5][0-9]$"')


# --- text that would be cut without a word ------------------------------------------------------

_NAME = 'nama_faskes: "Klinik Pratama Senja Rekawangi"'


@pytest.mark.parametrize(
    "written",
    [
        "nama_faskes: Klinik Blok B #7",
        "nama_faskes: Klinik # 7",
        "nama_faskes: Klinik\t#7, Kelurahan Rekaan",
        "nama_faskes: #7 Klinik",
        "nama_faskes: Klinik\n    Senja #7",
        'nama_faskes: "Klinik Senja" #7',
        "nama_faskes: 'Klinik Senja'   #RT 02",
        'nama_faskes: "Klinik\\\n    Senja"\t#7',
        "nama_faskes: >- #7\n    Klinik Senja",
        "nama_faskes: |- #RT\n    Klinik Senja",
    ],
)
def test_words_behind_a_hash_are_not_dropped_in_silence(written: str) -> None:
    problem = only(replaced(_NAME, written))
    assert (problem.code, problem.path) == ("input.cut_at_hash", "pihak_kedua.nama_faskes")
    assert problem.params["rest"].startswith("#")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nama_faskes: Klinik Blok B#7", "Klinik Blok B#7"),
        ('nama_faskes: "Klinik Blok B #7"', "Klinik Blok B #7"),
        ("nama_faskes: 'Klinik Senja' # nama pada izin", "Klinik Senja"),
        ("# nama pada izin\n  nama_faskes: Klinik Senja", "Klinik Senja"),
        ("nama_faskes: >- # nama pada izin\n    Klinik Senja\n    #7", "Klinik Senja #7"),
        ("nama_faskes: >-\n    Klinik Senja\n  #kunci di bawah ini", "Klinik Senja"),
        ('nama_faskes: "Klinik Senja" ## nama pada izin', "Klinik Senja"),
    ],
)
def test_a_comment_that_nobody_can_mistake_stays_one(written: str, expected: str) -> None:
    kontrak = parse_kontrak(replaced(_NAME, written).encode(), "u").kontrak
    assert kontrak.pihak_kedua.nama_faskes == expected


def test_comments_behind_dates_choices_and_sections_stay() -> None:
    date_line = "tanggal_tanda_tangan: 2023-12-20"
    text = replaced(date_line, f"{date_line} # Rabu").replace(
        "poned: tidak", "poned: tidak   # belum"
    )
    assert parse_kontrak(text.encode(), "u").kontrak.faskes.poned is False
    assert only(text.replace("# Rabu", "#2")).code == "input.cut_at_hash"


def test_a_comma_inside_braces_is_told_as_what_it_is() -> None:
    start = TEXT.index("  utama:")
    end = TEXT.index("  cadangan:")
    account = '{bank: "Bank Rekaan", nomor: "9900112233", atas_nama: Rina Rekaan, A.Md.Keb.}'
    problem = only(TEXT[:start] + f"  utama: {account}\n" + TEXT[end:])
    assert problem.code == "input.cut_at_comma"
    assert problem.params["rest"] == "A.Md.Keb."
    quoted = account.replace("Rina Rekaan, A.Md.Keb.", '"Rina Rekaan, A.Md.Keb."')
    whole = parse_kontrak((TEXT[:start] + f"  utama: {quoted}\n" + TEXT[end:]).encode(), "u")
    assert whole.kontrak.rekening.utama.atas_nama == "Rina Rekaan, A.Md.Keb."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_of_notepad_is_named(encoding: str) -> None:
    assert only_of(TEXT.encode(encoding)).code == "input.utf16"


def only_of(content: bytes) -> Problem:
    found = problems(content)
    assert len(found) == 1
    return found[0]


def test_ansi_is_told_with_its_place() -> None:
    text = replaced("Senja Rekawangi", "Émbun Rekawangi")
    problem = only_of(text.encode("cp1252"))
    assert problem.code == "input.not_utf8"
    assert problem.line == text[: text.index("Émbun")].count("\n") + 1


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        (b"PK\x03\x04", "ZIP"),
        (b"\xd0\xcf\x11\xe0", "dokumen Office lama (Excel/Word 97-2003) atau yang terkunci"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 ", "RTF (WordPad)"),
        (b"\x1f\x8b\x08", "berkas mampat (gzip)"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", "halaman web (HTML)"),
        (b"<?xml version='1.0'?>", "XML"),
    ],
)
def test_a_file_of_another_kind_is_named(begin: bytes, what: str) -> None:
    problem = only_of(begin + TEXT.encode())
    assert (problem.code, problem.params["what"].id) == ("input.other_file", what)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Jalan A: Nomor 3", "titik dua yang diikuti spasi"),
        ("Jalan A Nomor 3:", "titik dua yang diikuti spasi"),
        ("`Jalan A`", "tidak boleh diawali"),
        ("@Jalan A", "tidak boleh diawali"),
        ("%Jalan A", "tidak boleh diawali"),
        ("- Jalan A", "tidak boleh diawali"),
        ('"Jalan A" Nomor 3', "di belakang tanda kutip"),
        ("'Jalan A", "tidak ditutup"),
        ('"Jalan A\\3"', "garis miring terbalik"),
        ("{jenis: Jalan [A], nomor: 3}", "kurung siku"),
    ],
)
def test_what_breaks_a_value_is_said_in_our_words_at_its_line(value: str, words: str) -> None:
    line = next(n for n, one in enumerate(TEXT.splitlines(), 1) if one.startswith("  alamat:"))
    lines = TEXT.splitlines(keepends=True)
    lines[line - 1] = f"  alamat: {value}\n"
    problem = only_of("".join(lines).encode())
    assert (problem.code, problem.line) == ("input.yaml_syntax", line)
    assert words in problem.text.id


@pytest.mark.parametrize("start", ["alamat:\u00a0", "alamat\uff1a ", "alamat:"])
def test_a_field_without_a_plain_colon_and_blank_is_named(start: str) -> None:
    line = next(n for n, one in enumerate(TEXT.splitlines(), 1) if one.startswith("  alamat:"))
    lines = TEXT.splitlines(keepends=True)
    lines[line - 1] = f"  {start}Jalan A\n"
    problem = only_of("".join(lines).encode())
    assert (problem.code, problem.line) == ("input.yaml_syntax", line)
    assert "titik dua biasa" in problem.text.id
