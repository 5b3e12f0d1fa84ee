"""The picture in a signature box says who signed, fits its box, and never shrinks to nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from pypdfium2 import raw

from pks_kit.errors import RenderError
from pks_kit.policy.box_look import BoxLook
from pks_kit.render.appearance import (
    AppearanceFacts,
    render_appearance,
    render_template,
    signature_code,
)
from support.appearance import FACTS, words


def test_it_says_who_and_when() -> None:
    said = words(FACTS)
    assert "Ditandatangani secara elektronik oleh: dr. Contoh <b>Sekali</b>, M.Kes." in said
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


def test_the_time_is_told_as_people_read_it() -> None:
    evening = replace(FACTS, waktu=datetime(2026, 11, 28, 14, 19, tzinfo=UTC))
    assert "28 November 2026 pukul 21.19 WIB" in words(evening)
    late = replace(FACTS, waktu=datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    for zone, told in (
        ("WIB", "31 Desember 2026 pukul 23.30 WIB"),
        ("WITA", "1 Januari 2027 pukul 00.30 WITA"),
        ("WIT", "1 Januari 2027 pukul 01.30 WIT"),
    ):
        assert told in words(late, BoxLook(zona=zone))


HARD = (
    FACTS,
    replace(FACTS, is_uji=False, penerbit="Otoritas Sertifikat Digital Contoh Kelas Tiga"),
    replace(FACTS, nama="Dr. dr. Raden Ajeng Kusuma Contohwati Rekawangi, Sp.A.(K), M.Kes."),
    replace(FACTS, sertifikat="1234567890" * 4),
    replace(FACTS, nama=("Nama Panjang Sekali " * 10)[:200].strip()),
)


@pytest.mark.parametrize("facts", HARD)
def test_type_is_legible_and_no_line_runs_into_the_frame(facts: AppearanceFacts) -> None:
    """Seven points is the least, and half a millimetre stays white at every side."""
    with pypdfium2.PdfDocument(render_appearance(facts)) as document:
        text = document[0].get_textpage()
        for index in range(text.count_chars()):
            if chr(raw.FPDFText_GetUnicode(text, index)).isspace():
                continue
            assert raw.FPDFText_GetFontSize(text, index) >= 7 - 0.01
            left, bottom, right, top = text.get_charbox(index)
            assert min(left, bottom, facts.width - right, facts.height - top) > 0.5 * 72 / 25.4


def test_a_certificate_of_another_name_is_told_before_the_code() -> None:
    """Whoever reads the box, and the verifier, must find the name of the certificate in it."""
    long = "Dr. dr. Raden Ajeng Kusuma Contohwati Rekawangi, Sp.A.(K), M.Kes."
    other = replace(FACTS, nama=long, sertifikat="1234567890" * 2, penerbit="")
    assert "Sertifikat: 12345678901234567890" in words(other)
    same = replace(other, sertifikat="Raden Ajeng Kusuma Contohwati Rekawangi")
    assert "Sertifikat" not in words(same)


@pytest.mark.slow
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
    said = words(replace(FACTS, nama="dr. Contoh Sekali, M.Kes.", is_uji=False))
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
