"""Failures that people report with e-meterai, and the tests that stand for them.

Rows of docs/sumber.md E6 (the others concern signing gateways, or the law):

=== ======================================== ======================================================
row failure                                  test
=== ======================================== ======================================================
1   unreachable: safe to repeat              test_nobody_listens
1   silent: nobody knows                     test_a_slow_purchase
1   silent while stamping                    test_a_slow_adapter
1   silent while stamping in the cloud       test_a_slow_answer
2   lost answer, bought twice                test_the_answer_is_lost_after_buying
2   lost stamp: same number and bytes        test_a_stamp_is_repeated_with_the_same_number_and_bytes
4   success, nothing visible                 test_results_that_are_refused
5   the PDF comes back rewritten             test_results_that_are_refused
9   fails half way                           test_the_quota_ends_in_the_middle
10  PDFs that the adapter would rewrite      test_82_older_than_1_6
11  adapter hangs: one slot                  test_one_slot_for_all
11  slot never free                          test_a_slot_that_stays_taken
11  file late, half, or never                test_a_file_that_never_comes
12  ``/app/app`` prefix                      test_container_folders_that_cannot_be_right
12  wrong folder in the container            test_a_wrong_container_folder_is_told_by_the_adapter
13  number bought again on each retry        test_runs_with_random_faults_pay_once_and_end
13  sold twice by a double delivery          test_a_number_that_was_sold_twice_is_shown
14  purchases that stay open                 test_a_lost_purchase_is_written_down_and_then_used
15  staging against production               test_one_address_of_the_other_world
15  adapter of the other world               test_an_adapter_of_the_other_world
16  DocMDP P=1                               test_83_certified_without_changes
16  broken signature                         test_81_a_broken_signature
16  changed after it was signed              test_80_changed_after_it_was_signed
17  rotated page                             test_a_rotated_page
17  page beyond the end                      test_places_that_are_refused
18  clock wrong                              test_a_wrong_clock
21  secrets in errors, ``repr`` and logs     test_nothing_secret_is_logged_on_any_way
=== ======================================== ======================================================

Adapter codes 70 to 97: ``test_adapter_codes_before_anything_was_done`` and
``test_adapter_codes_after_which_nobody_knows``; a picture that is not what its name says:
``test_pictures_however_they_come``.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from pks_kit.errors import SigningError
from support.peruri_world import SECRETS, assert_no_secret, cloud, lokal, run

TESTS = Path(__file__).resolve().parents[4]


def test_every_named_test_exists():
    named = set(re.findall(r"\btest_\w+", __doc__ or ""))
    found = {
        name
        for folder in ("unit", "journeys")
        for path in (TESTS / folder).rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 25
    assert named <= found, named - found


@pytest.mark.slow
@pytest.mark.parametrize("kind", [lokal, cloud])
@pytest.mark.parametrize(
    ("endpoint", "fault"),
    [
        ("login", "wrong"),
        ("stampv2", "401"),
        ("stampv2", "500"),
        ("stampv2", "lost_after"),
        ("stampv2", "refused:eyJhbGciOi.eyJzdWIi.c2ln NPWP 012345678901000"),
        ("stamp", "code:92:3174091207850003"),
        ("stamp", "lost_before"),
        ("stamp", "ok"),
    ],
)
def test_nothing_secret_is_logged_on_any_way(peruri, step, caplog, kind, endpoint, fault):
    caplog.set_level(logging.DEBUG)
    provider = kind(peruri)
    peruri.fault(endpoint, fault)
    try:
        meterai = run(provider.issue(step.order))
        run(provider.stamp(step.job(meterai)))
    except SigningError as error:
        assert_no_secret(error)
    shown = [caplog.text, repr(provider), provider.name, repr(step.order)]
    for secret in SECRETS:
        assert not any(secret in one for one in shown), secret
