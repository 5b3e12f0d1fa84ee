"""Sessions with e-meterai of Peruri, both flows: finished, stopped, resumed, paid once."""

from __future__ import annotations

import pytest

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.ledger import kinds
from support.fakes.peruri import FakePeruri
from support.peruri_scenario import PeruriScenario
from support.peruri_world import assert_no_secret
from support.scenario import STEPS
from support.signing_world import NOW


@pytest.fixture
def peruri(tmp_path, sandbox):
    fake = FakePeruri(sandbox, NOW, tmp_path / "berbagi").start()
    yield fake
    fake.stop()


@pytest.fixture(params=["lokal", "cloud"])
def scenario(request, issued, sandbox, peruri, tmp_path) -> PeruriScenario:
    return PeruriScenario(
        issued=issued, sandbox=sandbox, folder=tmp_path, distributor=None, peruri=peruri,
        kind=request.param,
    )  # fmt: skip


def stopped(scenario: PeruriScenario) -> SigningError:
    with pytest.raises(SigningError) as caught:
        scenario.run()
    assert_no_secret(caught.value)
    return caught.value


def test_four_steps(scenario):
    result = scenario.run()
    assert [one.step for one in result.done] == list(STEPS)
    assert result.waiting == ()
    scenario.check_books()
    assert not scenario.reconcile().needs_person
    assert scenario.peruri.most_busy == 1


def test_the_answer_is_lost_after_buying(scenario):
    scenario.peruri.fault("stampv2", "lost_after")
    assert isinstance(stopped(scenario), UnknownOutcomeError)
    assert scenario.peruri.book.money == 10_000
    scenario.run()
    assert scenario.peruri.book.count("stampv2") == 2  # one per party
    assert scenario.peruri.book.count("list") >= 1
    scenario.check_books()


def test_the_request_is_lost_before_buying(scenario):
    scenario.peruri.fault("stampv2", "lost_before")
    assert isinstance(stopped(scenario), UnknownOutcomeError)
    assert scenario.peruri.book.money == 0
    scenario.run()
    scenario.check_books()
    assert [one.jenis for one in scenario.events()].count(kinds.METERAI_GAGAL) == 1


@pytest.mark.sampled(1, each="scenario")
@pytest.mark.parametrize("fault", ["no_file", "late_97", "500", "code:92"])
def test_a_stamp_is_repeated_with_the_same_number_and_bytes(scenario, fault):
    fault = "lost_after" if (scenario.kind, fault) == ("cloud", "no_file") else fault
    scenario.peruri.fault("stamp", fault)
    assert isinstance(stopped(scenario), UnknownOutcomeError)
    scenario.run()
    first, again, _other_party = scenario.stamp_calls()
    assert first["refToken"] == again["refToken"]
    assert (first.get("retryFlag"), again.get("retryFlag")) == (None, "1")
    if scenario.kind == "lokal":
        assert first["src"] == again["src"]
    scenario.check_books()


@pytest.mark.sampled(1, each="scenario")
@pytest.mark.parametrize("code", ["80", "81", "82", "83", "90", "91", "93", "94"])
def test_a_refusal_of_the_adapter_loses_no_number(scenario, code):
    scenario.peruri.fault("stamp", f"code:{code}")
    error = stopped(scenario)
    assert error.code == f"meterai.adapter.{code}"
    assert not isinstance(error, UnknownOutcomeError)
    scenario.run()
    scenario.check_books()


def test_the_quota_ends_in_the_middle(scenario):
    scenario.peruri.quota = 1
    assert stopped(scenario).code == "meterai.quota_empty"
    assert scenario.peruri.book.count("stampv2") == 1
    assert [one.jenis for one in scenario.events()].count(kinds.METERAI_NIAT) == 1
    scenario.peruri.quota = 1
    result = scenario.run()
    assert [one.step for one in result.done] == [STEPS[3]]
    scenario.check_books()


@pytest.mark.sampled(1, each="scenario")
@pytest.mark.parametrize("endpoint", ["saldo", "stampv2", "stamp"])
def test_the_token_ends_in_the_middle(scenario, endpoint):
    scenario.peruri.fault(endpoint, "401")
    scenario.run()
    assert scenario.peruri.book.count("login") == 2
    scenario.check_books()


def test_a_purchase_is_never_asked_about_at_another_account(scenario):
    scenario.peruri.fault("stampv2", "lost_after")
    stopped(scenario)
    scenario.peruri.user = "lain@contoh.example"
    scenario.account = {"user": "lain@contoh.example"}
    assert stopped(scenario).code == "meterai.other_distributor"
    assert scenario.peruri.book.money == 10_000
    assert [one.hasil for one in scenario.reconcile().asked] == ["no_distributor"]
    scenario.peruri.user = "uji@contoh.example"
    scenario.account = {}
    scenario.run()
    scenario.check_books()


def test_a_picture_that_cannot_be_had_at_first(scenario):
    """The purchase is known, its picture is not: found and used by the next run."""
    if scenario.kind == "cloud":
        pytest.skip("the cloud names its picture")
    scenario.peruri.fault("stampv2", "no_image")
    scenario.peruri.fault("qrimage", "500")
    assert stopped(scenario).code == "meterai.bought_without_image"
    scenario.run()
    scenario.check_books()
