"""Names of data and of places, with the words of the form: no key of a file, no field of a PDF.

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
from pks_kit.verification.report.paper_words import printed_name
from pks_kit.web.pages.form_layout import place_label, sections

_LETTERS = Path(__file__).resolve().parent / "letter_english.yml"
_KEY = re.compile(
    r"«?(?<![\w./@=-])([a-z][a-z0-9]*(?:[_.][a-z0-9]+|\[[0-9]+\])+)(?![\w/@-]|\.\w)»?"
)
_PLACE = re.compile(r"\b(?:tempat |the place )?(TTD|METERAI|STEMPEL|TANGGAL|PARAF)_([A-Z0-9_]+)\b")
_ROW = re.compile(r"\.[0-9]+(?=\.|$)")
_SIDE = re.compile(r"\bPIHAK_(KESATU|KEDUA)\b")


def plain_names(text: str, language: str) -> str:
    """Return a text whose keys and places have the words of the form.

    A value that is nothing but a key stays: forms carry keys in what is not read.

    Args:
        text: What a message says or advises.
        language: ``id`` or ``en``.
    """
    if " " not in text or ("_" not in text and "." not in text and "[" not in text):
        return text
    if "_" in text:
        text = _PLACE.sub(lambda found: _place(found, language), text)
        text = _SIDE.sub(r"PIHAK \1", text)
    return _KEY.sub(lambda found: _called(found, language), text)


def _called(found: re.Match[str], language: str) -> str:
    words = called(found[1], language)
    if words == found[1]:
        return found[0]
    before, after = found[0].startswith("«"), found[0].endswith("»")
    if before == after:
        return words
    return f"{'«' * before}{words.replace('«', '').replace('»', '')}{'»' * after}"


def called(key: str, language: str) -> str:
    """Return what the form calls a value or choice, in quotation marks; an unknown key as it is."""
    printed = printed_name(key)
    if printed is not None:
        return printed.in_language(language)
    key_of_form = key.replace("[", ".").replace("]", "")  # rows as the form counts them
    if key in _choices():
        return f"«{column_label(key)}»"
    if _ROW.sub("", key_of_form) not in _known():
        return key
    label, row = place_label(_whole().get(key, key_of_form))
    words = f"«{label.in_language(language)}»"
    return (
        f"{words} ({lookup('desk.form.row').filled({'number': row}, language)})" if row else words
    )


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
def _whole() -> dict[str, str]:
    """Return the whole key of a single value by its last part, where that names one alone."""
    found: dict[str, list[str]] = {}
    for one in sections():
        for column in one.columns:
            found.setdefault(column.key.rpartition(".")[2], []).append(column.key)
        for table in one.lists:
            for column in table.columns:
                found.setdefault(column.key, []).append("")
    return {leaf: keys[0] for leaf, keys in found.items() if len(keys) == 1 and keys[0]}


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
