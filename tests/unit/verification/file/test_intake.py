"""Intake of any bytes up to 50 MB: an answer with reasons in both languages, within the limits."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pikepdf
import pytest

from pks_kit.errors import SigningError
from pks_kit.limits import MIB
from pks_kit.pdf.layout import open_plain, open_sound
from pks_kit.pipelines.verifying.policies import policy_in_force
from pks_kit.verification.examine import examine
from pks_kit.verification.isolation.child_request import Ended
from pks_kit.verification.isolation.parent import run_guarded, run_inline
from pks_kit.verification.isolation.pool import GuardedPool
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import JudgedFile, VerifyReport
from support import scans, signed_files, tamper
from support.judging import LATER, failures, job, judge, unknowns

TEN_SECONDS = 10


class WatchedPool(GuardedPool):
    """The guard, and how its last child ended."""

    last: Ended

    def ask(self, *arguments: Any) -> Ended:
        self.last = super().ask(*arguments)
        return self.last


POOL = WatchedPool()


def guarded(content: bytes, kind: str = "", limits: Limits | None = None) -> VerifyReport:
    """Judge in the child, and prove the limits by what the child has used."""
    task = job(content, limits=limits)
    if kind:
        task = replace(task, policy=policy_in_force(kind, LATER.date()))
    report = run_guarded(task, pool=POOL).report
    assert POOL.last.cpu_seconds <= task.limits.cpu_seconds + 1
    assert POOL.last.peak_bytes <= task.limits.memory_bytes
    for check in report.checks:
        text = check.message
        assert text.id, check.code
        assert text.en, check.code
        assert not text.id.startswith("["), (check.code, check.reason)
    return report


def test_limits_leave_room_for_the_start_of_the_command() -> None:
    limits = {one.name: one.default for one in fields(Limits)}
    assert limits["file_bytes"] == 50 * MIB
    assert limits["memory_bytes"] <= 1024 * MIB
    assert limits["cpu_seconds"] <= TEN_SECONDS - 2
    assert limits["wall_seconds"] >= 15 * limits["cpu_seconds"]


# --- big files --------------------------------------------------------------------------------


def garbage() -> bytes:
    noise = random.Random(5).randbytes(50 * MIB - 100)  # noqa: S311 - the same bytes every time
    return b"%PDF-1.7\n" + noise + b"\n%%EOF\n"


def many_ends() -> bytes:
    return b"%PDF-1.7\n" + b"%%EOF\n1 0 obj <<>> endobj\n" * 1_900_000


@pytest.mark.slow
@pytest.mark.parametrize("content", [garbage, many_ends], ids=lambda one: one.__name__)
def test_fifty_megabytes_of_garbage(content: Callable[[], bytes]) -> None:
    report = guarded(content())
    assert "file.structure/unreadable" in failures(report)


@pytest.mark.slow
def test_fifty_megabytes_of_honest_scans() -> None:
    page = scans.jpeg(scans.sheet(300), quality=95)
    count = 40
    big = scans.scanned(*[page + bytes(1_230_000 - len(page))] * count)
    assert 46 * MIB < len(big) <= 50 * MIB
    report = guarded(big, "sip")
    assert not failures(report)
    assert "paper.original/undecided" in unknowns(report)
    assert report.file.pages == count


def test_flate_pictures_have_a_budget_of_their_own() -> None:
    pages = scans.scanned(*[scans.png(scans.sheet(150))] * 8)
    small = Limits(decoded_bytes=2 * MIB)
    assert not failures(judge(pages, limits=small)) - {"parties.missing/no_signature"}
    report = judge(pages, limits=Limits(image_bytes=20 * MIB))
    assert "file.decompression/pictures" in unknowns(report)


def test_picture_that_swells_beyond_its_size_is_a_bomb() -> None:
    pdf = pikepdf.open(io.BytesIO(scans.scanned(scans.png(scans.sheet(75)))))
    picture = pdf.pages[0].Resources.XObject.I
    picture.write(bytes(80 * MIB))
    target = io.BytesIO()
    pdf.save(target, force_version="1.7")
    report = judge(target.getvalue(), limits=Limits(stream_bytes=20 * MIB))
    assert "file.decompression/too_much" in failures(report)


# --- tables, trees, revisions -----------------------------------------------------------------

HEAD = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
    b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n"
)


def table_of(count: int, listed: int) -> bytes:
    places = [HEAD.index(b"%d 0 obj" % number) for number in (1, 2, 3)]
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    rows += b"0000000009 00000 n \n" * (listed - 4)
    return (
        HEAD
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + rows
        + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count, len(HEAD))
    )


def wide_tree() -> bytes:
    kids = b"3 0 R " * 20_000
    return tamper.raw_pdf(
        [tamper.PLAIN[0], b"<</Type/Pages/Count 20000/Kids[" + kids + b"]>>", tamper.PLAIN[2]]
    )


def deep_tree() -> bytes:
    depth = 20_000
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 3) for number in range(depth)]
    leaf = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>" % (depth + 1)
    return tamper.raw_pdf([tamper.PLAIN[0], *nodes, leaf])


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (lambda: table_of(99_999_999, 4), "file.structure/unreadable"),
        (lambda: table_of(1_000_000, 1_000_000), "file.structure/many_objects"),
        (wide_tree, "file.pages/too_many"),
        (deep_tree, "file.structure/unreadable"),
        (tamper.table_loop, "file.structure/unreadable"),
    ],
    ids=["declared", "listed", "wide", "deep", "loop"],
)
def test_number_bombs_deep_trees_and_loops(content: Callable[[], bytes], answer: str) -> None:
    assert answer in failures(guarded(content()))


@pytest.mark.slow
def test_several_hundred_revisions() -> None:
    content = signed_files.plain_pdf()
    for _ in range(200):
        content = tamper.appended(content, tamper.other_catalog_entry)
    assert "file.structure/many_revisions" in failures(guarded(content))


# --- polyglots --------------------------------------------------------------------------------


def archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("a.html", "<script>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("front", "back", "answer"),
    [
        (archive(), b"", "file.type/not_at_start"),
        (b"", archive(), "file.end/extra_bytes"),
        (b"", archive() + b"\n%%EOF\n", "file.type/polyglot"),
        (b"<html><script>alert(1)</script>", b"", "file.type/not_at_start"),
        (b"", b"<html></html>", "file.end/extra_bytes"),
        (b"MZ\x90\x00" + bytes(200), b"", "file.type/not_at_start"),
        (b"MZ\x90\x00" + bytes(2000), b"", "file.type/not_pdf"),
        (b"", b"MZ\x90\x00" + bytes(200), "file.end/extra_bytes"),
    ],
)
def test_something_in_front_or_behind(front: bytes, back: bytes, answer: str) -> None:
    report = judge(front + signed_files.signed_steps()[-1] + back)
    assert answer in failures(report)
    assert report.verdict == "failed"


def test_html_inside_the_first_comment() -> None:
    done = signed_files.signed_steps()[-1]
    mixed = done[:9] + b"%<html><body><script>x</script>\n" + done[9:]
    assert "file.type/polyglot" in failures(judge(mixed))
    assert "file.type/polyglot" not in failures(judge(done))


def test_zip_in_a_stream_at_the_end() -> None:
    zipped = archive()
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(zipped), zipped)
    assert "file.type/polyglot" in failures(judge(tamper.raw_pdf([*tamper.PLAIN, stream])))


# --- encryption -------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["", "rahasia"])
@pytest.mark.parametrize(("revision", "aes"), [(2, False), (3, False), (4, True), (6, True)])
def test_encrypted_in_every_way(revision: int, aes: bool, password: str) -> None:
    with pikepdf.open(io.BytesIO(signed_files.plain_pdf())) as pdf:
        target = io.BytesIO()
        lock = pikepdf.Encryption(owner="x", user=password, R=revision, aes=aes, metadata=aes)
        pdf.save(target, encryption=lock)
    kind = "encrypted" if password else "restricted"
    assert failures(judge(target.getvalue())) == {f"file.encrypted/{kind}"}


@pytest.mark.parametrize(
    ("was", "becomes", "kind"),
    [
        (b"/Filter /Standard", b"/Filter /Adobe.PubSec", "for_certificates"),
        (b"/Filter /Standard", b"/Filter/Entrust.PPKEF", "for_certificates"),
        (b"/Filter /Standard", b"/Filter /FileOpen", "unknown_lock"),
        (b"/Filter /Standard", b"/Filter /MicrosoftIRM", "unknown_lock"),
        (b"/R 4", b"/R 9", "unknown_lock"),
        (b"/V 4", b"/V 9", "unknown_lock"),
    ],
)
def test_locks_of_other_kinds(was: bytes, becomes: bytes, kind: str) -> None:
    with pikepdf.open(io.BytesIO(signed_files.plain_pdf())) as pdf:
        target = io.BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(owner="x", user="", R=4, aes=True))
    head, lock, tail = target.getvalue().partition(was)
    assert lock
    grown = len(becomes) - len(was)
    start = re.compile(rb"startxref\n(\d+)")
    tail = start.sub(lambda found: b"startxref\n%d" % (int(found[1]) + grown), tail)
    content = head + becomes + tail
    assert failures(judge(content)) == {f"file.encrypted/{kind}"}
    code = {"for_certificates": "pdf.for_certificates", "unknown_lock": "pdf.unknown_lock"}[kind]
    for refusing in (open_plain, open_sound):
        with pytest.raises(SigningError) as refused:
            refusing(content)
        assert refused.value.code == code


def test_the_word_of_a_lock_in_a_broken_file_is_no_lock() -> None:
    content = (
        signed_files.plain_pdf().replace(b"startxref", b"startxrex") + b"/Filter /Adobe.PubSec"
    )
    assert not any("encrypted" in one for one in failures(judge(content)))


# --- concealed content ------------------------------------------------------------------------


def page_with(content: bytes, entries: bytes = b"", *objects: bytes) -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> %s >>"
        % entries
    )
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return tamper.raw_pdf([*tamper.PLAIN[:2], page, stream, *objects])


WORDS = b"BT /F1 12 Tf 100 700 Td (Tarif Rp12.000,00) Tj ET\n"


def notes_of(report: VerifyReport) -> set[str]:
    return {note.code for note in report.notes}


def test_words_outside_the_crop_box() -> None:
    cut = judge(page_with(WORDS, b"/CropBox [0 0 595 600]"))
    assert "content.concealed/outside" in unknowns(cut)
    assert "cropped" in notes_of(cut)
    smaller = judge(page_with(WORDS, b"/CropBox [0 0 595 800]"))
    assert "content.concealed/outside" not in unknowns(smaller)
    assert "cropped" in notes_of(smaller)
    beside = judge(page_with(WORDS + WORDS.replace(b"100 700", b"900 700")))
    assert "content.concealed/outside" in unknowns(beside)
    assert "content.concealed/outside" not in unknowns(judge(page_with(WORDS)))


@pytest.mark.parametrize(
    ("kind", "rect", "flags", "expected"),
    [
        (b"Square", b"90 690 300 720", 4, True),
        (b"FreeText", b"90 690 300 720", 4, True),
        (b"Stamp", b"90 100 300 120", 4, False),
        (b"Square", b"90 690 300 720", 2, False),
        (b"Link", b"90 690 300 720", 4, False),
    ],
)
def test_annotation_over_words(kind: bytes, rect: bytes, flags: int, expected: bool) -> None:
    note = b"<< /Type /Annot /Subtype /%s /Rect [%s] /F %d >>" % (kind, rect, flags)
    report = judge(page_with(WORDS, b"/Annots [5 0 R]", note))
    assert ("content.concealed/annotation" in unknowns(report)) is expected


def test_white_area_over_words_is_only_told() -> None:
    white = b"1 1 1 rg 90 690 200 40 re f\n"
    over, under = judge(page_with(WORDS + white)), judge(page_with(white + b"0 g\n" + WORDS))
    assert "white_over_words" in notes_of(over)
    assert "white_over_words" not in notes_of(under)
    assert failures(over) == failures(under)


def test_resource_that_is_called_like_an_event_is_harmless() -> None:
    entries = b"/X << /Font << /AA << /Type /Font /Subtype /Type1 >> >> >>"
    assert "content.active/found" not in failures(judge(page_with(WORDS, entries)))


# --- answers in parts -------------------------------------------------------------------------


def test_child_that_is_stopped_has_said_what_it_found() -> None:
    """Time runs out while pictures are opened: type, size, end and structure are known by then."""
    pages = scans.scanned(*[scans.png(scans.sheet(150))] * 4)
    limits = Limits(cpu_seconds=2, image_bytes=10_000 * MIB, pixels=10_000_000_000)
    task = replace(job(pages, limits=limits), policy=policy_in_force("sip", LATER.date()))
    told: list[VerifyReport] = []

    final = examine(task, told.append)
    assert len(told) >= 4
    sizes = [len(one.checks) for one in told]
    assert sizes == sorted(sizes)
    assert {c.code for c in told[0].checks} >= {"file.size", "file.type", "file.end"}
    assert len(final.checks) >= sizes[-1]


def test_parent_keeps_the_parts_and_never_passes_them() -> None:
    from pks_kit.verification.isolation.parent import _from_child
    from pks_kit.verification.isolation.protocol import Answers, Heard
    from pks_kit.verification.report.answers import indeterminate

    start, *_, done = signed_files.signed_steps()
    task = job(done, issued=start)
    assert run_inline(task).report.verdict == "passed"
    whole = examine(task)  # what the first child tells
    slow = indeterminate("file.resources", "too_slow")
    stopped = _from_child(task, Heard(partials=(whole,)), slow).report
    assert stopped.verdict == "indeterminate"
    assert stopped.checks == (*whole.checks, slow)
    forged = replace(whole, file=JudgedFile(sha256="0" * 64, size=1, pages=1))
    for heard in (Heard(), Heard(partials=(forged,))):
        assert _from_child(task, heard, slow).report.checks == (slow,)
    other = _from_child(task, Heard(answers=Answers(report=forged)), None).report
    assert other.checks == (indeterminate("file.answers", "other_job"),)
