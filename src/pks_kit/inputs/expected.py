"""What a place in the input expects, in words of both languages with an example."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from pks_kit.domain import isian, kontrak
from pks_kit.inputs.json_schema import schema_at
from pks_kit.messages import Message, lookup

PATTERNS = {
    kontrak.POLA_NIK: "nik",
    kontrak.POLA_KODE_FASKES: "kode_faskes",
    kontrak.POLA_TELEPON: "telepon",
    kontrak.POLA_EMAIL: "email",
    kontrak.POLA_NPWP: "npwp",
    kontrak.POLA_NOMOR_REKENING: "nomor_rekening",
    kontrak.POLA_KUNCI: "kunci",
    kontrak.POLA_KODE_ANTREAN: "kode_antrean",
    kontrak.POLA_NAMA_PENGGUNA: "nama_pengguna",
    kontrak.POLA_VERSI_TEMPLAT: "versi_templat",
    isian.POLA_DESIMAL: "decimal",
}
"""Pattern of a field -> second half of its message code ``input.expect.…``."""


def expectation(path: tuple[str | int, ...], model: type[BaseModel] = kontrak.Kontrak) -> Message:
    """Return what the value at a path should look like."""
    node = schema_at(path, model)
    return lookup(f"input.expect.{kind_of(node)}").fill(
        {
            "choices": ", ".join(str(choice) for choice in node.get("enum", ())),
            "minimum": node.get("minimum", 0),
            "maximum": node.get("maximum", "…"),
            "length": node.get("maxLength", "…"),
        }
    )


def kind_of(node: dict[str, Any]) -> str:
    """Return the second half of ``input.expect.…`` for a node of the schema."""
    if "anyOf" in node:
        return "yes_no"
    if "enum" in node:
        return "choice"
    if node.get("format") == "date":
        return "date"
    pattern = node.get("pattern")
    if pattern is not None:
        return PATTERNS.get(pattern, "time")
    kinds = {"integer": "whole", "object": "mapping", "array": "list"}
    return kinds.get(node.get("type", ""), "text")
