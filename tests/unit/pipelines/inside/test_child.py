"""Every question about a file of others is answered by a guarded child, the first one too."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT
from pks_kit.errors import InputError, NotLookedError
from pks_kit.foreign import HERE, Question
from pks_kit.inputs.form_rows import RowsOf
from pks_kit.inputs.workbook import parse_book, write_workbook
from pks_kit.inputs.workbook.grid import CellsOf
from pks_kit.inputs.workbook.marked_copy import CellMark, MarkedCopy
from pks_kit.json_form import to_wire
from pks_kit.pdf.box import Box
from pks_kit.pipelines import workbook
from pks_kit.pipelines.inside import child
from pks_kit.pipelines.inside.known_issued import FactsOfIssued, JudgeKnown, PagesOfIssued
from pks_kit.pipelines.inside.looks import LooksInside, unpacked
from pks_kit.pipelines.inside.page_codes import PageCodesOf
from pks_kit.pipelines.inside.page_view import PageSeen, PagesHeard, PageView, PageWords
from pks_kit.pipelines.inside.paper import CoveredPages, LookAtPaper, ReadPaper
from pks_kit.pipelines.inside.small_scan import ShrinkScan
from pks_kit.render.cover.places import WhatPagesSay
from pks_kit.render.cover.print_copy import PrintCopy
from pks_kit.render.cover.printed import DrawnPages
from pks_kit.scan.simulated import encode
from pks_kit.signing.archive.dss import StoreRevision
from pks_kit.signing.archive.seal import SealRevision
from pks_kit.signing.archive.signed_parts import SignedParts
from pks_kit.signing.sandbox.specimen import specimen
from pks_kit.signing.services.bsre.placement import Sendable
from pks_kit.signing.services.bsre.returned_pdf import ReturnedPdf
from pks_kit.signing.step.appearance import MeteraiPicture
from pks_kit.signing.step.embedded_receipt import AttachmentInside
from pks_kit.signing.step.sign_field import FieldRevision
from pks_kit.signing.step.stamp_preflight import Stampable
from pks_kit.signing.step.stamp_result import StampedPdf
from pks_kit.signing.step.state import StateOf, StateSeen
from pks_kit.verification.examination import Examination
from pks_kit.verification.isolation.fork_server import _SECOND_FILE
from pks_kit.verification.isolation.pool import GuardedPool
from pks_kit.verification.isolation.protocol import examination_job
from pks_kit.verification.isolation.server_process import bare_environment
from pks_kit.verification.known.looking import facts_of
from pks_kit.verification.limits import Limits
from support import paper_samples as paper
from support.bsre_gateway import adapter, expired_key, make_gateway, make_job, sign
from support.judging import SIGNING_ROOT
from support.outside_files import Acts, unchanged
from support.own_files import OwnFiles, now, own_files
from support.proving import SampleOf
from support.signing_world import KEPALA_CABANG, NOW, picture

MARKED = MarkedCopy(
    source="buku.xlsx",
    marks=(CellMark(place="Kontrak!A3", level="blocking", note="Isi."),),
    title="Catatan pemeriksaan",
    headings=("keadaan",),
    rows=(("belum",),),
    colours=("blocking",),
)
WRITES = FieldRevision | SealRevision | StoreRevision | PrintCopy
FIRST_CHILDREN = _SECOND_FILE - 1
"""Children of a fork server for which it has loaded nothing more; later ones find all loaded."""


def box_of(seen: StateSeen, field: str) -> Box:
    found = seen.layout.field(field)
    assert found is not None
    assert found.box is not None
    return found.box


def _signed_by_gateway(acts: Acts) -> bytes:
    with make_gateway(acts.sandbox, expired_key()) as fake:
        return sign(adapter("v1", fake.url), make_job(acts.blank))


def _judge_known(own: OwnFiles) -> JudgeKnown:
    facts = facts_of(own.issued, Limits())
    assert facts is not None
    job = Examination(
        content=own.steps[-1],
        issued=own.issued,
        receipt=own.receipt,
        anchors=own.anchors,
        signing_root=SIGNING_ROOT,
        now=now(),
        kit_version="0",
    )
    head = examination_job(job, 0)[0].examination
    assert head is not None
    return JudgeKnown(head=head, limits=Limits(), facts=facts, size=len(own.issued))


def _asked(folder: Path) -> list[tuple[Question[Any], tuple[bytes, ...]]]:
    acts = Acts(folder, unchanged, HERE)
    signed, stamped, *_ = acts.steps
    receipt, box = acts.issued.receipt, acts.step.planned.box
    seen = StateOf(receipt=receipt, good=len(acts.issued.pdf)).answer((stamped,))
    stamp = seen.signatures[-1]
    assert stamp.sn is not None
    returned = ReturnedPdf(
        box=box_of(seen, acts.step.state.signatures[0].field), name="gerbang",
        signer_name=KEPALA_CABANG, is_uji=True,
    )  # fmt: skip
    own = own_files()
    page = paper.printed(1)
    paper_scan = encode.as_pdf([page[::2, ::2].copy()], dpi=150, jpeg_quality=70)
    return [
        (CoveredPages(), (paper_scan,)),
        (PageCodesOf(), (paper_scan,)),
        (PageView(page=1, dpi=36, cover=True), (own.issued,)),
        (PageWords(first=1, last=2), (own.issued,)),
        (FactsOfIssued(limits=Limits()), (own.issued,)),
        (PagesOfIssued(limits=Limits(), receipt=own.receipt), (own.issued,)),
        (_judge_known(own), (own.steps[-1],)),
        (
            ReadPaper(cara_kontrak="manual"),
            (paper.issue().pdf, paper.issue().receipt.to_json(), paper_scan),
        ),
        (
            LookAtPaper(cara_kontrak="manual"),
            (paper.issue().pdf, paper.issue().receipt.to_json(), paper_scan),
        ),
        (ShrinkScan(names=("pindaian.pdf",), most_bytes=1 << 21), (paper_scan,)),
        (AttachmentInside(name=RECEIPT_ATTACHMENT), (signed,)),
        (AttachmentInside(name=DATA_ATTACHMENT), (signed,)),
        (StateOf(receipt=receipt, good=len(acts.issued.pdf)), (stamped,)),
        (
            FieldRevision(
                field="TTD_PIHAK_KEDUA", new_box=None, name="-", reason="-", location="",
                now=NOW, software=("pks-kit", "0"),
            ),
            (stamped, picture()),
        ),
        (SealRevision(), (stamped,)),
        (SignedParts(), (stamped,)),
        (StoreRevision(entries=()), (stamped,)),
        (MeteraiPicture(), (specimen("UJI" + "0" * 19),)),
        (Stampable(box=box), (signed,)),
        (StampedPdf(sn=stamp.sn, box=box_of(seen, stamp.field)), (signed, stamped)),
        (returned, (acts.blank.pdf, _signed_by_gateway(acts))),
        (Sendable(box=box, mark=""), (signed,)),
        (CellsOf(source="buku.xlsx"), (write_workbook({}),)),
        (MARKED, (write_workbook({}),)),
        (RowsOf(), (b"PIHAK 1,\r\nNama,X\r\n",)),
        (WhatPagesSay(places=receipt.places), (acts.manual.pdf,)),
        (DrawnPages(pages=(1,), width_mm=50, dpi=100), (stamped,)),
        (PrintCopy(title="-", moment=NOW, producer="-"), (picture(), stamped)),
    ]  # fmt: skip


_ANSWERS = """
import pickle, sys
asked = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(pickle.dumps([question.answer(files) for question, files in asked]))
"""


def _answered_here(asked: list[tuple[Question[Any], tuple[bytes, ...]]]) -> list[Any]:
    """Answer without a guard, with the kernels for linear algebra that a child chooses.

    ``OPENBLAS_CORETYPE`` of whoever runs the tests never reaches a child, and other kernels round
    the last bit of a warped picture in another way.
    """
    done = subprocess.run(
        [sys.executable, "-c", _ANSWERS], env=bare_environment(), input=pickle.dumps(asked),
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    answers: list[Any] = pickle.loads(done.stdout)  # noqa: S301 our own
    return answers


def test_a_picture_is_packed_digit_by_digit_and_words_by_what_repeats() -> None:
    """Both come out as they were; each is shorter than the other way would make it."""
    picture = PageSeen(jpeg=os.urandom(100_000))
    words = PagesHeard(pages=3, words=("Pasal 1 tentang Definisi. " * 4000,))
    for found, dense in ((picture, True), (words, False)):
        text = to_wire(found)
        assert child._is_mostly_bytes(found, text) is dense
        ways = {way: child.packed(text, dense=way) for way in (True, False)}
        assert unpacked(ways[dense]) == text
        assert len(ways[dense]) < len(ways[not dense])


@pytest.mark.slow
def test_every_question_is_answered_by_a_first_child_as_it_is_here(
    tmp_path: Path, sample_of: SampleOf
) -> None:
    """A first child has loaded nothing of it before its limits; what it lacks then stays shut."""
    asked = _asked(tmp_path)
    assert {type(question).__name__ for question, _ in asked} == set(child._QUESTIONS)
    asked = sample_of(asked, 6, seed="questions")
    told = zip(asked, _answered_here(asked), strict=True)
    for _ in range(0, len(asked), FIRST_CHILDREN):
        with GuardedPool() as pool:
            looks = LooksInside(pool=pool)
            for (question, files), here in islice(told, FIRST_CHILDREN):
                found = looks.ask(question, *files)
                assert type(found) is type(here)
                if not isinstance(question, WRITES):
                    assert found == here, type(question).__name__


@pytest.mark.slow
def test_a_workbook_is_not_unpacked_by_the_process_that_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "buku.xlsx"
    path.write_bytes(write_workbook({}))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the workbook was opened")

    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    book = workbook.workbook_check(workbook.WorkbookCheckRequest(source=path))
    assert [one.code for one in book.problems] == ["workbook.no_facility"]
    with pytest.raises(AssertionError, match="was opened"):
        parse_book(path.read_bytes(), path.name)


def test_a_workbook_that_stops_its_reader_is_not_called_bad() -> None:
    class Stopped:
        def ask(self, question: Question[Any], *files: bytes) -> Any:
            raise NotLookedError("pdf.not_looked", reason="-")

    with pytest.raises(InputError) as caught:
        parse_book(write_workbook({}), "buku.xlsx", Stopped())
    assert caught.value.code == "workbook.not_looked"
    assert "buku.xlsx" in caught.value.text.id
