"""``template lint``: each rule finds what it should and leaves good text alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pks_kit.errors import InputError
from pks_kit.json_form import to_json
from pks_kit.messages import known_codes
from pks_kit.naskah.lint import LintFinding
from support.linting import lint_fully
from support.tiny_version import HEAD_LINES, TinyVersion

Tiny = Callable[..., TinyVersion]
NAMES = ("sanksi.teguran_maksimum", "sanksi.jeda", "dasar_hukum.tarif", "tarif_lab.gds.kapiler")


def lint(version: TinyVersion, **options: Any) -> tuple[LintFinding, ...]:
    version.write()
    return lint_fully("mini", templates_root=version.root, **{"parameter_names": NAMES, **options})


def lines(found: tuple[LintFinding, ...]) -> list[tuple[str, int, str]]:
    return [(f.code, f.line - HEAD_LINES, f.level) for f in found]


def test_good_text_has_no_findings(tiny: Tiny) -> None:
    body = """\
1. {: #alasan } PIHAK KESATU memberikan teguran apabila PIHAK KEDUA:
   1. tidak melayani Peserta; dan/atau
   1. {: sumber=hfis } memungut biaya.
1. Teguran paling banyak {{ aturan.sanksi.teguran_maksimum | bilangan }} kali sebagaimana
   dimaksud pada [](#alasan).
1. Sesuai Pasal 67 Peraturan Presiden Nomor 82 Tahun 2018 dan Pasal 12 ayat (2)
   {{ aturan.dasar_hukum.tarif }}.
1. {: .kutipan-hukum } Menurut Pasal 5 dan ayat (2) paling lama 7 hari.
1. Kegiatan dilakukan sekali; huruf kapital, angka kredit, ayat suci, dan pasal berlapis biasa.
"""
    lampiran = (
        "## Umum\n\n1. {{ p.nama }};\n2. {% if p.ya %}ya{% else %}tidak{% endif %}; dan\n3. c.\n"
    )
    assert lint(tiny(pasal={"contoh": body}, lampiran={"x": lampiran})) == ()


@pytest.mark.parametrize(
    "words",
    [
        "sesuai Pasal 4 ini",
        "sesuai ayat (2) ini",
        "sesuai Lampiran II ini",
        "sesuai Lampiran 2 ini",
        "sesuai huruf b ini",
        "sesuai angka 3 ini",
        "sesuai Pasal 4. Peraturan lain",
    ],
)
def test_clause_numbers_by_hand(tiny: Tiny, words: str) -> None:
    found = lint(tiny(pasal={"contoh": f"1. Satu.\n1. Dua\n   {words}.\n"}))
    assert lines(found)[0] == ("lint.handwritten_reference", 3, "error")


def test_words_of_a_reference_are_not_by_hand(tiny: Tiny) -> None:
    body = "1. {: #a } A.\n1. Lihat [Pasal 1 ayat (1) huruf b](#a).\n"
    assert lint(tiny(pasal={"contoh": body})) == ()


@pytest.mark.parametrize(
    "words",
    [
        "30 hari kalender",
        "30 (tiga puluh) hari",
        "3 kali",
        "24 jam",
        "2 bulan",
        "10 persen",
        "97%",
        "5 ‰",
        "1,5 km",
        "4 MB",
        "12 orang",
        "Rp10.000,00",
        "Rp 500",
        "40 Tahun",
    ],
)
def test_legal_numbers_by_hand(tiny: Tiny, words: str) -> None:
    found = lint(tiny(pasal={"contoh": f"1. Satu.\n1. Paling lama {words} sejak itu.\n"}))
    assert lines(found) == [("lint.handwritten_parameter", 2, "error")]


def test_legal_numbers_in_tables_are_warnings(tiny: Tiny) -> None:
    found = lint(tiny(lampiran={"x": "| a | b |\n|---|---|\n| usia | 5 tahun |\n"}))
    assert lines(found) == [("lint.handwritten_parameter", 3, "warning")]


def test_constants_inside_jinja_are_by_hand_too(tiny: Tiny) -> None:
    body = "1. Satu.\n1. {{ 3 | bilangan }} kali.\n1. {{ a ~ ' 7 hari' }}.\n"
    found = lint(tiny(pasal={"contoh": body}))
    assert lines(found) == [
        ("lint.handwritten_parameter", 2, "error"),
        ("lint.handwritten_parameter", 3, "error"),
    ]


def test_numbers_in_words_are_warnings(tiny: Tiny) -> None:
    body = "1. Paling lama tiga puluh hari.\n1. Salah satu hari; diabetes melitus tipe dua.\n"
    assert lines(lint(tiny(pasal={"contoh": body}))) == [("lint.number_in_words", 1, "warning")]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("{{ aturan.sanksi.jeda }} hari", 2),
        ("{{ aturan.sanksi.jeda | desimal }}", 2),
        ("sebesar\n   {{ aturan.sanksi.jeda | persen_angka }}", 3),
        ("{{ aturan.sanksi.jeda | rupiah }}", 2),
        ("rangkap 2", 2),
    ],
)
def test_numerals_of_a_pasal_need_words(tiny: Tiny, words: str, line: int) -> None:
    found = lint(tiny(pasal={"contoh": f"1. Satu.\n1. Dua {words}.\n"}))
    assert lines(found) == [("lint.number_without_words", line, "error")]


def test_numerals_of_a_lampiran_need_none(tiny: Tiny) -> None:
    body = "Tarif {{ aturan.sanksi.jeda | rupiah }}, rangkap 2.\n"
    assert lint(tiny(lampiran={"x": body})) == ()


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("aturan.sanksi.teguran_maksimum | bilangan", True),
        ("aturan['sanksi']['jeda'] | bilangan", True),
        ("aturan.tarif_lab.gds.kapiler | bilangan", True),
        ("aturan.sanksi.teguran | bilangan", False),
        ("aturan.tarif_lab.gdp.kapiler | bilangan", False),
        ("aturan['sangsi'].jeda | bilangan", False),
    ],
)
def test_parameters_must_exist(tiny: Tiny, expression: str, known: bool) -> None:
    found = lint(tiny(pasal={"contoh": f"1. Satu.\n1. Dua {{{{ {expression} }}}} kali.\n"}))
    assert lines(found) == ([] if known else [("lint.unknown_parameter", 2, "error")])


def test_unknown_parameter_in_a_condition(tiny: Tiny) -> None:
    found = lint(tiny(pasal={"contoh": "1. Satu{% if aturan.tidak.ada > 1 %} dua{% endif %}.\n"}))
    assert [f.code for f in found] == ["lint.unknown_parameter"]
    assert "aturan.tidak.ada" in found[0].text.en


def test_parameters_stay_unchecked_without_names(tiny: Tiny) -> None:
    body = "1. Dua {{ aturan.tidak.ada | bilangan }}.\n"
    assert lint(tiny(pasal={"contoh": body}), parameter_names=None) == ()


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("1. A:\n   1. b;\n   1. c; dan\n   1. d.\n", []),
        ("1. A:\n   1. b;\n   1. c;\n   1. d.\n", [3]),
        ("1. A:\n   1. b.\n   1. c; dan\n   1. d.\n", [2]),
        ("1. A:\n   1. b;\n   1. c; dan\n   1. d;\n", [1, 4]),
        ("1. A\n   1. b; atau\n   1. c.\n", [1]),
        ("1. A:\n   1. b:\n      1. x; dan\n      1. y; dan\n   1. c.\n", []),
        ("1. A;\n1. B.\n", [1]),
        ("1. {{ a }}\n1. B.\n", []),
        ("{: .angka }\n1. A.\n1. B.\n", []),
        ("Isi:\n1. a; dan\n1. b\n", [3]),
    ],
)
def test_ends_of_items(tiny: Tiny, body: str, wrong: list[int]) -> None:
    found = lint(tiny(pasal={"contoh": body}))
    assert lines(found) == [("lint.item_end", line, "warning") for line in wrong]


def test_every_branch_is_read(tiny: Tiny) -> None:
    body = """\
{% if a == 1 %}
1. Satu [](#satu).
{% elif a == 2 %}
1. Dua 7 hari.
{% else %}
1. Tiga {{ aturan.tidak.ada | bilangan }}.
{% endif %}
{% for x in y %}
1. Empat 8 hari.
{% else %}
1. Lima 9 hari.
{% endfor %}
"""
    found = lint(tiny(pasal={"contoh": body}))
    assert sorted((f.code, f.line - HEAD_LINES) for f in found) == [
        ("lint.handwritten_parameter", 4),
        ("lint.handwritten_parameter", 9),
        ("lint.handwritten_parameter", 11),
        ("lint.unknown_parameter", 6),
        ("naskah.reference_unresolved", 2),
    ]


def test_labels_of_different_branches_are_no_duplicates(tiny: Tiny) -> None:
    body = "{% if a %}\n1. {: #x } A.\n{% else %}\n1. {: #x } B.\n{% endif %}\n1. Lihat [](#x).\n"
    version = tiny(pasal={"contoh": body})
    assert lint(version) == ()
    assert lint(version, context={"a": True}) == ()
    assert version.part("contoh", {"a": False}).isi


def test_unresolved_references_of_every_part(tiny: Tiny) -> None:
    found = lint(
        tiny(
            pasal={
                "satu": "1. [](#x).\n1. [](pasal:tiga).\n",
                "dua": "1. {: #a } [](pasal:satu#a).\n",
            },
            lampiran={"x": "| [](#y) |\n|---|\n| [](pasal:dua#a) |\n\nA\n: [](#z)\n"},
        )
    )
    assert [(f.file, f.line - HEAD_LINES, f.params["target"]) for f in found] == [
        ("lampiran/x/satu.md", 1, "#y"),
        ("lampiran/x/satu.md", 6, "#z"),
        ("mini/pasal/dua.md", 1, "pasal:satu#a"),
        ("mini/pasal/satu.md", 1, "#x"),
        ("mini/pasal/satu.md", 2, "pasal:tiga"),
    ]


def test_errors_of_several_files_come_together(tiny: Tiny) -> None:
    version = tiny(
        pasal={"satu": "1. <b>.\n", "dua": "1. {{ a | salah }}.\n", "tiga": "1. A.\n"},
        raw={
            "mini/pasal/tiga.md": "---\nsumber: karangan\n---\n1. A.\n",
            "mini/pasal/lama.md": "---\njudul: Lama\n---\n",
        },
    )
    assert {(f.file, f.line, f.code) for f in lint(version)} == {
        ("mini/pasal/satu.md", 5, "naskah.html_refused"),
        ("mini/pasal/dua.md", 5, "naskah.syntax"),
        ("mini/pasal/tiga.md", 1, "naskah.no_title"),
        ("mini/pasal/tiga.md", 1, "naskah.unknown_sumber"),
        ("mini/pasal/lama.md", 1, "lint.unused_file"),
    }


def test_sample_data_shows_the_rest(tiny: Tiny) -> None:
    version = tiny(
        pasal={"satu": "1. {{ ada }}.\n1. {{ tidak_ada }}.\n", "dua": "1. {{ kosong }}.\n"},
        penutup="{% for n in range(2) %}\n{{ tanda_tangan(tempat('a', peran='pihak_kesatu',"
        " judul='x', nama='x')) }}\n\n{% endfor %}\n",
    )
    assert lint(version) == ()
    found = lint(version, context={"ada": "x", "kosong": None})
    assert [(f.file, f.code) for f in found] == [
        ("mini/pasal/dua.md", "naskah.value_missing"),
        ("mini/pasal/satu.md", "naskah.undefined"),
    ]
    found = lint(version, context={"ada": "x", "tidak_ada": "y", "kosong": "z"})
    assert [(f.file, f.code) for f in found] == [("mini/penutup.md", "naskah.signature_twice")]


def test_a_broken_manifest_is_a_finding(tiny: Tiny) -> None:
    version = tiny(manifest_extra="tambahan: 1\n")
    (finding,) = lint(version)
    assert (finding.file, finding.code) == ("mini/manifest.yml", "naskah.field")
    with pytest.raises(InputError):
        lint_fully("tidak_ada", templates_root=version.root)


def test_a_finding_speaks_both_languages(tiny: Tiny) -> None:
    (finding,) = lint(tiny(pasal={"contoh": "1. Paling lama 30 hari.\n"}))
    shown = to_json(finding)
    assert shown["message"] == {
        "id": "Angka ditulis tangan: «30 hari».",
        "en": "A number is written by hand: «30 hari».",
    }
    assert shown["level"] == "error"
    assert shown["hint"]["id"]


def test_every_lint_code_has_words() -> None:
    codes = {code for code in known_codes() if code.startswith("lint.")}
    assert codes == {
        "lint.handwritten_reference",
        "lint.handwritten_parameter",
        "lint.number_in_words",
        "lint.number_without_words",
        "lint.unknown_parameter",
        "lint.unknown_feature",
        "lint.item_end",
        "lint.unused_file",
        "lint.unused_term",
        "lint.undefined_term",
        "lint.unknown_capitals",
        "lint.spelling",
        "lint.licence",
    }
