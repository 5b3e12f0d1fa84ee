"""The page of a scan: numbers, order, words of both languages, nothing that runs but our script."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pks_kit.domain.paper import PaperChange, PaperFacts, PaperPlace, ScannedPage, UnjudgedPart
from pks_kit.domain.paper_pictures import PaperPicture
from pks_kit.domain.paper_review import CHOICES, review_items
from pks_kit.messages import known_codes
from pks_kit.resources import templates_root
from pks_kit.verification.report.paper import paper_checks, paper_notes
from pks_kit.verification.report.paper_html import LivePage, paper_page
from pks_kit.verification.report.pictures import Examined
from pks_kit.verification.report.verdict import JudgedFile, VerifyReport

AT = datetime(2026, 3, 2, 3, 4, tzinfo=UTC)
JPEG = b"\xff\xd8\xff\xe0 gambar"
EVIL = "<script>alert(1)</script>\" onerror='x'"


def place(name: str, decision: str, reason: str) -> PaperPlace:
    return PaperPlace(
        id=name, page=1, scan_page=1, kind="tanda_tangan", peran="pihak_kedua",
        rect=(100, 100, 200, 150), decision=decision, reason=reason,  # type: ignore[arg-type]
    )  # fmt: skip


def facts() -> PaperFacts:
    return PaperFacts(
        agreement_id="A" * 26,
        edition="7K2M9X4Q",
        pages=(
            ScannedPage(scan_page=1, page=1, status="ok"),
            ScannedPage(scan_page=2, page=3, status="other_edition", edition=EVIL[:180]),
        ),
        missing=(2, 3, 4, 7),
        places=(
            place("TTD_A", "empty", "no_ink"), place("TTD_B", "unsure", "little_ink"),
            place("TTD_C", "signed", "strokes"),
        ),
        changes=(
            PaperChange(page=1, scan_page=1, kind="value", box=(1, 1, 9, 9), path=EVIL,
                        issued="9900112233445", read="9900112238445"),
            PaperChange(page=1, scan_page=1, kind="addition", box=(1, 50, 9, 60), margin=38.2),
            PaperChange(page=1, scan_page=1, kind="missing", box=(1, 80, 9, 90), issued=EVIL),
            PaperChange(page=1, scan_page=1, kind="disturbed", box=(1, 95, 9, 99), path="a.b"),
        ),
        unjudged=(UnjudgedPart(page=1, scan_page=1, values=4),),
        files=("b" * 64,),
    )  # fmt: skip


def page(language: str = "id", live: LivePage | None = None, **more: object) -> str:
    known = replace(facts(), **more)  # type: ignore[arg-type]
    report = VerifyReport(
        file=JudgedFile(sha256="b" * 64, size=9), kit_version="1", checks=paper_checks(known),
        notes=paper_notes(known), paper=known, compared_with_issued=True,
    )  # fmt: skip
    pictures = (
        PaperPicture(item="page_1", kind="page", jpeg=JPEG, width=8, height=9, points=(595, 842)),
        PaperPicture(item="TTD_B", kind="scanned", jpeg=JPEG, width=8, height=9),
        PaperPicture(item="TTD_B", kind="issued", jpeg=b"<svg onload=x>", width=8, height=9),
    )
    return paper_page(
        Examined(report=report, paper_pictures=pictures), f"{EVIL}.pdf", language, AT, live
    )


def test_three_numbers_and_worst_first() -> None:
    text = page()
    numbers = re.findall(r"<li><strong>([^<]+)</strong>", text)
    assert numbers == ["1 dari 5", "2", "5"]
    assert re.findall(r'data-item="([^"]+)"', text) == [
        one.key for one in review_items(facts())
    ]  # fmt: skip
    assert "halaman 2–4, 7" in text
    assert text.index('id="beres"') < text.index('data-item="TTD_C"')


def test_buttons_say_what_is_asked() -> None:
    text = page()
    row = text[text.index('data-item="TTD_B"') :].partition("</article>")[0]
    buttons = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<button.*?</button>", row)]
    assert buttons == [
        "1 Sudah ditandatangani", "2 Masih kosong", "L Halaman utuh", "A Alasan",
    ]  # fmt: skip
    assert " data-reason" not in row
    empty = text[text.index('data-item="TTD_A"') :].partition("</article>")[0]
    assert empty.count(" data-reason") == 1
    assert "99001122<mark>3</mark>" not in text
    assert "9900112238445" in re.sub(r"</?mark>", "", text)
    assert "<mark>8</mark>" in text


def test_the_other_language() -> None:
    text = page("en")
    assert '<html lang="en">' in text
    assert "Same as issued" in text
    assert "Sama dengan terbitan" not in text


def test_foreign_words_are_words_and_only_our_script_runs() -> None:
    text = page()
    script = (templates_root() / "laporan" / "periksa-kertas.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert f"script-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert text.count("<script") == 1
    assert f"<script>{script}</script>" in text
    assert "onerror='x'" not in text
    assert base64.b64encode(b"<svg onload=x>").decode() not in text
    assert base64.b64encode(JPEG).decode() in text


def test_a_served_page_may_answer_its_own_server_alone() -> None:
    text = page(live=LivePage(token="t0k", by=EVIL))
    assert "connect-src 'self'" in text
    assert 'data-token="t0k"' in text
    assert 'id="simpan"' not in text
    assert "<script>alert" not in text


@pytest.mark.parametrize("known", [facts()])
def test_every_choice_and_reason_has_words(known: PaperFacts) -> None:
    kinds = ("tanda_tangan", "paraf", "meterai", "stempel", "tanggal")
    wanted = {f"review.choice.{kind}.{one}" for kind in kinds for one in CHOICES["place"]}
    for group in ("sheet", "value", "text"):
        wanted |= {f"review.choice.{group}.{one}" for one in CHOICES[group]}
    statuses = ("other_agreement", "other_edition", "other_page_count", "edition_unknown")
    changes = ("value", "disturbed", "addition", "missing", "not_compared", "unreadable")
    wanted |= {f"review.reason.{one}" for one in (*statuses, *changes)}
    wanted |= {f"review.item.{one}" for one in (*kinds, *changes[:5], "sheet")}
    assert wanted - known_codes() == set()
    template = Path(templates_root() / "laporan" / "periksa-kertas.html.j2").read_text()
    used = set(re.findall(r'word\("([a-z_.]+)"[,)]', template))
    assert {f"review.{one}" for one in used} - known_codes() == set()
    assert "[review." not in page()


def test_a_page_that_came_twice_is_named_and_a_differing_one_waits_for_a_person() -> None:
    whole = PaperFacts(
        agreement_id="A" * 26, edition="7K2M9X4Q", missing=(), places=(), changes=(),
        unjudged=(), files=("b" * 64,),
        pages=(
            ScannedPage(scan_page=1, page=1, status="ok"),
            ScannedPage(scan_page=2, page=1, status="double"),
        ),
    )  # fmt: skip
    assert {one.status for one in paper_checks(whole)} == {"passed"}
    (note,) = [one for one in paper_notes(whole) if one.code == "paper_double"]
    assert note.params == {"sheets": "2", "pages": "1"}

    other = replace(whole.pages[1], status="double_differs")
    differs = replace(whole, pages=(whole.pages[0], other))
    told = [one for one in paper_checks(differs) if one.status != "passed"]
    assert [(one.code, one.reason, one.status) for one in told] == [
        ("paper.sheets", "double_differs", "indeterminate")
    ]
    assert not any(one.code == "paper.pages" for one in paper_checks(differs))
    (item,) = [one for one in review_items(differs) if one.group == "sheet"]
    assert item.machine == "double_differs"
