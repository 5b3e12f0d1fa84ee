"""The rows of a plan, found by page and by words without reading what the checks say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.errors import InputError, UsageError
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.row_index import row_index
from support.batch_plans import plan_of, planned, said, unreadable


def batch(folder: Path) -> BatchFolder:
    place = BatchFolder(folder)
    rows = [planned(1), planned(2, said("manual", "uji.lihat")), unreadable(3)]
    place.save_plan(plan_of(rows))
    return place


def test_every_row_is_there_with_how_it_looks(tmp_path: Path) -> None:
    place = batch(tmp_path / "b")
    plan = place.plan().plan
    for found in (row_index(place), row_index(place)):  # made, then read
        assert [one.look for one in found.rows] == ["ready", "look", "stopped"]
        assert [one.row.number for one in found.rows] == [1, 2, 3]
        assert [one.row.data for one in found.rows] == [one.data for one in plan.rows]
        assert not any(one.row.said for one in found.rows)
    assert len(list((place.path / "contoh").iterdir())) == 1


def test_rows_are_found_by_number_and_by_words(tmp_path: Path) -> None:
    found = row_index(batch(tmp_path / "b"))
    second = found.row(2)
    assert second is not None
    assert [found.row(one) for one in (0, 4)] == [None, None]
    assert found.found(" ") == found.rows
    assert second in found.found(second.row.name.upper())
    assert found.found("klinik  pratama contoh 00002") == (second,)
    assert found.found(second.row.kode) == (second,)
    assert found.found("tidak ada di mana pun") == ()


def test_a_row_is_found_by_the_name_of_the_agreement_and_of_the_data(tmp_path: Path) -> None:
    place = BatchFolder(tmp_path / "b")
    called = replace(planned(1), name="Klinik Embun")
    place.save_plan(plan_of([called, planned(2)]))
    index = place.path / "contoh" / "indeks-0123456789abcdef.json"
    index.parent.mkdir()
    index.write_bytes(b"{}")  # one of before holds the names of the data
    found = row_index(place)
    for words in ("klinik embun", "pratama embun"):
        (one,) = found.found(words)
        assert (one.row.number, one.row.name) == (1, "Klinik Pratama Embun")


def test_what_is_no_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        row_index(BatchFolder(tmp_path / "kosong"))
    place = batch(tmp_path / "b")
    row_index(place)
    (path,) = (place.path / "contoh").iterdir()
    path.chmod(0o600)
    path.write_bytes(b"{}")
    with pytest.raises(InputError) as caught:
        row_index(place)
    assert caught.value.code == "batch.bad_plan"
