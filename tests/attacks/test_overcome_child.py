"""Whoever owns the first child writes its report, whoever owns the second adds to it: none passes.

The reports told here are as good as a report can be: that of the honest file, about the other one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pks_kit.verification.examination import Examination
from pks_kit.verification.examine import examine
from pks_kit.verification.isolation.parent import run_guarded, run_inline
from pks_kit.verification.report.added import Added
from pks_kit.verification.report.answers import failed, passed
from pks_kit.verification.report.verdict import Check, Note, RevisionReport, VerifyReport
from support import signed_files, taken_over, tamper, third_party_pdfs
from support.judging import failures, job, unknowns
from support.signed_files import NOW, SN_1, SN_2, World

pytestmark = pytest.mark.slow

START, *_, THREE, DONE = signed_files.signed_steps()
MINUTE = timedelta(minutes=1)


def steps_of(start: bytes, people: World, *, second: signed_files.Identity | None = None) -> bytes:
    """Sign all steps as somebody else."""
    one = signed_files.sign(start, "TTD_PIHAK_KESATU", people.kepala, authority=people)
    two = signed_files.stamp(
        one, "METERAI_PIHAK_KESATU", SN_1, authority=people, moment=NOW + MINUTE
    )
    three = signed_files.sign(
        two,
        "TTD_PIHAK_KEDUA",
        second or people.pimpinan,
        authority=people,
        moment=NOW + 2 * MINUTE,
    )
    return signed_files.stamp(
        three, "METERAI_PIHAK_KEDUA", SN_2, authority=people, moment=NOW + 3 * MINUTE
    )


def honest_about(content: bytes) -> VerifyReport:
    """Return the report of the honest file, told about another one as well as it can be."""
    report = examine(job(DONE, issued=START))
    assert report.verdict == "passed"
    about = replace(report.file, sha256=_sha256(content), size=len(content))
    spans = list(report.revisions)
    spans[-1] = replace(spans[-1], end=len(content))
    return replace(report, file=about, revisions=tuple(spans))


def _sha256(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


def changed_byte() -> bytes:
    """Change a letter of what the first signature covers, behind the issued bytes."""
    place = DONE.index(b"/Reason", len(START)) + 9
    return tamper.replaced_byte(DONE, place)


def foreign_certificates() -> bytes:
    return steps_of(START, signed_files.world("Otoritas Asing"))


def other_container() -> bytes:
    """Put the container of another agreement's signature in place of the last one."""
    other = steps_of(signed_files.issued(agreement_id="XXXX-YYYY-ZZZZ"), signed_files.world())
    (start, end), (from_start, from_end) = tamper.containers(DONE)[-1], tamper.containers(other)[-1]
    width = end - start  # lengths of signatures differ by a few bytes; the rest is padding
    digits = other[from_start:from_end][:width].ljust(width, b"0")
    return DONE[:start] + digits + DONE[end:]


def range_without_tail() -> bytes:
    """Let the last byte range end before the end of the file."""
    *_, last = re.finditer(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\s*\]", DONE)
    shorter = b"%d" % (int(last[3]) - 100)
    written = b"/ByteRange [0 %s %s %s" % (last[1], last[2], shorter)
    room = last.end() - last.start() - len(written) - 1
    return DONE[: last.start()] + written + b" " * room + b"]" + DONE[last.end() :]


def unsigned_tail() -> bytes:
    return tamper.appended(DONE, tamper.changed_content)


def one_certificate_for_both() -> bytes:
    return steps_of(START, signed_files.world(), second=signed_files.world().kepala)


FORGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "one changed byte": (changed_byte, "signature.repeated/broken"),
    "foreign certificates": (foreign_certificates, "signature.repeated/other_signer"),
    "container of another file": (other_container, "signature.repeated/broken"),
    "range without the tail": (range_without_tail, "signature.repeated/broken"),
    "unsigned tail": (unsigned_tail, "signature.repeated/overstated"),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_report_of_the_first_child_does_not_pass(tmp_path: Path, name: str) -> None:
    make, reason = FORGED[name]
    content = make()
    assert run_inline(job(content, issued=START)).report.verdict != "passed"
    with taken_over.guard(tmp_path, first=honest_about(content)) as pool:
        report = run_guarded(job(content, issued=START), pool=pool).report
    assert reason in failures(report)
    assert report.exit_code == 30


def as_found(task: Examination, report: VerifyReport) -> VerifyReport:
    """Return a report that names signers as they are, and still calls all of them good."""
    seen = {one.field: one for one in examine(task).signatures}
    spans = {one.number: one for one in examine(task).revisions}
    signatures = tuple(
        replace(
            one,
            signer=seen[one.field].signer,
            issuer=seen[one.field].issuer,
            certificate_serial=seen[one.field].certificate_serial,
        )
        for one in report.signatures
    )
    revisions = tuple(spans[one.number] for one in report.revisions)
    return replace(report, signatures=signatures, revisions=revisions)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (foreign_certificates, "signature.repeated/untrusted"),
        (one_certificate_for_both, "signature.repeated/other_person"),
    ],
)
def test_names_as_they_are_do_not_help(
    tmp_path: Path, make: Callable[[], bytes], reason: str
) -> None:
    content = make()
    task = job(content, issued=START)
    with taken_over.guard(tmp_path, first=as_found(task, honest_about(content))) as pool:
        report = run_guarded(task, pool=pool).report
    assert reason in failures(report)


def test_who_had_to_sign_is_counted_by_the_bytes(tmp_path: Path) -> None:
    """The last meterai is missing; the report tells of it all the same."""
    with taken_over.guard(tmp_path, first=honest_about(THREE)) as pool:
        report = run_guarded(job(THREE, issued=START), pool=pool).report
    assert "signature.repeated/not_found" in unknowns(report)
    fewer = honest_about(THREE)
    fewer = replace(
        fewer,
        signatures=fewer.signatures[:3],
        revisions=examine(job(THREE, issued=START)).revisions,
        checks=tuple(one for one in fewer.checks if one.field != fewer.signatures[3].field),
    )
    with taken_over.guard(tmp_path, first=fewer) as pool:
        report = run_guarded(job(THREE, issued=START), pool=pool).report
    assert "signature.repeated/step_missing" in failures(report)


def test_a_signature_that_is_kept_back_is_missed(tmp_path: Path) -> None:
    extra = signed_files.sign(
        DONE, "TTD_JEJARING_1", signed_files.world("Otoritas Asing").kepala, moment=NOW + 4 * MINUTE
    )
    honest = honest_about(extra)
    spans = examine(job(extra, issued=START)).revisions
    last = replace(spans[-1], kind="dss", field="")
    whole = tuple(replace(one, coverage="entire_revision") for one in honest.signatures)
    forged = replace(honest, signatures=whole, revisions=(*spans[:-1], last))
    with taken_over.guard(tmp_path, first=forged) as pool:
        report = run_guarded(job(extra, issued=START), pool=pool).report
    assert "signature.repeated/not_told" in unknowns(report)


def test_other_issued_bytes_do_not_pass(tmp_path: Path) -> None:
    """Another file was issued; both the file and its hash in the receipt say so."""
    other = signed_files.issued(lines=("Lain",))
    beside = signed_files.receipt_beside(other)
    for task in (job(DONE, issued=other), job(DONE, receipt=beside)):
        with taken_over.guard(tmp_path, first=honest_about(DONE)) as pool:
            report = run_guarded(task, pool=pool).report
        assert {f"{c.code}/{c.status}" for c in report.checks} >= {"issued.prefix/failed"}
    with taken_over.guard(tmp_path, first=honest_about(DONE)) as pool:
        report = run_guarded(job(DONE), pool=pool).report  # nobody could compare anything
    assert "file.answers/not_given" in unknowns(report)


def test_bytes_that_no_signature_covers_are_named(tmp_path: Path) -> None:
    content = tamper.appended(DONE, tamper.changed_content)
    honest = honest_about(DONE)
    end = honest.revisions[-1].end
    kinds = ("unexpected", "signature")
    for kind in kinds:
        more = RevisionReport(number=5, start=end, end=len(content), kind=kind)  # type: ignore[arg-type]
        about = replace(honest.file, sha256=_sha256(content), size=len(content))
        forged = replace(honest, file=about, revisions=(*honest.revisions, more))
        forged = replace(
            forged,
            signatures=tuple(replace(o, coverage="entire_revision") for o in forged.signatures),
        )
        with taken_over.guard(tmp_path, first=forged) as pool:
            report = run_guarded(job(content, issued=START), pool=pool).report
        assert "signature.repeated/uncovered" in failures(report)


def called_material(content: bytes) -> VerifyReport:
    """Return the report of the honest file that calls a further revision validation material."""
    honest = honest_about(DONE)
    end = honest.revisions[-1].end
    more = RevisionReport(number=5, start=end, end=len(content), kind="dss")
    about = replace(honest.file, sha256=_sha256(content), size=len(content))
    signatures = tuple(replace(one, coverage="entire_revision") for one in honest.signatures)
    revisions = (*honest.revisions, more)
    return replace(honest, file=about, revisions=revisions, signatures=signatures)


LATE: dict[str, Callable[[Any], None]] = {
    "other words": tamper.changed_content,
    "another annotation": tamper.new_annotation,
    "another page": tamper.new_page,
    "swapped pages": tamper.swapped_pages,
    "another look of a signature": tamper.changed_box,
    "a signature moved": tamper.moved_field,
    "a picture": tamper.stamp_picture,
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", LATE)
def test_words_that_come_as_validation_material_are_seen_by_the_second_child(
    tmp_path: Path, name: str
) -> None:
    content = tamper.appended(DONE, LATE[name])
    with taken_over.guard(tmp_path, first=called_material(content)) as pool:
        report = run_guarded(job(content, issued=START), pool=pool).report
    assert "content.signed/changed" in failures(report)


def test_true_validation_material_is_left_alone_by_the_second_child(tmp_path: Path) -> None:
    content = third_party_pdfs.with_dss(DONE)
    with taken_over.guard(tmp_path, first=called_material(content)) as pool:
        report = run_guarded(job(content, issued=START), pool=pool).report
    assert report.verdict == "passed"


BETTER: dict[str, tuple[Check, ...]] = {
    "its own questions": (passed("content.concealed", "none", "visual"),),
    "questions of others": (passed("signature.trust", "given", "cryptographic"),),
    "nothing": (),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("better", BETTER)
def test_the_second_child_improves_nothing(tmp_path: Path, better: str) -> None:
    content = changed_byte()
    honest = examine(job(content, issued=START))
    with taken_over.guard(tmp_path, second=Added(checks=BETTER[better])) as pool:
        report = run_guarded(job(content, issued=START), pool=pool).report
    assert report.verdict == "failed"
    assert report.checks[: len(honest.checks)] == honest.checks
    assert ("file.answers/not_asked" in unknowns(report)) == (better == "questions of others")


def test_the_second_child_makes_it_worse(tmp_path: Path) -> None:
    worse = Added(checks=(failed("content.numbers", "absent", "visual", numbers="1"),))
    with taken_over.guard(tmp_path, second=worse) as pool:
        assert run_guarded(job(DONE, issued=START), pool=pool).report.verdict == "failed"


def without_numbers() -> bytes:
    """Issue a file with the numbers of its receipt on no page: only who reads it can know."""
    with pikepdf.open(io.BytesIO(START)) as pdf:
        for page in pdf.pages:
            words = page.Contents.read_bytes()
            for number in (signed_files.NOMOR_1, signed_files.NOMOR_2):
                words = words.replace(number.encode(), b"-")
            page.Contents = pdf.make_stream(words)
        target = io.BytesIO()
        pdf.save(target, force_version="1.7", deterministic_id=True)
        return target.getvalue()


KEPT_AWAY: dict[str, tuple[Callable[[VerifyReport], VerifyReport], str]] = {
    "by a stop": (
        lambda one: replace(one, notes=(*one.notes, Note(code="stopped_early"))),
        "file.answers/incomplete",
    ),
    "by a file without pages": (
        lambda one: replace(one, file=replace(one.file, pages=None)),
        "file.answers/incomplete",
    ),
    "by answering for it": (
        lambda one: replace(one, notes=(*one.notes, Note(code="stopped_early"))).with_checks(
            passed("content.concealed", "none", "visual"),
            passed("content.numbers", "printed", "visual"),
            passed("policy.form", "drawn", "visual"),
        ),
        "file.answers/not_asked",
    ),
}
"""How a first child that was overcome would keep the second one from reading the words."""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("way", KEPT_AWAY)
def test_the_first_child_cannot_keep_the_second_away(tmp_path: Path, way: str) -> None:
    change, reason = KEPT_AWAY[way]
    start = without_numbers()
    task = job(steps_of(start, signed_files.world()), issued=start)
    first = examine(task)
    assert first.verdict == "passed"
    assert failures(run_inline(task).report) == {"content.numbers/absent"}
    with taken_over.guard(tmp_path, first=change(first)) as pool:
        report = run_guarded(task, pool=pool).report
    assert report.verdict == "indeterminate"
    assert unknowns(report) == {reason}


def test_nothing_passes_whose_words_nobody_read(tmp_path: Path) -> None:
    with taken_over.guard(tmp_path, second="abort") as pool:
        report = run_guarded(job(DONE, issued=START), pool=pool).report
    assert report.verdict == "indeterminate"
    assert unknowns(report) == {"file.resources/gave_up"}
    assert "stopped_early" in {note.code for note in report.notes}


def test_the_same_guard_with_honest_children_passes(tmp_path: Path) -> None:
    """Else the tests above would prove nothing."""
    with taken_over.guard(tmp_path) as pool:
        assert run_guarded(job(DONE, issued=START), pool=pool).report.verdict == "passed"
    with taken_over.guard(tmp_path, first=honest_about(DONE)) as pool:
        assert run_guarded(job(DONE, issued=START), pool=pool).report.verdict == "passed"
