"""The Word file of a letter: no draft mark, no numbers of an agreement, no initials."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from pks_kit.pipelines.letter import LetterDraftRequest, letter_draft
from pks_kit.resources import letter_sample


@pytest.fixture(scope="module")
def content() -> bytes:
    request = LetterDraftRequest(
        kind="berita-acara-pemulihan",
        source=letter_sample("berita-acara-pemulihan"),
        formats=("docx",),
    )
    return letter_draft(request).files["docx"].content


def test_header_and_footer_are_empty(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [
            one for one in archive.namelist() if one.startswith(("word/header", "word/footer"))
        ]
        assert len(names) == 3
        for name in names:
            words = archive.read(name)
            assert b"DRAF" not in words
            assert b"<w:t" not in words


def test_both_places_stand_side_by_side(content: bytes) -> None:
    places = docx.Document(io.BytesIO(content)).tables[-1]
    left, _, right = places.rows[0].cells
    assert left.text.split("\n")[0] == "PIHAK KESATU"
    assert right.text.split("\n")[0] == "PIHAK KEDUA"
    assert "dr. Ayu Contohwati, M.K.M." in right.text


def test_lines_of_an_address_are_not_torn_apart() -> None:
    request = LetterDraftRequest(kind="teguran", source=letter_sample("teguran"), formats=("docx",))
    document = docx.Document(io.BytesIO(letter_draft(request).files["docx"].content))
    address = next(one for one in document.paragraphs if one.text.startswith("Yth. "))
    assert address.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.LEFT
    day = next(one for one in document.paragraphs if one.text.startswith("Lembayung, "))
    assert day.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
