"""Manifests of letters: read strictly, parts from the own folder first, hash of what is used."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from pks_kit.domain.surat import MODEL_SURAT
from pks_kit.errors import InputError, NotInForceError, TemplateError
from pks_kit.naskah.letters import list_letters, load_letter
from pks_kit.naskah.lint import lint_letter
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters

NAMES = load_parameters().names()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(templates_root() / "surat", tmp_path / "surat")
    return tmp_path


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "surat" / name
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


def test_every_manifest_names_a_model_and_every_model_has_a_letter() -> None:
    kinds = list_letters(templates_root())
    named = [load_letter(kind, templates_root()).manifest.data for kind in kinds]
    assert sorted(named) == sorted(MODEL_SURAT)


def test_a_part_of_the_own_folder_comes_first(root: Path) -> None:
    before = [part.file for part in load_letter("teguran", root).parts()]
    assert "surat/bersama/kepala.md" in before
    shutil.copy(root / "surat/bersama/kepala.md", root / "surat/teguran/kepala.md")
    assert "surat/teguran/kepala.md" in [one.file for one in load_letter("teguran", root).parts()]


@pytest.mark.parametrize("name", ["teguran/isi.md", "bersama/kepala.md", "surat.css", "surat.yml"])
def test_the_hash_covers_what_shapes_the_letter(root: Path, name: str) -> None:
    before = load_letter("teguran", root).sha256()
    with (root / "surat" / name).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert load_letter("teguran", root).sha256() != before


def test_another_letter_does_not_change_the_hash(root: Path) -> None:
    before = load_letter("teguran", root).sha256()
    edit(root, "pakta-icare/isi.md", "dengan sadar", "secara sadar")
    assert load_letter("teguran", root).sha256() == before


@pytest.mark.parametrize("kind", ["tegoran", "../pks_2024", "bersama", ""])
def test_unknown_kinds(root: Path, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        load_letter(kind, root)
    assert caught.value.code == "letter.unknown_kind"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("data: teguran", "data: teguran\nwarna: merah", "naskah.field"),
        ("jenis: teguran", "jenis: teguran-lain", "naskah.version_name"),
        ("pengirim: bpjs", "pengirim: siapa", "naskah.field"),
    ],
)
def test_wrong_manifests(root: Path, old: str, new: str, code: str) -> None:
    edit(root, "teguran/manifest.yml", old, new)
    with pytest.raises(TemplateError) as caught:
        load_letter("teguran", root)
    assert caught.value.code == code
    assert caught.value.params["file"] == "surat/teguran/manifest.yml"


def test_days_of_a_text(root: Path) -> None:
    template = load_letter("ganti-vendor", root)
    template.refuse_other_days(date(2024, 1, 1))
    with pytest.raises(NotInForceError):
        template.refuse_other_days(date(2023, 12, 31))


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("teguran/isi.md", "aturan.sanksi.jeda_teguran", "aturan.sanksi.jeda", "unknown_parameter"),
        ("teguran/manifest.yml", "surat.tanggapan_teguran", "surat.tanggapan", "unknown_parameter"),
        ("teguran/isi.md", "sebagai berikut:\n", "dalam 30 hari:\n", "handwritten_parameter"),
        ("teguran/isi.md", "sebagai berikut:\n", "menurut Pasal 4:\n", "handwritten_reference"),
        (
            "teguran/isi.md",
            "{: sumber=susunan } Dengan",
            "{: sumber=ada } Dengan",
            "unknown_sumber",
        ),
    ],
)
def test_lint_finds(root: Path, name: str, old: str, new: str, code: str) -> None:
    assert lint_letter(load_letter("teguran", root), NAMES) == ()
    edit(root, name, old, new)
    found = lint_letter(load_letter("teguran", root), NAMES)
    assert code in {one.code.split(".")[1] for one in found}


def test_lint_with_values_finds_a_name_that_does_not_exist(root: Path) -> None:
    found = lint_letter(load_letter("teguran", root), NAMES, {"Perjanjian": "Perjanjian"})
    assert {one.code for one in found} == {"naskah.undefined"}
