"""A seeded part of holding the two judges against each other; all of it with ``make fuzz``."""

from __future__ import annotations

from copy import deepcopy

import pytest

from attacks.fuzz import two_judges
from pks_kit.pdf.prefix import grammar, store
from pks_kit.pdf.prefix.spelling import Name
from support.own_files import archived_files, own_files
from support.own_mutations import last_update, rewritten, with_each_update
from support.proving import SampleOf

pytestmark = pytest.mark.slow


def test_both_say_the_same_of_what_our_steps_write(sample_of: SampleOf) -> None:
    files = own_files()
    states = with_each_update((files.steps[-1], *archived_files()), files.issued)
    assert len(states) == 8
    for one in sample_of(states, 3, seed=14):
        assert two_judges.disagreement(one, len(files.issued)) == ""


def test_the_judges_agree_or_the_bytes_say_nothing(sample_of: SampleOf) -> None:
    tally = two_judges.fuzz(8 if sample_of.everything else 3, sample_of.of_the_run)
    assert tally["aside"] > tally["known"] / 2


def test_a_grammar_that_lets_a_catalog_change_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = own_files()
    update, before = last_update(files.steps[0], files.issued)
    objects = {n: (one.value, one.data) for n, one in deepcopy(update).objects.items()}
    objects[before.root][0]["/PageMode"] = Name("/FullScreen")  # type: ignore[index, call-overload]
    changed = rewritten(files.issued, objects, before)
    assert two_judges.disagreement(changed, len(files.issued)) is None
    monkeypatch.setattr(grammar, "_take_root", lambda *_: None)
    assert two_judges.disagreement(changed, len(files.issued))


def test_a_grammar_that_lets_stored_material_go_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = own_files()
    again = with_each_update(archived_files(), files.issued)[-2]
    update, before = last_update(again, files.issued)
    objects = {n: (one.value, one.data) for n, one in deepcopy(update).objects.items()}
    (kept,) = (one for one, _ in objects.values() if "/Certs" in one)  # type: ignore[operator]
    kept["/Certs"].pop()  # type: ignore[index, call-overload, union-attr]
    changed = rewritten(again[: update.start], objects, before)
    assert two_judges.disagreement(changed, len(files.issued)) is None
    real = store._pieces
    monkeypatch.setattr(store, "_pieces", lambda *given: given[3] or real(*given))
    assert two_judges.disagreement(changed, len(files.issued))
