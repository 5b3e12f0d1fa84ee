"""Reading of contract data from outside: strict, within limits, all problems at once."""

from __future__ import annotations

from pks_kit.inputs.addendum_file import LoadedAdendum, is_adendum, load_adendum, parse_adendum
from pks_kit.inputs.contract_file import LoadedKontrak, load_kontrak, parse_kontrak
from pks_kit.inputs.json_schema import kontrak_schema

__all__ = [
    "LoadedAdendum",
    "LoadedKontrak",
    "is_adendum",
    "kontrak_schema",
    "load_adendum",
    "load_kontrak",
    "parse_adendum",
    "parse_kontrak",
]
