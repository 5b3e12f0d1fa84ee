"""Paper that came back: written down once, and what stands of several scans."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pks_kit.errors import LedgerError
from pks_kit.ledger import kinds
from pks_kit.ledger.agreements import AgreementStage, agreements
from pks_kit.ledger.returned import record_paper, returned, standing
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import signing_root
from support.ledger_events import PERJANJIAN, WAKTU, facts

PROFILES = [load_profile(signing_root(), name) for name in profile_names(signing_root())]
SCAN = {"A": "a" * 64, "B": "b" * 64, "C": "c" * 64}


def paper(verdict: str, scan: str = "A", **more: Any) -> dict[str, Any]:
    return facts(kinds.PAPER_RECEIVED, verdict=verdict, scan_sha256=SCAN[scan], kit="1") | more


def begun(ledger: SqlLedger, metode: str) -> None:
    ledger.append(PERJANJIAN, kinds.TERBIT, facts(kinds.TERBIT), waktu=WAKTU)
    described = facts(kinds.PERJANJIAN, metode=metode, profil=metode)
    ledger.append(PERJANJIAN, kinds.PERJANJIAN, described, waktu=WAKTU)


def test_the_same_scan_is_written_once(ledger: SqlLedger) -> None:
    first = record_paper(ledger, PERJANJIAN, paper("incomplete"), waktu=WAKTU)
    again = record_paper(ledger, PERJANJIAN, paper("incomplete", kit="2"), waktu=WAKTU)
    assert (first.is_new, again.is_new, again.nomor) == (True, False, first.nomor)
    for other in (paper("complete"), paper("incomplete", "B"), paper("incomplete", thresholds=2)):
        assert record_paper(ledger, PERJANJIAN, other, waktu=WAKTU).is_new
    assert record_paper(ledger, "LAIN", paper("incomplete"), waktu=WAKTU).is_new
    assert ledger.verify().intact
    assert len(ledger.events(PERJANJIAN, kinds.PAPER_RECEIVED)) == 4


class Late:
    """A ledger into which another branch writes between our look and our writing."""

    def __init__(self, ledger: SqlLedger) -> None:
        self.ledger, self.looked = ledger, 0

    def events(self, perjanjian: str | None = None, jenis: str | None = None) -> Any:
        self.looked += 1
        found = self.ledger.events(perjanjian, jenis)
        if self.looked == 1:
            record_paper(self.ledger, PERJANJIAN, paper("incomplete"), waktu=WAKTU)
        return found

    def append(self, *given: Any, **named: Any) -> Any:
        return self.ledger.append(*given, **named)


def test_two_branches_at_once_write_one_event(ledger: SqlLedger) -> None:
    late = Late(ledger)
    told = record_paper(late, PERJANJIAN, paper("incomplete"), waktu=WAKTU)
    assert (told.is_new, told.nomor, late.looked) == (False, 1, 2)
    assert len(ledger.events()) == 1


def test_what_is_no_verdict_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerError) as told:
        record_paper(ledger, PERJANJIAN, paper("signed"), waktu=WAKTU)
    assert told.value.code == "ledger.bad_event"


@pytest.mark.parametrize(
    ("story", "stands"),
    [
        (["incomplete"], 0),
        (["incomplete", "complete"], 1),
        (["complete", "incomplete"], 0),
        (["complete", "incomplete", "needs_person", "incomplete"], 3),
        (["needs_person", "complete", "incomplete"], 1),
        (["complete", "needs_person"], 1),
    ],
)
def test_a_lacking_scan_takes_nothing_back(
    ledger: SqlLedger, story: list[str], stands: int
) -> None:
    for number, verdict in enumerate(story, 1):
        record_paper(ledger, PERJANJIAN, paper(verdict, sheets=number), waktu=WAKTU)
    several = returned(ledger.events(PERJANJIAN))
    assert all(one.nomor < other.nomor for one, other in pairwise(several))
    found = standing(several)
    assert found is not None
    assert found.nomor == several[stands].nomor
    assert str(several[0].sheets) in several[0].text.id
    assert standing(()) is None


@pytest.mark.parametrize(
    ("story", "stands"),
    [
        ("1 complete, 2 needs_person", "2"),
        ("2 needs_person, 1 complete", "2"),
        ("2 incomplete, 1 complete", "1"),
        ("1 complete, 2 incomplete", "1"),
        ("3 complete, 1 needs_person, 2 incomplete", "3"),
        ("2 complete, - needs_person, 1 complete", "-"),
        ("- complete, 1 needs_person", "1"),
    ],
)
def test_what_was_handed_in_last_stands_though_it_was_written_first(
    ledger: SqlLedger, story: str, stands: str
) -> None:
    for number, one in enumerate(story.split(", "), 1):
        handed, verdict = one.split()
        more = {} if handed == "-" else {"handed_in": handed}
        told = paper(verdict, sheets=number) | more
        record_paper(ledger, PERJANJIAN, told, waktu=WAKTU)
    found = standing(returned(ledger.events(PERJANJIAN)))
    assert found is not None
    assert (found.handed_in or "-") == stands


def test_what_is_handed_in_again_after_another_paper_is_the_newest_again(
    ledger: SqlLedger,
) -> None:
    def came(verdict: str, scan: str, handed: str) -> bool:
        told = paper(verdict, scan, handed_in=handed)
        return record_paper(ledger, PERJANJIAN, told, waktu=WAKTU).is_new

    assert came("complete", "A", "1")
    assert not came("complete", "A", "2"), "the same once more is no news"
    assert came("needs_person", "B", "3")
    assert not came("complete", "A", "1"), "a job that is repeated writes nothing"
    assert came("complete", "A", "4")
    assert not came("complete", "A", "4")
    found = standing(returned(ledger.events(PERJANJIAN)))
    assert found is not None
    assert (found.verdict, found.handed_in) == ("complete", "4")


@pytest.mark.parametrize(
    ("metode", "verdict", "stage"),
    [
        ("manual", "incomplete", AgreementStage.KERTAS_MENUNGGU_BPJS),
        ("manual", "needs_person", AgreementStage.KERTAS_DILIHAT),
        ("elektronik", "incomplete", AgreementStage.TERBIT),
    ],
)
def test_what_lacks_our_own_pen_alone_is_the_turn_of_the_branch_office(
    ledger: SqlLedger, metode: str, verdict: str, stage: AgreementStage
) -> None:
    begun(ledger, metode)
    facts = paper(verdict) | {"lacks": "pihak_kesatu"}
    record_paper(ledger, PERJANJIAN, facts, waktu=WAKTU)
    (one,) = agreements(ledger.events(), PROFILES)
    assert one.tahap is stage
    if stage is AgreementStage.KERTAS_MENUNGGU_BPJS:
        assert {(step.jenis, step.peran) for step in one.kurang if step.peran} == {
            ("kertas_lagi", "pihak_kesatu")
        }
        assert "pena kantor cabang" in one.text.id


@pytest.mark.parametrize(
    ("metode", "verdict", "stage", "left"),
    [
        ("manual", "incomplete", AgreementStage.KERTAS_KURANG, 2),
        ("manual", "needs_person", AgreementStage.KERTAS_DILIHAT, 2),
        ("manual", "complete", AgreementStage.KERTAS_LENGKAP, 0),
        ("digital", "complete", AgreementStage.TERBIT, 3),
        ("elektronik", "complete", AgreementStage.TERBIT, 5),
    ],
)
def test_the_verdict_moves_the_state(
    tmp_path: Path, metode: str, verdict: str, stage: AgreementStage, left: int
) -> None:
    """Paper moves nothing while signatures in the file are missing, nor where there is no pen."""
    with open_ledger(tmp_path / "buku.sqlite") as ledger:
        begun(ledger, metode)
        (before,) = agreements(ledger.events(), PROFILES)
        record_paper(ledger, PERJANJIAN, paper(verdict), waktu=WAKTU)
        (one,) = agreements(ledger.events(), PROFILES)
    assert before.kertas is None
    assert one.kertas is not None
    assert (one.tahap, [each.verdict for each in one.kertas]) == (stage, [verdict])
    again = {step.jenis for step in one.kurang if step.jenis.startswith("kertas")}
    assert again <= {"kertas_lagi" if stage.startswith("KERTAS") else "kertas"}
    paper_left = [step for step in one.kurang if step.jenis != "terbitkan"]
    assert len(paper_left) == left
    assert one.text.id
