"""Words that say who signed, in the ways in which programs print them."""

from __future__ import annotations

import pytest

from pks_kit.verification.agreement.appearance_text import _SIGNED_BY


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
