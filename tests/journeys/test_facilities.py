"""Invented facilities are valid, complete, repeatable, and never two alike."""

from __future__ import annotations

from typing import get_args

import pytest

from pks_kit.domain.sifat_faskes import JenisFaskes
from pks_kit.inputs import parse_kontrak
from pks_kit.pipelines.draft import CheckRequest, check
from support.facilities import STRUCTURES, Structure, as_yaml, facilities, facility

KINDS = 11


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda one: one.name)
def test_no_facility_has_a_blocking_finding(structure: Structure) -> None:
    for number in (7, 8):
        kontrak = facility(number, structure)
        read = parse_kontrak(as_yaml(kontrak).encode(), "rekaan.yml").kontrak
        assert read == kontrak
        found = check(CheckRequest(source=kontrak)).findings
        assert [one.code for one in found if one.level == "blocking"] == []


def test_all_kinds_come_first() -> None:
    made = {kontrak.faskes.jenis for _, kontrak in facilities(KINDS)}
    assert made == set(get_args(JenisFaskes))
    assert len({one.name for one in STRUCTURES}) == len(STRUCTURES)


def test_no_two_are_alike_and_a_seed_repeats_them() -> None:
    made = [kontrak for _, kontrak in facilities(3 * KINDS)]
    for values in (
        [one.pihak_kedua.nama_faskes for one in made],
        [one.pihak_kesatu.nomor_pks for one in made],
        [one.faskes.kode for one in made],
        [one.rekening.utama.nomor for one in made],
        [worker.nik for one in made for worker in one.tenaga_kesehatan],
    ):
        assert len(set(values)) == len(values)
    assert [kontrak for _, kontrak in facilities(3, first=4)] == made[4:7]
    others = [kontrak for _, kontrak in facilities(3, first=4, seed=1)]
    assert all(one != other for one, other in zip(others, made[4:7], strict=True))


def test_they_are_of_every_size() -> None:
    made = [kontrak for _, kontrak in facilities(6 * KINDS)]
    staff = [len(one.tenaga_kesehatan) for one in made]
    members = [len(one.jejaring) for one in made if one.pengguna_aplikasi]
    assert min(staff) < 9
    assert max(staff) > 45
    assert (min(members), max(members)) == (0, 10)
    assert max(len(one.pihak_kedua.nama_faskes) for one in made) > 60
