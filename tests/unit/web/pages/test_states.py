"""Pages count in the same groups, and a batch in the same ones as the ledger."""

from __future__ import annotations

import pytest

from pks_kit.ledger.agreements import AgreementStage
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.summary import DETAILS
from pks_kit.web.pages.states import AWAITED, GROUPS, IN_A_BATCH, awaited_in, group_of, grouped


@pytest.mark.parametrize("stage", ["", *AgreementStage])
def test_every_state_is_counted_in_one_group(stage: str) -> None:
    assert [name for name, stages in GROUPS.items() if stage in stages] == [group_of(stage)]


def test_counts_add_up_and_nothing_empty_appears() -> None:
    counts = {
        "": 2,
        AgreementStage.TERBIT: 1,
        AgreementStage.LENGKAP: 4,
        AgreementStage.DIARSIPKAN: 1,
    }
    assert grouped(counts) == {"terbit": 3, "selesai": 5}
    assert grouped({"": 0}) == grouped({}) == {}


def test_not_back_counts_print_and_electronic_alike() -> None:
    """The dashboard said 8 for the manual ones alone, the batch 16 for all."""
    ledger = {AgreementStage.DI_ATAS_KERTAS: 8, AgreementStage.DITANDATANGANI_BPJS: 8}
    batch = {"with_other.manual": 8, "with_other": 8, "done": 14}
    assert grouped(ledger)["belum_kembali"] == awaited_in(batch)["belum_kembali"] == 16


def test_a_batch_names_what_it_awaits_by_the_words_of_its_group() -> None:
    assert tuple(IN_A_BATCH) == AWAITED
    told = {kind: name for name, kinds in IN_A_BATCH.items() for kind in kinds}
    assert set(told) == {one for one in DETAILS if one.startswith("with_other")}
    for kind, name in told.items():
        state, group = lookup(f"batch.state.{kind}"), lookup(f"desk.group.{name}")
        for language in ("id", "en"):
            words = state.in_language(language)
            assert words.casefold().startswith(group.in_language(language).casefold())


def test_what_waits_for_the_pen_of_the_branch_office_is_a_group_of_its_own() -> None:
    assert group_of(AgreementStage.KERTAS_MENUNGGU_BPJS) == "menunggu_pena"
    assert awaited_in({"with_other.incomplete": 2, "with_other.incomplete_own": 1}) == {
        "belum_kembali": 0, "belum_lengkap": 2, "menunggu_pena": 1, "perlu_dilihat": 0,
    }  # fmt: skip
    assert "Giliran kantor cabang" in lookup("desk.stage.KERTAS_MENUNGGU_BPJS").hint_id
