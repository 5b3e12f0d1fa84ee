from __future__ import annotations

import unicodedata
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.domain.aksara import PRINTABLE_RANGES, find_unprintable, normalise, visible

FACES = [
    Path(package.__file__).parent / "files" / f"{family}-{face}.{kind}"
    for package, family in (
        (font_source_serif_pro, "SourceSerifPro"),
        (font_source_sans_pro, "SourceSansPro"),
    )
    for face in ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
    for kind in ("ttf", "otf")
]
POINTS = [point for first, last in PRINTABLE_RANGES for point in range(first, last + 1)]


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_every_face_has_every_character(face: Path) -> None:
    with TTFont(face) as font:
        cmap = font.getBestCmap()
    assert [f"U+{point:04X}" for point in POINTS if point not in cmap] == []


def test_ranges_are_in_order_and_apart() -> None:
    assert len(set(POINTS)) == len(POINTS)
    assert sorted(POINTS) == POINTS


def is_plain(character: str) -> bool:
    return (
        (unicodedata.category(character)[0] in "LNPS" or character == " ")
        and unicodedata.normalize("NFC", character) == character
        and unicodedata.bidirectional(character) not in {"R", "AL", "RLE", "RLO", "LRO", "BN"}
    )


def test_every_character_is_plain() -> None:
    assert [f"U+{point:04X}" for point in POINTS if not is_plain(chr(point))] == []


@pytest.mark.parametrize(
    ("text", "code_point", "position"),
    [
        ("Kli\u200bnik", "U+200B", 4),
        ("\u202eKlinik", "U+202E", 1),
        ("Klinik\u00a0Sehat", "U+00A0", 7),
        ("Sehat\u0627", "U+0627", 6),
        ("a\tb", "U+0009", 2),
        ("a\nb", "U+000A", 2),
        ("x\ue000", "U+E000", 2),
        ("soft\u00adhyphen", "U+00AD", 5),
        ("\ud800", "U+D800", 1),
        ("٣", "U+0663", 1),
        ("emoji 😀", "U+1F600", 7),
    ],
)
def test_what_cannot_be_printed(text: str, code_point: str, position: int) -> None:
    found = find_unprintable(normalise(text))
    assert found is not None
    assert (found.code_point, found.position) == (code_point, position)
    assert find_unprintable(visible(text)) is None


@pytest.mark.parametrize(
    "text", ["{{ 7*7 }}", "<script>", "|", "*", "a_b", "100%", "\\", "Ny. É. O’Neil – «ya»", "`#`"]
)
def test_what_prints_exactly(text: str) -> None:
    assert normalise(text) == text
    assert find_unprintable(text) is None


def test_normalise() -> None:
    assert normalise("  e\u0301   b ") == "é b"
    assert normalise("\ta") == "\ta"


@pytest.mark.slow
@given(st.text())
def test_visible_is_always_printable_and_short(text: str) -> None:
    shown = visible(text, 20)
    assert find_unprintable(shown) is None
    assert len(shown) <= 21 * len("‹U+10FFFF›")
