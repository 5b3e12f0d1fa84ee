"""What a place in the input expects, in words of both languages with an example."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from pks_kit.domain import isian, kontrak, masukan
from pks_kit.inputs.json_schema import schema_at
from pks_kit.messages import Message, lookup
from pks_kit.settings import model as settings
from pks_kit.settings import portal

_MANY = 12_500
PATTERNS = {
    masukan.POLA_NIK: "nik",
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
    settings.POLA_ASAL_RAHASIA: "asal_rahasia",
    settings.POLA_ALAMAT: "alamat",
    settings.POLA_ID_KUNCI: "id_kunci",
    settings.POLA_JALUR_GAMBAR: "jalur_gambar",
    portal.POLA_KODE_WILAYAH: "kode_wilayah",
    portal.POLA_ASAL_LINGKUNGAN: "asal_lingkungan",
    portal.POLA_PERISTIWA: "peristiwa",
}
"""Pattern of a field -> second half of its message code ``input.expect.…``."""


def expectation(
    path: tuple[str | int, ...], model: type[BaseModel] = kontrak.Kontrak, data: object = None
) -> Message:
    """Return what the value at a path should look like."""
    node = schema_at(path, model, data)
    return lookup(f"input.expect.{kind_of(node)}").fill(
        {
            "choices": ", ".join(str(choice) for choice in node.get("enum", ())),
            "minimum": _bound(node, "minimum", "ge", "exclusiveMinimum") or 0,
            "maximum": _bound(node, "maximum", "le", "exclusiveMaximum") or "…",
            "length": node.get("maxLength", "…"),
        }
    )


def _bound(node: dict[str, Any], *names: str) -> Any:
    """Return a bound by the names that it has in a schema, also of a value that may be missing."""
    return next((node[name] for name in names if name in node), None)


def whole_example(node: dict[str, Any]) -> int:
    """Return a whole number as an example of what a place wants: a year where it wants one."""
    low, high = _bound(node, "minimum", "ge") or 0, _bound(node, "maximum", "le")
    if high is None or low <= _MANY <= high:
        return _MANY
    return int((low + high) // 2)


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
    kinds = {"integer": "whole", "number": "number", "object": "mapping", "array": "list"}
    return kinds.get(node.get("type", ""), "text" if "maxLength" in node else "any_text")
