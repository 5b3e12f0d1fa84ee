"""Did you mean: by spelling, and by the Indonesian word for it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from pks_kit.cli.main import main
from pks_kit.cli.nearest import SYNONYMS, near
from support.commands import commands


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["verfy"], "verify"),
        (["draf"], "draft"),
        (["Verify"], "verify"),
        (["susun", "a.yml"], "draft"),
        (["tanda-tangan"], "sign"),
        (["tandatangani"], "sign"),
        (["tanda_tangan"], "sign"),
        (["pengantr"], "cover"),
        (["signall"], "sign-all"),
        (["law", "lits"], "list"),
        (["ledger", "tampilkan"], "show"),
        (["workbook", "baru"], "new"),
        (["draft", "a.yml", "--keluaran", "x"], "--output"),
        (["draft", "a.yml", "--forc"], "--force"),
        (["verify", "a.pdf", "--terbit", "x"], "--issued"),
    ],
)
def test_the_nearest_name_is_told_and_nothing_runs(typed: list[str], meant: str) -> None:
    done = CliRunner().invoke(main, typed, env={"PKS_KIT_LANG": "id"})
    assert done.exit_code == 2
    assert f"Maksud Anda «{meant}»" in done.stderr
    done = CliRunner().invoke(main, typed, env={"PKS_KIT_LANG": "en"})
    assert f"Did you mean «{meant}»" in done.stderr


def test_two_meanings_are_both_told() -> None:
    done = CliRunner().invoke(main, ["periksa"], env={"PKS_KIT_LANG": "id"})
    assert "Maksud Anda «check», «verify»?" in done.stderr


@pytest.mark.parametrize("typed", [["xyzzy"], ["law", "qqq"], ["draft", "a", "--qqq"]])
def test_nothing_near_gives_no_guess(typed: list[str]) -> None:
    done = CliRunner().invoke(main, typed, env={"PKS_KIT_LANG": "id"})
    assert done.exit_code == 2
    assert "tidak ada." in done.stderr
    assert "Maksud Anda" not in done.stderr


def test_every_command_has_an_indonesian_word_and_every_word_a_command() -> None:
    names = {path[-1] for path, _ in commands() if path}
    options = {name for _, one in commands() for param in one.params for name in param.opts}
    assert names - set(SYNONYMS) == set()
    assert set(SYNONYMS) - names - options - {"--help", "--version"} == set()


def test_each_word_leads_to_its_command() -> None:
    for path, command in commands():
        if not path:
            continue
        for word in SYNONYMS[path[-1]]:
            assert path[-1] in near(word, [path[-1]]), command.name
