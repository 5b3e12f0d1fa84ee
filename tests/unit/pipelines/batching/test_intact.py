"""Which files are missed and which are not, and how a row begins again for them."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.messages import Message
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.batching import intact
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.intact import as_before, begun_again, harmed
from support.batch_plans import planned

PDF = b"%PDF-1.7 terbit"
SIGNED = PDF + b" tanda tangan"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BatchFolder:
    """A row that was issued, signed and sent."""
    folder = BatchFolder(tmp_path)
    draft = folder.drafts / str(ROW.agreement_id)
    for one in (draft, folder.finished, folder.to_send):
        one.mkdir(parents=True)
    (draft / "a.pdf").write_bytes(PDF)
    (draft / "a.receipt.json").write_text("{}")
    (folder.finished / "a.pdf").write_bytes(SIGNED)
    (folder.to_send / "a-pengantar.pdf").write_bytes(b"surat")
    issued = SimpleNamespace(issued=SimpleNamespace(sha256=sha256_of(PDF)))
    monkeypatch.setattr(intact, "parse_receipt", lambda *_: issued)
    return folder


ROW = planned(1)
KNOWN = BookRow(number=1, state="with_other", stage="sent", file="a.pdf")


class Knows:
    """A ledger that knows the signed file."""

    def events(self, _agreement: str) -> list[Any]:
        isi = {"sesudah_sha256": sha256_of(SIGNED)}
        return [SimpleNamespace(jenis="langkah.selesai", isi=isi)]


def found(place: BatchFolder, known: BookRow = KNOWN, *, late: bool = True) -> object:
    one = replace(known, changed=time.time() - 10 if late else time.time() + 10)
    return harmed(place, [ROW], {1: one}, Knows()).get(1)  # type: ignore[arg-type]


def test_what_stands_as_it_was_made_is_not_missed(place: BatchFolder) -> None:
    assert found(place) is None


@pytest.mark.parametrize(
    ("name", "content", "harm"),
    [
        ("draf/{id}/a.pdf", None, ("issued", "gone")),
        ("draf/{id}/a.receipt.json", None, ("issued", "gone")),
        ("draf/{id}/a.pdf", b"lain", ("issued", "changed")),
        ("hasil/a.pdf", None, ("signed", "gone")),
        ("hasil/a.pdf", b"lain", ("signed", "changed")),
        ("hasil/a.pdf", SIGNED, None),
        ("kirim/a-pengantar.pdf", None, ("letter", "gone")),
    ],
)
def test_what_was_deleted_or_changed(
    place: BatchFolder, name: str, content: bytes | None, harm: object
) -> None:
    path = place.path / name.format(id=ROW.agreement_id)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert found(place) == harm


def test_what_nobody_touched_since_is_not_read(place: BatchFolder) -> None:
    final = place.finished / "a.pdf"
    final.write_bytes(b"lain")
    assert found(place, late=False) is None
    os.utime(final, (0, 0))  # an old date is no proof
    assert found(place) == ("signed", "changed")


def test_of_rows_that_did_not_end_and_letters_that_nobody_waits_for(place: BatchFolder) -> None:
    (place.to_send / "a-pengantar.pdf").unlink()
    assert found(place, replace(KNOWN, state="done")) is None
    assert found(place, replace(KNOWN, code="batch.received.incomplete")) is None
    (place.finished / "a.pdf").unlink()
    assert found(place, replace(KNOWN, state="done", stage="drafted")) is None
    assert found(place, replace(KNOWN, state="failed")) is None
    assert found(place, replace(KNOWN, state="waiting", stage="")) is None


def test_a_row_begins_where_its_file_is_made(place: BatchFolder) -> None:
    known = {n: replace(KNOWN, number=n, code="batch.received.incomplete") for n in (1, 2, 3)}
    harms: Any = {1: ("issued", "gone"), 2: ("signed", "changed"), 3: ("letter", "gone")}
    again = begun_again(known, harms, "sent")
    assert [again[n].stage for n in (1, 2, 3)] == ["", "drafted", "signed"]
    assert {one.state for one in again.values()} == {"waiting"}
    assert {one.code for one in again.values()} == {""}
    assert set(begun_again(known, harms, "drafted")) == {1}


def test_what_was_known_of_a_row_holds_when_its_files_stand_again() -> None:
    paper = replace(KNOWN, state="done", verdict="passed", words=Message("a", "b"))
    again = replace(KNOWN, stage="signed", tries=2, changed=9.0)
    assert as_before({1: paper}, {1: again}) == [replace(paper, tries=2, changed=9.0)]
    assert as_before({1: paper}, {1: replace(again, state="failed")}) == []
    assert as_before({1: replace(paper, stage="drafted")}, {1: again}) == []
