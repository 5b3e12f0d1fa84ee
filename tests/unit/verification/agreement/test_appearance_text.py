"""Words that say who signed, in the ways in which programs print them."""

from __future__ import annotations

import pytest

from pks_kit.verification.agreement.appearance_text import _SIGNED_BY, words_check
from pks_kit.verification.report.verdict import SignatureReport


@pytest.mark.parametrize(
    "words",
    [
        "Signed by: Ratna",
        "SIGNED  BY Ratna",
        "Ditandatangani secara elektronik oleh:\nRatna",
        "Ditandatangani oleh\r\n :  Ratna\nJakarta",
        "ditandatangani secara sah secara digital oleh Ratna",
    ],
)
def test_who_signed_is_found(words: str) -> None:
    assert [name.strip() for name in _SIGNED_BY.findall(words)] == ["Ratna"]


def test_nothing_is_no_name() -> None:
    assert _SIGNED_BY.findall("Signed by:\n \n") == []
    assert _SIGNED_BY.findall("ditandatangani secara lisan oleh Ratna") == []


@pytest.mark.parametrize(
    ("signer", "words", "reason"),
    [
        ("101010", "101010", "named"),
        ("101010", "Tanda tangan\n101010", "named"),
        ("101010", "1010101", "no_words"),
        ("101010", "Ratna Kusumawardani", "other_words"),
        ("Ratna", "Signed by me.", "other_words"),
        ("Ratna", "Ditandatangani oleh: saya", "other_words"),
        ("Ratna", "Signed by Meliana", "other_name"),
    ],
)
def test_what_a_box_says(signer: str, words: str, reason: str) -> None:
    one = SignatureReport(field="A", kind="signature", signer=signer)
    assert words_check(one, words).reason == reason
