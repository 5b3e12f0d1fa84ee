"""Naskah of a letter -> PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.metadata import version

from pks_kit.naskah.tree import Naskah
from pks_kit.render.cover.document import finished
from pks_kit.render.cover.print_copy import PrintCopy
from pks_kit.render.letter.html import letter_html
from pks_kit.render.pdf.fitting import Closer, fitted
from pks_kit.render.pdf.parts import render_part

_WORTH_SAVING = 0.5
"""A letter reads best on one page; the signature alone fills a fifth of the next."""

_WAYS = (Closer(variant="padat-1", saves=0.3), Closer(variant="padat-2", saves=0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPages:
    """A finished letter.

    Attributes:
        content: The PDF.
        pages: How many pages it has.
    """

    content: bytes
    pages: int


def render_letter(naskah: Naskah, *, css: str, dated: date) -> LetterPages:
    """Return the letter as PDF; the same letter gives the same bytes.

    Args:
        naskah: The letter.
        css: Style sheet of letters.
        dated: Day of the letter; the PDF says that it was made on this day.

    Raises:
        RenderError: A character without a glyph, and whatever the layout refuses.
    """
    part, _ = fitted(
        lambda variant: render_part(letter_html(naskah, variant), css, naskah.nama_perjanjian),
        thin=_WORTH_SAVING,
        ways=_WAYS,
    )
    made = PrintCopy(
        title=naskah.judul,
        moment=datetime.combine(dated, time(0), tzinfo=UTC),
        producer=f"pks-kit {version('pks-kit')}",
        kind="surat",
    )
    return LetterPages(content=made.answer((finished(part),)).content, pages=part.pages)
