"""Where kinds of jobs are done."""

from __future__ import annotations

from pks_kit.web.jobs import LANE_OF_KIND, alongside
from pks_kit.web.state.jobs import BATCH_KINDS
from pks_kit.web.work.kinds import KINDS


def test_letters_and_plans_do_not_wait_for_scans_to_be_read() -> None:
    """A letter of one page stood behind a delivery of three minutes; so did one file to check."""
    assert set(alongside("terima_batch")) == {"terima_batch"}
    looked = {"tinjauan", "verifikasi", "daftar_kertas", "putusan_kertas", "putusan_batch"}
    looked.add("susulan_batch")  # a few sheets
    assert set(alongside("verifikasi")) == looked


def test_every_kind_has_its_place() -> None:
    assert set(BATCH_KINDS) <= set(LANE_OF_KIND) <= set(KINDS)
