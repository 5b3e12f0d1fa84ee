"""The re-render proof: our own draft gives the same bytes; a changed one is named by clause."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO

import pikepdf
import pytest

from pks_kit.domain.receipt import DATA_ATTACHMENT, RECEIPT_ATTACHMENT
from pks_kit.pipelines.draft import DraftRequest, draft
from pks_kit.pipelines.verifying.rerender import rerender_checks
from pks_kit.resources import samples_root
from pks_kit.verification.limits import Limits

pytestmark = pytest.mark.slow

SAMPLE = "tpmd.yml"


@pytest.fixture(scope="module")
def pdf(tmp_path_factory) -> bytes:
    done = draft(DraftRequest(source=samples_root() / SAMPLE, formats=("pdf",)))
    return done.files["pdf"].content


def _answers(content: bytes) -> dict[str, str]:
    return {c.code: f"{c.status}/{c.reason}" for c in rerender_checks(content, Limits())}


def _changed(pdf: bytes, change) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        out = BytesIO()
        opened.save(out)
    return out.getvalue()


def _attachment(opened: pikepdf.Pdf, name: str, change) -> None:
    attached = opened.attachments[name].get_file()
    content = change(json.loads(attached.read_bytes()))
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    opened.attachments[name] = pikepdf.AttachedFileSpec(opened, text.encode(), filename=name)


@pytest.mark.slow
def test_our_own_draft_gives_the_same_bytes(pdf):
    assert _answers(pdf) == {"render.data": "passed/read", "render.bytes": "passed/same"}


@pytest.mark.slow
def test_a_rewritten_file_with_the_same_pages_has_other_bytes(pdf):
    answers = _answers(_changed(pdf, lambda opened: None))
    assert answers["render.bytes"] == "failed/different"
    assert answers["render.words"] == "passed/same"


@pytest.mark.slow
def test_a_changed_account_in_the_data_is_named_by_clause(pdf):
    def other_account(data):
        data["rekening"]["utama"]["nomor"] = "9998887776"
        return data

    changed = _changed(pdf, lambda o: _attachment(o, DATA_ATTACHMENT, other_account))
    checks = {c.code: c for c in rerender_checks(changed, Limits())}
    found = checks["render.words"]
    assert (found.status, found.reason) == ("failed", "different")
    assert any("9998887776" in one["expected"] for one in found.details["clauses"])
    assert found.page


@pytest.mark.slow
def test_words_drawn_over_a_page_are_seen(pdf):
    def cover(opened):
        page = opened.pages[2]
        page.contents_add(b"q 1 1 1 rg 100 400 200 60 re f Q")

    answers = _answers(_changed(pdf, cover))
    assert answers["render.words"] == "failed/pictures"


@pytest.mark.slow
def test_a_page_taken_away_is_seen(pdf):
    def shorter(opened):
        del opened.pages[5]

    assert _answers(_changed(pdf, shorter))["render.words"] == "failed/pages"


@pytest.mark.slow
def test_a_receipt_that_the_data_does_not_give(pdf):
    def other_term(receipt):
        receipt["tanggal_selesai"] = "2027-12-31"
        return receipt

    changed = _changed(pdf, lambda o: _attachment(o, RECEIPT_ATTACHMENT, other_term))
    assert _answers(changed)["render.data"] == "failed/receipt_differs"


@pytest.mark.slow
def test_another_template_hash_is_no_proof_but_no_accusation(pdf):
    def other_template(receipt):
        receipt["template"]["sha256"] = hashlib.sha256(b"lain").hexdigest()
        return receipt

    changed = _changed(pdf, lambda o: _attachment(o, RECEIPT_ATTACHMENT, other_template))
    answers = _answers(changed)
    assert answers["render.bytes"] == "indeterminate/other_template"
    assert answers["render.words"] == "passed/same"


def test_hostile_data_is_an_answer(pdf):
    for content in (b"{", b"[]", b'{"versi_templat": "../../x"}', b"\xff\xfe"):
        changed = _changed(
            pdf,
            lambda o, content=content: o.attachments.__setitem__(
                DATA_ATTACHMENT,
                pikepdf.AttachedFileSpec(o, content, filename=DATA_ATTACHMENT),
            ),
        )
        assert _answers(changed) == {"render.data": "failed/invalid"}


def test_a_file_without_data(pdf):
    def bare(opened):
        del opened.attachments[DATA_ATTACHMENT]

    assert _answers(_changed(pdf, bare)) == {"render.data": "indeterminate/absent"}
    assert _answers(b"%PDF-1.7\nnothing") == {"render.data": "indeterminate/unreadable"}
