"""No NIK leaves an agreement."""

from __future__ import annotations

from pks_kit.pipelines.batching.niks import COVERED, niks_of, without_niks
from support.sample import OWNERS, changed, sample


def test_every_nik_of_the_data_is_found() -> None:
    data = sample().model_dump_json()
    found = niks_of(sample())
    assert {one.nik for one in sample().tenaga_kesehatan} <= found
    assert all(len(one) == 16 and f'"{one}"' in data for one in found)
    assert data.count('"nik":"') >= len(found) > 1


def test_a_nik_is_covered_wherever_it_stands() -> None:
    nik = sample().tenaga_kesehatan[0].nik
    text = f"pemegang {nik}, juga {nik}; nomor 1234"
    assert without_niks(text, niks_of(sample())) == (
        f"pemegang {COVERED}, juga {COVERED}; nomor 1234"
    )


def test_the_nik_of_an_owner_is_found_too() -> None:
    owner = OWNERS["tpmd"] | {"nik": "9901015203990099"}
    assert niks_of(changed(pemilik=owner)) == niks_of(sample()) | {owner["nik"]}
