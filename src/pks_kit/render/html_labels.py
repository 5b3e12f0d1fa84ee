"""Labels of clauses and headings that hang in a column of their own.

A label is ordinary inline text, so that its words stand in the right order on the page; the
room up to its column is a padding as wide as the column and a negative margin as wide as the
label. An inline block would do the same, but measuring it costs a seventh of the whole layout.
"""

from __future__ import annotations

from pks_kit.render.fonts import SERIF_FACES, metrics
from pks_kit.render.html_inline import escape

LIST_INDENT = {
    "ayat": 9.5,
    "huruf": 7.5,
    "angka": 8.5,
    "huruf_kurung": 7.5,
    "angka_kurung": 8.5,
    "strip": 6.0,
}
"""Width of the label column in millimetres per kind of list."""

HEADING_INDENT = 8.0
"""Width of the label column of headings inside a lampiran, in millimetres."""

_STEP = 0.02
"""Widths of labels are rounded to this part of the type size (about 0.07 mm)."""

_WIDEST = 3.0
_NEAREST = 1.2
"""A label comes no nearer to its words than this, in millimetres; then the words give way."""

_EM = 3.7
"""Type size of the body in millimetres (10.5 pt in style.css)."""


def label_html(label: str, column: float, *, alamat: str | None = None, bold: bool = False) -> str:
    """Return a label that takes exactly ``column`` millimetres.

    Args:
        label: The label as printed.
        column: Width of its column.
        alamat: Address of the clause that begins here.
        bold: Whether it is printed bold.
    """
    face = SERIF_FACES[1] if bold else SERIF_FACES[0]
    room = min((column - _NEAREST) / _EM, _WIDEST)
    steps = round(min(metrics(face).width(label) / 1000, room) / _STEP)
    anchor = f' id="{escape(alamat)}"' if alamat else ""
    return f'<span class="label w{steps}"{anchor}>{escape(label)}</span>'


def label_css() -> str:
    """Return the rules that ``label_html`` and hanging items rely on."""
    rules = [
        f".{jenis} > li {{ padding-left: {width}mm; }}\n"
        f".{jenis} > li > .awal {{ text-indent: -{width}mm; }}\n"
        f".{jenis} > li > .awal > .label {{ padding-right: {width}mm; }}\n"
        for jenis, width in LIST_INDENT.items()
    ]
    rules.append(
        f".berlabel {{ padding-left: {HEADING_INDENT}mm; text-indent: -{HEADING_INDENT}mm; }}\n"
        f".berlabel > .label {{ padding-right: {HEADING_INDENT}mm; }}\n"
    )
    rules += [
        f".w{steps} {{ margin-right: -{steps * _STEP:.2f}em; }}\n"
        for steps in range(round(_WIDEST / _STEP) + 1)
    ]
    return "".join(rules)
