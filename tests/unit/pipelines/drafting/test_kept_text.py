"""What is kept of the words of templates: read once, and harmless when it is damaged."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pks_kit.met import Lately, MetTwice
from pks_kit.naskah import kept_blocks, kept_code, open_parts, sections_read
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.environment import _compile
from pks_kit.naskah.kept_code import code_key
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.pipelines.drafting.compiling import Edition, editions
from pks_kit.pipelines.drafting.kept_text import keep_text, recall_text
from pks_kit.render.pdf.flow.store import Store
from pks_kit.resources import templates_root

TEXT, KIND = "pks_2024", "klinik_pratama"


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Know as little as a new process."""
    monkeypatch.setattr(kept_code, "_told", {})
    monkeypatch.setattr(kept_blocks, "_told", {})
    monkeypatch.setattr(sections_read, "_ASKED", Lately(256))
    monkeypatch.setattr(sections_read, "_BLOCKS", Lately(256))
    monkeypatch.setattr(open_parts, "_PARTS", MetTwice(600))
    monkeypatch.setattr(open_parts, "_STRUCTURAL", MetTwice(600))
    _compile.cache_clear()
    recall_text.cache_clear()


@pytest.fixture(autouse=True)
def a_new_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    forget(monkeypatch)
    yield
    recall_text.cache_clear()


@pytest.fixture(scope="module")
def edition() -> Edition:
    found = editions(load_version(TEXT, templates_root()))
    return next(one for one in found if (one.jenis, one.cara_kontrak) == (KIND, "elektronik"))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, edition: Edition) -> Path:
    place = tmp_path_factory.mktemp("compiled") / "kept"
    with pytest.MonkeyPatch.context() as patch:
        forget(patch)
        keep_text(place, edition)
    return place


@pytest.fixture
def folder(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    forget(monkeypatch)
    return shutil.copytree(compiled, tmp_path / "kept")


def file_of(folder: Path) -> Path:
    return folder / f"{code_key()}.sqlite"


def test_every_part_is_told(folder: Path) -> None:
    recall_text(folder, TEXT, KIND)
    assert len(kept_code._told) == len(load_version(TEXT, templates_root()).parts(KIND))
    assert len(kept_blocks._told) > len(kept_code._told)


def test_what_is_kept_is_not_made_again(
    folder: Path, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Edition, "assemble", lambda *_: pytest.fail("assembled again"))
    keep_text(folder, edition)


def test_no_word_of_the_samples_is_kept(folder: Path, edition: Edition) -> None:
    with closing(sqlite3.connect(file_of(folder))) as database:
        kept = b"".join(value for (value,) in database.execute("SELECT value FROM kept"))
    for sample in edition.samples:
        assert sample.faskes.petugas_informasi_pengaduan
        names = (sample.faskes.kode, sample.faskes.petugas_informasi_pengaduan)
        assert not [one for one in names if one.encode() in kept]


@pytest.mark.parametrize("damage", ["missing", "cut", "foreign", "others"])
def test_nothing_is_told_of_what_cannot_be_trusted(folder: Path, damage: str) -> None:
    file = file_of(folder)
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(file.read_bytes()[:5000])
    elif damage == "foreign":
        file.write_bytes(b"no database")
    else:
        file.chmod(0o666)
    recall_text(folder, TEXT, KIND)
    assert not kept_code._told
    assert not kept_blocks._told


@pytest.mark.slow
def test_values_of_other_types_are_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, sample_path: Path
) -> None:
    plain = draft(DraftRequest(source=sample_path, formats=("txt",)))
    recall_text(folder, TEXT, KIND)
    files = {
        kept_blocks.row_name(one.file) for one in load_version(TEXT, templates_root()).parts(KIND)
    }
    names = list(kept_code._told)
    Store(folder, code_key()).write(
        {name: [1, 2] for name in names} | {name: {"a": [7], "b": None} for name in files}
    )
    forget(monkeypatch)
    told = draft(DraftRequest(source=sample_path, formats=("txt",), compiled=folder))
    assert not kept_code._told
    assert told.files["txt"].content == plain.files["txt"].content


@pytest.mark.slow
def test_the_same_bytes_with_kept_words(
    folder: Path, sample_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = draft(DraftRequest(source=sample_path, formats=("txt", "docx")))
    forget(monkeypatch)
    told = draft(DraftRequest(source=sample_path, formats=("txt", "docx"), compiled=folder))
    assert told.files["txt"].content == plain.files["txt"].content
    assert told.files["docx"].content == plain.files["docx"].content
    assert not kept_code._told
    assert kept_blocks._told
