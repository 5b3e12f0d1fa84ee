"""Peruri cloud: upload, buy, stamp, fetch; and every fault on the way."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from pks_kit.errors import UnknownOutcomeError
from support.fakes.peruri_stamps import Style
from support.peruri_world import backend, cloud, refusal, run
from support.signing_world import NOW


@pytest.mark.parametrize("legacy", [False, True])
def test_the_whole_flow(peruri, step, legacy):
    peruri.style = Style(legacy=legacy)
    provider = cloud(peruri)
    run(provider.check_ready(NOW))
    meterai = run(provider.issue(step.order))
    checked = step.checked(run(provider.stamp(step.job(meterai))))
    assert checked.added.sn == meterai.sn
    sold = peruri.book.sold[0]
    assert sold.body["isUpload"] is True
    assert sold.body["idfile"].startswith("d")
    assert (sold.status, sold.sha256) == ("STAMP", hashlib.sha256(step.pdf).hexdigest())
    body = next(body for name, body in peruri.book.calls if name == "stamp")
    assert (body["onPrem"], body["docId"]) == (False, sold.body["idfile"])
    assert body["dest"] == f"/sharefolder/final_{body['docId']}.pdf"
    assert peruri.book.count("upload") == 1
    assert provider.is_uji


def test_after_a_restart_everything_is_asked_for_again(peruri, step):
    meterai = run(cloud(peruri).issue(step.order))
    step.checked(run(cloud(peruri).stamp(step.job(meterai, is_retry=True))))
    assert peruri.book.count("upload") == 2
    assert peruri.book.money == 10_000


@pytest.mark.slow
def test_a_token_that_ends_between_upload_and_purchase(peruri, step):
    own = backend(peruri)
    provider = cloud(peruri, own)
    run(own.check_ready())
    peruri.expire_tokens()
    meterai = run(provider.issue(step.order))
    peruri.expire_tokens()
    step.checked(run(provider.stamp(step.job(meterai))))  # the new token is in the body too
    assert peruri.book.money == 10_000


def test_a_lost_purchase_is_found_and_stamped(peruri, step):
    provider = cloud(peruri)
    peruri.fault("stampv2", "lost_after")
    error = refusal(lambda: run(provider.issue(step.order)))
    assert isinstance(error, UnknownOutcomeError)
    found = run(cloud(peruri).find_issued(step.order))
    assert found.sn == peruri.book.sold[0].sn
    step.checked(run(provider.stamp(step.job(found))))
    assert peruri.book.money == 10_000


def test_a_picture_that_is_only_named_is_stood_in_for_on_record(peruri, step):
    meterai = run(cloud(peruri).issue(step.order))
    assert meterai.image.startswith(b"\x89PNG")


@pytest.mark.parametrize("document", [b"", b"%PDF-1.7 lain"])
def test_an_order_that_brings_other_bytes(peruri, step, document):
    provider, wrong = cloud(peruri), replace(step.order, document=document)
    assert refusal(lambda: run(provider.issue(wrong))).code == "meterai.source_differs"
    assert peruri.book.calls == []


@pytest.mark.parametrize("fault", ["500", "html", "bad_id", "lost_after", "refused:terlalu besar"])
def test_an_upload_that_fails_buys_nothing(peruri, step, fault):
    provider = cloud(peruri)
    peruri.fault("upload", fault)
    error = refusal(lambda: run(provider.issue(step.order)))
    assert not isinstance(error, UnknownOutcomeError)
    assert peruri.book.money == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("endpoint", "fault", "code"),
    [
        ("stamp", "other_host", "meterai.other_host"),
        ("stamp", "no_url", "meterai.other_host"),
        ("stamp", "lost_after", "service.no_answer"),
        ("stamp", "500", "service.no_answer"),
        ("stamp", "code:97", "meterai.adapter.97"),
        ("file", "500", "service.no_answer"),
        ("file", "empty", "meterai.no_file"),
        ("file", "lost_before", "service.no_answer"),
        ("file", "404", "meterai.no_file"),
    ],
)
def test_a_stamp_of_which_nobody_knows_is_repeated_with_the_same_number(
    peruri, step, endpoint, fault, code
):
    provider = cloud(peruri)
    meterai = run(provider.issue(step.order))
    peruri.fault(endpoint, fault)
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert isinstance(error, UnknownOutcomeError)
    assert error.code == code
    step.checked(run(provider.stamp(step.job(meterai, is_retry=True))))
    assert peruri.book.money == 10_000


def test_a_slow_answer(peruri, step):
    provider = replace(cloud(peruri), batas_detik=0.4)
    meterai = run(provider.issue(step.order))
    peruri.fault("stamp", "slow")
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == "service.no_answer"


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["wrong_sn", "moved", "rewrite", "drawn", "two"])
def test_results_that_are_refused(peruri, step, fault):
    provider = cloud(peruri)
    meterai = run(provider.issue(step.order))
    peruri.fault("stamp", fault)
    assert refusal(lambda: run(provider.stamp(step.job(meterai)))).code.startswith(
        "meterai.result."
    )


def test_a_refusal_of_the_stamp(peruri, step):
    provider = cloud(peruri)
    meterai = run(provider.issue(step.order))
    peruri.fault("stamp", "code:90")
    error = refusal(lambda: run(provider.stamp(step.job(meterai))))
    assert error.code == "meterai.adapter.90"
    assert not isinstance(error, UnknownOutcomeError)
