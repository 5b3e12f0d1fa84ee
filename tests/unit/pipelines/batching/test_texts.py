"""Which texts a plan uses, and what changed in them since last year, by text or by law."""

from __future__ import annotations

from typing import Any

import pytest

from pks_kit.domain.kontrak import Kontrak
from pks_kit.inputs import LoadedKontrak
from pks_kit.inputs.plain_data import NO_TREE
from pks_kit.pipelines.batching.niks import niks_of
from pks_kit.pipelines.batching.plan import PlannedText
from pks_kit.pipelines.batching.texts import planned_texts
from pks_kit.pipelines.many import Agreement
from support.batch_plans import planned
from support.sample import OWNERS, changed_at, sample

LAST_YEAR: dict[str, Any] = {
    "versi_templat": "pks_2023",
    "jangka_waktu.tanggal_mulai": "2023-01-01",
    "jangka_waktu.tanggal_selesai": "2023-12-31",
}


def texts(now: Kontrak, before: Kontrak | None) -> tuple[PlannedText, ...]:
    loaded = LoadedKontrak(kontrak=now, source="a.yml", source_bytes=b"", tree=lambda: NO_TREE)
    row = planned(1, versi=now.versi_templat, jenis=now.faskes.jenis, kode=now.faskes.kode)
    known = {before.faskes.kode: before} if before else {}
    return planned_texts([row, row], {1: Agreement(file="a.yml", load=lambda: loaded)}, known)


def test_without_last_year_nothing_is_compared() -> None:
    (one,) = texts(sample(), None)
    assert (one.rows, one.before, one.changes, one.clauses) == (2, None, None, ())
    assert len(one.sha256) == 64


@pytest.mark.slow
def test_changed_clauses_are_told_with_their_words() -> None:
    before = changed_at(LAST_YEAR | {"pemilik": OWNERS["tpmd"]})
    (one,) = texts(sample(), before)
    assert (one.before, one.versi) == ("pks_2023", "pks_2024")
    assert one.filled_with == before.pihak_kedua.nama_faskes
    assert one.changes == len(one.clauses) > 10
    kinds = {each.kind for each in one.clauses}
    assert {"added", "reworded", "parameter_only"} <= kinds
    assert not kinds & {"same", "renumbered"}
    for each in one.clauses:
        assert (each.before == "") == (each.kind == "added")
        assert (each.now == "") == (each.kind == "removed")
        assert each.place
    told = "".join(each.before + each.now for each in one.clauses)
    assert not [nik for nik in niks_of(before) if nik in told]


@pytest.mark.slow
def test_the_same_text_and_law_change_nothing() -> None:
    (one,) = texts(sample(), sample())
    assert (one.before, one.changes, one.clauses) == ("pks_2024", 0, ())


def test_a_text_that_cannot_be_made_any_more_is_named() -> None:
    before = changed_at(LAST_YEAR | {"versi_templat": "pks_1999"})
    (one,) = texts(sample(), before)
    assert (one.before, one.changes, one.clauses) == ("pks_1999", None, ())


def test_refused_rows_use_no_text() -> None:
    row = planned(1, data=None)
    assert planned_texts([row], [], {}) == ()
