"""Names of data and of places, said with the words of the form: no key of a file, no field of a PDF.

Messages name what a file calls a value (``pihak_kesatu.nomor_pks``) and what a PDF calls a place
(``TTD_PIHAK_KESATU``): whoever writes files needs that. Pages say what the form calls it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from pks_kit.inputs.workbook.labels import column_label
from pks_kit.messages import lookup
from pks_kit.strict_yaml.reader import read_mapping
from pks_kit.strict_yaml.values import as_text
from pks_kit.web.pages.form_layout import place_label, sections

_LETTERS = Path(__file__).resolve().parent / "letter_english.yml"
_KEY = re.compile(r"(?<![\w./@=-])[a-z]+[a-z0-9]*(?:[_.][a-z0-9]+)+(?![\w/@-]|\.\w)")
_PLACE = re.compile(r"\b(TTD|METERAI|STEMPEL|TANGGAL|PARAF)_([A-Z0-9_]+)\b")
_SIDE = re.compile(r"\bPIHAK_(KESATU|KEDUA)\b")


def plain_names(text: str, language: str) -> str:
    """Return a text whose keys and places have the words of the form.

    A value that is nothing but a key stays: forms carry keys in what is not read.

    Args:
        text: What a message says or advises.
        language: ``id`` or ``en``.
    """
    if " " not in text or ("_" not in text and "." not in text):
        return text
    if "_" in text:
        text = _PLACE.sub(lambda found: _place(found, language), text)
        text = _SIDE.sub(r"PIHAK \1", text)
    return _KEY.sub(lambda found: called(found[0], language), text)


def called(key: str, language: str) -> str:
    """Return what the form calls a value or choice, in quotation marks; an unknown key as it is."""
    if key in _choices():
        return f"«{column_label(key)}»"
    if key not in _known():
        return key
    label, row = place_label(key)
    words = label.in_language(language)
    if row:
        words = lookup("desk.row_of").fill({"what": words, "row": row}).in_language(language)
    return f"«{words}»"


def title_of(path: str, language: str) -> str:
    """Return what the form calls the value of a path, without marks, also one of a list."""
    label, row = place_label(path)
    words = label.in_language(language)
    if not row:
        return words
    return lookup("desk.row_of").fill({"what": words, "row": row}).in_language(language)


def _place(found: re.Match[str], language: str) -> str:
    party = found[2].replace("_", " ")
    return lookup(f"desk.spot.{found[1].lower()}").filled({"party": party}, language)


@cache
def _choices() -> frozenset[str]:
    """Return every choice of a list whose words a file writes with an underscore."""
    columns = [column for one in sections() for column in one.columns]
    columns += [column for one in sections() for table in one.lists for column in table.columns]
    return frozenset(
        choice for column in columns for choice in column.choices or () if "_" in choice
    )


@cache
def _known() -> frozenset[str]:
    """Return every key that a message may name: of the contract, of its lists and of letters."""
    keys: set[str] = {"nama_diterima", "rekening_baru.utama", "rekening_baru.cadangan"}
    for one in sections():
        keys |= {column.key for column in one.columns}
        for table in one.lists:
            head = ".".join(table.path)
            keys |= {head, *(f"{head}.{column.key}" for column in table.columns)}
            keys |= {column.key for column in table.columns}
    for key in list(keys):
        parts = key.split(".")
        keys |= {".".join(parts[:count]) for count in range(1, len(parts))}
        keys |= {parts[-1]}
    told: dict[str, Any] = as_text(read_mapping(_LETTERS.read_text(encoding="utf-8")))
    for words in told.values():
        for key in words:
            keys |= {key, *key.split(".")}
    return frozenset(key for key in keys if "_" in key or "." in key)
