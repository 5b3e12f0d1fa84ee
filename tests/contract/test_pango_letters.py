"""Glyphs and advances of whole words: pairs of letters against Pango itself."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from weasyprint.text.ffi import ffi
from weasyprint.text.line_break import create_layout

from pks_kit.render.fonts import FACES, Face, font_face_css
from pks_kit.render.pdf.flow.breaks import KNOWN
from pks_kit.render.pdf.flow.harfbuzz import UNITS, letters
from pks_kit.render.pdf.parts import layout_document
from support.proving import SampleOf

FEATURES = "liga 0,clig 0,dlig 0,hlig 0,calt 0,lnum 1,tnum 1"
SIZES = ("10.5pt", "9pt", "9.4pt", "8pt", "12pt")


def style_of(face: Face, size: str) -> Any:
    weight = "bold" if face.bold else "normal"
    slant = "italic" if face.italic else "normal"
    css = font_face_css() + (
        f"p {{ font: {slant} {weight} {size} '{face.family}'; font-variant-ligatures: none;"
        " font-variant-numeric: lining-nums tabular-nums; }"
    )
    document = layout_document("<html lang='id'><body><p>a</p></body></html>", css)
    boxes = [document.pages[0]._page_box]
    while boxes:
        box = boxes.pop()
        if box.element_tag == "p":
            return box.style
        boxes.extend(getattr(box, "children", ()))
    raise AssertionError


def by_pango(text: str, style: Any) -> list[tuple[int, int]]:
    layout = create_layout(text, style, None, None, 0)
    line, _ = layout.get_first_line()
    found: list[tuple[int, int]] = []
    run = line.runs
    while run != ffi.NULL:
        glyphs = run.data.glyphs
        found += [
            (glyphs.glyphs[at].glyph, glyphs.glyphs[at].geometry.width)
            for at in range(glyphs.num_glyphs)
        ]
        run = run.next
    return found


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.postscript_name)
def test_whole_words(face: Face, sample_of: SampleOf) -> None:
    dice = random.Random(14)  # noqa: S311 - reproducible, no secret
    for size in SIZES:
        style = style_of(face, size)
        ours = letters(face, int(style["font_size"] * UNITS), FEATURES)
        known = [one for one in sorted(KNOWN) if ours.known(one)[0]]
        for _ in range(2_000 if sample_of.everything else 60):
            text = "".join(dice.choices(known, k=dice.randint(1, 20)))
            pairs = [one + other for one, other in pairwise(text)] + [text[-1]]
            assert [ours.known(pair)[:2] for pair in pairs] == by_pango(text, style), text
