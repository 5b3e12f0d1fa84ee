"""Where a gateway draws: origin, sizes, marks, and what is refused before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from pks_kit.errors import InputError, UsageError
from pks_kit.pdf.box import Box
from pks_kit.signing.services.bsre import placement as gateway_place
from pks_kit.signing.services.bsre.placement import Tag, check_sendable, gateway_numbers
from pks_kit.signing.services.bsre.returned_pdf import check_returned
from support.bsre_gateway import adapter, make_gateway, moved, refused, sign

HASH = Tag(text="#")


def changed(pdf: bytes, change) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        out = BytesIO()
        opened.save(out, min_version="1.7")
    return out.getvalue()


def with_words(pdf: bytes, *words: tuple[int, float, float, str]) -> bytes:
    """Write words at places; numbers of pages count from 1."""

    def write(opened: pikepdf.Pdf) -> None:
        for page, x, y, word in words:
            text = f"BT /F1 12 Tf {x} {y} Td ({word}) Tj ET".encode()
            opened.pages[page - 1].contents_add(opened.make_stream(text))

    return changed(pdf, write)


def check(job, tag=None, code=""):
    async def run():
        check_sendable(job, tag)

    return refused(run(), code)


# --- coordinates -------------------------------------------------------------------------------


def test_numbers_of_a_box():
    box = Box(page=2, rect=(70, 420, 250, 500))

    def numbers(origin, means="ukuran"):
        found = gateway_numbers(box, 842, origin, means)
        return found.x, found.y, found.width, found.height

    assert numbers("atas") == (70, 342, 180, 80)
    assert numbers("bawah") == (70, 420, 180, 80)
    assert numbers("bawah", "sudut") == (70, 420, 250, 500)


@pytest.mark.parametrize("kind", ["v2", "segel"])
@pytest.mark.parametrize("there", ["atas", "bawah"])
def test_the_origin_of_version_2(kind, there, sandbox, expired, job):
    """Right settings meet the place; wrong ones are told from the result."""
    with make_gateway(sandbox, expired, v2_origin=there) as gateway:
        after = sign(adapter(kind, gateway.url, origin=there), job)
        other = "bawah" if there == "atas" else "atas"
        wrong = adapter(kind, gateway.url, origin=other)
        error = refused(wrong.sign_pdf(job), "service.other_place")
    assert check_returned(job, after, wrong).trouble is None
    assert "titik_asal" in error.text.hint_id


@pytest.mark.parametrize("there", ["ukuran", "sudut"])
def test_what_sizes_mean_in_version_1(there, sandbox, expired, job):
    with make_gateway(sandbox, expired, v1_means=there) as gateway:
        assert sign(adapter("v1", gateway.url, size_means=there), job).startswith(job.pdf)
        other = "sudut" if there == "ukuran" else "ukuran"
        wrong = adapter("v1", gateway.url, size_means=other)
        # read the other way the box leaves the page, or has no height: HTTP 500
        refused(wrong.sign_pdf(job), "service.no_answer", unknown=True)


def test_an_origin_of_version_1_that_is_wrong(gateway, job):
    refused(adapter("v1", gateway.url, origin="atas").sign_pdf(job), "service.other_place")


# --- marks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["v1", "v2", "segel"])
def test_a_mark_of_one_character(kind, gateway, job):
    """The gateway draws from the mark up and right; the size is what is left of the place."""
    x1, y1, *_ = job.box.rect
    marked = replace(job, pdf=with_words(job.pdf, (2, x1 + 3, y1 + 3, "#")))
    after = sign(adapter(kind, gateway.url, tag=HASH), marked)
    assert after.startswith(marked.pdf)
    sent = gateway.requests[-1][2]
    asked = sent["signatureProperties"][0] if kind != "v1" else sent
    assert asked["tag_koordinat"] == "#"
    assert 170 < float(asked["width"]) < 180
    assert 70 < float(asked["height"]) < 80
    assert not {"page", "originX", "xAxis"} & asked.keys()


def test_a_gateway_that_reads_another_name_of_the_mark(sandbox, expired, job):
    """It signs, and nothing can be seen (row 4)."""
    x1, y1 = job.box.rect[:2]
    job = replace(job, pdf=with_words(job.pdf, (2, x1 + 3, y1 + 3, "#")))
    with make_gateway(sandbox, expired, tag_name="tag") as gateway:
        error = refused(adapter("v2", gateway.url, tag=HASH).sign_pdf(job), "service.invisible")
        assert "tag" in error.text.hint_id
        assert sign(adapter("v2", gateway.url, tag=HASH, tag_name="tag"), job)


def test_long_marks_are_ignored_by_a_gateway_of_2025(sandbox, expired, job):
    x1, y1 = job.box.rect[:2]
    job = replace(job, pdf=with_words(job.pdf, (2, x1 + 3, y1 + 3, "qr-bsre")))
    long = Tag(text="qr-bsre", may_be_long=True)
    with make_gateway(sandbox, expired) as gateway:
        refused(adapter("v2", gateway.url, tag=long).sign_pdf(job), "service.invisible")
    with make_gateway(sandbox, expired, long_tags=True) as gateway:
        assert sign(adapter("v2", gateway.url, tag=long), job)


@pytest.mark.parametrize("text", ["qr-bsre", "##", "", " "])
def test_marks_that_gateways_ignore_are_no_setting(text):
    with pytest.raises(UsageError) as caught:
        Tag(text=text)
    assert caught.value.code == "service.tag_length"


def test_marks_are_looked_for_before_sending(job):
    x1, y1 = job.box.rect[:2]
    check(job, HASH, "service.tag_missing")
    twice = with_words(job.pdf, (2, x1 + 5, y1 + 5, "#"), (1, 70, 100, "No. #7"))
    assert "2 times" in str(check(replace(job, pdf=twice), HASH, "service.tag_twice"))
    aside = with_words(job.pdf, (3, x1 + 5, y1 + 5, "#"))
    right = with_words(job.pdf, (2, x1 + 90, y1 + 5, "#"))
    check(replace(job, pdf=right), HASH, "service.tag_elsewhere")
    assert "page 3" in str(check(replace(job, pdf=aside), HASH, "service.tag_elsewhere"))


# --- refused before sending --------------------------------------------------------------------


def test_boxes_that_give_a_crash(job):
    check(replace(job, box=moved(job.box, 500, 0)), code="service.box_outside")
    check(replace(job, box=moved(job.box, 0, -430)), code="service.box_outside")
    check(replace(job, box=Box(page=4, rect=job.box.rect)), code="service.box_outside")
    check(replace(job, box=Box(page=0, rect=job.box.rect)), code="service.box_outside")
    x1, y1, _, y2 = job.box.rect
    check(replace(job, box=Box(page=2, rect=(x1, y1, x1, y2))), code="service.box_outside")


def test_the_gateway_crashes_indeed(gateway, job, monkeypatch):
    """What the check before sending spares: HTTP 500 and doubt."""
    monkeypatch.setattr("pks_kit.signing.services.bsre.v2.check_sendable", lambda job, _: job.box)
    outside = replace(job, box=moved(job.box, 500, 0))
    error = refused(adapter("v2", gateway.url).sign_pdf(outside), "service.no_answer", unknown=True)
    assert "cannot take the PDF or the box" in str(error)
    assert gateway.book == []


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_rotated_page(degrees, job):
    def turn(opened: pikepdf.Pdf) -> None:
        opened.pages[1].Rotate = degrees

    error = check(replace(job, pdf=changed(job.pdf, turn)), code="signing.page_rotated")
    assert str(degrees) in str(error)


def test_a_file_that_is_not_clean(job):
    at = job.pdf.index(b"/Length ") + len("/Length ")
    wrong = job.pdf[:at] + bytes([job.pdf[at] ^ 1]) + job.pdf[at + 1 :]
    check(replace(job, pdf=wrong), code="service.pdf_not_clean")


@pytest.mark.parametrize("kind", ["v1", "v2", "segel"])
def test_a_file_that_is_cut_is_not_sent(kind, gateway, job):
    cut = replace(job, pdf=job.pdf[: len(job.pdf) // 2])
    with pytest.raises(InputError) as caught:
        sign(adapter(kind, gateway.url), cut)
    assert caught.value.code == "pdf.unreadable"
    assert gateway.requests == []


def test_a_file_that_is_too_large(job, monkeypatch):
    monkeypatch.setattr(gateway_place, "SIGNABLE_PDF_BYTES", len(job.pdf) - 1)
    check(job, code="service.pdf_too_large")


def test_a_clean_file_passes(job):
    check_sendable(job)
