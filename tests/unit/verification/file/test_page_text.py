"""Words that say that a page is a draft, in the ways in which programs print them."""

from __future__ import annotations

import pytest

from pks_kit.verification.file.page_text import _DRAFT


@pytest.mark.parametrize(
    "words", ["DRAFT", "a\n  D R A F \nb", "D\nR\nA\nF\nT", "\n\n KONSEP\t\n", "RANCANGAN"]
)
def test_a_draft_is_found(words: str) -> None:
    assert _DRAFT.search(words)


@pytest.mark.parametrize("words", ["DRAFTER", "sebuah DRAFT", "KONSEP umum", ""])
def test_other_words_are_no_draft(words: str) -> None:
    assert not _DRAFT.search(words)
