"""The picture in a signature box says who signed, fits its box, and never shrinks to nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from pks_kit.errors import RenderError
from pks_kit.render.appearance import (
    TYPE_SIZES,
    render_appearance,
    render_template,
    signature_code,
)
from pks_kit.resources import signing_root
from support.appearance import FACTS, words


def test_it_says_who_and_when() -> None:
    said = words(FACTS)
    assert "Ditandatangani secara elektronik oleh: dr. Contoh <b>Sekali</b>, M.Kes." in said
    assert "Pimpinan Klinik" in said
    assert "20 Desember 2023 pukul 09.30 WIB" in said
    assert "UJI COBA" in said
    assert "UJI COBA" not in words(replace(FACTS, is_uji=False))


def test_it_has_the_size_of_its_box_and_our_fonts() -> None:
    with pikepdf.open(BytesIO(render_appearance(FACTS))) as pdf:
        assert len(pdf.pages) == 1
        assert [float(one) for one in pdf.pages[0].mediabox] == pytest.approx(
            [0, 0, FACTS.width, FACTS.height], abs=0.01
        )
        names = {
            str(one.BaseFont).partition("+")[2] for one in pdf.pages[0].Resources.Font.values()
        }
    assert names == {"SourceSansPro-Regular", "SourceSansPro-Bold"}


def test_no_type_is_smaller_than_paper_shows() -> None:
    """5.5 points is the least that a printed copy shows legibly."""
    style = (signing_root() / "appearance" / "tanda_tangan.css").read_text(encoding="utf-8")
    smallest = min(float(factor) for factor in re.findall(r"font-size: ([0-9.]+)em", style))
    assert min(TYPE_SIZES) * smallest >= 5.5
    assert "font-size" not in re.sub(r"font-size: [0-9.]+em", "", style)
    assert set(re.findall(r"color: ([^;]+)", style)) == {"#000"}


def test_long_names_leave_less_room_for_the_rest_then_are_refused() -> None:
    name = "Nama Panjang Sekali "
    long = words(replace(FACTS, nama=name * 5))
    assert long.count(name.strip()) == 5
    assert "20 Desember 2023" in long
    longest = words(replace(FACTS, nama=(name * 10)[:200].strip()))
    assert longest.count(name.strip()) == 10
    assert "Sertifikat" not in longest
    assert "UJI COBA" in longest
    with pytest.raises(RenderError) as caught:
        render_appearance(replace(FACTS, nama=name * 20))
    assert caught.value.code == "render.appearance.too_long"


def test_ordinary_facts_are_all_there() -> None:
    said = words(FACTS)
    assert "Sertifikat: Contoh Sekali (UJI Penanda Tangan)" in said
    assert FACTS.jabatan in said


def test_same_facts_same_bytes() -> None:
    assert render_appearance(FACTS) == render_appearance(FACTS)


def test_the_code_names_agreement_and_time() -> None:
    code = signature_code(FACTS.agreement_id, FACTS.waktu)
    assert code == "PKS1TTD:0123456789ABCDEFGHJKMNPQRS:20231220T023000Z"


def test_unknown_template_and_missing_value() -> None:
    with pytest.raises(RenderError) as caught:
        render_template("../profiles/elektronik", [{}], 100, 50)
    assert caught.value.code == "render.appearance.unknown"
    with pytest.raises(RenderError) as caught:
        render_template("tanda_tangan", [{"nama": "x"}], 100, 50)
    assert caught.value.code == "render.appearance.value_missing"


def test_invisible_characters_are_refused() -> None:
    with pytest.raises(RenderError) as caught:
        render_appearance(replace(FACTS, jabatan="Pimpinan\u202e"))
    assert caught.value.code == "render.pdf.unprintable"
