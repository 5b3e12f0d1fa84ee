"""Sessions: all steps, steps of one side, files that come back, and refusals."""

from __future__ import annotations

import pytest

from pks_kit.errors import LedgerError, SigningError, UnknownOutcomeError
from pks_kit.ledger import kinds
from pks_kit.signing.revision_store import RevisionStore
from sessions.story import STEPS, new_story


def test_all_steps_in_one_run(story):
    result = story.run()
    assert [one.step for one in result.done] == list(STEPS)
    assert result.waiting == ()
    assert story.output.read_bytes().startswith(story.issued.pdf)
    story.check_books()
    kinds_seen = [one.jenis for one in story.events()]
    assert kinds_seen[0] == kinds.TERBIT
    assert kinds_seen[-1] == kinds.SELESAI
    intent, sold = kinds_seen.index(kinds.METERAI_NIAT), kinds_seen.index(kinds.METERAI_TERBIT)
    assert intent < sold < kinds_seen.index(kinds.METERAI_BUBUH)


def test_a_finished_session_does_nothing_more(story):
    first = story.run()
    events = len(story.events())
    again = story.run()
    assert again.done == ()
    assert again.sha256 == first.sha256
    assert len(story.events()) == events


def test_each_side_does_its_own_steps(issued, sandbox, tmp_path):
    branch = new_story(issued, sandbox, tmp_path / "cabang", seed=1)
    first = branch.run("pihak_kesatu")
    assert first.waiting == STEPS[2:]
    clinic = new_story(issued, sandbox, tmp_path / "klinik", seed=2)
    second = clinic.run("pihak_kedua", pdf=branch.output)
    assert [one.step for one in second.done] == list(STEPS[2:])
    back = branch.run("pihak_kesatu", pdf=clinic.output)
    assert back.done == ()
    assert back.waiting == ()
    assert branch.output.read_bytes() == clinic.output.read_bytes()
    assert branch.events()[-1].jenis == kinds.SELESAI


def test_a_file_of_another_branch_is_refused(issued, sandbox, tmp_path):
    one = new_story(issued, sandbox, tmp_path / "satu", seed=1)
    other = new_story(issued, sandbox, tmp_path / "lain", seed=2)
    one.run("pihak_kesatu")
    other.run("pihak_kesatu")
    with pytest.raises(SigningError) as caught:
        one.run("pihak_kesatu", pdf=other.output)
    assert caught.value.code == "session.other_branch"


@pytest.mark.parametrize("fault", ["no_sale", "down"])
def test_a_refused_sale_is_tried_again_and_bought_once(story, fault):
    story.distributor.faults = [fault]
    with pytest.raises(SigningError):
        story.run()
    assert story.distributor.bought == 0
    story.run()
    story.check_books()
    assert story.distributor.bought == 2


@pytest.mark.parametrize("fault", ["lost_sale", "lost_stamp"])
def test_a_lost_answer_is_asked_for_and_not_paid_again(story, fault):
    story.distributor.faults = [fault]
    with pytest.raises(UnknownOutcomeError):
        story.run()
    assert story.distributor.bought == 1
    story.run()
    story.check_books()
    assert story.distributor.bought == 2


def test_a_sale_that_never_happened_is_bought_after_asking(story, monkeypatch):
    async def lost(order):
        from pks_kit.errors import UnknownOutcomeError

        raise UnknownOutcomeError("service.no_answer", service="uji")

    monkeypatch.setattr(story.distributor, "issue", lost)
    with pytest.raises(UnknownOutcomeError):
        story.run()
    monkeypatch.undo()
    story.distributor.is_uji = True
    story.run()
    story.check_books()
    assert story.distributor.asked["find"] == 1


def test_a_real_distributor_gets_time_to_answer_before_it_is_believed(story, monkeypatch):
    async def lost(order):
        from pks_kit.errors import UnknownOutcomeError

        raise UnknownOutcomeError("service.no_answer", service="uji")

    with monkeypatch.context() as patched:
        patched.setattr(story.distributor, "issue", lost)
        with pytest.raises(UnknownOutcomeError):
            story.run()
    from pks_kit.ledger.store import open_ledger
    from pks_kit.pipelines.signing.purchase import MeteraiPurchase, order_for

    with open_ledger(story.ledger_file) as ledger:
        real = type("Real", (), {"is_uji": False, "name": "uji"})()
        real.find_issued = story.distributor.find_issued
        stored = RevisionStore(story.folder / "sesi" / story.issued.receipt.agreement_id)
        before = stored.read(stored.revisions()[-1])
        place = story.issued.receipt.place("METERAI_PIHAK_KESATU")
        purchase = MeteraiPurchase(
            provider=real, ledger=ledger, perjanjian=story.issued.receipt.agreement_id,
            langkah="p1_meterai",
            order=order_for(story.issued.receipt, place, "p1_meterai", before),
            clock=story.clock,
        )  # fmt: skip
        import asyncio

        with pytest.raises(SigningError) as caught:
            asyncio.run(purchase.buy())
    assert caught.value.code == "meterai.too_soon"


def test_another_document_cannot_buy_while_a_meterai_is_open(issued, sandbox, tmp_path):
    """The folder of revisions is lost, the ledger is not: a new signature is other bytes."""
    import shutil

    story = new_story(issued, sandbox, tmp_path)
    story.distributor.faults = ["no_stamp"]
    with pytest.raises(SigningError):
        story.run()
    assert story.distributor.bought == 1
    shutil.rmtree(story.folder / "sesi")
    with pytest.raises(LedgerError) as caught:
        story.run()
    assert caught.value.code == "store.lost"


def test_a_changed_revision_is_noticed(story):
    story.run("pihak_kesatu")
    stored = RevisionStore(story.folder / "sesi" / story.issued.receipt.agreement_id)
    path = stored.revisions()[-1].path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    with pytest.raises(LedgerError) as caught:
        story.run()
    assert caught.value.code == "store.damaged"


def test_two_sessions_at_once_are_refused(story):
    stored = RevisionStore(story.folder / "sesi" / story.issued.receipt.agreement_id)
    with stored.alone(), pytest.raises(LedgerError) as caught:
        story.run()
    assert caught.value.code == "store.busy"


def test_a_full_disk_leaves_nothing_half_written(story, monkeypatch):
    import errno
    import os

    from pks_kit.errors import InputError

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    story.run("pihak_kesatu")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(InputError):
            story.run()
    story.run()
    story.check_books()
    names = [path.name for path in (story.folder / "sesi").rglob("*.pdf")]
    assert len(names) == 5
