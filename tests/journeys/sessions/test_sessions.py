"""Sessions: all steps, steps of one side, files that come back, and refusals."""

from __future__ import annotations

import pytest

from pks_kit.errors import LedgerError, SigningError, UnknownOutcomeError
from pks_kit.ledger import kinds
from pks_kit.signing.revision_store import RevisionStore
from support.scenario import STEPS, new_scenario


def test_all_steps_in_one_run(scenario):
    result = scenario.run()
    assert [one.step for one in result.done] == list(STEPS)
    assert result.waiting == ()
    assert scenario.output.read_bytes().startswith(scenario.issued.pdf)
    scenario.check_books()
    kinds_seen = [one.jenis for one in scenario.events()]
    assert kinds_seen[0] == kinds.TERBIT
    assert kinds_seen[-1] == kinds.SELESAI
    intent, sold = kinds_seen.index(kinds.METERAI_NIAT), kinds_seen.index(kinds.METERAI_TERBIT)
    assert intent < sold < kinds_seen.index(kinds.METERAI_BUBUH)


def test_a_finished_session_does_nothing_more(scenario):
    first = scenario.run()
    events = len(scenario.events())
    again = scenario.run()
    assert again.done == ()
    assert again.sha256 == first.sha256
    assert len(scenario.events()) == events


def test_each_side_does_its_own_steps(issued, sandbox, tmp_path):
    branch = new_scenario(issued, sandbox, tmp_path / "cabang", seed=1)
    first = branch.run("pihak_kesatu")
    assert first.waiting == STEPS[2:]
    clinic = new_scenario(issued, sandbox, tmp_path / "klinik", seed=2)
    second = clinic.run("pihak_kedua", pdf=branch.output)
    assert [one.step for one in second.done] == list(STEPS[2:])
    back = branch.run("pihak_kesatu", pdf=clinic.output)
    assert back.done == ()
    assert back.waiting == ()
    assert branch.output.read_bytes() == clinic.output.read_bytes()
    assert branch.events()[-1].jenis == kinds.SELESAI


def test_a_file_of_another_branch_is_refused(issued, sandbox, tmp_path):
    one = new_scenario(issued, sandbox, tmp_path / "satu", seed=1)
    other = new_scenario(issued, sandbox, tmp_path / "lain", seed=2)
    one.run("pihak_kesatu")
    other.run("pihak_kesatu")
    with pytest.raises(SigningError) as caught:
        one.run("pihak_kesatu", pdf=other.output)
    assert caught.value.code == "session.other_branch"


@pytest.mark.parametrize("fault", ["no_sale", "down"])
def test_a_refused_sale_is_tried_again_and_bought_once(scenario, fault):
    scenario.distributor.faults = [fault]
    with pytest.raises(SigningError):
        scenario.run()
    assert scenario.distributor.bought == 0
    scenario.run()
    scenario.check_books()
    assert scenario.distributor.bought == 2


@pytest.mark.parametrize("fault", ["lost_sale", "lost_stamp"])
def test_a_lost_answer_is_asked_for_and_not_paid_again(scenario, fault):
    scenario.distributor.faults = [fault]
    with pytest.raises(UnknownOutcomeError):
        scenario.run()
    assert scenario.distributor.bought == 1
    scenario.run()
    scenario.check_books()
    assert scenario.distributor.bought == 2


def test_a_sale_that_never_happened_is_bought_after_asking(scenario, monkeypatch):
    async def lost(order):
        from pks_kit.errors import UnknownOutcomeError

        raise UnknownOutcomeError("service.no_answer", service="uji")

    monkeypatch.setattr(scenario.distributor, "issue", lost)
    with pytest.raises(UnknownOutcomeError):
        scenario.run()
    monkeypatch.undo()
    scenario.distributor.is_uji = True
    scenario.run()
    scenario.check_books()
    assert scenario.distributor.asked["find"] == 1


def test_a_real_distributor_gets_time_to_answer_before_it_is_believed(scenario, monkeypatch):
    async def lost(order):
        from pks_kit.errors import UnknownOutcomeError

        raise UnknownOutcomeError("service.no_answer", service="uji")

    with monkeypatch.context() as patched:
        patched.setattr(scenario.distributor, "issue", lost)
        with pytest.raises(UnknownOutcomeError):
            scenario.run()
    from pks_kit.ledger.store import open_ledger
    from pks_kit.pipelines.signing.purchase import MeteraiPurchase, order_for

    with open_ledger(scenario.ledger_file) as ledger:
        real = type("Real", (), {"is_uji": False, "name": "uji"})()
        real.find_issued = scenario.distributor.find_issued
        stored = RevisionStore(scenario.folder / "sesi" / scenario.issued.receipt.agreement_id)
        before = stored.read(stored.revisions()[-1])
        place = scenario.issued.receipt.place("METERAI_PIHAK_KESATU")
        purchase = MeteraiPurchase(
            provider=real, ledger=ledger, perjanjian=scenario.issued.receipt.agreement_id,
            langkah="p1_meterai",
            order=order_for(scenario.issued.receipt, place, "p1_meterai", before),
            clock=scenario.clock,
        )  # fmt: skip
        import asyncio

        with pytest.raises(SigningError) as caught:
            asyncio.run(purchase.buy())
    assert caught.value.code == "meterai.too_soon"


def test_another_document_cannot_buy_while_a_meterai_is_open(issued, sandbox, tmp_path):
    """The folder of revisions is lost, the ledger is not: a new signature is other bytes."""
    import shutil

    scenario = new_scenario(issued, sandbox, tmp_path)
    scenario.distributor.faults = ["no_stamp"]
    with pytest.raises(SigningError):
        scenario.run()
    assert scenario.distributor.bought == 1
    shutil.rmtree(scenario.folder / "sesi")
    with pytest.raises(LedgerError) as caught:
        scenario.run()
    assert caught.value.code == "store.lost"


def test_a_changed_revision_is_noticed(scenario):
    scenario.run("pihak_kesatu")
    stored = RevisionStore(scenario.folder / "sesi" / scenario.issued.receipt.agreement_id)
    path = stored.revisions()[-1].path
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    with pytest.raises(LedgerError) as caught:
        scenario.run()
    assert caught.value.code == "store.damaged"


def test_two_sessions_at_once_are_refused(scenario):
    stored = RevisionStore(scenario.folder / "sesi" / scenario.issued.receipt.agreement_id)
    with stored.alone(), pytest.raises(LedgerError) as caught:
        scenario.run()
    assert caught.value.code == "store.busy"


def test_a_full_disk_leaves_nothing_half_written(scenario, monkeypatch):
    import errno
    import os

    from pks_kit.errors import InputError

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    scenario.run("pihak_kesatu")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(InputError):
            scenario.run()
    scenario.run()
    scenario.check_books()
    names = [path.name for path in (scenario.folder / "sesi").rglob("*.pdf")]
    assert len(names) == 5
