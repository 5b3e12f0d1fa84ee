from __future__ import annotations

from dataclasses import replace

import pytest

from pks_kit.render.fonts import FACES
from pks_kit.render.pdf.flow.engine_lines import letters_on_line
from pks_kit.render.pdf.flow.inline import Text, Type

PLAIN = Type(
    face="SourceSansPro-Regular",
    units=10 * 1024,
    features="liga 0,clig 0,calt 0",
    colour=(0.0, 0.0, 0.0),
    above=9.0,
    below=3.0,
    box_above=9.0,
    box_below=3.0,
)


@pytest.mark.slow
@pytest.mark.parametrize("face", [face.postscript_name for face in FACES])
@pytest.mark.parametrize("units", [9 * 1024, 10 * 1024 + 341])
def test_a_line_ends_where_its_letters_are_as_wide_as_measured_here(face: str, units: int) -> None:
    kind = replace(PLAIN, face=face, units=units)
    words = 'Ns. Tirta "Rekacakra" <&> S.Kep., 12 September'
    shaped = Text(words, kind).shaped
    for end in (len("Ns. Tirta"), len('Ns. Tirta "Rekacakra" <&> S.Kep.,')):
        edge = shaped.width(0, end)
        assert letters_on_line(words, kind, edge + 0.01) == end
        before = letters_on_line(words, kind, edge - 0.01)
        assert before is not None
        assert before < end


@pytest.mark.parametrize(
    "change",
    [
        {"face": "Unknown-Regular"},
        {"features": "liga 1,liga 0"},
    ],
)
def test_nothing_is_said_about_words_that_would_be_printed_otherwise(
    change: dict[str, str],
) -> None:
    assert letters_on_line("satu dua", replace(PLAIN, **change), 30.0) is None  # type: ignore[arg-type]
