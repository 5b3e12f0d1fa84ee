"""What is kept of the words of templates: read once, and harmless when it is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pks_kit.naskah import kept_code
from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.environment import _compile
from pks_kit.naskah.kept_code import code_key
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.pipelines.drafting.kept_text import keep_text, recall_text
from pks_kit.render.pdf.flow.store import Store
from pks_kit.resources import templates_root

TEXT, KIND = "pks_2024", "klinik_pratama"


@pytest.fixture(autouse=True)
def a_new_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kept_code, "_told", {})
    recall_text.cache_clear()
    yield
    recall_text.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "kept"
    keep_text(place, load_version(TEXT, templates_root()), KIND)
    return place


def file_of(folder: Path) -> Path:
    return folder / f"{code_key()}.sqlite"


def test_every_part_is_told(folder: Path) -> None:
    recall_text(folder, TEXT, KIND)
    assert len(kept_code._told) == len(load_version(TEXT, templates_root()).parts(KIND))


def test_what_is_kept_is_not_made_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "write", lambda *_: pytest.fail("written again"))
    keep_text(folder, load_version(TEXT, templates_root()), KIND)


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


def test_a_value_of_another_type_is_passed_over(folder: Path) -> None:
    recall_text(folder, TEXT, KIND)
    names = list(kept_code._told)
    kept_code._told.clear()
    Store(folder, code_key()).write({name: [1, 2] for name in names})
    recall_text.cache_clear()
    recall_text(folder, TEXT, KIND)
    assert not kept_code._told


def test_the_same_bytes_with_kept_words(folder: Path, sample_path: Path) -> None:
    plain = draft(DraftRequest(source=sample_path, formats=("txt",)))
    _compile.cache_clear()
    told = draft(DraftRequest(source=sample_path, formats=("txt",), compiled=folder))
    assert told.files["txt"].content == plain.files["txt"].content
    assert not kept_code._told
