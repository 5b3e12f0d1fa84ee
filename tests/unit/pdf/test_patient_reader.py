"""A key that a dictionary repeats: a person must look where both values are the same."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import Reference

from pks_kit.pdf.parsing import ParserFailure, guarded
from pks_kit.pdf.patient_reader import PatientReader
from support import forgeries, tamper, third_party_pdfs
from support.judging import failures, judge, unknowns
from support.third_party_pdfs import Hand

_OPEN = {
    *("file.structure/readers_differ", "parties.profile/unknown", "signature.place/overlap"),
    *("content.active/damaged", "content.attachments/damaged"),  # qpdf warns of the object
}
SAME = b" /Reason (Setuju)"
OTHER = b" /Reason (Tidak setuju)"


def two_signers(repeated: bytes) -> bytes:
    """The second signature's dictionary names a key twice."""
    first = third_party_pdfs.by_hand(third_party_pdfs.base(pages=2))
    return third_party_pdfs.by_hand(
        first, Hand(name="Kedua", common="Budi Hartono", prop_build=repeated)
    )


def signed_over_font(entries: bytes) -> bytes:
    """The signer got a file whose font names a key twice."""
    base = third_party_pdfs.base(pages=2)
    with pikepdf.open(io.BytesIO(base)) as pdf:
        font = next(iter(pdf.pages[0].Resources.Font.values()))
        number = font.objgen[0]
        body = third_party_pdfs._entries(font, {"/BaseFont"})
    drawn = b"%d 0 obj\n<< %s %s >>\nendobj\n" % (number, body, entries)
    revised = forgeries._revision(base, drawn, b"%d 1\n@ 00000 n \n" % number)
    return third_party_pdfs.by_hand(revised)


@pytest.mark.parametrize(
    "repeated",
    [SAME, b" /Reason(Setuju) /Location [1 <</A 2/A 2>>]", SAME * 3],
    ids=["once more", "inside another", "three times more"],
)
def test_both_signatures_are_judged_and_a_person_asked(repeated: bytes) -> None:
    report = judge(two_signers(repeated))
    assert (failures(report), unknowns(report)) == (set(), _OPEN)
    assert [(one.intact, one.trusted) for one in report.signatures] == [(True, True)] * 2
    (told,) = (one for one in report.checks if one.reason == "readers_differ")
    assert "repeated_key" in str(told.details["parser"])


@pytest.mark.parametrize("repeated", [OTHER, b" /Type /DocTimeStamp", b" /Location <</A 1/A 2>>"])
def test_two_values_stay_refused(repeated: bytes) -> None:
    report = judge(two_signers(repeated))
    assert report.verdict == "failed"
    assert all(one.intact is None for one in report.signatures)


def test_a_changed_page_behind_it_stays_failed() -> None:
    content = two_signers(SAME)
    redrawn = judge(forgeries.redrawn_object(content))
    assert "file.revisions/replaced_object" in failures(redrawn)
    broken = judge(tamper.replaced_byte(content, content.index(b"endstream") - 20))
    assert "signature.integrity/changed" in failures(broken)


@pytest.mark.parametrize(
    "entries",
    [b"/BaseFont /Courier /BaseFont /Courier", b"/BaseFont /Courier /BaseFont /Symbol"],
    ids=["the same", "another"],
)
def test_what_was_signed_like_that_never_passes(entries: bytes) -> None:
    content = signed_over_font(entries)
    assert judge(content).verdict != "passed"
    second = third_party_pdfs.by_hand(content, Hand(name="Kedua", common="Budi Hartono"))
    assert judge(second).verdict != "passed"
    assert judge(forgeries.redrawn_object(second)).verdict == "failed"


def test_an_object_in_a_stream_is_read_as_well() -> None:
    content = third_party_pdfs.base(object_stream_mode=pikepdf.ObjectStreamMode.generate)
    for values, is_read in ((b"(x)", True), (b"(y)", False)):
        reader = PatientReader(io.BytesIO(_with_stored(content, values)))
        found = guarded(lambda reader=reader: reader.get_object(Reference(41, 0, reader)))
        assert isinstance(found, ParserFailure) is not is_read
        assert reader.repeated == ({41} if is_read else set())


def _with_stored(content: bytes, value: bytes) -> bytes:
    """Append a revision whose object 41 lies in an object stream and names ``/A`` twice."""
    inside = b"<< /B 1 >> << /A (x) /A %s >>" % value
    body = b"40 0 41 11 " + inside
    holder = (
        b"42 0 obj\n<< /Type /ObjStm /N 2 /First 11 /Length %d >>stream\r\n%s\nendstream\nendobj\n"
    )
    start = len(content)
    stored = holder % (len(body), body)
    table = start + len(stored)
    rows = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + bytes([last])
        for kind, place, last in ((2, 42, 0), (2, 42, 1), (1, start, 0), (1, table, 0))
    )
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root.objgen[0]
    previous = int(content[content.rindex(b"startxref") + 9 : content.rindex(b"%%EOF")])
    told = (
        b"43 0 obj\n<< /Type /XRef /W [1 4 1] /Index [40 4] /Size 44 /Root %d 0 R /Prev %d"
        b" /Length %d >>stream\r\n"
    )
    return (
        content
        + stored
        + told % (root, previous, len(rows))
        + rows
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    )


# --- numbers that a table reserves ----------------------------------------------------------------


def reserving(entry: bytes) -> PatientReader:
    """A file whose table reserves many more numbers than it uses; object 29 holds an entry."""
    base = third_party_pdfs.base(pages=2)
    wide = forgeries._revision(
        base, b"29 0 obj\n[0 << /A %s >>]\nendobj\n" % entry, b"29 1\n@ 00000 n \n"
    )
    later = forgeries._revision(wide, b"31 0 obj\n[33 0 R]\nendobj\n", b"31 1\n@ 00000 n \n")
    return PatientReader(io.BytesIO(later))


def takes(reader: PatientReader, number: int, revision: int) -> bool:
    """Return whether a later revision may take a number as a new one."""
    state = reader.get_historical_resolver(revision)
    assert state is reader.get_historical_resolver(revision)
    return state.is_ref_unassignable(Reference(number, 0, reader))


def test_a_number_that_nothing_awaits_may_be_taken() -> None:
    reader = reserving(b"1 0 R")
    assert takes(reader, 30, 1)
    assert takes(reader, 31, 1)
    assert not takes(reader, 31, 2)  # somebody has it by then
    assert takes(reader, 33, 1)
    assert not takes(reader, 33, 2)  # somebody waits for it by then


def test_a_number_that_something_awaits_or_has_may_not_be_taken() -> None:
    reader = reserving(b"[30 0 R]")
    assert not takes(reader, 30, 1)
    assert not takes(reader, 30, 2)
    assert not takes(reader, 29, 1)
    assert takes(reader, 32, 2)


def test_nothing_is_free_where_an_object_cannot_be_read() -> None:
    reader = reserving(b"/B /C")
    assert not takes(reader, 30, 1)
