"""A refused change is described: revision, objects, page, words, pictures before and after."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from pks_kit.json_form import to_json
from pks_kit.verification.examine import examine
from pks_kit.verification.isolation.parent import run_guarded, run_inline
from pks_kit.verification.isolation.protocol import Answers, hear
from pks_kit.verification.isolation.second import complete
from pks_kit.verification.report.changes import describe_changes, with_changes
from support import signed_files, tamper, third_party_pdfs
from support.judging import job, judge
from support.schema_check import problems

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[4] / "docs" / "skema" / "verify.schema.json").read_text(
        encoding="utf-8"
    )
)


@pytest.fixture(scope="module")
def forged() -> bytes:
    return tamper.appended(signed_files.signed_steps()[-1], tamper.changed_content)


def _refused(examined):
    return [one for one in examined.report.checks if one.code.endswith("revisions") and one.details]


def test_child_names_revision_objects_page_and_words(forged):
    examined = run_guarded(job(forged, issued=signed_files.issued()))
    found = _refused(examined)[0]
    assert (found.code, found.params["revision"], found.page) == ("issued.revisions", 5, 2)
    assert found.params["object"] in found.details["objects"]["changed"]
    page = found.details["pages"][0]
    assert (page["page"], page["change"]) == (2, "changed")
    assert "sepakat" in page["words_before"]
    assert "batal" in page["words_after"]
    left, bottom, right, top = page["region"]
    assert 0 < left < right < 595
    assert 0 < bottom < top < 842
    assert problems(to_json(examined.report), SCHEMA, SCHEMA) == []


def test_pictures_before_and_after_differ(forged):
    examined = run_inline(job(forged, issued=signed_files.issued()), picture_dpi=60)
    pairs = [one for one in examined.pictures if one.change == "5"]
    assert [one.kind for one in pairs] == ["before", "after"]
    assert pairs[0].png != pairs[1].png
    assert (pairs[0].width, pairs[0].height) == (pairs[1].width, pairs[1].height)


def test_honest_file_has_no_changes():
    start, *_, done = signed_files.signed_steps()
    report = judge(done, issued=start)
    assert describe_changes(done, report, start) == {}
    examined = run_inline(job(done, issued=start), picture_dpi=60)
    assert {one.kind for one in examined.pictures} == {"page", "box"}
    assert sorted(one.fields[0] for one in examined.pictures if one.kind == "box") == sorted(
        one.field for one in examined.report.signatures
    )


def test_rewritten_file_is_compared_with_the_issued_one():
    other = signed_files.issued(lines=("Nomor rekening 999",))
    examined = run_guarded(job(other, issued=signed_files.issued()), picture_dpi=60)
    found = next(one for one in examined.report.checks if one.code == "issued.prefix")
    assert [one["page"] for one in found.details["pages"]] == [1, 2, 3, 4]
    assert "999" in found.details["pages"][0]["words_after"]
    assert {one.change for one in examined.pictures if one.kind == "after"} == {"issued"}


def test_added_and_removed_pages():
    longer, shorter = signed_files.issued(5), signed_files.issued()
    for content, issued, change in ((longer, shorter, "added"), (shorter, longer, "removed")):
        report = judge(content, issued=issued)
        pages = describe_changes(content, report, issued)["issued"]
        assert [one["page"] for one in pages if one["change"] == change] == [5]


def test_an_appended_note_is_framed_where_it_stands():
    writer = PdfWriter(BytesIO(signed_files.signed_steps()[-1]), incremental=True)
    writer.add_annotation(0, FreeText(text="Tarif diubah", rect=(80, 100, 300, 130)))
    out = BytesIO()
    writer.write(out)
    examined = run_guarded(job(out.getvalue(), issued=signed_files.issued()), picture_dpi=60)
    pages = next(one.details["pages"] for one in _refused(examined))
    if pages:  # some viewers draw no appearance for such a note
        left, bottom, right, top = pages[0]["region"]
        assert pages[0]["page"] == 1
        assert 70 <= left < right <= 310
        assert 90 <= bottom < top <= 140
    assert examined.report.verdict == "failed"


def test_unreadable_states_are_unknown_and_change_no_verdict(forged, monkeypatch):
    def broken(*_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr("pks_kit.verification.report.changes._compare", broken)
    report = judge(forged, issued=signed_files.issued())
    changes = describe_changes(forged, report, signed_files.issued())
    assert changes == {"5": None}
    told = with_changes(report, changes)
    assert told.verdict == "failed"
    assert any(one.details.get("pages", 0) is None for one in told.checks)


@pytest.mark.parametrize(
    "changes", [{"5": [{"page": "x"}]}, {"5": 3}, [], {"5": [{"page": 1, "region": [1]}]}]
)
def test_a_child_that_was_overcome_cannot_bend_the_report(forged, changes):
    said = hear([json.dumps({"changes": changes}).encode()])
    assert said.breach == "unreadable"
    task = job(forged, issued=signed_files.issued())
    described = complete(
        task, examine(task), Answers(), lambda *_: (said.answers, None), picture_dpi=0
    ).report
    assert all(one.details.get("pages") is None for one in described.checks)
    assert described.verdict == "failed"


def test_huge_pages_are_drawn_small():
    def wide(lines: str) -> bytes:
        pdf = pikepdf.new()
        page = pdf.add_blank_page(page_size=(14000, 14000))
        page.Contents = pdf.make_stream(lines.encode())
        out = BytesIO()
        pdf.save(out)
        return out.getvalue()

    before, after = wide("0 0 9000 9000 re f"), wide("0 0 9000 8000 re f")
    examined = run_guarded(job(after, issued=before), picture_dpi=90)
    pictures = [one for one in examined.pictures if one.change == "issued"]
    assert len(pictures) == 2
    assert all(one.width * one.height <= 6_100_000 for one in pictures)


def test_what_a_person_must_judge_is_shown_as_well():
    """A form was filled between two signatures: allowed, and still other words than were signed."""
    name = "sequence form filled between two signatures"
    content = third_party_pdfs.cases()[name]()
    examined = run_guarded(job(content), picture_dpi=60)
    open_ones = [one for one in examined.report.checks if one.code == "file.revisions"]
    assert {one.status for one in open_ones} == {"indeterminate"}
    for one in open_ones:
        assert one.details["objects"]["added"]
        [page] = one.details["pages"]
        assert page["region"] is not None
        assert (one.page, page["change"]) == (1, "changed")
        assert page["words_after"]
    numbers = {str(one.params["revision"]) for one in open_ones}
    assert {one.change for one in examined.pictures if one.kind == "after"} == numbers
    assert problems(to_json(examined.report), SCHEMA, SCHEMA) == []


@pytest.mark.parametrize("words", ["Tarif diubah", "\u2013 Rp99.000 \u2013"])
def test_words_of_a_comment_without_a_look_are_shown(words):
    """PDFium draws nothing for it; other viewers do."""

    def change(writer):
        tamper.new_annotation(writer)
        note = tamper.page_of(writer, 0)["/Annots"][-1]
        note[generic.pdf_name("/Contents")] = generic.TextStringObject(words)

    one = third_party_pdfs.by_hand(third_party_pdfs.base())
    content = tamper.appended(one, change)
    report = judge(content)
    (pages,) = describe_changes(content, report, None).values()
    assert [(one["words_before"], one["words_after"]) for one in pages] == [("", words)]
    assert pages[0]["region"] == (60, 600, 300, 640)
    other = tamper.appended(content, lambda writer: _said(writer, "Tarif lama"))
    pages = describe_changes(other, judge(other), None)["3"]
    assert pages[0]["words_after"].endswith("lama")


def _said(writer, words):
    note = tamper.page_of(writer, 0)["/Annots"][-1]
    note[generic.pdf_name("/Contents")] = generic.TextStringObject(words)
    writer.update_container(note)
