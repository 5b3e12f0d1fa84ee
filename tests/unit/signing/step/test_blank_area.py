"""Places without a prepared field: a signing service makes its own field there, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pks_kit.errors import SigningError
from pks_kit.pdf.box import Box, place_box
from pks_kit.pki.anchors import read_anchors
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.step.check_result import check_result
from pks_kit.signing.step.plan import Wanted, plan_step
from pks_kit.signing.step.sign_field import FieldJob, sign_field, software
from pks_kit.signing.step.state import read_state
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.parent import run_inline
from pks_kit.verification.limits import Limits
from support.signing_world import NOW, later, make_issued, picture, sandbox_timestamps, stamp_once

P1 = "TTD_PIHAK_KESATU"


@pytest.fixture
def blank(tmp_path):
    return make_issued(tmp_path, areas=frozenset({P1}))


def _by_service(pdf, sandbox, box: Box, field: str = "esc_1767000000000") -> bytes:
    job = FieldJob(
        field=field, new_box=box, picture=picture(), name="X", reason="Menandatangani",
        location="", now=NOW, software=software("uji"),
    )  # fmt: skip
    signer = sandbox.signers["pihak_kesatu"].signer()
    return asyncio.run(sign_field(pdf, job, signer, sandbox_timestamps(sandbox)))


def _planned(issued):
    profile = load_profile(signing_root(), "elektronik")
    state = read_state(issued.pdf, issued.receipt, profile)
    wanted = Wanted(jenis="tanda_tangan", peran="pihak_kesatu")
    return profile, state, plan_step(state, profile, wanted)


def _judge(content, issued, sandbox):
    job = Examination(
        content=content, issued=issued.pdf, receipt=issued.receipt,
        anchors=tuple(read_anchors(sandbox.root_pem, "root.pem", {})), signing_root=signing_root(),
        now=later(60), kit_version="0", limits=Limits(),
    )  # fmt: skip
    return run_inline(job).report


def test_a_service_fills_a_blank_area_with_a_field_of_its_own(blank, sandbox):
    profile, state, planned = _planned(blank)
    assert not planned.has_field
    after = _by_service(blank.pdf, sandbox, replace(planned.box))
    checked = check_result(blank.pdf, after, state, planned, profile, NOW)
    assert checked.added.place == planned.place
    assert checked.state.filled == (P1,)
    stamped = asyncio.run(stamp_once(after, blank.receipt, sandbox, "pihak_kesatu", now=later(2)))
    report = _judge(stamped.pdf, blank, sandbox)
    failed = {c.code for c in report.checks if c.status == "failed"}
    assert failed == {"parties.missing", "content.numbers"}  # the sample prints no numbers
    assert [s.role for s in report.signatures] == ["pihak_kesatu", "pihak_kesatu"]
    assert [r.kind for r in report.revisions] == ["base", "signature", "meterai"]


def test_an_area_is_filled_once(blank, sandbox):
    _, _, planned = _planned(blank)
    once = _by_service(blank.pdf, sandbox, planned.box)
    twice = _by_service(once, sandbox, planned.box, "esc_1767000000001")
    with pytest.raises(SigningError, match="place"):
        read_state(twice, blank.receipt, load_profile(signing_root(), "elektronik"))
    assert "parties.extra" in {
        c.code for c in _judge(twice, blank, sandbox).checks if c.status == "failed"
    }


def test_a_field_beside_the_area_is_refused(blank, sandbox):
    profile, state, planned = _planned(blank)
    x1, y1, x2, y2 = planned.box.rect
    aside = Box(page=planned.box.page, rect=(x1, y1 - 60, x2, y2 - 60))
    after = _by_service(blank.pdf, sandbox, aside)
    with pytest.raises(SigningError) as caught:
        check_result(blank.pdf, after, state, planned, profile, NOW)
    assert caught.value.code == "signing.result_wrong"
    failed = {(c.code, c.reason) for c in _judge(after, blank, sandbox).checks}
    assert ("issued.revisions", "outside_place") in failed


def test_a_foreign_field_over_a_prepared_one_is_refused(issued, sandbox):
    box = place_box(issued.receipt.place(P1))
    after = _by_service(issued.pdf, sandbox, box)
    with pytest.raises(SigningError, match="place"):
        read_state(after, issued.receipt, load_profile(signing_root(), "elektronik"))
    failed = {(c.code, c.reason) for c in _judge(after, issued, sandbox).checks}
    assert ("issued.revisions", "outside_place") in failed
