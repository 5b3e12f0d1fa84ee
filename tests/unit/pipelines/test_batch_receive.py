"""Who has not come back: also whoever signs electronically, until the ledger knows that."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from pks_kit.errors import InputError
from pks_kit.files import NamedFile
from pks_kit.ledger.agreements import AgreementStage
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines import batch_receive as module
from pks_kit.pipelines.batch_receive import BatchReceived, BatchReceiveRequest, batch_receive
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from support.batch_plans import plan_of, planned

pytest.importorskip("cv2")


def received(folder: Path) -> BatchReceived:
    """Receive an empty sheet for a batch whose two agreements wait for their facilities."""
    place = BatchFolder(folder / "b")
    if not place.path.is_dir():
        rows = [planned(1, cara_kontrak="elektronik"), planned(2, cara_kontrak="manual")]
        place.save_plan(plan_of(rows))
        with closing(Book(place.book, place.plan().id, 2)) as book:
            book.write(
                BookRow(number=one, state="with_other", stage="signed", changed=1.0)
                for one in (1, 2)
            )
    picture = io.BytesIO()
    Image.new("RGB", (400, 560), "white").save(picture, "JPEG")
    with open_ledger(folder / "buku.sqlite") as ledger:
        return batch_receive(
            BatchReceiveRequest(
                folder=place.path,
                scans=[NamedFile("kosong.jpg", picture.getvalue())],
                ledger=ledger,
                sessions=folder / "sesi",
            )
        )


def test_who_signs_electronically_is_missing_until_the_ledger_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = received(tmp_path).not_back
    assert len(missing) == 2
    assert missing[0].files == ()
    assert missing[0].problem is not None
    assert "belum ditandatangani faskes" in missing[0].problem.id
    done = SimpleNamespace(tahap=AgreementStage.LENGKAP)
    monkeypatch.setattr(module, "agreements", lambda _events, _profiles: [done])
    (left,) = received(tmp_path).not_back
    assert left.number == missing[1].number


def test_a_folder_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    """A wrong name was told as a sheet of nobody, and reminders were written to everybody."""
    with (
        closing(open_ledger(tmp_path / "buku.sqlite")) as ledger,
        pytest.raises(InputError) as caught,
    ):
        batch_receive(
            BatchReceiveRequest(
                folder=tmp_path, scans=[tmp_path / "pindain"], ledger=ledger, sessions=tmp_path
            )
        )
    assert caught.value.code == "file.not_found"
    assert not (tmp_path / "pengingat").exists()
