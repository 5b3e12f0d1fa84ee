"""What a person is to decide, worst first, and what decisions of one or two persons are worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pks_kit.domain.paper import (
    PaperChange,
    PaperFacts,
    PaperOpinion,
    PaperPlace,
    ScannedPage,
    UnjudgedPart,
)
from pks_kit.domain.paper_review import (
    PaperDecision,
    ReviewItem,
    as_written,
    decided,
    grouped,
    refusal,
    review_items,
)

AT = datetime(2026, 3, 2, 3, 4, tzinfo=UTC)
FILE, OTHER_FILE = "a" * 64, "b" * 64
CROP = "c" * 64


def change(kind: Any, rect: tuple[float, float, float, float], **more: Any) -> PaperChange:
    return PaperChange(page=1, scan_page=1, kind=kind, box=rect, margin=2.0, **more)


def place(name: str, decision: Any, kind: Any = "paraf") -> PaperPlace:
    return PaperPlace(
        id=name, page=1, scan_page=1, kind=kind, peran="pihak_kedua", rect=(1, 1, 9, 9),
        decision=decision, reason="strokes",
    )  # fmt: skip


FACTS = PaperFacts(
    agreement_id="A" * 26,
    edition="7K2M9X4Q",
    pages=(
        ScannedPage(scan_page=1, page=1, status="ok"),
        ScannedPage(scan_page=2, page=2, status="other_edition", edition="11111111", file=2),
        ScannedPage(scan_page=3, status="blank", file=2, file_page=2),
    ),
    missing=(2,),
    places=(place("A", "signed"), place("B", "unsure"), place("C", "empty", "meterai")),
    changes=(
        change("addition", (10, 10, 20, 20)),
        change("addition", (30, 12, 40, 22)),
        change("addition", (400, 10, 420, 20)),
        change("value", (5, 50, 9, 60), path="a.b", issued="12.3/4", read="1239"),
    ),
    unjudged=(UnjudgedPart(page=1, scan_page=1, values=3),),
    files=(FILE, OTHER_FILE),
)


def item(key: str) -> ReviewItem:
    return next(one for one in review_items(FACTS) if one.key == key)


VALUE = "value_0001_5_50_9_60"


def said(
    key: str, decision: Any, by: str = "Siti Rahma", *, later: int = 0, **more: Any
) -> PaperDecision:
    known = item(key)
    place = {one: more.pop(one) for one in ("scan_sha256", "crop_sha256") if one in more}
    return PaperDecision(
        scan_sha256=place.get("scan_sha256", FILE if known.file == 1 else OTHER_FILE),
        scan_page=known.file_page, page=known.page, place=known.place, edition=FACTS.edition,
        crop_sha256=place.get("crop_sha256"),
        opinion=PaperOpinion(by=by, decision=decision, at=AT + timedelta(hours=later), **more),
    )  # fmt: skip


def states(*decisions: PaperDecision, crops: dict[str, str] | None = None) -> dict[str, str]:
    found = decided(review_items(FACTS), decisions, FACTS.files, crops or {}, FACTS.edition)
    return {one.item: one.state for one in found}


def test_worst_first_and_what_lies_together_is_one() -> None:
    assert [one.key for one in review_items(FACTS)] == [
        "sheet_2", VALUE, "not_compared_0001", "addition_0001_10_10_40_22",
        "addition_0001_400_10_420_20", "B", "C", "A",
    ]  # fmt: skip
    assert [one.key for one in review_items(FACTS) if not one.is_open] == ["A"]


def test_strokes_of_a_line_grow_together_whatever_their_order() -> None:
    boxes = [(10.0, 10.0, 20.0, 20.0), (90.0, 10.0, 99.0, 20.0), (50.0, 10.0, 60.0, 20.0)]
    (one,) = grouped([change("addition", box) for box in boxes])
    assert one.box == (10.0, 10.0, 99.0, 20.0)
    assert one.margin == 6.0
    assert len(grouped([change("value", box) for box in boxes])) == 3


def test_what_was_read_is_shown_with_the_signs_of_what_was_issued() -> None:
    assert item(VALUE).read == "12.3/9"
    assert as_written("1/2", "123") == "123"
    assert as_written("1/2", "") == ""


@pytest.mark.parametrize(
    ("key", "decision", "reason", "addendum", "code"),
    [
        ("B", "signed", "", "", None),
        ("B", "empty", "", "", None),
        ("B", "same", "", "", "paper.decide.no_choice"),
        ("C", "empty", "", "", None),
        ("C", "signed", "", "", "paper.decide.reason_to_overrule"),
        ("C", "signed", "  ", "", "paper.decide.reason_to_overrule"),
        ("C", "signed", "meterai pucat", "", None),
        ("A", "empty", "", "", "paper.decide.reason_to_overrule"),
        ("sheet_2", "again", "", "", None),
        ("sheet_2", "harmless", "", "", "paper.decide.reason_for_sheet"),
        (VALUE, "same", "", "ADD-1", "paper.decide.addendum_elsewhere"),
        (VALUE, "changed", "", "ADD-1", None),
        ("B", "signed", "", "ADD-1", "paper.decide.addendum_elsewhere"),
    ],
)
def test_what_needs_a_reason(
    key: str, decision: str, reason: str, addendum: str, code: str | None
) -> None:
    assert refusal(item(key), decision, reason, addendum) == code


def test_one_person_decides_a_place() -> None:
    assert states(said("B", "signed")) == {"B": "accepted"}
    assert states(said("B", "signed"), said("B", "empty", "Budi Hartono")) == {"B": "refused"}
    assert states(said("C", "signed")) == {}  # written by another program, without a reason


def test_one_person_never_accepts_a_changed_value() -> None:
    one, two = said(VALUE, "same"), said(VALUE, "same", "Budi Hartono")
    assert states(one) == {VALUE: "waiting"}
    assert states(one, one) == {VALUE: "waiting"}
    for spelling in ("siti  RAHMA", "dr. Siti Rahma", "Siti Rahma, S.H.", "S. Rahma"):
        assert states(one, said(VALUE, "same", spelling)) == {VALUE: "waiting"}, spelling
    assert states(one, two) == {VALUE: "accepted"}
    assert states(one, two, said(VALUE, "changed", "Budi Hartono")) == {VALUE: "refused"}
    assert states(one, said(VALUE, "changed", "Budi Hartono", addendum="12/ADD/2026")) == {
        VALUE: "accepted"
    }
    assert states(said(VALUE, "changed")) == {VALUE: "refused"}


def test_the_last_word_of_a_person_counts() -> None:
    found = decided(
        review_items(FACTS), [said("B", "empty"), said("B", "signed", later=1)], FACTS.files, {},
        FACTS.edition,
    )  # fmt: skip
    assert [(one.state, [two.decision for two in one.opinions]) for one in found] == [
        ("accepted", ["signed"])
    ]


def test_a_decision_is_about_one_picture() -> None:
    assert states(said("B", "signed", scan_sha256=OTHER_FILE)) == {}
    elsewhere = said("B", "signed", scan_sha256="d" * 64, crop_sha256=CROP)
    assert states(elsewhere) == {}
    assert states(elsewhere, crops={"B": CROP}) == {"B": "accepted"}
    assert states(elsewhere, crops={"B": "e" * 64, "A": CROP}) == {}


def test_one_changed_number_is_one_question() -> None:
    """A number that was struck out and written anew was asked about three times."""
    value = change("value", (100, 100, 140, 110), path="tarif", issued="10.000", read="18000")
    same = change("disturbed", (102, 100, 138, 110), path="tarif_terbilang", issued="10.000")
    stroke = change("addition", (98, 103, 150, 118))
    lost = change("missing", (120, 101, 128, 109), issued="0")
    assert grouped([same, stroke, value, lost]) == (value,)
    elsewhere = replace(value, page=2, scan_page=2)
    far, long = change("addition", (190, 100, 200, 110)), change("missing", (100, 60, 140, 110))
    assert set(grouped([value, elsewhere, far, long])) == {value, elsewhere, far, long}
    beside = change("value", (150, 100, 190, 110), path="lain", issued="1", read="2")
    assert set(grouped([value, beside])) == {value, beside}, "two numbers are two questions"
