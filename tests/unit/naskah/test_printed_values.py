"""Whatever a value holds, it prints exactly so, in every place, and changes nothing around it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pks_kit.errors import TemplateError
from pks_kit.naskah.blocks import read_blocks
from pks_kit.naskah.environment import render_template
from pks_kit.naskah.parsed import (
    ParsedForm,
    ParsedHeading,
    ParsedList,
    ParsedParagraph,
    ParsedReference,
    ParsedSignatures,
    ParsedTable,
)
from pks_kit.naskah.tree import Teks

EVERYWHERE = """\
{{ v }}

Awal {{ v }} **{{ v }}** *x{{ v }}y* akhir.

## {{ v }}

1. {{ v }}
   1. {{ v }}
2. [{{ v }}](#label) {{ v }}{{ v }}

- {{ v }}

{: keterangan="{{ v }}" }
| {{ v }} | b |
|---|---|
| {{ v }} | a<br>{{ v }} |
| {{ v }}{{ v }} | |

Label {{ v }}
: {{ v }}

{: .tengah } {{ v }}

{{ tanda_tangan(
     tempat("a", peran="pihak_kesatu", judul=v, instansi=v, nama=v, jabatan=v), pembuka=v) }}

Penutup.
"""
HOSTILE = (
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{# catatan #}",
    "<script>alert(1)</script>",
    "<br>",
    "*a* | _b_",
    "1. x",
    "# x",
    "- x",
    "> x",
    ": x",
    "| a | b |",
    "|---|---|",
    "&amp; &#42;",
    "\\",
    "\\\\|",
    "`x` ``` ~~~",
    "](#label)",
    "[](pasal:sanksi)",
    "![x](y)",
    "{: #label .tengah }",
    '" } .halaman-baru "',
    "---",
    "===",
    "[a]: b",
    "https://contoh.example/",
    "\ue0000\ue001",
    "\ue0027\ue003",
    "a\u200bb\u202ec",
    "    indentasi",
    "x" * 400,
    "*" * 400,
    "[" * 400,
)
PRINTABLE = st.text(
    alphabet=st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")),
    min_size=1,
    max_size=400,
)
MARKUP = st.lists(
    st.sampled_from([*"*_`|\\[](){}<>#-+.:;!&~\"'=^/1 a", "{{", "}}", "{%", "{:", "]("]),
    max_size=40,
).map("".join)
CLEAN = st.one_of(PRINTABLE, MARKUP).map(str.strip).filter(bool)


def printed_everywhere(value: str) -> None:
    source = render_template("uji.md", EVERYWHERE, {"v": value})
    blocks = read_blocks(source, headings=True)
    alone, prose, heading, numbered, dashes, table, form, styled, signature, closing = blocks
    assert isinstance(alone, ParsedParagraph)
    assert alone.isi == (Teks(teks=value),)
    assert isinstance(prose, ParsedParagraph)
    assert prose.isi == (
        Teks(teks=f"Awal {value} "),
        Teks(teks=value, tebal=True),
        Teks(teks=" "),
        Teks(teks=f"x{value}y", miring=True),
        Teks(teks=" akhir."),
    )
    assert isinstance(heading, ParsedHeading)
    assert heading.isi == (Teks(teks=value),)
    assert isinstance(numbered, ParsedList)
    first, second = numbered.butir
    paragraph, nested = first.isi
    assert isinstance(paragraph, ParsedParagraph)
    assert paragraph.isi == (Teks(teks=value),)
    assert isinstance(nested, ParsedList)
    assert len(nested.butir) == 1
    (linked,) = second.isi
    assert isinstance(linked, ParsedParagraph)
    reference, rest = linked.isi
    assert isinstance(reference, ParsedReference)
    assert (reference.teks, reference.label) == (value, "label")
    assert rest == Teks(teks=f" {value}{value}")
    assert isinstance(dashes, ParsedList)
    assert not dashes.numbered
    assert isinstance(table, ParsedTable)
    assert table.keterangan == value
    cells = [cell.isi for row in (table.kepala, *table.baris) for cell in row]
    assert cells[0] == (Teks(teks=value),)
    assert cells[2] == (Teks(teks=value),)
    assert cells[3][-1] == Teks(teks=value)
    assert cells[4:] == [(Teks(teks=value * 2),), ()]
    assert isinstance(form, ParsedForm)
    assert form.baris == (((Teks(teks=f"Label {value}"),), (Teks(teks=value),)),)
    assert isinstance(styled, ParsedParagraph)
    assert (styled.gaya, styled.isi) == ("tengah", (Teks(teks=value),))
    assert isinstance(signature, ParsedSignatures)
    (place,) = signature.blok.tempat
    assert {place.judul, place.instansi, place.nama, place.jabatan, signature.blok.pembuka} == {
        value
    }
    assert isinstance(closing, ParsedParagraph)
    assert closing.isi == (Teks(teks="Penutup."),)


@pytest.mark.parametrize("value", [value.strip() for value in HOSTILE])
def test_hostile_values_print_exactly(value: str) -> None:
    printed_everywhere(value)


@given(value=CLEAN)
@example(value="\\|")
@example(value="a\u00a0b")
@settings(max_examples=200, deadline=None)
def test_any_value_prints_exactly(value: str) -> None:
    printed_everywhere(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("dua\nbaris", "dua baris"),
        ("dua\r\n\r\nbaris", "dua baris"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("\ttab\tdi\ttengah\t", "tab di tengah"),
        ("  tepi  ", "tepi"),
        ("dua  spasi", "dua  spasi"),
        (2024, "2024"),
    ],
)
def test_a_value_becomes_one_line(value: object, expected: str) -> None:
    source = render_template("uji.md", "{{ v }}", {"v": value})
    (paragraph,) = read_blocks(source, headings=False)
    assert isinstance(paragraph, ParsedParagraph)
    assert paragraph.isi == (Teks(teks=expected),)


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\x7fb", "a\x90b", "a\ud800b", "a\uffffb"])
def test_control_characters_are_refused(value: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", "satu\n{{ v }}", {"v": value})
    assert caught.value.code == "naskah.control_character"
    assert caught.value.params["line"] == 2


@pytest.mark.parametrize("value", [None, True, 1.5, [1], {"a": 1}, object()])
def test_only_text_and_whole_numbers_print(value: object) -> None:
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", "\n\n{{ v }}", {"v": value})
    assert caught.value.code in ("naskah.value_missing", "naskah.value_not_text")
    assert caught.value.params["line"] == 3


def test_values_cannot_forge_labels_or_attributes() -> None:
    source = render_template(
        "uji.md",
        '1. {: #a-{{ n }} } isi\n\n{: keterangan="{{ v }}" }\n| a |\n|---|\n| b |\n',
        {"n": 7, "v": '" .rapat lebar="9'},
    )
    numbered, table = read_blocks(source, headings=True)
    assert isinstance(numbered, ParsedList)
    assert numbered.butir[0].label == "a-7"
    assert isinstance(table, ParsedTable)
    assert (table.keterangan, table.gaya, table.lebar) == ('" .rapat lebar="9', "biasa", ())


@pytest.mark.parametrize("label", ["a b", "A", "a#b", "a }", "\u00e9"])
def test_a_label_from_data_must_be_a_label(label: str) -> None:
    source = render_template("uji.md", "1. {: #x-{{ v }} } isi", {"v": label})
    with pytest.raises(TemplateError) as caught:
        read_blocks(source, headings=True)
    assert caught.value.code == "naskah.label_syntax"


def test_template_text_cannot_use_reserved_characters() -> None:
    with pytest.raises(TemplateError) as caught:
        render_template("uji.md", "satu\ndua \ue0000\ue001", {})
    assert (caught.value.code, caught.value.params["line"]) == ("naskah.reserved_character", 2)
