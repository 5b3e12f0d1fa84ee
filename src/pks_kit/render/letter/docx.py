"""Naskah of a letter -> DOCX that may be edited, signed and sent."""

from __future__ import annotations

import re
from pathlib import Path

from pks_kit.naskah.tree import (
    BlokTandaTangan,
    GantiBaris,
    Naskah,
    Paragraf,
    TempatTandaTangan,
)
from pks_kit.render.docx import filled_blank
from pks_kit.render.docx.body import BodyWriter
from pks_kit.render.docx.tables import AFTER_TABLE
from pks_kit.render.docx.working_copy import with_face
from pks_kit.render.docx.xml import cell, paragraph, row, run, table

_GAP = 280
_ROOM, _METERAI_ROOM = 1250, 1900
"""Height of the room for a signature in twips, without and with an adhesive meterai."""
_RULE = (
    '<w:p><w:pPr><w:pStyle w:val="AkhirBagian"/><w:pBdr><w:bottom w:val="thickThinSmallGap" '
    'w:sz="18" w:space="1" w:color="000000"/></w:pBdr></w:pPr></w:p><w:p/>'
)
_WORDS = re.compile(rb"<w:(hdr|ftr)\b[^<>]*>")
LETTERHEAD = "kop"
"""Parts whose names begin so are a letterhead and end with a rule."""


class LetterBodyWriter(BodyWriter):
    """Walks the tree of a letter."""

    def _parts(self) -> list[str]:
        out: list[str] = []
        for bagian in self._naskah.bagian:
            out.append(self._blocks(bagian.isi, 0, first=True))
            if bagian.subjek.startswith(LETTERHEAD):
                out.append(_RULE)
        out.append(self._page.section())
        return out

    def _align(self, block: Paragraf) -> str:
        """Set lines that the template ends itself to the left: a justified one would be torn."""
        torn = block.gaya == "biasa" and any(isinstance(one, GantiBaris) for one in block.isi)
        return "left" if torn else super()._align(block)

    def _signatures(self, block: BlokTandaTangan) -> str:
        one = (self._page.width - _GAP) // 2
        opening = paragraph(run(block.pembuka), keep_next=True) if block.pembuka else ""
        empty = cell(paragraph("", style="TandaTangan"), _GAP)
        cells = empty.join(cell(_place(tempat), one) for tempat in block.tempat)
        single = len(block.tempat) == 1
        widths = (one,) if single else (one, _GAP, one)
        indent = one + _GAP if single else 0
        return opening + table(row(cells), widths, style="TabelPolos", indent=indent) + AFTER_TABLE


def render_letter_docx(naskah: Naskah, blank: Path, *, identity: str = "") -> bytes:
    """Return a letter as DOCX.

    Args:
        naskah: The letter.
        blank: The Word file with styles.
        identity: Id of the letter for the properties of the file.

    Raises:
        RenderError: As :func:`pks_kit.render.docx.render_docx`.
    """
    return filled_blank(naskah, blank, LetterBodyWriter(naskah), _as_letter, identity=identity)


def _as_letter(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts with nothing in header and footer: numbers, marks, initials."""
    found = with_face(parts)
    for name, content in parts.items():
        begin = _WORDS.search(content)
        if name.startswith(("word/header", "word/footer")) and begin:
            kind = begin[1]
            found[name] = content[: begin.end()] + b"<w:p/></w:" + kind + b">"
    return found


def _place(tempat: TempatTandaTangan) -> str:
    room = _METERAI_ROOM if tempat.meterai else _ROOM
    spaced = f'<w:p><w:pPr><w:pStyle w:val="TandaTangan"/><w:spacing w:before="{room}"/></w:pPr>'
    lines = [tempat.judul, tempat.instansi]
    above = "".join(paragraph(run(words), style="TandaTangan") for words in lines if words)
    name = f"{spaced}{run(tempat.nama, bold=True)}</w:p>"
    below = paragraph(run(tempat.jabatan), style="TandaTangan") if tempat.jabatan else ""
    return above + name + below
