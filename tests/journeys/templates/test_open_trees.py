"""Every sample in every method: the shared tree is the one read from the text with its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pks_kit.errors import FindingsError
from pks_kit.inputs import load_kontrak
from pks_kit.naskah import assemble
from pks_kit.naskah.assemble import AssembledParts, PartSource
from pks_kit.naskah.catalogue import PartReader
from pks_kit.pipelines.draft import prepare
from pks_kit.resources import contract_samples


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", contract_samples(), ids=lambda path: path.stem)
def test_the_same_tree_on_both_ways(path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = assemble._from_open_parts
    compared = []

    def both(reader: PartReader, sources: Sequence[PartSource]) -> AssembledParts:
        one, other = shared(reader, sources), assemble._from_text(reader, sources)
        compared.append((one.bagian == other.bagian, one.labels() == other.labels()))
        return one

    monkeypatch.setattr(assemble, "_from_open_parts", both)
    loaded = load_kontrak(path)
    for method in ("elektronik", "digital", "manual"):
        kontrak = loaded.kontrak.model_copy(update={"cara_kontrak": method})
        try:
            prepare(replace(loaded, kontrak=kontrak))
        except FindingsError:  # this kind of facility has no such method
            assert method != loaded.kontrak.cara_kontrak
    assert compared
    assert all(tree and labels for tree, labels in compared)
