"""Who has not come back: also whoever signs electronically, until the ledger knows that."""

from __future__ import annotations

import io
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from pks_kit.domain.tanggal import WIB
from pks_kit.errors import InputError, UsageError
from pks_kit.files import NamedFile
from pks_kit.ledger.agreements import AgreementStage
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batch_receive import BatchReceived, BatchReceiveRequest, batch_receive
from pks_kit.pipelines.batching import electronic, reminders
from pks_kit.pipelines.batching.book import Book, BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import PlannedRow
from support.batch_plans import plan_of, planned

pytest.importorskip("cv2")


def received(folder: Path, **changes: Any) -> BatchReceived:
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
                clock=lambda: datetime(2026, 12, 22, 9, 0, tzinfo=WIB),
                **changes,
            )
        )


def test_who_signs_electronically_is_missing_until_the_ledger_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = received(tmp_path).not_back
    assert len(missing) == 2
    assert [(one.files, one.problem) for one in missing] == [((), None)] * 2
    done = SimpleNamespace(tahap=AgreementStage.LENGKAP, perjanjian=planned(1).agreement_id)
    monkeypatch.setattr(electronic, "agreements", lambda _events, _profiles: [done])
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


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the rows to which a letter was made."""
    made: list[int] = []

    def made_for(_source: object, _place: object, row: PlannedRow, _wanted: object) -> Any:
        made.append(row.number)
        return {"pdf": f"surat {row.number} ke {len(made)}".encode(), "docx": b"surat"}

    monkeypatch.setattr(reminders, "reminder", made_for)
    return made


@pytest.mark.parametrize(
    ("last", "days", "written"),
    [
        (None, 3, 0),  # nobody knows when an answer is due
        (date(2026, 12, 28), 3, 0),  # Monday; letters from Friday on
        (date(2026, 12, 28), 6, 1),
        (date(2026, 12, 26), 3, 1),  # Saturday: offices shut on Friday
    ],
)
def test_letters_are_written_when_an_answer_is_due(
    tmp_path: Path, letters: list[int], last: date | None, days: int, written: int
) -> None:
    """They were written on the first day, to everybody."""
    told = received(tmp_path, deadline=last, remind_days=days)
    assert letters == [2] * written  # the other one is elektronik
    assert len(told.written) == 2 * written
    assert [one.problem for one in told.not_back] == [None, None]


@pytest.mark.parametrize("last", [date(2026, 12, 21), date(2020, 1, 1), date(2026, 12, 20)])
def test_a_last_day_that_has_passed_is_refused(tmp_path: Path, last: date) -> None:
    """It was taken without a word, and the reminders named no day."""
    with pytest.raises(UsageError) as caught:
        received(tmp_path, deadline=last)
    assert caught.value.code == "value.deadline_over"
    assert "hari ini Selasa, 22 Desember 2026" in caught.value.text.id


def test_reminders_name_the_day_that_the_letters_told(tmp_path: Path) -> None:
    place = BatchFolder(tmp_path)
    place.save_deadline(date(2027, 1, 31))  # Sunday; the letters told Friday
    assert place.deadline() == date(2027, 1, 29)


def test_letters_after_the_last_day_of_the_covering_letters(
    tmp_path: Path, letters: list[int]
) -> None:
    received(tmp_path)
    BatchFolder(tmp_path / "b").save_deadline(date(2026, 12, 1))
    received(tmp_path)
    assert letters == [2]


def test_letters_of_an_earlier_day_go_and_those_of_people_stay(
    tmp_path: Path, letters: list[int]
) -> None:
    place, due = BatchFolder(tmp_path / "b"), {"deadline": date(2026, 12, 22)}
    first = received(tmp_path, **due)
    pdf, docx = sorted(place.reminders.iterdir(), key=lambda one: one.suffix, reverse=True)
    assert sorted(first.written) == [docx.name, pdf.name]
    docx.write_bytes(b"surat dengan nomor yang ditulis orang")
    (place.reminders / "1-catatan.txt").write_text("catatan")
    again = received(tmp_path, **due)
    assert pdf.read_bytes() == b"surat 2 ke 2"
    assert docx.read_bytes() == b"surat dengan nomor yang ditulis orang"
    assert again.left_alone == (docx.name,)
    received(tmp_path, remind=False)
    assert sorted(one.name for one in place.reminders.iterdir()) == [
        "00002-Klinik-Pratama-Contoh-00002.docx",
        "1-catatan.txt",
    ]
    assert len(letters) == 2


def test_the_ledger_is_not_asked_for_each_agreement(tmp_path: Path) -> None:
    asked: list[tuple[object, object]] = []

    class Asked:
        def events(self, perjanjian: str | None = None, jenis: str | None = None) -> Any:
            asked.append((perjanjian, jenis))
            return ()

    rows = [planned(one, cara_kontrak="elektronik") for one in range(1, 40)]
    assert electronic.complete_by_ledger(Asked(), rows) == set()  # type: ignore[arg-type]
    assert len(asked) < 10
    assert {one for one, _ in asked} == {None}
