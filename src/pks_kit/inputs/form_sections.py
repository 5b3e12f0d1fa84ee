"""Sections of the CSV form: those of HFIS, and behind them what the agreement needs beside it."""

from __future__ import annotations

from functools import cache
from typing import Any

from pks_kit.inputs.contract_file import path_parts
from pks_kit.inputs.json_schema import schema_at
from pks_kit.inputs.workbook.labels import FORM, column_label
from pks_kit.inputs.workbook.layout import tables

_OF_OWNER = ("pemilik.", "pihak_kedua.kuasa.")
_OF_RESULTS = "kinerja."
_YEARS = ("rekredensialing",)


@cache
def sections() -> dict[str, dict[str, str]]:
    """Return every section: its labels and their places in the contract data."""
    owner: dict[str, str] = {}
    results: dict[str, str] = {}
    years: dict[str, dict[str, str]] = {}
    for table in tables():
        if table.is_main:
            of_owner = [one.key for one in table.columns if one.key.startswith(_OF_OWNER)]
            owner = {column_label(key): key for key in of_owner}
            of_results = [one.key for one in table.columns if one.key.startswith(_OF_RESULTS)]
            results = {column_label(key): key for key in of_results}
        elif table.path == _YEARS:
            for index in range(schema_at(table.path)["maxItems"]):
                place = f"{_YEARS[0]}[{index}]"
                years[f"{_YEARS[0].upper()} {index + 1}"] = {
                    column.label: f"{place}.{column.key}" for column in table.columns
                }
    return {**FORM, "PEMILIK": owner, "PKBK": results, **years}


def value_at(data: dict[str, Any], path: str) -> Any:
    """Return a value; None where the data have no such place."""
    here: Any = data
    for part in path_parts(path):
        if isinstance(part, int):
            here = here[part] if here is not None and part < len(here) else None
        else:
            here = here.get(part) if here is not None else None
    return here
