"""A person decides: what is written, what is refused, and what it does to the verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from pks_kit.domain.paper import PaperFacts
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json
from pks_kit.ledger import kinds
from pks_kit.ledger.store import SqlLedger, open_ledger
from pks_kit.pipelines.verifying.paper import judged_again
from pks_kit.pipelines.verifying.paper_decisions import with_decisions
from pks_kit.pipelines.verifying.paper_desk import PaperChoice
from pks_kit.verification.report.answers import passed
from pks_kit.verification.report.verdict import Note
from support import paper_reviews as reviews
from support.paper_reviews import ADDED, EMPTY, SHEET, SIGNED, VALUE, desk, key_of
from support.schema_check import follows

pytestmark = pytest.mark.slow
SITI, BUDI = "Siti Rahma", "Budi Hartono"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path / "buku.sqlite") as opened:
        yield opened


def choice(what: str, decision: str, **more: str) -> PaperChoice:
    return PaperChoice(item=key_of(what), decision=decision, **more)  # type: ignore[arg-type]


def written(ledger: SqlLedger) -> list[dict[str, object]]:
    return [dict(one.isi) for one in ledger.events(jenis=kinds.PAPER_DECIDED)]


def test_a_decision_says_everything_and_the_machine_stays(ledger: SqlLedger) -> None:
    one = desk(ledger, f"  {SITI} ")
    assert one.write([choice(EMPTY, "signed", reason="paraf  kecil\n di tepi")]) == 1
    (told,) = written(ledger)
    facts = reviews.listed().facts
    assert told == {
        "scan_sha256": facts.files[0], "scan_page": 1, "page": 1, "place": key_of(EMPTY),
        "machine": "empty", "machine_reason": "no_ink", "by": SITI, "decision": "signed",
        "reason": "paraf kecil di tepi", "edition": facts.edition, "thresholds": facts.thresholds,
        "crop_sha256": told["crop_sha256"],
    }  # fmt: skip
    assert len(str(told["crop_sha256"])) == 64
    (event,) = ledger.events(jenis=kinds.PAPER_DECIDED)
    assert event.perjanjian == facts.agreement_id
    place = next(two for two in one.review.facts.places if two.id == key_of(EMPTY))
    assert place.decision == "empty"
    (item,) = one.review.facts.decided
    assert (item.machine, item.state, item.opinions[0].by) == ("empty", "accepted", SITI)
    assert follows(to_json(one.review.report), "paper-list") == []
    assert follows(to_json(one.review.report), "verify") == []


def test_the_same_word_is_written_once(ledger: SqlLedger) -> None:
    one = desk(ledger, SITI)
    assert [one.write([choice(ADDED, "same")]) for _ in range(2)] == [1, 0]
    assert desk(ledger, SITI).write([choice(ADDED, "same")]) == 0
    assert desk(ledger, SITI).write([choice(ADDED, "changed")]) == 1
    assert len(written(ledger)) == 2


@pytest.mark.parametrize(
    ("what", "decision", "code"),
    [
        (EMPTY, "signed", "paper.decide.reason_to_overrule"),
        (SIGNED, "empty", "paper.decide.reason_to_overrule"),
        (SHEET, "harmless", "paper.decide.reason_for_sheet"),
        (ADDED, "signed", "paper.decide.no_choice"),
    ],
)
def test_what_is_refused_leaves_nothing(
    ledger: SqlLedger, what: str, decision: str, code: str
) -> None:
    good = choice(VALUE, "same")
    with pytest.raises(UsageError) as told:
        desk(ledger, SITI).write([good, choice(what, decision)])
    assert told.value.code == code
    assert written(ledger) == []


def test_other_pictures_unknown_things_and_a_nik_are_refused(ledger: SqlLedger) -> None:
    one = desk(ledger, SITI)
    for wrong, code in (
        (choice(ADDED, "same", crop_sha256="0" * 64), "paper.decide.other_picture"),
        (PaperChoice(item="tidak_ada", decision="signed"), "paper.decide.no_item"),
    ):
        with pytest.raises(UsageError) as told:
            one.write([wrong])
        assert told.value.code == code
    for held in (
        choice(SHEET, "again", reason="3174 0112 0180 0001 x"),
        choice(SHEET, "again", reason="3174\u200b0112 0180 0001 x"),
        choice(VALUE, "changed", addendum="3174011201800001"),
    ):
        with pytest.raises(UsageError) as nik:
            one.write([choice(ADDED, "same"), held])
        assert nik.value.code == "paper.decide.nik"
        assert "3174" not in str(nik.value.text)
    assert written(ledger) == []


@pytest.mark.parametrize("blank", [" \u200b\u00a0", "\u200b", ".", "\x00", "--- \u202e"])
def test_what_says_nothing_is_no_reason(ledger: SqlLedger, blank: str) -> None:
    with pytest.raises(UsageError) as told:
        desk(ledger, SITI).write([choice(EMPTY, "signed", reason=blank)])
    assert told.value.code == "paper.decide.reason_to_overrule"


def test_what_says_nothing_is_no_addendum(ledger: SqlLedger) -> None:
    one = desk(ledger, SITI)
    for odd in ("?", "ada", "--- \u202e"):
        with pytest.raises(UsageError) as told:
            one.write([choice(VALUE, "changed", addendum=odd)])
        assert told.value.code == "paper.decide.addendum_number"
    one.write([choice(VALUE, "changed", addendum="\u200b")])  # the same as none
    assert checks(one.review.facts)["paper.values", "changed"] == "failed"


def test_signs_that_cannot_be_seen_are_not_written(ledger: SqlLedger) -> None:
    desk(ledger, SITI).write([choice(EMPTY, "signed", reason="paraf\x00 kecil\u202e di\n tepi")])
    (told,) = written(ledger)
    assert told["reason"] == "paraf kecil di tepi"


@pytest.mark.parametrize("name", ["Siti\u202eRahma", "Siti\x1b[31m", "Siti 3174011201800001"])
def test_a_name_that_hides_something_decides_nothing(ledger: SqlLedger, name: str) -> None:
    with pytest.raises(UsageError) as told:
        desk(ledger, name)
    assert told.value.code == "paper.decide.hidden_name"


def test_a_desk_knows_what_another_one_wrote_since(ledger: SqlLedger) -> None:
    first, second = desk(ledger, SITI), desk(ledger, SITI)
    assert first.write([choice(ADDED, "same")]) == 1
    assert "Siti Rahma" in second.page("id").content.decode()
    assert second.write([choice(ADDED, "changed")]) == 1
    assert first.write([choice(ADDED, "same")]) == 1  # the last word had become another one
    assert len(written(ledger)) == 3
    (item,) = first.review.facts.decided
    assert item.state == "accepted"


def test_what_was_known_beside_the_paper_stays_after_a_decision(ledger: SqlLedger) -> None:
    shown = reviews.listed()
    found = passed("issued.ledger", "found", agreement="A", nomor=1)
    note = Note(code="paper_not_in_ledger", params={"agreement": "A"})
    report = replace(
        shown.report, checks=(found, *shown.report.checks), notes=(*shown.report.notes, note)
    )
    again = judged_again(report, shown.facts)
    assert again == judged_again(again, shown.facts)
    assert again.checks == report.checks
    assert note in again.notes


@pytest.mark.parametrize("name", ["", "  ", "123", "x" * 201])
def test_somebody_must_decide(ledger: SqlLedger, name: str) -> None:
    with pytest.raises(UsageError) as told:
        desk(ledger, name)
    assert told.value.code == "paper.decide.no_name"


def checks(one: PaperFacts) -> dict[tuple[str, str], str]:
    report = judged_again(reviews.listed().report, one)
    return {(two.code, two.reason): two.status for two in report.checks}


def test_a_changed_value_needs_a_second_person(ledger: SqlLedger) -> None:
    first = desk(ledger, SITI)
    first.write([choice(VALUE, "same")])
    assert checks(first.review.facts)["paper.values", "second_person"] == "indeterminate"
    again = desk(ledger, "dr. SITI RAHMA")
    again.write([choice(VALUE, "same")])
    assert ("paper.values", "second_person") in checks(again.review.facts)
    second = desk(ledger, BUDI)
    second.write([choice(VALUE, "same")])
    told = checks(second.review.facts)
    assert ("paper.values", "second_person") not in told
    assert ("paper.values", "other_fits") not in told


def test_an_addendum_covers_a_changed_value(ledger: SqlLedger) -> None:
    one = desk(ledger, SITI)
    one.write([choice(VALUE, "changed")])
    assert checks(one.review.facts)["paper.values", "changed"] == "failed"
    one.write([choice(VALUE, "changed", addendum="12/ADD/2026")])
    told = checks(one.review.facts)
    assert told["paper.values", "amended"] == "passed"
    assert ("paper.values", "changed") not in told
    assert ("paper.values", "same") not in told


def test_decisions_can_complete_a_scan_and_say_who(ledger: SqlLedger) -> None:
    shown = reviews.listed()
    whole = reviews.replace_facts(shown, replace(shown.facts, missing=(), places=tuple(
        one for one in shown.facts.places if one.scan_page
    )))  # fmt: skip
    one, two = reviews.at(whole, ledger, SITI), reviews.at(whole, ledger, BUDI)
    seen = {"reason": "tampak jelas"}
    one.write([choice(VALUE, "same"), choice(ADDED, "same")])
    one.write([choice(SHEET, "harmless", **seen), choice(EMPTY, "signed", **seen)])
    assert one.review.report.verdict == "indeterminate"
    two.write([choice(VALUE, "same")])
    report = two.review.report
    assert report.verdict == "passed", [
        (one.code, one.reason) for one in report.checks if one.status != "passed"
    ]
    (note,) = (one for one in report.notes if one.code == "paper_decided")
    assert SITI in note.message.id
    assert BUDI in note.message.en
    assert "WIB" in note.message.id
    refused = reviews.at(two.review, ledger, BUDI)
    refused.write([choice(ADDED, "changed")])
    assert refused.review.report.verdict == "failed"
    (send,) = (one for one in refused.review.report.notes if one.code == "paper_send_back")
    assert "halaman 1" in send.message.id


def test_decisions_hold_for_the_same_sheet_and_not_for_another(ledger: SqlLedger) -> None:
    desk(ledger, SITI).write([choice(ADDED, "same")])
    shown = reviews.listed()
    pictures = shown.examined.paper_pictures
    moved = replace(shown.facts, files=("f" * 64, *shown.facts.files[1:]))
    assert with_decisions(moved, ledger, pictures).decided  # the same picture in another file
    assert not with_decisions(moved, ledger, ()).decided
    other = replace(shown.facts, edition="00000000")
    assert not with_decisions(other, ledger, pictures).decided


def test_events_that_say_nonsense_are_passed_over() -> None:
    class Odd:
        def events(self, *_: object) -> tuple[object, ...]:
            class One:
                waktu = reviews.signed_files.NOW

                def __init__(self, **isi: object) -> None:
                    self.isi = isi

            good = {"by": SITI, "place": key_of(ADDED), "scan_page": 1, "page": 1,
                    "scan_sha256": reviews.listed().facts.files[0], "decision": "same",
                    "edition": reviews.listed().facts.edition}  # fmt: skip
            broken = [dict(good, **{name: wrong}) for name in good for wrong in (None, 7.5, [])]
            return tuple(One(**one) for one in (*broken, good))

        events_with_sn = events

    found = with_decisions(reviews.listed().facts, Odd(), ())  # type: ignore[arg-type]
    assert [len(one.opinions) for one in found.decided] == [1]


def test_the_desk_answers_in_json(ledger: SqlLedger) -> None:
    one = desk(ledger, SITI)
    body = json.dumps({"item": key_of(VALUE), "decision": "same"}).encode()
    status, told = one.answer(body, "id")
    assert (status, json.loads(told)) == (200, {"by": SITI, "state": "waiting"})
    status, told = one.answer(json.dumps({"item": "x", "decision": "same"}).encode(), "en")
    assert status == 409
    assert "There is no x" in json.loads(told)["message"]
    for odd in (b"", b"[]", b'{"item": 3}', b"\xff", b"[" * 9000):
        assert one.answer(odd, "id")[0] == 400
    assert len(written(ledger)) == 1


def test_two_at_once_write_one_decision(ledger: SqlLedger) -> None:
    one = desk(ledger, SITI)
    body = json.dumps({"item": key_of(ADDED), "decision": "same"}).encode()
    threads = [Thread(target=one.answer, args=(body, "id")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written(ledger)) == 1
    assert ledger.verify().intact
