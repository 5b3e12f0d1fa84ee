"""Words with their emphasis, links and line breaks -> HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from html import escape as _escape

from pks_kit.naskah.tree import GantiBaris, Inline, Rujukan, Teks

LINK_SCHEME = "pks:"
"""Private address of a clause inside a part; becomes a GoTo destination at assembly."""

ADDRESS = "data-alamat"
"""Attribute with the address of a clause, for messages.

The id of a clause stands at its heading or label and not at the box round it: WeasyPrint computes
the style of everything below an element with an id anew.
"""

_MONTHS = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
_CLAUSE = r"Pasal|ayat|huruf|angka|romawi|Lampiran"
_TOGETHER = re.compile(
    rf"\b(?:{_CLAUSE}) (?=\(?\d|[IVXLC]+\b|[a-z]\b|[A-Z]\b)"
    r"|\bNomor (?=\d{1,3}\b(?!/))"
    r"|\bTahun (?=\d{4}\b)"
    rf"|\b\d{{1,2}} (?=(?:{_MONTHS})\b)"
    r"|(?<![\d.,/])\d{1,3} (?=\([a-z])"
)
"""A space at which a line would end badly: ``Pasal|4``, ``31|Desember``, ``6|(enam)``."""

_LAST_WORDS = re.compile(r"(?<=\s)(\S{1,12}) (\S{1,8})$")
"""Two short words at the end of a paragraph: neither should be its last line alone."""


def escape(text: str) -> str:
    """Return text with every HTML special character escaped."""
    return _escape(text, quote=True)


def lines_html(lines: Iterable[str]) -> str:
    """Return lines with a forced break between them."""
    return "<br>".join(escape(line) for line in lines)


@lru_cache(maxsize=2**12)
def keep_together(text: str) -> str:
    """Return text with no-break spaces where a number must not leave its word.

    Both spaces have the same glyph, and a finished file gives the ordinary one back.
    """
    return _TOGETHER.sub(lambda match: match[0][:-1] + "\u00a0", text)


def inline_html(inlines: tuple[Inline, ...], *, together: bool = False) -> str:
    """Return words with their emphasis, links and forced line breaks.

    A space between two pieces stands at the beginning of the second: WeasyPrint (70) breaks a
    line after its first word when only the space at the end of a piece does not fit.

    Args:
        inlines: The words.
        together: Keep numbers with their words, and a short last word with the one before it; not
            for narrow table columns.
    """
    if together and inlines and isinstance(inlines[-1], Teks):
        last = _LAST_WORDS.sub("\\1\u00a0\\2", inlines[-1].teks.rstrip(" "))
        inlines = (*inlines[:-1], replace(inlines[-1], teks=last))
    parts = []
    space = ""
    for part in inlines:
        if isinstance(part, GantiBaris):
            parts.append("<br>")
            space = ""
            continue
        text = space + part.teks
        words = text.rstrip(" ")
        space = text[len(words) :]
        if words:
            parts.append(_piece(part, keep_together(words) if together else words))
    return "".join(parts)


def _piece(part: Teks | Rujukan, words: str) -> str:
    html = escape(words)
    if isinstance(part, Rujukan):
        html = f'<a href="{LINK_SCHEME}{escape(part.alamat)}">{html}</a>'
    if part.miring:
        html = f"<em>{html}</em>"
    if part.tebal:
        html = f"<strong>{html}</strong>"
    return html
