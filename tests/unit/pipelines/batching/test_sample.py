"""Which agreements are looked at: every structure, exceptions first, drawn by the plan itself."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from pks_kit.domain.kontrak import Kontrak
from pks_kit.files import write_atomic
from pks_kit.inputs.plain_data import canonical_bytes
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import DataAt, ReadPlan
from pks_kit.pipelines.batching.sample import chosen, sampled
from support.batch_plans import plan_of, planned, said, unreadable
from support.pdf_text import page_words
from support.sample import OWNERS, changed


def numbers(found: ReadPlan) -> list[tuple[int, int]]:
    return [(row.number, alike) for row, alike in chosen(found)]


def test_every_structure_is_seen_once_and_what_cannot_be_drafted_never() -> None:
    rows = [
        planned(1), planned(2, jenis="tpmd"), planned(3, jenis="tpmd"),
        planned(4, cara_kontrak="manual"), planned(5, said("blocking"), jenis="apotek"),
        unreadable(6),
    ]  # fmt: skip
    found = chosen(plan_of(rows))
    assert {(one.jenis, one.cara_kontrak) for one, _ in found} == {
        ("klinik_pratama", "elektronik"), ("tpmd", "elektronik"), ("klinik_pratama", "manual"),
    }  # fmt: skip
    assert sum(alike for _, alike in found) == 4
    assert found[0][1] == 2  # the commonest first


def test_what_must_be_looked_at_comes_first() -> None:
    rows = [*(planned(one) for one in range(1, 9)), planned(9, said("manual"), jenis="tpmd"),
            planned(10, said("warning"))]  # fmt: skip
    assert numbers(plan_of(rows)) == [(9, 1), (10, 9)]


def test_among_equals_the_hash_of_the_plan_draws() -> None:
    drawn = set()
    for who in ("Ani", "Budi", "Citra", "Dewi", "Eko", "Fajar"):
        plan = plan_of((planned(one) for one in range(1, 200)), made_by=who)
        assert numbers(plan) == numbers(plan)
        drawn.add(numbers(plan)[0][0])
    assert len(drawn) > 1
    assert drawn != {1}


def test_nothing_ready_gives_no_sample(tmp_path: Path) -> None:
    found = plan_of([unreadable(1)])
    assert list(sampled(found, BatchFolder(tmp_path), 3, None, None)) == []


def test_without_drafting_the_choice_is_told(tmp_path: Path) -> None:
    found = plan_of([planned(1)])
    ((one, files),) = sampled(found, BatchFolder(tmp_path), 0, None, None)
    assert (one.row.number, one.pages, one.pdf, one.problem, files) == (1, (), "", None, {})


def test_an_agreement_that_cannot_be_drafted_is_told_and_stops_nobody(tmp_path: Path) -> None:
    write_atomic(tmp_path / "data.jsonl", b"bukan data")
    found = plan_of([planned(1), planned(2, jenis="tpmd")])
    told = [one for one, _ in sampled(found, BatchFolder(tmp_path), 2, None, None)]
    assert [one.problem is not None for one in told] == [True, True]
    assert all("data.jsonl" in one.problem.id for one in told if one.problem)


def plan_with(folder: Path, kontrak: Kontrak) -> ReadPlan:
    content = canonical_bytes(kontrak)
    write_atomic(folder / "data.jsonl", content)
    at = DataAt(offset=0, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    return plan_of([planned(1, data=at)])


@pytest.mark.slow
def test_every_page_is_a_picture_and_its_niks_are_covered(tmp_path: Path) -> None:
    kontrak = changed(pemilik=OWNERS["tpmd"])
    nik = OWNERS["tpmd"]["nik"]
    found = plan_with(tmp_path, kontrak)
    ((one, files),) = sampled(found, BatchFolder(tmp_path), 1, None, None)
    assert one.problem is None
    pages = page_words(files[one.pdf])
    assert [page.number for page in one.pages] == list(range(1, len(pages) + 1))
    assert one.pages[6].file.endswith("/hal-007.jpg")
    assert set(files) == {one.pdf, *(page.file for page in one.pages)}
    assert one.covered
    number = next(place for place, text in enumerate(pages) if nik in text)
    picture = Image.open(io.BytesIO(files[one.pages[number].file]))
    assert (picture.format, *picture.size) == (
        "JPEG", one.pages[number].width, one.pages[number].height,
    )  # fmt: skip
    with pypdfium2.PdfDocument(files[one.pdf]) as document:
        words = document[number].get_textpage()
        left, bottom, right, top = words.get_rect(words_at(words, nik))
        scale = picture.width / document[number].get_width()
    row = picture.height - (bottom + top) / 2 * scale
    seen = [
        picture.convert("L").getpixel((left * scale + step * (right - left) * scale / 40, row))
        for step in range(1, 40)
    ]
    assert all(isinstance(one, int) and 40 < one < 100 for one in seen), seen


def words_at(words: pypdfium2.PdfTextPage, text: str) -> int:
    """Return the number of the rectangle of a text."""
    hit = words.search(text).get_next()
    assert hit is not None
    assert words.count_rects(*hit) == 1
    return 0
