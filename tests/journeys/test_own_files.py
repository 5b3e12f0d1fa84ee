"""What the writer of a file tells of it is what anybody finds who opens it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT, Receipt, parse_receipt
from pks_kit.foreign import HERE
from pks_kit.pdf.box import place_box
from pks_kit.pdf.prefix import own_revisions
from pks_kit.pdf.prefix.base import Base
from pks_kit.pdf.prefix.own_files import OwnFile, own_files
from pks_kit.pdf.prefix.spelling import read_dictionary
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import samples_root, signing_root
from pks_kit.signing.step import state as states
from pks_kit.signing.step.blank_area import text_in
from pks_kit.signing.step.embedded_receipt import AttachmentInside
from pks_kit.signing.step.state import StateOf, read_state
from pks_kit.verification.known.looking import facts_of, pages_of
from pks_kit.verification.known.own import own_known
from pks_kit.verification.limits import Limits
from support import own_files as signed

pytestmark = pytest.mark.slow


def _state(base: Base) -> Any:
    """Return what is known with its pages read: two writers put other spaces between values."""
    found = base.state()
    found.page_texts = {
        number: read_dictionary(text)  # type: ignore[misc]
        for number, text in found.page_texts.items()
    }
    return found


def _compared(pdf: bytes, receipt: Receipt, own: OwnFile) -> None:
    seen = StateOf(receipt=receipt, good=len(pdf)).answer((pdf,))
    assert own.layout() == seen.layout
    assert seen.base is not None
    assert _state(own.base) == _state(seen.base)
    for name in (RECEIPT_ATTACHMENT, DATA_ATTACHMENT):
        assert own.attachments[name] == HERE.ask(AttachmentInside(name=name), pdf).content
    inside = own.attachments[RECEIPT_ATTACHMENT]
    for content in (inside, receipt.to_json()):  # what the writer remembers is what is read
        assert Receipt.model_validate_json(content) == parse_receipt(content, "uji")
    known, facts = own_known(own, Limits()), facts_of(pdf, Limits())
    assert known is not None
    assert facts is not None
    assert replace(known.facts, base=facts.base) == facts
    assert facts.receipt is not None
    assert known.pages == pages_of(pdf, facts.receipt, Limits())
    stamps = [one for one in receipt.places if one.kind == "meterai"]
    assert [(one.page, one.rect) for one in stamps] == list(own.free)
    for one in stamps:
        assert text_in(pdf, place_box(one)) == ""


@pytest.mark.parametrize("sample", ["klinik-pratama-rawat-jalan.yml", "tpmd.yml"])
def test_what_was_told_is_what_is_found(sample: str) -> None:
    drafted = draft(DraftRequest(source=samples_root() / sample, formats=("pdf",))).files
    pdf, beside = drafted["pdf"].content, drafted["receipt"].content
    own = own_files.of(pdf)
    assert own is not None
    _compared(pdf, parse_receipt(beside, sample), own)


def test_steps_of_ours_are_known_as_whoever_opens_them_knows_them() -> None:
    files = signed.own_files.__wrapped__()  # other tests may have written so many since
    profile = load_profile(signing_root(), files.receipt.profile)
    assert files.receipt.issued is not None
    for content in files.steps:
        assert own_files.of(content) is not None
        told = read_state(content, files.receipt, profile)
        found = StateOf(receipt=files.receipt, good=files.receipt.issued.size).answer((content,))
        assert (told.layout, told.signatures) == (found.layout, found.signatures)
        assert found.base is not None
        assert told.known is not None
        _, known = own_revisions(content, files.receipt.issued.size, found.base)
        assert (told.known.tail, told.known.objects) == (known.tail, known.objects)


def test_another_byte_is_another_file() -> None:
    files = signed.own_files()
    last = files.steps[-1]
    place = last.rindex(b"/Contents <") + 400
    digit = b"1" if last[place : place + 1] == b"0" else b"0"
    assert own_files.of(last[:place] + digit + last[place + 1 :]) is None
    assert own_files.of(last + b"\n") is None
    assert own_files.of(files.issued[:-1]) is None


def test_a_process_that_wrote_nothing_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    files = signed.own_files()
    profile = load_profile(signing_root(), files.receipt.profile)
    asked: list[str] = []

    class Counting:
        def ask(self, question: Any, *given: bytes) -> Any:
            asked.append(type(question).__name__)
            return question.answer(given)

    monkeypatch.setattr(states, "_SEEN", states.StatesSeen())
    told = read_state(files.issued, files.receipt, profile, looks=Counting())
    assert asked == []
    monkeypatch.setattr(states, "_SEEN", states.StatesSeen())
    monkeypatch.setattr(own_files, "_issued", type(own_files._issued)())
    found = read_state(files.issued, files.receipt, profile, looks=Counting())
    assert asked == ["StateOf"]
    assert (found.layout, found.signatures) == (told.layout, told.signatures)
