"""What is no scan is refused before anything is made of it."""

from __future__ import annotations

import io

import pikepdf
import pytest

from pks_kit.errors import InputError
from pks_kit.scan.shrinking.paper_sizes import sizes_of
from support import paper_samples, scans, signed_files


def with_recognised_text(content: bytes) -> bytes:
    """A scan as programs leave it that recognise text: letters under the picture."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources.Font = pikepdf.Dictionary(F1=font)
        page.contents_add(b"BT /F1 9 Tf 3 Tr 60 700 Td (Perjanjian) Tj ET", prepend=True)
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def scan() -> bytes:
    return scans.scanned(scans.jpeg(scans.sheet(100)))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: signed_files.signed_steps()[-1], "shrink.signed"),
        (lambda: paper_samples.issue().pdf, "shrink.text"),
        (lambda: b"%PDF-1.7\nrusak", "shrink.unreadable"),
        (lambda: b"bukan gambar", "shrink.unreadable"),
        (lambda: b"II*\x00" + bytes(400), "shrink.unreadable"),
    ],
    ids=["signed", "electronic original", "broken PDF", "other", "broken TIFF"],
)
def test_refused_by_name_and_reason(content, code) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as caught:
        list(sizes_of([scan(), content()], ["pindaian.pdf", "lain.pdf"]))
    assert (caught.value.code, caught.value.params["file"]) == (code, "lain.pdf")


def test_recognised_text_below_a_picture_is_a_scan_all_the_same() -> None:
    plain = list(sizes_of([scan()], ["pindaian.pdf"]))
    assert list(sizes_of([with_recognised_text(scan())], ["pindaian.pdf"])) == plain


def test_pages_of_text_are_named() -> None:
    with pytest.raises(InputError) as caught:
        list(sizes_of([paper_samples.issue().pdf], ["terbit.pdf"]))
    assert caught.value.params["count"] == paper_samples.pages().count
    assert str(caught.value.params["pages"]).startswith("1, 2, 3")
