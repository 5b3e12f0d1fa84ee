"""iText's mark in the page tree changes nothing for anybody; everything beside it counts."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from support import signed_files, third_party_pdfs
from support.judging import failures, judge

Change = Callable[[Any], None]
MARK = "/ITXT"


def _second_that(changes: Change, content: bytes, *, field: bool = True) -> bytes:
    """Somebody signs with a program that also writes the root of the page tree again."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    pages = writer.root["/Pages"].get_object()
    changes(pages)
    writer.update_container(pages)
    spec = fields.SigFieldSpec("Kedua", on_page=0, box=(60, 60, 260, 120)) if field else None
    target = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name="Kedua", subfilter=fields.SigSeedSubFilter.PADES),
        signer=signed_files._signer(third_party_pdfs.identity("p256", "Budi Hartono")),
        timestamper=signed_files.stamper_of(signed_files.world()),
        new_field_spec=spec,
    ).sign_pdf(writer, output=target)
    return target.getvalue()


def _put(entry: str, value: Any) -> Change:
    return lambda pages: pages.__setitem__(pdf_name(entry), value)


def _both(*changes: Change) -> Change:
    return lambda pages: [one(pages) for one in changes] and None


_TEXT = _put(MARK, generic.TextStringObject("2.1.7"))


def test_the_mark_alone_is_no_change() -> None:
    report = judge(_second_that(_TEXT, third_party_pdfs.signed(third_party_pdfs.base())))
    assert failures(report) == set()
    assert [one.modification for one in report.signatures] == ["form_filling", "none"]
    assert not any(check.code == "file.revisions" and check.status != "passed"
                   for check in report.checks)  # fmt: skip


OTHERS: dict[str, Change] = {
    "another page size": _both(
        _TEXT, _put("/MediaBox", generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 200))))
    ),
    "another entry": _put("/ITXU", generic.TextStringObject("2.1.7")),
    "a dictionary": _put(
        MARK, generic.DictionaryObject({pdf_name("/S"): generic.pdf_name("/JavaScript")})
    ),
    "a name": _put(MARK, pdf_name("/Sig")),
    "a long text": _put(MARK, generic.TextStringObject("2" * 201)),
    "a page turned": _both(_TEXT, _put("/Rotate", generic.NumberObject(90))),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_anything_beside_the_mark_fails(name: str) -> None:
    content = _second_that(OTHERS[name], third_party_pdfs.signed(third_party_pdfs.base()))
    assert {"signature.changes/forbidden", "file.revisions/replaced_object"} <= failures(
        judge(content)
    )


def test_an_issued_file_stays_strict() -> None:
    start = signed_files.issued()
    one = signed_files.sign(start, "TTD_PIHAK_KESATU", signed_files.world().kepala)
    marked = _second_that(_TEXT, one)
    assert "issued.revisions/replaced_object" in failures(judge(marked, issued=start))
