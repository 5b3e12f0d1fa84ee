"""Honest files of many programs are never called failed; what is unusual about them is told.

Not here, because no package of ours brings them: Ghostscript (used when ``gs`` is installed),
JSignPdf and EU DSS (Java programs). Their structures are written by hand in
``support/third_party_pdfs.py``.
"""

from __future__ import annotations

import pytest

from support import signed_files, third_party_pdfs
from support.judging import failures, judge, unknowns

CASES = third_party_pdfs.cases()
_ALWAYS = {"parties.profile/unknown"}
_UNUSUAL = "signature.integrity/unusual_encoding"
_CHANGED = {"file.revisions/new_object", "file.revisions/replaced_object"}

# What a person must look at; all other files have no open question but who had to sign.
OPEN = {
    "way PAdES B-B": {"signature.time/missing"},
    "way PKCS#7 detached": {"signature.time/missing"},
    "hand OpenSSL": {"signature.time/missing"},
    "hand Acrobat's byte range": {"signature.time/missing"},
    "hand version 3": {_UNUSUAL},
    "hand more unsigned attributes": {_UNUSUAL},
    "hand foreign certificate inside": {_UNUSUAL},
    "hand merged, hybrid base": {"file.hybrid/hybrid", "signature.changes/hybrid"},
    # a note of the writer lies over words
    "base saved twice before signing": {"content.concealed/annotation"},
    "sequence saved twice, then two signers": {"content.concealed/annotation"},
    "sequence certified for forms, then signed": {"signature.changes/disagree"},
    "sequence certified for comments, then signed": {"signature.changes/disagree"},
    "sequence certified for comments, comment added": {"signature.changes/comments", *_CHANGED},
    "sequence form filled between two signatures": _CHANGED,
    "sequence certified for forms, form filled": _CHANGED,
}


def _open(name: str) -> set[str]:
    plain = name.removesuffix(", DSS").removesuffix(", second signer")
    return OPEN.get(name, OPEN.get(plain, set()))


@pytest.mark.sampled(30)
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_honest_file_is_not_called_failed(name: str) -> None:
    missing = third_party_pdfs.missing_program(name.removeprefix("base "))
    if missing:
        pytest.skip(f"{missing} is not installed")
    report = judge(CASES[name]())
    assert failures(report) == set()
    assert unknowns(report) - _ALWAYS == _open(name)
    assert all(one.intact for one in report.signatures)
    assert report.signatures


def test_no_timestamp_is_asked_for_where_somebody_asks_about_any_pdf() -> None:
    """A chain that holds today is enough then; a timestamp that is there must still be good."""
    content = CASES["way PAdES B-B"]()
    report = judge(content, jenis="umum")
    assert {one.reason for one in report.checks if one.code == "signature.time"} == {"not_asked"}
    assert report.verdict == "passed"
    assert "signature.time/missing" in unknowns(judge(content))
    assert "signature.trust/no_anchor_test" in unknowns(judge(content, jenis="umum", anchors=()))


@pytest.mark.parametrize("knows", ["issued", "receipt"])
def test_a_timestamp_is_asked_for_where_an_issued_file_is_known(knows: str) -> None:
    """Of an agreement it is, also when somebody names the kind of any PDF."""
    start = signed_files.issued()
    one = signed_files.sign(start, "TTD_PIHAK_KESATU", signed_files.world().kepala, timestamp=False)
    known = (
        {"issued": start} if knows == "issued" else {"receipt": signed_files.receipt_beside(start)}
    )
    report = judge(one, jenis="umum", **known)
    assert "signature.time/missing" in failures(report) | unknowns(report)


def test_there_are_many() -> None:
    assert len(CASES) >= 100


@pytest.mark.parametrize("name", ["e-meterai, adapter 2.0.16", "e-meterai, iText 5 adapter"])
def test_both_shapes_of_the_stamp_are_recognised_with_their_validation_material(name: str) -> None:
    report = judge(
        third_party_pdfs.with_dss(
            third_party_pdfs.by_hand(third_party_pdfs.base(), third_party_pdfs.HANDS[name])
        )
    )
    assert [one.kind for one in report.signatures] == ["meterai"]
    assert report.signatures[0].serial_number == third_party_pdfs.SN
    assert report.signatures[0].modification == "lta_updates"
    assert report.revisions[-1].kind == "dss"


@pytest.mark.parametrize("kind", ["unusual", "plain"])
def test_unusual_container_of_our_own_file_is_open_not_failed(kind: str) -> None:
    """With a receipt the same habit of a program stays an open question."""
    start = signed_files.issued()
    one = signed_files.sign(start, "TTD_PIHAK_KESATU", signed_files.world().kepala)
    if kind == "unusual":
        one = _one_letter_in_another_case(one)
    report = judge(one, issued=start)
    assert {code.split("/")[0] for code in failures(report)} == {"parties.missing"}
    assert unknowns(report) == ({_UNUSUAL} if kind == "unusual" else set())


def _one_letter_in_another_case(content: bytes) -> bytes:
    from support import tamper

    begin, end = tamper.containers(content)[-1]
    place = next(n for n in range(begin + 50, end) if chr(content[n]) in "abcdefABCDEF")
    return tamper.replaced_byte(content, place, 0x20)
