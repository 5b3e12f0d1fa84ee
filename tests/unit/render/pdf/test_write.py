"""The finished file: same bytes, whole structure, furniture on every page."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pks_kit.errors import RenderError
from pks_kit.render.html_inline import LINK_SCHEME
from pks_kit.render.page_geometry import MENDATAR, MM, TEGAK, PageGeometry, sheet_of
from pks_kit.render.pdf import draw_pages, finish_pdf
from pks_kit.render.pdf.furniture import Furniture, Running, initials_rects, page_code_rect
from pks_kit.render.pdf.page_design import TODAY
from pks_kit.render.pdf.qr import QUIET_ZONE, qr_matrix
from support.assembled import assembled
from support.pdf_samples import AGREEMENT_ID, EDITION, finished, layout, page_code, request
from support.pdf_text import page_words
from support.same_objects import differences
from support.trees import rich_tree
from support.words import content_rect

SCRIPT = """
import hashlib
from support.pdf_samples import finished
print(hashlib.sha256(finished()).hexdigest())
"""


@pytest.fixture(scope="module")
def pdf() -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(finished()))


@pytest.mark.slow
def test_same_bytes_in_another_process(tmp_path: Path) -> None:
    tests = Path(__file__).parents[3]
    paths = [str(tests), str(tests.parent / "src")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "4711"}
    environment.pop("SOURCE_DATE_EPOCH", None)
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    assert result.stdout.strip() == hashlib.sha256(finished()).hexdigest()


def test_qpdf_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "naskah.pdf"
    path.write_bytes(finished())
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("method", ["elektronik", "digital", "manual"])
def test_another_library_makes_the_same_objects_of_the_same_pages(method: str) -> None:
    drawn = draw_pages(layout(method), request())
    second = assembled(layout(method), drawn, request())
    assert differences(finished(method), second) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf.Root.AcroForm.Fields[0].__setitem__("/F", 2),
        lambda pdf: pdf.pages[1].obj.__setitem__("/Contents", pdf.pages[0].obj.Contents),
        lambda pdf: pdf.Root.Outlines.First.__setitem__("/Title", pikepdf.String("lain")),
        lambda pdf: pdf.pages[0].obj.Contents[1].write(b"q Q"),
        lambda pdf: pdf.Root.Names.Dests.Names.__delitem__(0),
        lambda pdf: pdf.Root.Names.Dests.Names[1].__setitem__(0, pdf.pages[1].obj),
    ],
)
def test_the_comparison_sees_what_differs(change: Callable[[pikepdf.Pdf], None]) -> None:
    output = BytesIO()
    with pikepdf.open(BytesIO(finished())) as pdf:
        pdf.save(output)
        assert differences(finished(), output.getvalue()) == []
        change(pdf)
        output = BytesIO()
        pdf.save(output)
    assert differences(finished(), output.getvalue()) != []


def test_what_signing_touches_lies_open_before_the_table() -> None:
    """Catalogue, form, fields and pages with places: no stream is unpacked to find them."""
    content = finished("digital")
    table = int(content.rpartition(b"startxref\n")[2].split()[0])
    tail = content[:table].rpartition(b"endstream\nendobj\n")[2]
    numbers = {int(one) for one in re.findall(rb"(?m)^([0-9]+) 0 obj\n", tail)}
    with pikepdf.open(BytesIO(content)) as opened:
        touched = [opened.Root, opened.Root.AcroForm, *opened.Root.AcroForm.Fields]
        touched += [opened.pages[one.page - 1].obj for one in layout("digital").places]
        assert {one.objgen[0] for one in touched} == numbers


def test_a_dead_and_a_foreign_link_are_refused() -> None:
    laid = layout()
    cases = {"https://contoh.id": "foreign_link", f"{LINK_SCHEME}tidak_ada": "dead_link"}
    for target, code in cases.items():
        sheet = replace(laid.parts[0].sheets[0], links=((target, (1.0, 2.0, 3.0, 4.0)),))
        part = replace(laid.parts[0], sheets=(sheet, *laid.parts[0].sheets[1:]))
        with pytest.raises(RenderError) as caught:
            finish_pdf(replace(laid, parts=(part, *laid.parts[1:])), request())
        assert caught.value.code == f"render.pdf.{code}"


def test_bookmarks_lead_to_their_pages(pdf: pikepdf.Pdf) -> None:
    titles = []
    entry = pdf.Root.Outlines.First
    while entry is not None:
        titles.append((str(entry.Title), str(entry.Dest)))
        entry = entry.get("/Next")
    assert titles[0] == ("Pembukaan", "pembukaan")
    assert ("Pasal 2 Hak dan Kewajiban Para Pihak", "pasal_2") in titles
    assert titles[-1] == ("Lampiran III Surat Pernyataan Jejaring", "lampiran_3")
    assert len(titles) == len(rich_tree().bagian)


def test_every_clause_is_a_destination_on_its_page(pdf: pikepdf.Pdf) -> None:
    names = list(pdf.Root.Names.Dests.Names)
    found = {str(name): target for name, target in zip(names[::2], names[1::2], strict=True)}
    assert set(found) == set(layout().clause_pages)
    assert list(found) == sorted(found)
    for alamat, page in layout().clause_pages.items():
        assert found[alamat][0].objgen == pdf.pages[page - 1].obj.objgen


def test_links_jump_inside_the_document(pdf: pikepdf.Pdf) -> None:
    links = [
        str(one.Dest)
        for page in pdf.pages
        for one in page.obj.get("/Annots", ())
        if one.Subtype == "/Link"
    ]
    assert sorted(set(links)) == ["lampiran_2", "pasal_1__ayat_1"]


def test_signature_fields_are_empty_and_in_place(pdf: pikepdf.Pdf) -> None:
    places = {place.name: place for place in layout().places}
    fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
    assert set(fields) == set(layout().fields)
    for name, field in fields.items():
        assert field.FT == "/Sig"
        assert "/V" not in field
        assert int(field.F) == 4
        assert field.P.objgen == pdf.pages[places[name].page - 1].obj.objgen
        assert [float(value) for value in field.Rect] == pytest.approx(places[name].rect, abs=0.01)
        assert field.objgen in [one.objgen for one in field.P.Annots]
        assert bytes(field.AP.N.read_bytes()) == b""


def test_no_fields_without_electronic_places() -> None:
    with pikepdf.open(BytesIO(finished("manual"))) as opened:
        assert "/AcroForm" not in opened.Root


def test_attachments_come_out_as_they_went_in(pdf: pikepdf.Pdf) -> None:
    for attachment in request().attachments:
        assert pdf.attachments[attachment.name].get_file().read_bytes() == attachment.content
    assert [str(one.AFRelationship) for one in pdf.Root.AF] == ["/Source", "/Data"]


def test_metadata_comes_from_the_request(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo["/Title"]) == request().title
    assert str(pdf.docinfo["/CreationDate"]) == "D:20231220093000+07'00'"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        assert xmp["dc:title"] == request().title
        assert xmp["dc:identifier"] == f"{AGREEMENT_ID}/{EDITION}"
        assert xmp["pdfaid:part"] == "3"
        assert xmp["xmp:CreateDate"] == "2023-12-20T09:30:00+07:00"


def test_a_date_without_zone_is_refused() -> None:
    from datetime import datetime

    with pytest.raises(ValueError, match="time zone"):
        finish_pdf(layout(), request(issued_at=datetime(2023, 12, 20)))  # noqa: DTZ001


def test_furniture_is_on_every_page() -> None:
    pages = page_words(finished())
    assert len(pages) == layout().pages
    for number, words in enumerate(pages, start=1):
        assert f"Halaman {number} dari {len(pages)}" in words
        assert "PIHAK KESATU Nomor 298/KTR/IV-10/1223" in words
        assert "PIHAK KEDUA Nomor 100.3/KLN-CTH/2023" in words
        assert f"Edisi {EDITION}" in words
        assert "Paraf" not in words  # nobody initials a kontrak elektronik
    for words in page_words(finished("manual")):
        assert "Paraf Pihak I Paraf Pihak II" in words


def test_page_codes_can_be_read_from_a_picture() -> None:
    with pypdfium2.PdfDocument(finished()) as document:
        for index in (0, len(document) - 1, layout().clause_pages["lampiran_2"] - 1):
            page = document[index]
            scale = 300 / 72
            picture = page.render(scale=scale, grayscale=True).to_pil()
            sheet = sheet_of(*page.get_size())
            assert sheet is not None
            left, _, right, top = page_code_rect(sheet)
            assert right - left == pytest.approx(15 * MM)
            expected = qr_matrix(page_code(index + 1, len(document)))
            module = (right - left) / len(expected)
            edge = range(-QUIET_ZONE, len(expected) + QUIET_ZONE)
            for row in edge:
                for column in edge:
                    x = left + (column + 0.5) * module
                    y = page.get_height() - top + (row + 0.5) * module
                    dark = picture.getpixel((int(x * scale), int(y * scale))) < 128
                    inside = 0 <= row < len(expected) and 0 <= column < len(expected)
                    assert dark == (inside and expected[row][column]), (row, column)


@pytest.mark.parametrize("sheet", [TEGAK, MENDATAR])
def test_furniture_stands_in_the_margins(sheet: PageGeometry) -> None:
    _, content_bottom, content_right, _ = content_rect(sheet)
    code = page_code_rect(sheet)
    quiet = (code[2] - code[0]) / len(qr_matrix(page_code(1, 1))) * QUIET_ZONE
    assert code[3] + quiet < content_bottom
    assert code[0] - quiet >= 0
    first, second = initials_rects(sheet)
    for rect in (first, second):
        assert rect[2] - rect[0] >= 14 * MM
        assert rect[3] - rect[1] >= 9 * MM
        assert rect[3] < content_bottom
        assert rect[2] <= content_right + 0.01
    assert first[2] < second[0]


@pytest.mark.parametrize("length", [30, 90, 150])
def test_long_numbers_stay_in_the_header(length: int) -> None:
    running = Running(nomor_kesatu="1" * length, nomor_kedua="M" * (length // 2))
    drawn = Furniture(running, TODAY).of_page(TEGAK, page=1, pages=1, page_code=page_code(1, 1))
    content = drawn.content.decode("ascii")
    baselines = {
        line.split(" Tm ")[0].split()[-1] for line in content.split("\n") if " Tm " in line
    }
    top = content_rect(TEGAK)[3]
    assert sum(float(one) > top for one in baselines) == (1 if length == 30 else 2)
    assert all(float(one) < TEGAK.size_pt[1] - 5 * MM for one in baselines)
