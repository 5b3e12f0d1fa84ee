"""What the measuring relies on in WeasyPrint, against the real one."""

from __future__ import annotations

from typing import Any

import pytest

from pks_kit.render.fonts import font_face_css
from pks_kit.render.pdf.boxes import _descendants, find_overflow, repeated_headers
from pks_kit.render.pdf.parts import layout_document

CSS = font_face_css() + (
    "@page { size: 100mm 100mm; margin: 10mm; } html { font: 10pt 'PKS Serif'; } p { margin: 0; }"
)
WORD = "Panjang" * 8


def document(body: str, css: str = "") -> Any:
    return layout_document(f"<html><body>{body}</body></html>", CSS + css)


def overflow(body: str, css: str = "") -> Any:
    pages = document(body, css).pages
    return find_overflow(pages[0]._page_box, 1)


@pytest.mark.parametrize(
    "body",
    [
        "<p>kata biasa</p>",
        f"<p style='overflow-wrap: anywhere'>{WORD}</p>",
        "<p style='padding-left: 8mm; text-indent: -8mm'><span style='display: inline-block; "
        "min-width: 8mm; text-indent: 0'>(1)</span>kata</p>",
        "<p>kata <b>tebal</b> <i>miring</i><br>baris</p>",
        "<table><tr><td>a</td><td>b</td></tr></table>",
        f"<p style='text-align: justify'>{'kata ' * 60}</p>",
    ],
)
def test_what_fits_is_not_reported(body: str) -> None:
    assert overflow(body) is None


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{WORD}</p>",
        f"<p>kata <b>{WORD}</b></p>",
        "<div style='width: 95mm'>lebar</div>",
        "<div style='margin-left: -5mm'>kiri</div>",
        f"<div style='width: 30mm'><p>{WORD[:35]}</p></div>",
        "<table style='table-layout: fixed; width: 80mm'>"
        f"<tr><td>{WORD[:40]}</td><td>b</td></tr></table>",
        "<div style='height: 85mm; position: absolute; top: 0; width: 10mm'>tinggi</div>",
        f"<div style='display: grid; grid-template-columns: 20mm 20mm'><div>{WORD}</div></div>",
    ],
)
def test_what_stands_out_is_reported(body: str) -> None:
    found = overflow(f"<section id='pasal_1'>{body}</section>")
    assert found is not None
    assert found.alamat == "pasal_1"
    assert found.amount > 1


def test_space_below_the_last_item_of_a_page_is_no_overflow() -> None:
    """WeasyPrint counts it into the boxes round it, which then reach below the page."""
    below = 0
    for quarter in range(200, 320):
        items = "<li><p style='margin-bottom: 4mm'>baris</p></li>" * 3
        pages = document(f"<div style='height: {quarter / 4}mm'></div><ol>{items}</ol>").pages
        assert [find_overflow(page._page_box, 1) for page in pages] == [None] * len(pages)
        below += any(
            box.border_box_y() + box.border_height() > 90 * 96 / 25.4 + 1
            for box in _descendants(pages[0]._page_box)
            if box.element_tag == "html"
        )
    assert below > 10


def test_header_rows_after_a_page_break() -> None:
    rows = "".join(f"<tr><td>baris {number}</td></tr>" for number in range(40))
    table = f"<table><thead><tr><th>Kepala</th></tr></thead><tbody>{rows}</tbody></table>"
    pages = document(f"{table}<table><thead><tr><th>Lain</th></tr></thead></table>").pages
    found = repeated_headers([page._page_box for page in pages])
    assert [page for page, _ in found] == list(range(2, len(pages) + 1))
    assert len(pages) > 1


def test_anchors_are_rectangles() -> None:
    """WeasyPrint documents a point; places need the rectangle that it really gives."""
    page = document("<div id='x' style='width: 20mm; height: 10mm'></div>").pages[0]
    left, top, right, bottom = page.anchors["x"]
    assert right - left == pytest.approx(20 * 96 / 25.4, abs=0.01)
    assert bottom - top == pytest.approx(10 * 96 / 25.4, abs=0.01)
