"""Defined terms: used, defined where they are used, and nothing else written like one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support.linting import lint_fully
from support.tiny_version import HEAD_LINES, TinyVersion

Tiny = Callable[..., TinyVersion]
GLOSSARY = """\
Dalam perjanjian ini, yang dimaksud dengan:

{: .angka }
1. Peserta adalah setiap orang yang terdaftar.
1. Surat Izin Praktik, yang selanjutnya disebut SIP, adalah bukti tertulis.
{% if faskes.apotek %}
1. Resep adalah permintaan obat.
{% endif %}
"""
NAMES = 'nama_diri: ["PIHAK KEDUA", Indonesia]\n'


def found(tiny: Tiny, body: str, *, apotek: bool = True) -> list[tuple[str, int, str]]:
    version = tiny(pasal={"ketentuan-umum": GLOSSARY, "contoh": body}, raw={"istilah.yml": NAMES})
    version.write()
    context: dict[str, Any] = {"faskes": {"apotek": apotek}}
    return [
        (one.code, one.line - HEAD_LINES, one.params.get("term") or one.params["word"])
        for one in lint_fully("mini", templates_root=version.root, context=context)
        if one.code in ("lint.unused_term", "lint.undefined_term", "lint.unknown_capitals")
    ]


GOOD = "1. PIHAK KEDUA memeriksa SIP dan melayani Peserta di Indonesia atas Resep.\n"


def test_terms_that_are_used_are_well(tiny: Tiny) -> None:
    assert found(tiny, GOOD) == []


@pytest.mark.parametrize(
    ("without", "line", "term"),
    [("SIP", 5, "Surat Izin Praktik"), ("Peserta", 4, "Peserta"), ("Resep", 7, "Resep")],
)
def test_a_definition_that_nothing_uses(tiny: Tiny, without: str, line: int, term: str) -> None:
    assert found(tiny, GOOD.replace(without, "kartu")) == [("lint.unused_term", line, term)]


def test_the_full_name_is_a_use_too(tiny: Tiny) -> None:
    assert found(tiny, GOOD.replace("SIP", "Surat Izin Praktik")) == []


def test_a_term_of_another_kind_is_missed_where_it_is_used(tiny: Tiny) -> None:
    assert found(tiny, GOOD, apotek=False) == [("lint.undefined_term", 1, "Resep")]


def test_a_longer_term_is_no_use_of_a_shorter_one(tiny: Tiny) -> None:
    body = GOOD.replace("Peserta", "Peserta Baru")
    assert ("lint.unknown_capitals", 1, "Baru") in found(tiny, body)


@pytest.mark.parametrize(
    ("words", "word"),
    [
        ("atas Klaim Besar yang sah", "Klaim Besar"),
        ("oleh Dewan Kehormatan", "Dewan Kehormatan"),
        ("menurut BPOM", "BPOM"),
    ],
)
def test_capitals_without_definition(tiny: Tiny, words: str, word: str) -> None:
    assert found(tiny, f"{GOOD}1. Obat diserahkan {words}.\n") == [
        ("lint.unknown_capitals", 2, word)
    ]


@pytest.mark.parametrize(
    "words",
    [
        "1. Obat diserahkan kepada Pesertanya.\n",
        "1. Obat diberi consID dan secretKey.\n",
        "1. Obat diserahkan kepada {{ faskes.nama }}.\n",
        "1. {: .kutipan-hukum } Menurut Kitab Hukum Acara.\n",
        "1. Obat. Kemudian kartu.\n",
    ],
)
def test_what_is_no_term(tiny: Tiny, words: str) -> None:
    codes = {code for code, *_ in found(tiny, GOOD + words)}
    assert "lint.unknown_capitals" not in codes
