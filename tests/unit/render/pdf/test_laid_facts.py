"""Facts told by marks are those that a reader of the finished file finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pks_kit.errors import RenderError
from pks_kit.render.pdf import bare_pdf, draw_pages
from pks_kit.render.pdf.laid import packed
from pks_kit.render.pdf.laid_facts import laid_facts
from pks_kit.render.pdf.printed_facts import printed_facts
from support.pdf_samples import layout, request
from support.same_facts import differences

WANTED = (
    ("nomor", "298/KTR/IV-10/1223"),
    ("nama", "Klinik Pratama Contoh"),
    ("kata", "PIHAK KEDUA"),
)


@pytest.mark.parametrize("method", ["elektronik", "digital", "manual"])
def test_as_read_from_the_file(method: str) -> None:
    drawn = draw_pages(layout(method), request())
    told = laid_facts(drawn, WANTED)
    assert told is not None
    assert told.critical
    read = printed_facts(bare_pdf(layout(method), request(), drawn), WANTED)
    assert differences(told, read) == []


def test_pages_of_the_engine_are_left_to_a_reader_of_the_file() -> None:
    drawn = draw_pages(layout(), request())
    first = drawn.pages[0]
    silent = replace(first, laid=replace(first.laid, words=None))
    assert laid_facts(replace(drawn, pages=(silent, *drawn.pages[1:])), WANTED) is None


def test_unusual_letters_are_left_to_a_reader_of_the_file() -> None:
    drawn = draw_pages(layout(), request(edition="ABC\ufb01"))
    assert laid_facts(drawn, WANTED) is None


def test_another_text_behind_a_glyph_is_another_text() -> None:
    """What was remembered of a document is not taken for one whose glyphs say other words."""
    drawn = draw_pages(layout(), request())
    before = laid_facts(drawn, WANTED)
    other = draw_pages(layout(), request())
    for face, texts in other.faces.texts().items():
        other.faces.add_glyphs({face: texts})
        changed = {glyph: "Q" if text == "K" else text for glyph, text in texts.items()}
        other.faces._texts[face] = changed
    after = laid_facts(other, WANTED)
    assert before is not None
    assert after is not None
    assert not set(before.words_sha256) & set(after.words_sha256)
    assert laid_facts(drawn, WANTED) == before


def test_a_glyph_without_text_is_refused() -> None:
    drawn = draw_pages(layout(), request())
    first = drawn.pages[0]
    assert first.laid.words is not None
    strange = first.laid.words[0][0]._replace(glyphs="<fff0>"), 0.0
    words = (strange, *first.laid.words[1:])
    laid = replace(first.laid, words=words, packed=packed(b"lain"), inflated=4)
    with pytest.raises(RenderError) as caught:
        laid_facts(replace(drawn, pages=(replace(first, laid=laid), *drawn.pages[1:])), WANTED)
    assert caught.value.code == "render.pdf.claim_broken"
