"""What services say is made harmless before anybody reads it."""

from __future__ import annotations

from pks_kit.domain.secret import Secret
from pks_kit.net.secrecy import said

PASSWORD = "planted-pintu-4471"


def test_words_of_a_provider_are_made_harmless():
    text = "NIK 3201019909990007\n\x1b[31mkata " + PASSWORD + " salah" + "x" * 400
    shown = said(text, [Secret(PASSWORD), None, Secret("")])
    assert PASSWORD not in shown
    assert "3201019909990007" not in shown
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert len(shown) <= 200
