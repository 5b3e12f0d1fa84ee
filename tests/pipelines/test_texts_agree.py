"""PDF, DOCX and plain text of the whole sample say the same words in the same order."""

from __future__ import annotations

import difflib
from pathlib import Path

import pypdfium2
import pytest

from pks_kit.pipelines.draft import DraftResult
from pks_kit.render.sheet import sheet_of
from render.words import docx_words, words

pytestmark = pytest.mark.xdist_group("draft")


def page_words(path: Path) -> list[list[str]]:
    """Return the words of each page without its furniture, in content order."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        sheet = sheet_of(*page.get_size())
        assert sheet is not None
        left, bottom, right, top = sheet.content_rect
        text = page.get_textpage().get_text_bounded(
            left=left - 1, bottom=bottom - 1, right=right + 1, top=top + 1
        )
        found.append(words(text))
    document.close()
    return found


def header_rows(text: str) -> list[list[str]]:
    """Return the words of table rows, which may stand again at the top of a page."""
    return [words(line) for line in text.splitlines() if "\t" in line]


def test_docx_and_text_are_equal(drafted: DraftResult, tmp_path: Path) -> None:
    expected = words(drafted.files["txt"].read_text(encoding="utf-8"))
    assert len(expected) > 20_000
    assert docx_words(drafted.files["docx"], tmp_path) == expected


def test_pdf_and_text_are_equal(drafted: DraftResult) -> None:
    text = drafted.files["txt"].read_text(encoding="utf-8")
    repeated = {tuple(row) for row in header_rows(text)}
    expected = words(text)
    printed: list[str] = []
    for page in page_words(drafted.files["pdf"]):
        printed += page
    matcher = difflib.SequenceMatcher(a=expected, b=printed, autojunk=False)
    differences = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if "".join(expected[a1:a2]) == "".join(printed[b1:b2]):
            continue  # PDFium leaves out the space at some line ends inside cells
        if tag == "insert" and _is_repeat(printed[b1:b2], printed, b1, repeated):
            continue
        differences.append((tag, expected[a1:a2], printed[b1:b2]))
    assert differences == []


def _is_repeat(
    inserted: list[str], printed: list[str], start: int, repeated: set[tuple[str, ...]]
) -> bool:
    """Whether inserted words are one repeated header row (found at any alignment of the diff)."""
    size = len(inserted)
    for shift in range(-size, size + 1):
        begin = start + shift
        if begin >= 0 and tuple(printed[begin : begin + size]) in repeated:
            return True
    return False
