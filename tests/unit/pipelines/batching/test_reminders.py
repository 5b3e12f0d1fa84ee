"""A reminder asks for the places that the covering letter asked for, with the same meterai."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pks_kit.domain.receipt import Receipt, parse_receipt
from pks_kit.errors import FindingsError
from pks_kit.inputs import load_kontrak
from pks_kit.pipelines.batching.reminders import asked_for
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.render.cover import places as pages
from pks_kit.resources import contract_samples

SENTENCE = re.compile(r"^Tanda tangan (.+?)((?: dengan|, dan).*)? \(halaman ([0-9–, ]+)\)\.$")


def told(receipt: Receipt) -> dict[int, set[tuple[bool, bool]]]:
    """What a reminder asks for on each page: with meterai, with stamp."""
    found: dict[int, set[tuple[bool, bool]]] = {}
    for sentence in asked_for(receipt):
        matched = SENTENCE.match(sentence)
        if matched is None:
            continue
        beside = matched[2] or ""
        for run in matched[3].split(", "):
            first, _, last = run.partition("–")
            for page in range(int(first), int(last or first) + 1):
                found.setdefault(page, set()).add(("meterai" in beside, "stempel" in beside))
    return found


def asked(receipt: Receipt) -> dict[int, set[tuple[bool, bool]]]:
    """What the covering letter lists, from the same receipt."""
    say = pages.PagesSay(title="-", made="20260101", parts=(), stamped=(), contact=None)
    found: dict[int, set[tuple[bool, bool]]] = {}
    for one in pages.pen_places(say, receipt, receipt.profile):
        if one.peran != "pihak_kesatu":
            found.setdefault(one.page, set()).add((one.meterai, one.stempel))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("sample", contract_samples(), ids=lambda one: one.stem)
@pytest.mark.parametrize("method", ["digital", "manual"])
def test_reminder_and_covering_letter_name_the_same_places(sample: Path, method: str) -> None:
    loaded = load_kontrak(sample)
    kontrak = loaded.kontrak.model_copy(update={"cara_kontrak": method})
    try:
        made = draft(DraftRequest(source=kontrak, formats=("pdf",)))
    except FindingsError:
        pytest.skip("this kind knows no such method")
    receipt = parse_receipt(made.files["receipt"].content, "resi")
    assert told(receipt) == asked(receipt)
    # the pages that follow from the data alone: nobody who signs with a pen is forgotten
    with_pen = {
        one.page for one in receipt.places
        if one.kind == "tanda_tangan" and one.medium == "pen" and one.peran != "pihak_kesatu"
    }  # fmt: skip
    assert told(receipt).keys() == with_pen
    meterai = {
        one.page for one in receipt.places
        if one.kind == "meterai" and one.medium == "pen" and one.peran != "pihak_kesatu"
    }  # fmt: skip
    with_meterai = {
        page for page, several in told(receipt).items() if any(one for one, _ in several)
    }
    assert with_meterai == meterai
