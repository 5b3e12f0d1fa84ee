"""What came back of one agreement grows over deliveries, as if it had been handed in at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pks_kit.domain.sheet_codes import FileSeen
from pks_kit.errors import LedgerError
from pks_kit.files import NamedFile
from pks_kit.ledger import kinds
from pks_kit.ledger.returned import returned as ledger_returned
from pks_kit.ledger.returned import standing
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines import returned
from pks_kit.pipelines.batching.kept_scans import KeptScans
from pks_kit.pipelines.returned import ReturnedRequest, ReturnedResult, judge_returned
from pks_kit.pipelines.verifying.beside import Beside
from pks_kit.pipelines.verifying.earlier_scans import AllFiles
from pks_kit.pipelines.verifying.returned_files import ReturnedFile, TakenFile
from pks_kit.pipelines.verifying.sorting import sort_sheets
from pks_kit.verification.limits import Limits
from support import paper_samples as paper
from support import returned_paper as back

MANUAL = back.manual()
ID = MANUAL.receipt.agreement_id


def scan(name: str, *numbers: int) -> NamedFile:
    return NamedFile(name, back.as_pdf(*(back.page("manual", one) for one in numbers)))


class Deliveries:
    """One delivery after the other, of one agreement that the ledger knows."""

    def __init__(self, folder: Path) -> None:
        self.file, self.sessions = back.session_of_manual(folder / "buku")
        self.place = folder / "kembali"
        self.settled: set[str] = set()

    def came(self, *scans: NamedFile, handed: str = "") -> ReturnedResult:
        with open_ledger(self.file, create=False) as ledger:
            return judge_returned(
                ReturnedRequest(
                    scans=scans, ledger=ledger, sessions=self.sessions, record=True, isolated=False
                ),
                Beside(
                    kept=KeptScans(self.place, self.settled, handed), handed=lambda _name: handed
                ),
            )

    def events(self) -> list[Any]:
        with open_ledger(self.file, create=False) as ledger:
            return [one.isi for one in ledger.events(jenis=kinds.PAPER_RECEIVED)]


@pytest.fixture
def deliveries(tmp_path: Path) -> Deliveries:
    return Deliveries(tmp_path)


def there(result: ReturnedResult) -> set[int | None]:
    (one,) = result.agreements
    facts = one.report.paper
    assert facts is not None
    assert {*range(1, 31)} - {*facts.missing} == {
        each.page for each in facts.pages if each.status.startswith("ok")
    }
    return {each.page for each in facts.pages if each.status.startswith("ok")}


@pytest.mark.slow
def test_a_page_that_comes_later_lies_beside_those_that_came(deliveries: Deliveries) -> None:
    """The pages of the first delivery were asked for again."""
    assert there(deliveries.came(scan("a.pdf", 1, 2))) == {1, 2}
    second = deliveries.came(scan("b.pdf", 3))
    assert there(second) == {1, 2, 3}
    (asked,) = second.send_back
    assert "halaman 4-30" in asked.text
    (one,) = second.agreements
    assert [(each.file, each.sheet) for each in one.sheets] == [
        ("a.pdf", 1), ("a.pdf", 2), ("b.pdf", 1),
    ]  # fmt: skip
    assert [each.file for each in second.files] == ["b.pdf"], "files of this delivery alone"
    # the same once more changes nothing, under whatever name
    again = deliveries.came(scan("c.pdf", 3))
    assert there(again) == {1, 2, 3}
    assert [one["sheets"] for one in deliveries.events()] == [2, 3]


@pytest.mark.slow
def test_a_newer_picture_of_a_page_takes_the_place_of_the_older_one(
    deliveries: Deliveries,
) -> None:
    deliveries.came(scan("scan.pdf", 1, 2))
    result = deliveries.came(scan("scan.pdf", 2, 3))
    assert there(result) == {1, 2, 3}
    (one,) = result.agreements
    facts = one.report.paper
    assert facts is not None
    assert {page.page: page.file for page in facts.pages if page.status == "ok"} == {
        1: 1, 2: 2, 3: 2,
    }  # fmt: skip
    # two files of one name are told apart, and only what counts is kept
    earlier, newer = KeptScans(deliveries.place).of(ID)
    assert [each.sheets for each in (earlier, newer)] == [(1,), (1, 2)]
    assert {each.file for each in one.sheets} == {earlier.told_apart, "scan.pdf"}


@pytest.mark.slow
def test_a_newer_picture_without_the_ink_of_the_older_one_does_not_take_its_place(
    deliveries: Deliveries,
) -> None:
    box = paper.place("PARAF_PIHAK_KEDUA")
    signed = back.as_pdf(paper.written(back.page("manual", box.page), box))
    deliveries.came(NamedFile("a.pdf", signed))
    again = deliveries.came(scan("b.pdf", box.page))
    (one,) = again.agreements
    facts = one.report.paper
    assert facts is not None
    assert [(each.file, each.status) for each in facts.pages] == [(1, "ok"), (2, "less_ink")]
    assert {each.id: each.decision for each in facts.places}[box.id] == "signed"
    assert "paper_less_ink" in [each.code for each in one.report.notes]
    # and it does not come back with the next delivery
    (kept,) = KeptScans(deliveries.place).of(ID)
    assert kept.name == "a.pdf"


@pytest.mark.slow
def test_what_is_complete_is_judged_alone_and_its_scans_stay(deliveries: Deliveries) -> None:
    deliveries.came(scan("a.pdf", 1))
    deliveries.settled = {ID}
    assert there(deliveries.came(scan("b.pdf", 2))) == {2}
    assert [one.name for one in KeptScans(deliveries.place).of(ID)] == ["a.pdf", "b.pdf"]


@pytest.mark.slow
def test_whoever_is_stopped_before_the_verdict_is_written_loses_nothing(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> object:
        raise LedgerError("ledger.disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(returned, "record_paper", stopped)
        with pytest.raises(LedgerError):
            deliveries.came(scan("a.pdf", 1))
    assert deliveries.events() == []
    assert there(deliveries.came(scan("b.pdf", 2))) == {1, 2}


@pytest.mark.slow
def test_sheets_of_something_else_never_enter(deliveries: Deliveries) -> None:
    """A file of two agreements: the other one's sheet, and one that nobody knew, stay out."""
    mixed = NamedFile(
        "dua.pdf", back.as_pdf(back.page("digital", 3), back.page("manual", 1))
    )  # fmt: skip
    deliveries.came(mixed)
    (kept,) = KeptScans(deliveries.place).of(ID)
    assert kept.sheets == (2,)
    assert KeptScans(deliveries.place).of(back.digital().receipt.agreement_id) == ()
    later = deliveries.came(scan("b.pdf", 2))
    assert there(later) == {1, 2}
    assert later.left == ()


def verdict(deliveries: Deliveries) -> dict[str, Any]:
    """Return what stands in the ledger, whenever that was written."""
    with open_ledger(deliveries.file, create=False) as ledger:
        found = standing(ledger_returned(ledger.events(ID)))
        assert found is not None
        (event,) = [one for one in ledger.events(ID) if one.nomor == found.nomor]
    return dict(event.isi)


def kept_of(deliveries: Deliveries) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.name, one.sheets) for one in KeptScans(deliveries.place).of(ID)]


def two_papers() -> dict[str, NamedFile]:
    """Return the same page twice, each with ink that the other lacks: order decides."""
    box = paper.place("PARAF_PIHAK_KEDUA")
    other = next(
        one
        for one in paper.pages().places(box.page)
        if one.id.startswith("PARAF") and one.id != box.id
    )
    return {
        "1": NamedFile("lama.pdf", back.as_pdf(paper.written(back.page("manual", box.page), box),
                                               back.page("manual", 2))),
        "2": NamedFile("baru.pdf", back.as_pdf(paper.written(back.page("manual", box.page), other),
                                               back.page("manual", 3))),
        "3": scan("lagi.pdf", 3),
    }  # fmt: skip


@pytest.mark.slow
def test_what_was_handed_in_last_is_the_newest_in_whatever_order_it_is_read(
    tmp_path: Path,
) -> None:
    given = two_papers()
    found = []
    for order in ("123", "213", "321"):
        deliveries = Deliveries(tmp_path / order)
        for one in order:
            deliveries.came(given[one], handed=f"2026-01-0{one}T00:00:00.000000Z")
        found.append((kept_of(deliveries), verdict(deliveries)))
        assert found[-1] == found[0], order
    names, told = found[0]
    assert names == [("lama.pdf", (2,)), ("baru.pdf", (1,)), ("lagi.pdf", (1,))]
    assert told["handed_in"].startswith("2026-01-03")


@pytest.mark.slow
def test_what_is_read_between_is_neither_lost_nor_older(
    deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that lacked comes while a large delivery is being read; each kept its own before."""
    read, came = returned.read_stack, []

    def reading(*given: Any, **named: Any) -> Any:
        found = read(*given, **named)
        if not came:
            came.append(1)
            deliveries.came(scan("susulan.pdf", 2, 3), handed="2026-01-02")
        return found

    monkeypatch.setattr(returned, "read_stack", reading)
    assert there(deliveries.came(scan("besar.pdf", 1, 2), handed="2026-01-01")) == {1, 2, 3}
    assert kept_of(deliveries) == [("besar.pdf", (1,)), ("susulan.pdf", (1, 2))]
    # and the large one once more, after it was put back
    monkeypatch.undo()
    assert there(deliveries.came(scan("besar.pdf", 1, 2), handed="2026-01-01")) == {1, 2, 3}
    assert kept_of(deliveries) == [("besar.pdf", (1,)), ("susulan.pdf", (1, 2))]
    assert verdict(deliveries)["sheets"] == 3


@pytest.mark.slow
def test_an_older_delivery_is_judged_with_what_made_an_agreement_complete(
    deliveries: Deliveries,
) -> None:
    deliveries.came(scan("baru.pdf", 1, 2), handed="2026-01-02")
    deliveries.settled = {ID}
    result = deliveries.came(scan("lama.pdf", 1), handed="2026-01-01")
    assert there(result) == {1, 2}
    (one,) = result.agreements
    assert "lama.pdf" in {each.file for each in one.sheets}, "whoever handed it in is told of it"
    assert kept_of(deliveries) == [("baru.pdf", (1, 2))]


def test_nothing_is_looked_up_of_what_did_not_come() -> None:
    asked: list[str] = []

    class Kept:
        def of(self, agreement_id: str) -> tuple[()]:
            asked.append(agreement_id)
            return ()

        def keep(self, *_: object) -> None:
            raise AssertionError

    told = ReturnedFile(file="a.pdf", state="read", sha256="a" * 64, size=1, sheets=0)
    files = [TakenFile(told=told, seen=FileSeen(sheets=(), covered=1))]
    sheets = sort_sheets([files[0].seen])
    found = AllFiles(files, sheets, Kept(), Limits(), isolated=False)
    assert (asked, found.now, found.files) == ([], 1, files)
