"""Sessions with e-meterai of Peruri, both flows: finished, stopped, resumed, paid once."""

from __future__ import annotations

import pytest

from fakes.peruri import FakePeruri
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.ledger import kinds
from sessions.peruri_story import PeruriStory
from sessions.story import STEPS
from signing.factory import NOW
from signing.services.peruri_world import assert_no_secret


@pytest.fixture
def peruri(tmp_path, sandbox):
    fake = FakePeruri(sandbox, NOW, tmp_path / "berbagi").start()
    yield fake
    fake.stop()


@pytest.fixture(params=["lokal", "cloud"])
def story(request, issued, sandbox, peruri, tmp_path) -> PeruriStory:
    return PeruriStory(
        issued=issued, sandbox=sandbox, folder=tmp_path, distributor=None, peruri=peruri,
        kind=request.param,
    )  # fmt: skip


def stopped(story: PeruriStory) -> SigningError:
    with pytest.raises(SigningError) as caught:
        story.run()
    assert_no_secret(caught.value)
    return caught.value


def test_four_steps(story):
    result = story.run()
    assert [one.step for one in result.done] == list(STEPS)
    assert result.waiting == ()
    story.check_books()
    assert not story.reconcile().needs_person
    assert story.peruri.most_busy == 1


def test_the_answer_is_lost_after_buying(story):
    story.peruri.fault("stampv2", "lost_after")
    assert isinstance(stopped(story), UnknownOutcomeError)
    assert story.peruri.book.money == 10_000
    story.run()
    assert story.peruri.book.count("stampv2") == 2  # one per party
    assert story.peruri.book.count("list") >= 1
    story.check_books()


def test_the_request_is_lost_before_buying(story):
    story.peruri.fault("stampv2", "lost_before")
    assert isinstance(stopped(story), UnknownOutcomeError)
    assert story.peruri.book.money == 0
    story.run()
    story.check_books()
    assert [one.jenis for one in story.events()].count(kinds.METERAI_GAGAL) == 1


@pytest.mark.parametrize("fault", ["no_file", "late_97", "500", "code:92"])
def test_a_stamp_is_repeated_with_the_same_number_and_bytes(story, fault):
    fault = "lost_after" if (story.kind, fault) == ("cloud", "no_file") else fault
    story.peruri.fault("stamp", fault)
    assert isinstance(stopped(story), UnknownOutcomeError)
    story.run()
    first, again, _other_party = story.stamp_calls()
    assert first["refToken"] == again["refToken"]
    assert (first.get("retryFlag"), again.get("retryFlag")) == (None, "1")
    if story.kind == "lokal":
        assert first["src"] == again["src"]
    story.check_books()


@pytest.mark.parametrize("code", ["80", "81", "82", "83", "90", "91", "93", "94"])
def test_a_refusal_of_the_adapter_loses_no_number(story, code):
    story.peruri.fault("stamp", f"code:{code}")
    error = stopped(story)
    assert error.code == f"meterai.adapter.{code}"
    assert not isinstance(error, UnknownOutcomeError)
    story.run()
    story.check_books()


def test_the_quota_ends_in_the_middle(story):
    story.peruri.quota = 1
    assert stopped(story).code == "meterai.quota_empty"
    assert story.peruri.book.count("stampv2") == 1
    assert [one.jenis for one in story.events()].count(kinds.METERAI_NIAT) == 1
    story.peruri.quota = 1
    result = story.run()
    assert [one.step for one in result.done] == [STEPS[3]]
    story.check_books()


@pytest.mark.parametrize("endpoint", ["saldo", "stampv2", "stamp"])
def test_the_token_ends_in_the_middle(story, endpoint):
    story.peruri.fault(endpoint, "401")
    story.run()
    assert story.peruri.book.count("login") == 2
    story.check_books()


def test_a_purchase_is_never_asked_about_at_another_account(story):
    story.peruri.fault("stampv2", "lost_after")
    stopped(story)
    story.peruri.user = "lain@contoh.example"
    story.account = {"user": "lain@contoh.example"}
    assert stopped(story).code == "meterai.other_distributor"
    assert story.peruri.book.money == 10_000
    assert [one.hasil for one in story.reconcile().asked] == ["no_distributor"]
    story.peruri.user = "uji@contoh.example"
    story.account = {}
    story.run()
    story.check_books()


def test_a_picture_that_cannot_be_had_at_first(story):
    """The purchase is known, its picture is not: found and used by the next run."""
    if story.kind == "cloud":
        pytest.skip("the cloud names its picture")
    story.peruri.fault("stampv2", "no_image")
    story.peruri.fault("qrimage", "500")
    assert stopped(story).code == "meterai.bought_without_image"
    story.run()
    story.check_books()
