"""Twins of the adapter's refusals, before anything is bought or sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from pks_kit.domain.receipt import parse_receipt
from pks_kit.errors import SigningError
from pks_kit.pdf.box import Box, place_box
from pks_kit.pipelines.addendum import AddendumRequest
from pks_kit.pipelines.draft import DraftRequest
from pks_kit.resources import samples_root
from pks_kit.signing.step.blank_area import text_in
from pks_kit.signing.step.stamp_preflight import check_box, check_source, whole_points
from support.fakes.peruri_stamps import _draw
from support.on_disk import drafted_in

pytestmark = pytest.mark.usefixtures("no_secret_in_a_log")

BOX = Box(page=2, rect=(255, 420, 325, 490))


def code(call) -> str:
    with pytest.raises(SigningError) as caught:
        call()
    assert "[meterai." not in str(caught.value)
    return caught.value.code


def saved(pdf: bytes, change=lambda _pdf: None, **options) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        opened.save(out, **options)
    return out.getvalue()


def certified(pdf: bytes, sandbox, level: MDPPerm) -> bytes:
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name="TTD_PIHAK_KESATU",
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=level,
        ),
        sandbox.signers["pihak_kesatu"].signer(),
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return asyncio.run(signer.async_sign_pdf(writer)).getvalue()


def test_a_sound_document(issued, steps):
    for pdf in (issued.pdf, *steps):
        check_source(pdf)


def test_82_older_than_1_6(issued):
    old = saved(
        issued.pdf, force_version="1.5", object_stream_mode=pikepdf.ObjectStreamMode.disable
    )
    assert code(lambda: check_source(old)) == "meterai.source_version"

    def raise_in_catalog(pdf):
        pdf.Root.Version = pikepdf.Name("/1.7")

    check_source(saved(issued.pdf, raise_in_catalog, force_version="1.5"))


def test_83_certified_without_changes(issued, sandbox):
    pdf = certified(issued.pdf, sandbox, MDPPerm.NO_CHANGES)
    assert code(lambda: check_source(pdf)) == "meterai.source_certified"
    check_source(certified(issued.pdf, sandbox, MDPPerm.FILL_FORMS))


def test_81_a_broken_signature(steps):
    where = steps[0].index(b"/Location", 0) + 11
    pdf = steps[0][:where] + b"#" + steps[0][where + 1 :]
    assert code(lambda: check_source(pdf)) == "meterai.source_broken"


def test_80_changed_after_it_was_signed(steps):
    writer = IncrementalPdfFileWriter(BytesIO(steps[0]))
    _draw(writer)
    out = BytesIO()
    writer.write(out)
    assert code(lambda: check_source(out.getvalue())) == "meterai.source_changed"


def test_a_locked_file(issued):
    pdf = saved(issued.pdf, encryption=pikepdf.Encryption(owner="x", user=""))
    assert code(lambda: check_source(pdf)) == "pdf.restricted"


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (replace(BOX, page=4), "meterai.page"),
        (replace(BOX, page=0), "meterai.page"),
        (replace(BOX, rect=(560, 420, 630, 490)), "meterai.outside_page"),
        (replace(BOX, rect=(325, 490, 255, 420)), "meterai.outside_page"),
        (replace(BOX, rect=(200, 420, 270, 490)), "meterai.over_field"),
        (replace(BOX, rect=(200, 730, 270, 800)), "meterai.over_text"),
        (replace(BOX, rect=(60, 768, 130, 838)), "meterai.over_text"),  # only the tops of letters
    ],
)
def test_places_that_are_refused(issued, box, expected):
    layout = check_source(issued.pdf)
    assert code(lambda: check_box(issued.pdf, layout, box)) == expected


def test_a_place_over_another_stamp(steps):
    layout = check_source(steps[1])
    assert code(lambda: check_box(steps[1], layout, BOX)) == "meterai.over_field"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_rotated_page(issued, degrees):
    def rotate(pdf):
        pdf.pages[1].Rotate = degrees

    pdf = saved(issued.pdf, rotate)
    assert code(lambda: check_box(pdf, check_source(pdf), BOX)) == "signing.page_rotated"


def test_text_is_found_whatever_the_page_is_cut_to(issued):
    def cut(pdf):
        pdf.pages[1].CropBox = [50, 50, 550, 800]

    pdf = saved(issued.pdf, cut)
    place = replace(BOX, rect=(65, 750, 135, 790))
    assert text_in(pdf, place).startswith("Halaman")
    assert text_in(pdf, replace(BOX, rect=(65, 600, 135, 670))) == ""


def test_whole_points_stay_inside_and_square():
    box = whole_points(Box(page=1, rect=(70.866, 565.191, 133.228, 627.553)))
    assert box.rect == (71, 566, 132, 627)
    assert box.width == box.height
    assert whole_points(BOX) == BOX
    tiny = Box(page=1, rect=(0, 0, 38, 90))
    assert code(lambda: whole_points(tiny)) == "meterai.too_small"


PARTIES = ["pihak_kesatu", "pihak_kedua"]


@pytest.fixture(params=["klinik", "tpmdg", "digital", "adendum"])
def real(request, tmp_path):
    """An agreement with electronic meterai, and by whom; the last pages of each look different."""
    if request.param == "klinik":
        return request.getfixturevalue("drafted"), PARTIES
    if request.param == "adendum":
        source = samples_root() / "addendum-rekening.yml"
        return drafted_in(tmp_path, AddendumRequest(source=source, formats=("pdf",))), PARTIES
    text = (samples_root() / "tpmdg.yml").read_text(encoding="utf-8")
    assert text.count("\ncara_kontrak: elektronik") == 1
    digital = request.param == "digital"
    if digital:  # PIHAK KEDUA stamps on paper
        text = text.replace("\ncara_kontrak: elektronik", "\ncara_kontrak: digital")
    source = tmp_path / "kontrak.yml"
    source.write_text(text, encoding="utf-8")
    found = drafted_in(tmp_path, DraftRequest(source=source, formats=("pdf",)))
    return found, PARTIES[:1] if digital else PARTIES


@pytest.mark.slow
def test_the_places_of_a_real_agreement_are_free(real):
    drafted, stamping = real
    pdf = drafted.files["pdf"].read_bytes()
    receipt = parse_receipt(drafted.files["receipt"].read_bytes(), "receipt")
    layout = check_source(pdf)
    stamps = [place for place in receipt.places if place.kind == "meterai"]
    places = [place for place in stamps if place.medium == "electronic"]
    # the sheets of others are signed apart: in the file itself only the parties stamp
    assert [place.kode for place in places] == stamping
    for place in places:
        check_box(pdf, layout, whole_points(place_box(place).square()))
