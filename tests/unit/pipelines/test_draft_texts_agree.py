"""PDF, DOCX and plain text of the whole sample say the same words in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.on_disk import Drafted
from support.words import docx_words, pdf_differences, words


@pytest.mark.slow
def test_docx_and_text_are_equal(drafted: Drafted, tmp_path: Path) -> None:
    expected = words(drafted.files["txt"].read_text(encoding="utf-8"))
    assert len(expected) > 20_000
    assert docx_words(drafted.files["docx"], tmp_path) == expected


def test_pdf_and_text_are_equal(drafted: Drafted) -> None:
    text = drafted.files["txt"].read_text(encoding="utf-8")
    assert pdf_differences(drafted.files["pdf"], text) == []
