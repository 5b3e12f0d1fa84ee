"""Money: whatever happens, one stamp is paid once, and no serial number is lost.

The purchases run through the same pipeline as in a session, with a ledger (docs/sumber.md E6 row
13: "SN bought again on each retry").
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pks_kit.errors import PksKitError, SigningError, UnknownOutcomeError
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.signing.purchase import MeteraiPurchase
from support.peruri_world import assert_no_secret, cloud, lokal, run, seeded

pytestmark = pytest.mark.usefixtures("no_secret_in_a_log")

BUYING = ("lost_after", "lost_before", "no_sn", "500", "html", "no_image", "slow", "refused:x")
STAMPING = (
    "lost_after", "lost_before", "code:97", "code:92", "code:80", "500", "half_forever", "no_file",
    "late_97", "wrong_sn", "rewrite", "moved", "late", "half", "401",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("fault", BUYING)
def test_no_provider_buys_twice_by_itself(peruri, step, fault):
    for provider in (lokal(peruri), cloud(peruri)):
        before = peruri.book.count("stampv2")
        peruri.fault("stampv2", fault)
        try:
            run(provider.issue(step.order))
        except SigningError as error:
            assert_no_secret(error)
        assert peruri.book.count("stampv2") == before + 1


@pytest.mark.slow
@pytest.mark.parametrize("fault", STAMPING)
def test_no_provider_buys_while_stamping(peruri, step, fault):
    for provider in (lokal(peruri, tunggu_detik=0.6), cloud(peruri)):
        meterai = run(provider.issue(step.order))
        bought = peruri.book.money
        peruri.fault("stamp", fault)
        try:
            run(provider.stamp(step.job(meterai)))
        except SigningError as error:
            assert_no_secret(error)
        assert peruri.book.money == bought


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_runs_with_random_faults_pay_once_and_end(peruri, step, tmp_path, seed):
    """Each attempt is a new process: new provider, new login, only ledger and folder remain."""
    luck = seeded(f"peruri {seed}")
    peruri.slow_seconds = 0.1
    ledger = open_ledger(tmp_path / "buku.sqlite")
    clock = [datetime.now(UTC)]
    for endpoint, faults in (("stampv2", BUYING), ("stamp", STAMPING)):
        peruri.fault(endpoint, *luck.sample(faults, 3))
    peruri.fault("list", *luck.sample(["ok", "500", "lost_before", "short"], 2))
    peruri.fault("login", luck.choice(["ok", "500", "lost_after"]))
    kind = luck.choice(["lokal", "cloud"])
    for _attempt in range(20):
        clock[0] += timedelta(minutes=5)
        provider = lokal(peruri, tunggu_detik=0.6) if kind == "lokal" else cloud(peruri)
        purchase = MeteraiPurchase(
            provider=provider, ledger=ledger, perjanjian="ABC123", langkah="p1_meterai",
            order=step.order, clock=lambda: clock[0],
        )  # fmt: skip
        try:
            meterai, is_retry = run(purchase.buy())
            after = run(purchase.stamp(step.job(meterai, is_retry=is_retry)))
        except PksKitError as error:
            assert_no_secret(error) if isinstance(error, UnknownOutcomeError) else None
            continue
        checked = step.checked(after)
        assert checked.added.sn == meterai.sn
        break
    else:
        pytest.fail("the run never ended")
    assert peruri.book.money == 10_000
    assert [one.sn for one in peruri.book.sold] == [checked.added.sn]
    written = " ".join(str(event.isi) for event in ledger.events())
    assert "eyJ" not in written
    assert "tertanam" not in written
