"""No word for people speaks of our own sources, counts from zero, or tells a time as a machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from pks_kit.cli.findings import place_words
from pks_kit.cli.main import main
from pks_kit.messages import known_codes, lookup
from pks_kit.resources import templates_root
from pks_kit.rules.findings import info
from pks_kit.rules.law.parameters import load_parameters

OURS = re.compile(r"\[S[0-9]|sumber\.md|lembar fakta|fact sheet|\w\[[0-9]+\]|\+00:00")
MOMENT = datetime(2026, 11, 28, 20, 42, 22, tzinfo=UTC)
_HEAD = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
_NOTE = re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL)


def test_the_catalogue_speaks_of_nothing_of_ours() -> None:
    found = {}
    for code in known_codes():
        message = lookup(code)
        words = " ".join((message.id, message.en, message.hint_id, message.hint_en))
        if hit := OURS.search(words):
            found[code] = hit.group()
    assert found == {}


def test_the_bodies_of_the_templates_speak_of_nothing_of_ours() -> None:
    paths = [
        path
        for path in templates_root().rglob("*")
        if path.suffix in (".md", ".j2") and path.name != "README.md"
    ]
    assert len(paths) > 40
    found = {}
    for path in paths:
        body = _NOTE.sub("", _HEAD.sub("", path.read_text(encoding="utf-8")))
        if hit := re.search(r"\[S[0-9]|sumber\.md|lembar fakta", body):
            found[path.name] = hit.group()
    assert found == {}


def test_every_basis_of_a_rule_is_told_without_our_marks() -> None:
    marked = 0
    for parameter in load_parameters():
        for value in parameter.nilai:
            marked += bool(OURS.search(value.dasar_hukum))
            told = info("nik.region", "faskes", value.dasar_hukum).legal_basis
            assert told
            assert OURS.search(told) is None
    assert marked > 5


@pytest.mark.parametrize("arguments", [["law", "list"], ["verify", "--list-jenis"]])
def test_lists_of_rules_are_told_without_our_marks(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0
    assert OURS.findall(done.stdout) == []


def test_one_rule_is_told_without_our_marks() -> None:
    done = CliRunner().invoke(main, ["law", "show", "pemeriksaan.jangka_waktu_lazim"])
    assert "dasar hukum: Sosialisasi PKS FKTP 2024: sebagian besar PKS berakhir pada" in done.stdout
    assert re.search(r"\[S[0-9]", done.stdout) is None


@pytest.mark.parametrize(
    ("path", "told", "english"),
    [
        ("tenaga_kesehatan[0].nik", "tenaga_kesehatan ke-1, nik", "tenaga_kesehatan no. 1, nik"),
        ("jadwal.praktik[12]", "jadwal.praktik ke-13", "jadwal.praktik no. 13"),
        (
            "jejaring[1].izin[2].nomor",
            "jejaring ke-2, izin ke-3, nomor",
            "jejaring no. 2, izin no. 3, nomor",
        ),
        ("pihak_kesatu.nomor_pks", "pihak_kesatu.nomor_pks", "pihak_kesatu.nomor_pks"),
        ("", "", ""),
    ],
)
def test_places_are_counted_as_people_count(path: str, told: str, english: str) -> None:
    assert place_words(path, "id") == told
    assert place_words(path, "en") == english


def test_check_and_problems_count_from_one(sample_text: str, tmp_path: Path) -> None:
    data = tmp_path / "kontrak.yml"
    data.write_text(sample_text, encoding="utf-8")
    assert "tenaga_kesehatan ke-1, nik" in CliRunner().invoke(main, ["check", str(data)]).stderr
    data.write_text(sample_text.replace("profesi: dokter", "profesi: tabib", 1), encoding="utf-8")
    told = CliRunner().invoke(main, ["check", str(data)]).stderr
    assert "tenaga_kesehatan ke-1, profesi" in told
    assert OURS.search(told) is None


def test_a_moment_in_words_is_told_in_wib() -> None:
    told = lookup("sign.done.tanda_tangan").fill({"place": "X", "signer": "Y", "time": MOMENT})
    assert told.id == "X: ditandatangani oleh Y, 29-11-2026 03.42.22 WIB"
    assert "29-11-2026 03.42.22 WIB" in told.en
