"""Files that other programs signed, some of them in turn: honest ones are not suspected.

How they were made stands in ``support/other_programs/README.md``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import pks_kit
from pks_kit.verification.report.verdict import VerifyReport
from support import tamper
from support.judging import failures, unknowns

FOLDER = Path(__file__).resolve().parents[2] / "support" / "other_programs"
MADE = datetime(2026, 11, 30, tzinfo=UTC)
OPEN: dict[str, set[str]] = {
    "documenso": set(),
    "endesive": set(),
    "itext_twice": set(),
    "libreoffice": set(),
    "pdfbox_certified": set(),
    # a field was filled after the signature: a person must look at it
    "pdfbox_then_filled": {"file.revisions/replaced_object", "file.revisions/new_object"},
    "pyhanko_then_itext": set(),
    "pyhanko_then_pdfbox": set(),
    "signpdf_pdf_lib": set(),
    "signpdf_plain": set(),
    "signpdf_twice": set(),
    "zgapdfsigner_certified": set(),
}
_IN_THE_SECOND_LINE = 12
"""A byte of the comment that says that the file is binary: no parser cares, the digest does."""
SIGNERS = {
    "itext_twice": ["Budi Hartono", "Siti Rahmawati"],
    "pyhanko_then_itext": ["Siti Rahmawati", "Budi Hartono"],
    "pyhanko_then_pdfbox": ["Ani Lestari", "Siti Rahmawati"],
    "signpdf_twice": ["Budi Hartono", "Siti Rahmawati"],
}


def _content(name: str) -> bytes:
    return (FOLDER / f"{name}.pdf").read_bytes()


def _judged(content: bytes) -> VerifyReport:
    request = pks_kit.VerifyRequest(
        pdf=content,
        trust=tuple(one.read_bytes() for one in sorted(FOLDER.glob("*.pem"))),
        jenis="umum",
        clock=lambda: MADE,
        isolated=False,
    )
    return pks_kit.verify(request).report


def test_every_file_is_judged() -> None:
    assert {one.stem for one in FOLDER.glob("*.pdf")} == set(OPEN)
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < 400_000


@pytest.mark.parametrize("name", OPEN)
def test_honest_file_leaves_nothing_open_but_what_is_true(name: str) -> None:
    report = _judged(_content(name))
    assert failures(report) == set()
    assert unknowns(report) == OPEN[name]
    assert report.verdict == ("indeterminate" if OPEN[name] else "passed")
    assert [one.signer for one in report.signatures] == SIGNERS.get(name, ["Siti Rahmawati"])
    assert all(one.intact and one.trusted for one in report.signatures)


@pytest.mark.parametrize("name", OPEN)
def test_one_signed_byte_that_no_parser_reads_fails(name: str) -> None:
    report = _judged(tamper.replaced_byte(_content(name), _IN_THE_SECOND_LINE))
    assert "signature.integrity/changed" in failures(report)


@pytest.mark.parametrize("name", OPEN)
def test_a_page_of_other_size_added_behind_the_signatures_fails(name: str) -> None:
    report = _judged(tamper.appended(_content(name), _narrow_page))
    assert report.verdict == "failed"
    assert {code.split("/")[0] for code in failures(report)} & {
        *("file.revisions", "signature.changes")
    }


def _narrow_page(writer: object) -> None:
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0].get_object()  # type: ignore[attr-defined]
    page["/MediaBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300)))
    writer.update_container(page)  # type: ignore[attr-defined]
