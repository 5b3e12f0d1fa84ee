"""Every sample of an agreement in every method that its text knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pks_kit.errors import FindingsError
from pks_kit.inputs import load_kontrak
from pks_kit.pipelines.draft import prepare
from pks_kit.pipelines.drafting.issue import Prepared
from pks_kit.resources import contract_samples

METHODS = ("elektronik", "digital", "manual")


def every_sample() -> Iterator[Prepared]:
    """Yield the samples, ready to be issued; a method that the rules refuse is left out."""
    for path in contract_samples():
        loaded = load_kontrak(path)
        for method in METHODS:
            kontrak = loaded.kontrak.model_copy(update={"cara_kontrak": method})
            try:
                prepared = prepare(replace(loaded, kontrak=kontrak))
            except FindingsError:
                assert method != loaded.kontrak.cara_kontrak
                continue
            yield prepared
