"""Scans that came back stay in the folder of their batch, each once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from pks_kit.errors import InputError
from pks_kit.files import NamedFile
from pks_kit.pipelines.batching.kept_scans import KeptScans
from pks_kit.pipelines.verifying.returned_files import ReturnedFile, TakenFile


def taken(name: str, content: bytes) -> TakenFile:
    sha256 = hashlib.sha256(content).hexdigest()
    told = ReturnedFile(file=name, state="read", sha256=sha256, size=len(content), sheets=3)
    return TakenFile(told=told, given=NamedFile(name, content))


def sheets(*several: tuple[TakenFile, list[int]]) -> dict[str, tuple[TakenFile, list[int]]]:
    return {one.told.sha256 or "": (one, numbers) for one, numbers in several}


def test_a_scan_of_two_agreements_lies_there_once_and_for_nobody_else_to_read(
    tmp_path: Path,
) -> None:
    kept, heap = KeptScans(tmp_path / "kembali"), taken("senin/tumpukan.PDF", b"isi")
    kept.keep("A", "2" * 8, sheets((heap, [2, 1])))
    kept.keep("B", None, sheets((heap, [3])))
    (one,), (other,) = kept.of("A"), kept.of("B")
    assert (one.name, one.sheets, other.sheets) == ("tumpukan.PDF", (1, 2), (3,))
    (path,) = kept.paths_of("A")
    assert kept.paths_of("B") == (path,)
    assert path.read_bytes() == b"isi"
    assert {each.stat().st_mode & 0o077 for each in (tmp_path / "kembali").iterdir()} == {0}
    assert kept.of("C") == ()


def test_what_counts_takes_the_place_of_what_counted_of_one_issue(tmp_path: Path) -> None:
    kept, first, second = KeptScans(tmp_path), taken("a.jpg", b"satu"), taken("b.pdf", b"dua")
    kept.keep("A", "2" * 8, sheets((first, [1])))
    kept.keep("A", "3" * 8, sheets((second, [1])))
    assert [one.name for one in kept.of("A")] == ["a.jpg", "b.pdf"]
    kept.keep("A", "3" * 8, {})
    assert [one.name for one in kept.of("A")] == ["a.jpg"]
    (path,) = kept.paths_of("A")
    path.unlink()
    assert kept.of("A") == (), "what is not there is not told"


def test_what_was_handed_in_first_comes_first_and_nothing_older_stands_alone(
    tmp_path: Path,
) -> None:
    first, second = (
        replace(taken(name, name.encode()), handed=handed)
        for name, handed in (("lama.pdf", "2026-01-01"), ("baru.pdf", "2026-01-03"))
    )
    KeptScans(tmp_path).keep("A", None, sheets((second, [1]), (first, [2])))
    assert [one.name for one in KeptScans(tmp_path).of("A")] == ["lama.pdf", "baru.pdf"]
    # of what is complete a delivery that was handed in before its newest scan knows all
    assert len(KeptScans(tmp_path, {"A"}, "2026-01-02").of("A")) == 2
    assert KeptScans(tmp_path, {"A"}, "2026-01-04").of("A") == ()
    KeptScans(tmp_path, {"A"}, "2026-01-02").keep("A", None, sheets((second, [1])))
    assert [one.name for one in KeptScans(tmp_path).all_of("A")] == ["baru.pdf"]
    KeptScans(tmp_path, {"A"}, "2026-01-04").keep("A", None, sheets((first, [2])))
    assert len(KeptScans(tmp_path).all_of("A")) == 2


def test_a_damaged_list_is_told(tmp_path: Path) -> None:
    kept = KeptScans(tmp_path)
    (tmp_path / "A.json").write_text("{")
    with pytest.raises(InputError) as caught:
        kept.of("A")
    assert caught.value.code == "batch.bad_kept_scans"
    assert "A.json" in caught.value.text.id
