"""Every file that came back is told with what became of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.messages import Message
from pks_kit.pipelines.batching.electronic import SignedElsewhere
from pks_kit.pipelines.batching.received_files import received_files
from pks_kit.pipelines.verifying.returned_files import FileState, ReturnedFile

PLANNED: Any = {"A": SimpleNamespace(name="Klinik A"), "B": SimpleNamespace(name="Klinik B")}


def agreement(agreement_id: str, verdict: str, *files: str) -> Any:
    sheets = tuple(SimpleNamespace(file=one) for one in files)
    return SimpleNamespace(
        agreement_id=agreement_id, verdict=verdict, shown_name=f"id {agreement_id}", sheets=sheets
    )


def outcome(file: ReturnedFile, *agreements: Any) -> Any:
    (told,) = received_files(
        SimpleNamespace(files=(file,), agreements=agreements),  # type: ignore[arg-type]
        (),
        PLANNED,
    )
    return told


def test_a_scan_of_several_is_as_good_as_its_worst() -> None:
    scan = ReturnedFile(file="a.pdf", state="read", sheets=3)
    both = (agreement("A", "complete", "a.pdf"), agreement("B", "incomplete", "a.pdf"))
    told = outcome(scan, *both, agreement("C", "incomplete", "b.pdf"))
    assert (told.outcome, told.names) == ("incomplete", ("Klinik A", "Klinik B"))
    assert outcome(scan, both[0], agreement("C", "incomplete", "a.pdf")).outcome == "complete"


def test_a_scan_of_others_or_of_nobody_is_told_so() -> None:
    scan = ReturnedFile(file="a.pdf", state="read", sheets=3)
    other = outcome(scan, agreement("C", "complete", "a.pdf"))
    assert (other.outcome, other.names) == ("other_agreement", ("id C",))
    assert outcome(scan).outcome == "unsorted"
    assert "3 halaman pindaian" in outcome(scan).text.id


@pytest.mark.parametrize("state", ["same_file", "empty", "unreadable", "passed_over", "not_a_scan"])
def test_what_is_no_scan_keeps_what_was_found(state: FileState) -> None:
    told = outcome(ReturnedFile(file="a.pdf", state=state, reason=Message("rusak", "broken")))
    assert told.outcome == state
    assert told.text.id


def test_an_issued_file_is_told_with_its_facility() -> None:
    ours = ReturnedFile(file="a.pdf", state="issued", agreement_id="A")
    assert outcome(ours).names == ("Klinik A",)
    assert "Klinik A" in outcome(ours).text.id
    strange = ReturnedFile(file="a.pdf", state="issued", agreement_id="C")
    assert (outcome(strange).outcome, outcome(strange).names) == ("issued", ())


@pytest.mark.parametrize(
    ("problem", "unchanged", "complete", "outcome", "words"),
    [
        (None, False, True, "taken_over", "hasil pemeriksaan: belum pasti"),
        (None, False, False, "taken_over", "Tanda tangan pena masih ditunggu"),
        (None, True, True, "issued", "sudah lengkap di sini"),
        (None, True, False, "issued", "tanda tangan faskes belum ada"),
        (Message("kurang satu", "one lacks"), True, False, "not_taken_over", "kurang satu"),
    ],
)
def test_what_continues_an_issued_file_is_told_as_it_is(
    problem: Message | None, unchanged: bool, complete: bool, outcome: str, words: str
) -> None:
    came = SignedElsewhere(
        file="a.pdf", name="Klinik A", number=1, verdict="indeterminate", problem=problem,
        unchanged=unchanged, complete=complete,
    )  # fmt: skip
    (told,) = received_files(
        SimpleNamespace(files=(), agreements=()),  # type: ignore[arg-type]
        (came,),
        PLANNED,
    )
    assert told.outcome == outcome
    assert "Klinik A" in told.text.id
    assert words in told.text.id


def test_a_scan_of_a_draft_says_so_and_what_to_do() -> None:
    scan = ReturnedFile(file="a.pdf", state="read", sheets=3)
    came: Any = SimpleNamespace(
        files=(scan,), agreements=(agreement("D", "needs_person", "a.pdf"),)
    )
    drafts: Any = {"D": SimpleNamespace(name="Klinik D")}
    (told,) = received_files(came, (), PLANNED, drafts)
    assert (told.outcome, told.names) == ("only_drafted", ("Klinik D",))
    assert "Klinik D di batch ini baru draf" in told.text.id
    assert "jalankan batch ini" in told.text.id
    both: Any = SimpleNamespace(
        files=(scan,), agreements=(*came.agreements, agreement("A", "complete", "a.pdf"))
    )
    (told,) = received_files(both, (), PLANNED, drafts)
    assert (told.outcome, told.names) == ("complete", ("Klinik D", "Klinik A"))
