"""Objects of a page by handle: the same ones, in the same order, as the helpers give."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from pks_kit.pdf.pdfium import bounds_of, page_objects
from support import third_party_pdfs


def nested(levels: int = 5) -> bytes:
    """A page with words, a path, a picture and forms in forms, each with a path of its own."""
    with pikepdf.open(io.BytesIO(third_party_pdfs.base())) as pdf:
        picture = pdf.make_stream(b"\0" * 4)
        picture.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 2, "/Height": 2})
        picture.update({"/ColorSpace": Name.DeviceGray, "/BitsPerComponent": 8})
        inner = None
        for level in range(levels):
            form = pdf.make_stream(b"0 0 %d 9 re f" % (level + 1) + (b" /In Do" if inner else b""))
            form.update({"/Type": Name.XObject, "/Subtype": Name.Form})
            form["/BBox"] = Array([0, 0, 99, 99])
            if inner is not None:
                form["/Resources"] = Dictionary(XObject=Dictionary(In=inner))
            inner = form
        page = pdf.pages[0]
        page.Resources["/XObject"] = Dictionary(In=inner, Gb=picture)
        page.contents_add(b"10 10 5 5 re f q 20 0 0 20 50 50 cm /Gb Do Q /In Do")
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize("depth", [1, 3, 4, 9])
def test_handles_are_those_of_the_helpers(depth: int) -> None:
    document = pypdfium2.PdfDocument(nested())
    page = document[0]
    helped = [(one.type, one.level, one.get_bounds()) for one in page.get_objects(max_depth=depth)]
    found = [(kind, level, bounds_of(item)) for item, kind, level in page_objects(page, depth)]
    assert found == helped
    assert max(level for _, level, _ in found) == min(depth, 6) - 1
    assert {kind for kind, _, _ in found} >= {1, 2, 3, 5}
    document.close()
