"""Write contract data as a YAML file that people go on editing; the counterpart of the reader.

Text stands in quotes, so that leading zeros and colons stay what they are; dates, numbers, yes/no
and choices stand bare, as in the sample. The same data always give the same text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from pks_kit.domain.kontrak import POLA_KUNCI, POLA_VERSI_TEMPLAT, Kontrak
from pks_kit.inputs.json_schema import schema_at
from pks_kit.inputs.yaml_tree import PLACEHOLDER, format_path

LINE_LENGTH = 120
_BARE = re.compile(r"[a-z][a-z0-9_]*")
_NOT_BARE = frozenset({"null", "true", "false", "yes", "no", "on", "off", "ya", "tidak", "y", "n"})
_ONE_LINE_ROWS = frozenset({"operasional", "praktik", "integrasi", "dokumen", "ambulans"})
_HEADINGS = {
    "pihak_kesatu": "PIHAK KESATU: diisi kantor cabang BPJS Kesehatan",
    "pihak_kedua": "PIHAK KEDUA: diisi fasilitas kesehatan",
    "faskes": "Fasilitas kesehatan",
    "jangka_waktu": "Jangka waktu",
    "rekening": "Rekening: cadangan pada bank yang berbeda dari rekening utama",
    "tenaga_kesehatan": "Tenaga kesehatan",
    "jadwal": "Jadwal",
    "jejaring": "Jejaring",
    "pengguna_aplikasi": "Pengguna Aplikasi Pelayanan Primer",
    "integrasi": "Komitmen integrasi sistem",
    "cons_id": "Pakta cons-id: tanpa cons-id, secret key, atau user key",
    "perjanjian_sebelumnya": "Perjanjian yang dilanjutkan",
    "pemilik": "Pemilik dan penyelenggara: siapa yang terikat",
    "rekredensialing": "Rekredensialing: satu baris setiap tahun, seperti di HFIS",
}
_Path = tuple[str | int, ...]


def write_kontrak(
    kontrak: Kontrak,
    *,
    preface: tuple[str, ...] = (),
    to_fill: Mapping[str, str] | None = None,
    remarks: Mapping[str, str] | None = None,
) -> str:
    """Return contract data as YAML text that the reader understands.

    Args:
        kontrak: The data; fields that were never set are left out.
        preface: Comment lines for the head of the file.
        to_fill: Place -> what a person must write there. The value is replaced by ``ISI: ...``,
            which the reader refuses until it is filled.
        remarks: Place -> comment after its value. A place inside a row that stands on one line
            puts it at the end of that line.
    """
    writer = _Writer(dict(to_fill or {}), dict(remarks or {}))
    lines = [f"# {line}".rstrip() for line in preface]
    for key, value in kontrak.model_dump(exclude_none=True, exclude_unset=True).items():
        if key in _HEADINGS:
            lines += ["", heading_line(key)]
        lines += writer.entry(key, value, (key,), "")
    return "\n".join(lines) + "\n"


def heading_line(key: str) -> str:
    """Return the comment that stands before a part of the data."""
    return f"# --- {_HEADINGS.get(key, key)} ".ljust(104, "-")


class _Writer:
    """Writes one value after the other; knows the places to fill and the remarks.

    Args:
        to_fill: Place -> what belongs there.
        remarks: Place -> comment.
    """

    def __init__(self, to_fill: Mapping[str, str], remarks: Mapping[str, str]) -> None:
        self._to_fill = to_fill
        self._remarks = remarks

    def entry(self, key: str, value: Any, path: _Path, indent: str) -> Iterator[str]:
        """Yield the lines of one key of a mapping."""
        if isinstance(value, dict):
            if self._fits(value, path, indent, len(key) + 2) and path[-1] == "sip":
                yield f"{indent}{key}: {self._flow(value, path)}{self._remark(path, value)}"
                return
            yield f"{indent}{key}:"
            for name, inner in value.items():
                yield from self.entry(name, inner, (*path, name), f"{indent}  ")
        elif isinstance(value, list | tuple):
            yield from self._rows(key, value, path, indent)
        else:
            yield f"{indent}{key}: {self._scalar(value, path)}{self._remark(path)}"

    def _rows(self, key: str, rows: Any, path: _Path, indent: str) -> Iterator[str]:
        if not rows:
            yield f"{indent}{key}: []"
            return
        yield f"{indent}{key}:"
        for index, row in enumerate(rows):
            place = (*path, index)
            if not isinstance(row, dict):
                yield f"{indent}  - {self._scalar(row, place)}{self._remark(place)}"
            elif key in _ONE_LINE_ROWS and self._fits(row, place, indent, 4):
                yield f"{indent}  - {self._flow(row, place)}{self._remark(place, row)}"
            else:
                lines = [
                    line
                    for name, inner in row.items()
                    for line in self.entry(name, inner, (*place, name), "")
                ]
                yield f"{indent}  - {lines[0]}"
                yield from (f"{indent}    {line}" for line in lines[1:])

    def _fits(self, row: Mapping[str, Any], path: _Path, indent: str, before: int) -> bool:
        simple = not any(isinstance(value, dict | list | tuple) for value in row.values())
        return simple and len(indent) + before + len(self._flow(row, path)) <= LINE_LENGTH

    def _flow(self, row: Mapping[str, Any], path: _Path) -> str:
        pairs = (f"{key}: {self._scalar(value, (*path, key))}" for key, value in row.items())
        return "{" + ", ".join(pairs) + "}"

    def _scalar(self, value: Any, path: _Path) -> str:
        wanted = self._to_fill.get(format_path(path))
        if wanted is not None:
            return _quoted(f"{PLACEHOLDER} {wanted}")
        if isinstance(value, bool):
            return "ya" if value else "tidak"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, time):
            return _quoted(f"{value:%H:%M}")
        if isinstance(value, Decimal):
            return _quoted(f"{value:f}".replace(".", ","))
        text = str(value)
        return text if _stands_bare(text, path) else _quoted(text)

    def _remark(self, path: _Path, row: Mapping[str, Any] | None = None) -> str:
        places = [path] if row is None else [(*path, key) for key in row]
        found = [self._remarks.get(format_path(place)) for place in places]
        words = "; ".join(dict.fromkeys(remark for remark in found if remark))
        return f"  # {words}" if words else ""


def _stands_bare(text: str, path: _Path) -> bool:
    """Tell whether a text is a choice or a short key, which the sample writes without quotes."""
    if not _BARE.fullmatch(text) or text in _NOT_BARE:
        return False
    node = schema_at(path)
    return "enum" in node or node.get("pattern") in (POLA_KUNCI, POLA_VERSI_TEMPLAT)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
