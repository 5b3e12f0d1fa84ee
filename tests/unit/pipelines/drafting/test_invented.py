"""Other words in every free text, and the same structure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from pks_kit.inputs import load_kontrak
from pks_kit.pipelines.drafting.invented import reworded
from pks_kit.resources import contract_samples


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one, path)
    elif isinstance(value, str):
        yield path, value


CHOICES = {
    *("versi_templat", "cara_kontrak", "nama_perjanjian", "jenis", "profesi", "hari", "poli"),
    *("pekan", "status", "kepemilikan", "bidang", "mode_plat"),
}
"""Names of the fields that choose among fixed words."""


@pytest.mark.parametrize("path", contract_samples(), ids=lambda path: path.stem)
def test_every_free_text_is_another_and_every_choice_stays(path: Path) -> None:
    kontrak = load_kontrak(path).kontrak
    other = reworded(kontrak)
    before, after = list(texts(kontrak)), list(texts(other))
    assert [place for place, _ in before] == [place for place, _ in after]
    fixed = {place for (place, one), (_, two) in zip(before, after, strict=True) if one == two}
    assert {"versi_templat", "cara_kontrak", "faskes.jenis"} <= fixed
    assert {place.rpartition(".")[2] for place in fixed} <= CHOICES
    assert other.faskes.jenis == kontrak.faskes.jenis
    keys = {one.kunci for one in other.tenaga_kesehatan}
    assert {one.tenaga for one in other.jadwal.praktik} <= keys
