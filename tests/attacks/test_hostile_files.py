"""Bytes made to break a reader: always an answer, never an exception, never passed."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.json_form import to_json
from pks_kit.limits import MIB
from pks_kit.verification.isolation.parent import run_guarded
from pks_kit.verification.limits import Limits
from support import scans, signed_files, tamper
from support.judging import failures, job, judge, unknowns
from support.processes import ending
from support.proving import SampleOf
from support.tamperings import specimens


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file.type/empty"),
        (b"bukan PDF sama sekali", "file.type/other_kind"),
        (b"PK\x03\x04" + bytes(200), "file.type/archive"),
        (b"%PDF-1.7\n", "file.end/missing"),
        (b"%PDF-1.7\n%%EOF", "file.structure/unreadable"),
        (b"%PDF-1.7\nstartxref\n999999999\n%%EOF\n", "file.structure/unreadable"),
        (b"%PDF-1.7\n" + b"\x00\xff" * 5000 + b"\n%%EOF\n", "file.structure/unreadable"),
    ],
)
def test_garbage(content: bytes, reason: str) -> None:
    report = judge(content)
    assert reason in failures(report)
    assert report.verdict == "failed"


def test_truncated_everywhere() -> None:
    done = signed_files.signed_steps()[-1]
    for part in range(1, 40):
        report = judge(done[: len(done) * part // 40])
        assert report.verdict == "failed", part


def test_encrypted() -> None:
    assert failures(judge(tamper.encrypted())) == {"file.encrypted/restricted"}


def test_too_large_is_decided_without_reading() -> None:
    limits = Limits(file_bytes=1000)
    report = judge(signed_files.issued(), limits=limits)
    assert failures(report) == {"file.size/too_large"}


def test_too_many_pages() -> None:
    report = judge(signed_files.issued(4), limits=Limits(pages=3))
    assert failures(report) == {"file.pages/too_many"}


def test_too_many_revisions() -> None:
    report = judge(signed_files.signed_steps()[-1], limits=Limits(revisions=4))
    assert "file.structure/many_revisions" in failures(report)


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", "JavaScript"),
        (b"/OpenAction << /S /Launch /F (cmd.exe) >>", "Launch"),
        (b"/AA << /WC << /S /URI /URI (http://contoh.invalid) >> >>", "AA"),
        (b"/AcroForm << /Fields [] /XFA (x) >>", "XFA"),
        (b"/Names << /JavaScript << /Names [] >> >>", "JavaScript"),
        (b"/X [ [ << /S /SubmitForm /F (http://contoh.invalid) >> ] ]", "SubmitForm"),
        (b"/X << /Subtype /RichMedia >>", "RichMedia"),
    ],
)
def test_active_content(entry: bytes, what: str) -> None:
    content = tamper.raw_pdf([tamper.PLAIN[0][:-2] + entry + b" >>", *tamper.PLAIN[1:]])
    report = judge(content)
    assert "content.active/found" in failures(report)
    told = next(c for c in report.checks if c.code == "content.active")
    assert what in told.details["found"]


def test_program_inside() -> None:
    embedded = b"<< /Length 6 >>\nstream\nMZ\x90\x00\x03\x00\nendstream"
    spec = b"<< /Type /Filespec /F (tagihan.pdf) /EF << /F 4 0 R >> >>"
    report = judge(tamper.raw_pdf([*tamper.PLAIN, embedded, spec]))
    assert "content.attachments/program" in failures(report)


def test_hidden_layers_are_for_a_person() -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [] /D << >> >> >>"
    report = judge(tamper.raw_pdf([catalog, *tamper.PLAIN[1:]]))
    assert "content.layers/found" in unknowns(report)


@pytest.mark.parametrize("levels", [1, 2])
def test_bomb_in_process(levels: int) -> None:
    with ending():
        report = judge(tamper.bomb(levels))
    assert failures(report) & {"file.decompression/too_much", "file.structure/unreadable"}


def test_loops_and_nesting_end() -> None:
    for content in (tamper.table_loop(), tamper.page_tree_loop(), tamper.deep_nesting()):
        with ending():
            report = judge(content)
        assert report.verdict == "failed"


def test_forms_that_draw_themselves() -> None:
    """Two calls on each level double the work of a renderer; it is refused before any drawing."""

    def page(*forms: bytes) -> bytes:
        return tamper.raw_pdf(
            [
                *tamper.PLAIN[:2],
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R\n"
                b"/Resources << /XObject << /A 5 0 R >> >> >>",
                b"<< /Length 5 >>\nstream\n/A Do\nendstream",
                *forms,
            ]
        )

    def form(*inside: int) -> bytes:
        names = b" ".join(b"/N%d %d 0 R" % (place, one) for place, one in enumerate(inside))
        return (
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 13\n"
            b"/Resources << /XObject << %s >> >> >>\nstream\n/N0 Do /N1 Do\nendstream" % names
        )

    again = page(form(6, 6), form(5, 5))
    doubled = page(*(form(one, one) for one in range(6, 26)))
    for content in (again, doubled):
        assert "file.decompression/too_much" in failures(judge(content))
    honest = page(form(6, 7), form(7), form())
    assert "file.decompression/too_much" not in failures(judge(honest))


def test_thousands_of_signatures_are_not_read() -> None:
    fields = b" ".join(b"%d 0 R" % number for number in range(4, 604))
    value = b"<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>"
    content = tamper.raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>" % fields,
            *tamper.PLAIN[1:],
            *(b"<< /FT /Sig /T (a%d) /V %s >>" % (number, value) for number in range(600)),
        ]
    )
    report = judge(content)
    assert "file.structure/many_signatures" in failures(report)
    assert report.signatures == ()


# --- in the child process ---------------------------------------------------------------------


def test_child_says_the_same_as_this_process() -> None:
    start, *_, done = signed_files.signed_steps()
    task = job(done, issued=start, receipt=signed_files.receipt_beside(start))
    there = run_guarded(task, picture_dpi=50)
    assert to_json(there.report) == to_json(
        judge(done, issued=start, receipt=signed_files.receipt_beside(start))
    )
    assert [one.page for one in there.pictures if one.kind == "page"] == [2]
    assert [one.kind for one in there.pictures].count("box") == 4
    assert there.pictures[0].png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "content", [tamper.table_loop(), tamper.page_tree_loop(), tamper.deep_nesting(200_000)]
)
def test_child_answers_for_hostile_files(content: bytes) -> None:
    report = run_guarded(job(content)).report
    assert report.verdict == "failed"


def test_object_under_the_number_of_another_ends_no_child() -> None:
    """qpdf ended the process that wrote down what leads to it."""
    done = specimens.addendum().done
    field = re.search(rb"/Subtype/Widget[^\n]*?/N (\d+) 0 R", done)
    assert field is not None
    number = int(field[1])
    begins, other = (b"\n%d 0 obj" % one for one in (number, number + 1))
    assert begins in done
    content = done.replace(begins, other, 1)
    report = run_guarded(job(content)).report
    assert report.verdict != "passed"
    assert "file.resources" not in {one.code for one in report.checks}


def test_child_stops_when_time_is_up() -> None:
    limits = Limits(wall_seconds=0.05, decoded_bytes=6000 * MIB, stream_bytes=5000 * MIB)
    report = run_guarded(job(tamper.bomb(), limits=limits)).report
    assert "file.resources/too_slow" in unknowns(report)
    assert report.verdict != "passed"
    assert report.sha256 == hashlib.sha256(tamper.bomb()).hexdigest()


def test_child_has_a_memory_limit() -> None:
    scan = scans.scanned(scans.png(scans.sheet(150)))
    report = run_guarded(job(scan, limits=Limits(memory_bytes=MIB))).report
    assert unknowns(report) == {"file.resources/too_much_memory"}
    assert failures(report) == set()
    # Python says MemoryError; a C library that gets no memory ends the process instead
    swelling = {"decoded_bytes": 6000 * MIB, "stream_bytes": 5000 * MIB}
    limits = Limits(memory_bytes=100 * MIB, **swelling)
    report = run_guarded(job(tamper.bomb(), limits=limits)).report
    assert "file.resources/gave_up" in unknowns(report)


def test_child_has_a_limit_on_processor_time() -> None:
    report = run_guarded(job(tamper.toil(), limits=Limits(cpu_seconds=1, wall_seconds=60))).report
    assert "file.resources/too_much_cpu" in unknowns(report)
    assert failures(report) == {"parties.missing/no_signature"}


# --- generated (single bytes of every region: test_tamperings.py) --------------------------------


def _wrong(content: bytes, start: bytes) -> list[str]:
    """Return what is not in order, missing later steps apart."""
    report = judge(content, issued=start)
    return [c.reason for c in report.checks if c.status != "passed" and c.code != "parties.missing"]


@pytest.mark.slow
def test_every_kind_of_byte_in_the_last_container(sample_of: SampleOf) -> None:
    """The only place that no signature covers: byte after byte in steps, always another bit."""
    start, one, *_ = signed_files.signed_steps()
    begin, end = tamper.containers(one)[-1]
    places = [*range(begin, begin + 6600, 47), *range(begin + 6600, end, 1200)]
    for place in sample_of(places, 40, seed="last container"):
        spoiled = tamper.replaced_byte(one, place, 1 << (place % 7))
        assert _wrong(spoiled, start), place - begin


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 400), st.binary(max_size=60))
def test_any_splice_is_answered(where: int, length: int, replacement: bytes) -> None:
    start, *_, done = signed_files.signed_steps()
    place = len(done) * where // 10_001
    spliced = done[:place] + replacement + done[place + length :]
    report = judge(spliced, issued=start)
    assert report.verdict != "passed" or spliced == done
