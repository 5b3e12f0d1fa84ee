"""What was only issued is one state to people, whether the ledger knows of it or not."""

from __future__ import annotations

from pks_kit.ledger.agreements import AgreementStage
from pks_kit.web.pages.states import told_together


def test_what_was_only_issued_is_counted_once() -> None:
    counts = {"": 2, AgreementStage.TERBIT: 1, AgreementStage.LENGKAP: 4}
    assert told_together(counts) == {"": 3, AgreementStage.LENGKAP: 4}
    assert told_together({AgreementStage.TERBIT: 1}) == {"": 1}


def test_a_state_that_nothing_has_does_not_appear() -> None:
    assert told_together({"": 0, AgreementStage.LENGKAP: 1}) == {AgreementStage.LENGKAP: 1}
    assert told_together({}) == {}
