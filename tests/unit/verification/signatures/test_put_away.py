"""A later signature that lists unused objects as free, as iText does, changes nothing."""

from __future__ import annotations

import io
import re
from functools import cache

import pikepdf
import pytest

from support import forgeries, signed_files, third_party_pdfs
from support.judging import failures, judge, unknowns
from support.third_party_pdfs import Hand

_OPEN = {"parties.profile/unknown", "signature.place/overlap"}


@cache
def signed() -> bytes:
    """Signed over a base with two objects that nothing uses; one leads to the other."""
    base = third_party_pdfs.raw_base(b"\n")
    objects = b"40 0 obj\n<< /Sampah 41 0 R >>\nendobj\n"
    one = forgeries._revision(base, objects, b"40 1\n@ 00000 n \n")
    two = forgeries._revision(one, b"41 0 obj\n(lama)\nendobj\n", b"41 1\n@ 00000 n \n")
    return third_party_pdfs.by_hand(two)


def second(*frees: int) -> bytes:
    return third_party_pdfs.by_hand(
        signed(), Hand(name="Kedua", common="Budi Hartono", frees=frees)
    )


@pytest.mark.parametrize("frees", [(40,), (40, 41), (41,)])
def test_unused_objects_may_be_put_away(frees: tuple[int, ...]) -> None:
    report = judge(second(*frees))
    assert (failures(report), unknowns(report)) == (set(), _OPEN)
    assert [one.intact for one in report.signatures] == [True, True]
    assert report.signatures[0].modification == "form_filling"


def test_generation_of_the_free_entry_is_often_wrong() -> None:
    content = second(40)
    other = re.sub(rb"0000000000 00001 f", b"0000000000 00005 f", content)
    assert other != content
    assert "signature.changes/disagree" not in unknowns(judge(other))


@pytest.mark.parametrize("number", [2, 4, 5])
def test_whatever_is_used_stays_refused(number: int) -> None:
    """Pages, words of the page, its font."""
    assert judge(second(number)).verdict == "failed"


@pytest.mark.parametrize("number", [1, 3])
def test_object_that_is_used_and_free_at_once_is_no_litter(number: int) -> None:
    """Catalogue and page stand in the same table twice."""
    assert "signature.changes/disagree" in unknowns(judge(second(number)))


@pytest.mark.parametrize("generation", [b"00005", b"65535"])
def test_used_object_freed_with_another_generation_is_refused(generation: bytes) -> None:
    content = re.sub(rb"0000000000 00001 f", b"0000000000 %s f" % generation, second(4))
    report = judge(content)
    assert "passed" not in {c.status for c in report.checks if c.code == "signature.changes"
                            and c.field == "Signature1"}  # fmt: skip
    assert report.verdict == "failed"


def test_agreements_of_ours_never_put_anything_away() -> None:
    start = signed_files.issued()
    one = signed_files.sign(start, "TTD_PIHAK_KESATU", signed_files.world().kepala)
    with pikepdf.open(io.BytesIO(one)) as pdf:
        number = int(pdf.trailer.Size) + 10
    litter = forgeries._revision(
        one, b"%d 0 obj\n(x)\nendobj\n" % number, b"%d 1\n@ 00000 n \n" % number
    )
    freed = forgeries._revision(litter, b"", b"%d 1\n0000000000 00001 f \n" % number)
    assert "signature.changes/forbidden" in failures(judge(freed, issued=start))
