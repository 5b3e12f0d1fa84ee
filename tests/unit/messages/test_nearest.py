"""A name that does not exist is answered with those that come near, in every command."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.messages.nearest import meant, near_names

NAMES = ("pks_2023", "pks_2024", "kapitasi.norma.dokter", "kapitasi.norma.dokter_gigi")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("pks2024", "pks_2024"),
        ("PKS-2023", "pks_2023"),
        ("dokter gigi", "kapitasi.norma.dokter_gigi"),
        ("doktergigi", "kapitasi.norma.dokter_gigi"),
        ("kapitasi.norma.doktr", "kapitasi.norma.dokter"),
        ("dokter", "kapitasi.norma.dokter"),
    ],
)
def test_near_names(typed: str, first: str) -> None:
    assert near_names(typed, NAMES)[0] == first


def test_nothing_near_is_no_question() -> None:
    assert near_names("zzz", NAMES) == ()
    assert near_names("", NAMES) == ()
    assert meant("zzz", NAMES).id == ""


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("law", "show", "kapitasi.norma"), "kapitasi."),
        (("law", "list", "kapitsi"), "kapitasi"),
        (("template", "show", "pks2024"), "pks_2024"),
        (("letter", "draft", "tegur", "x.yml"), "teguran"),
        (("verify", __file__, "--jenis", "pks_final_elektronk"), "pks_final_elektronik"),
    ],
)
@pytest.mark.parametrize(("tongue", "asked"), [("id", "Maksud Anda"), ("en", "Did you mean")])
def test_commands_ask(
    words: tuple[str, ...], wanted: str, tongue: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", tongue)
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code != 0
    assert asked in result.stderr, result.stderr
    assert wanted in result.stderr


def test_a_search_without_result_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PKS_KIT_LANG", "id")
    result = CliRunner().invoke(main, ["law", "list", "--find", "tidak-ada-kata-ini"])
    assert "Tidak ada aturan" in result.stderr
