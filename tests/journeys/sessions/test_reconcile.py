"""``ledger reconcile`` and ``ledger release``: asked, written down, compared, given up by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pks_kit.errors import LedgerError, SigningError, UsageError
from pks_kit.ledger import kinds
from pks_kit.ledger.release import release
from pks_kit.ledger.store import open_ledger
from pks_kit.signing.revision_store import RevisionStore
from support.fakes.peruri import FakePeruri
from support.peruri_scenario import PeruriScenario
from support.signing_world import NOW


@pytest.fixture
def peruri(tmp_path, sandbox):
    fake = FakePeruri(sandbox, NOW, tmp_path / "berbagi").start()
    yield fake
    fake.stop()


@pytest.fixture
def scenario(issued, sandbox, peruri, tmp_path) -> PeruriScenario:
    return PeruriScenario(
        issued=issued, sandbox=sandbox, folder=tmp_path, distributor=None, peruri=peruri,
        kind="cloud",
    )  # fmt: skip


def stopped(scenario: PeruriScenario, *roles: str) -> SigningError:
    with pytest.raises(SigningError) as caught:
        scenario.run(*(roles or ("pihak_kesatu",)))
    return caught.value


def last_kinds(scenario: PeruriScenario) -> list[str]:
    return [one.jenis for one in scenario.events() if one.jenis.startswith("meterai.")]


def real(provider):
    """The same provider, but not a test service."""
    kind = type("Real", (type(provider),), {"is_uji": property(lambda _self: False)})
    return kind(backend=provider.backend)


def the_key(scenario: PeruriScenario) -> str:
    return next(one.isi["kunci"] for one in scenario.events() if one.jenis == kinds.METERAI_NIAT)


# --- reconcile ---------------------------------------------------------------------------------


def test_a_lost_purchase_is_written_down_and_then_used(scenario):
    scenario.peruri.fault("stampv2", "lost_after")
    stopped(scenario)
    found = scenario.reconcile()
    assert [(one.hasil, one.sn) for one in found.asked] == [
        ("issued", scenario.peruri.book.sold[0].sn)
    ]
    assert last_kinds(scenario)[-1] == kinds.METERAI_TERBIT
    assert not found.needs_person
    assert found.books[0].ledger == found.books[0].book
    again = scenario.reconcile()
    assert [one.hasil for one in again.asked] == ["unused"]
    scenario.run()
    scenario.check_books()
    assert scenario.reconcile().asked == ()


def test_a_purchase_that_never_was_is_closed(scenario):
    scenario.peruri.fault("stampv2", "lost_before")
    stopped(scenario)
    assert [one.hasil for one in scenario.reconcile().asked] == ["not_bought"]
    assert last_kinds(scenario)[-1] == kinds.METERAI_GAGAL
    assert scenario.reconcile().asked == ()
    assert scenario.peruri.book.money == 0
    scenario.run()
    scenario.check_books()


def test_a_real_distributor_gets_time(scenario):
    scenario.peruri.fault("stampv2", "lost_before")
    stopped(scenario)
    early = scenario.reconcile(real(scenario.provider()), settle=timedelta(hours=1))
    assert [one.hasil for one in early.asked] == ["too_soon"]
    assert last_kinds(scenario)[-1] == kinds.METERAI_TIDAK_PASTI
    late = scenario.reconcile(real(scenario.provider()), settle=timedelta(0))
    assert [one.hasil for one in late.asked] == ["not_bought"]


@pytest.mark.parametrize(
    ("fault", "hasil", "person"),
    [("unnamed", "unclear", True), ("500", "not_asked", False), ("refused:x", "not_asked", False)],
)
def test_answers_that_do_not_tell_leave_it_open(scenario, fault, hasil, person):
    scenario.peruri.fault("stampv2", "lost_after")
    stopped(scenario)
    scenario.peruri.fault("list", fault)
    found = scenario.reconcile()
    assert [one.hasil for one in found.asked] == [hasil]
    assert found.asked[0].error is not None
    assert found.needs_person is person
    assert last_kinds(scenario)[-1] == kinds.METERAI_TIDAK_PASTI
    waiting = [one.beda for one in found.books[0].differences]
    assert waiting == ["not_yet_on_record"]
    assert the_key(scenario) in found.asked[0].todo.en or hasil != "unclear"


def test_a_stamp_that_was_made_and_lost(scenario):
    scenario.peruri.fault("stamp", "lost_after")
    stopped(scenario)
    found = scenario.reconcile()
    assert [one.hasil for one in found.asked] == ["stamped"]
    assert [one.beda for one in found.books[0].differences] == ["only_book_stamped"]
    assert not found.needs_person
    scenario.run()
    scenario.check_books()


def test_a_number_that_was_sold_twice_is_shown(scenario):
    scenario.peruri.fault("stampv2", "double")
    scenario.run("pihak_kesatu")
    found = scenario.reconcile()
    assert found.needs_person
    used = {one.isi["sn"] for one in scenario.events() if one.jenis == kinds.METERAI_TERBIT}
    (difference,) = found.books[0].differences
    assert difference.beda == "not_on_record"
    assert {one.sn for one in scenario.peruri.book.sold} - used == {difference.sn}
    assert found.books[0].book.bought == found.books[0].ledger.bought + 1
    assert difference.sn in difference.text.id


def test_a_number_that_the_distributor_forgot_and_one_it_calls_unused(scenario):
    scenario.run()
    kept = list(scenario.peruri.book.sold)
    scenario.peruri.book.sold[:] = kept[1:]
    kept[1].status = "NOTSTAMP"
    found = scenario.reconcile()
    assert sorted(one.beda for one in found.books[0].differences) == [
        "not_in_book", "only_ledger_stamped",
    ]  # fmt: skip
    assert found.needs_person


def test_purchases_of_another_ledger_are_counted_and_left_alone(scenario):
    scenario.run("pihak_kesatu")
    sold = scenario.peruri.book.sold[0]
    other = replace(sold, sn="UJI" + "8" * 19, file="pks-kit-LAIN-p1-meterai-0f-1.pdf")
    scenario.peruri.book.sold.append(other)
    found = scenario.reconcile()
    assert found.books[0].others == 1
    assert not found.needs_person


def test_an_agreement_in_work_is_left_to_its_session(scenario):
    scenario.peruri.fault("stampv2", "lost_after")
    stopped(scenario)
    store = RevisionStore(scenario.folder / "sesi" / scenario.issued.receipt.agreement_id)
    with store.alone():
        assert [one.hasil for one in scenario.reconcile().asked] == ["busy"]
    assert last_kinds(scenario)[-1] == kinds.METERAI_TIDAK_PASTI


# --- release -----------------------------------------------------------------------------------


def let_go(scenario: PeruriScenario, kunci: str, oleh: str = "Sari", alasan: str = "folder hilang"):
    with open_ledger(scenario.ledger_file) as ledger:
        return release(ledger, kunci, oleh=oleh, alasan=alasan, waktu=scenario.clock())


def test_a_released_purchase_makes_room_and_its_number_is_never_taken_for_another(scenario):
    scenario.peruri.fault("stamp", "code:91")
    stopped(scenario)
    first = scenario.peruri.book.sold[0].sn
    before, event = let_go(scenario, the_key(scenario))
    assert (before.sn, event.isi["oleh"], event.isi["ke"]) == (first, "Sari", 1)
    scenario.peruri.fault("stampv2", "lost_after")
    stopped(scenario)
    assert scenario.peruri.book.money == 20_000
    scenario.run("pihak_kesatu")  # the same key was sold twice; the released number does not count
    assert scenario.peruri.book.money == 20_000
    stamped = [one.isi["sn"] for one in scenario.events() if one.jenis == kinds.METERAI_TERBUBUH]
    assert stamped == [scenario.peruri.book.sold[1].sn]
    totals = scenario.reconcile().books[0].ledger
    assert (totals.bought, totals.stamped) == (2, 1)


def test_a_purchase_released_too_early_comes_to_light(scenario):
    scenario.peruri.fault("stampv2", "lost_after")
    stopped(scenario)
    let_go(scenario, the_key(scenario))
    found = scenario.reconcile()
    assert [one.beda for one in found.books[0].differences] == ["not_on_record"]
    assert found.needs_person


def test_what_cannot_be_released(scenario):
    scenario.run("pihak_kesatu")
    key = the_key(scenario)
    for kunci, code in ((key, "ledger.purchase_closed"), ("X-1", "ledger.no_purchase")):
        with pytest.raises(LedgerError) as caught:
            let_go(scenario, kunci)
        assert caught.value.code == code
    events = len(scenario.events())
    with pytest.raises(UsageError) as refused:
        let_go(scenario, key, oleh=" \n", alasan="x")
    assert refused.value.code == "ledger.release_words"
    assert len(scenario.events()) == events


def test_a_nik_is_kept_out_of_a_release(scenario):
    scenario.peruri.fault("stampv2", "lost_after")
    stopped(scenario)
    with pytest.raises(LedgerError) as caught:
        let_go(scenario, the_key(scenario), oleh="Sari 3174091207850003")
    assert caught.value.code == "ledger.bad_event"
    let_go(scenario, the_key(scenario))
    with pytest.raises(LedgerError) as again:
        let_go(scenario, the_key(scenario))
    assert again.value.code == "ledger.purchase_closed"
