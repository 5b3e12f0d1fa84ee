"""What pyHanko says about a change names sets of objects; two runs must tell it alike."""

from __future__ import annotations

from itertools import permutations

from pks_kit.verification.signatures.questions import in_one_order


def test_sets_are_told_in_one_order() -> None:
    refs = [f"Reference(idnum={number}, generation=0)" for number in (12, 3, 7)]
    places = [
        "RelativeContext(anchor=PathInRevision('.A'), at=Reference(idnum=8, generation=0))",
        "AbsoluteContext(path=PathInRevision('.Root.B'))",
    ]
    told = {
        in_one_order(
            f"There are unexplained xrefs in revision 1: {', '.join(order)}.\n"
            + "\n".join(f" - {one} is also used in {', '.join(some)} before." for one in order)
        )
        for order in permutations(refs)
        for some in permutations(places)
    }
    (text,) = told
    assert all(one in text for one in (*refs, *places))
    assert text.splitlines()[0].endswith("Reference(idnum=7, generation=0).")


def test_words_without_objects_stay_as_they_are() -> None:
    assert in_one_order("Nonstandard signature coverage level") == (
        "Nonstandard signature coverage level"
    )
