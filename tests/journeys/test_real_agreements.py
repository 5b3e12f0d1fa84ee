"""The real agreements of the samples: words, pages, size."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pks_kit.inputs import load_kontrak
from pks_kit.naskah.tree import Naskah
from pks_kit.pipelines.draft import prepare
from pks_kit.render.html import part_sources
from pks_kit.render.pdf import PdfLayout, finish_pdf, layout_pdf
from pks_kit.render.text import render_text
from pks_kit.resources import samples_root
from support.filled_pages import NEARLY_EMPTY, nearly_empty
from support.on_disk import Drafted
from support.one_pass import render_in_one_pass
from support.pdf_samples import CSS, LOOK, request
from support.pdf_text import content_words
from support.proving import SampleOf

pytestmark = pytest.mark.slow

MAIN = "klinik-pratama-rawat-inap"
BY_PEN = "klinik-tni-polri-manual"
OTHERS = sorted(
    path.stem
    for path in samples_root().glob("*.yml")
    if path.stem not in {MAIN, BY_PEN} and not path.stem.startswith("addendum")
)
UPLOAD_LIMIT = 800_000
"""Smallest limit seen on a portal that stamps (docs/sumber.md 13.7), in bytes."""


def naskah_of(name: str) -> Naskah:
    return prepare(load_kontrak(samples_root() / f"{name}.yml")).naskah


@pytest.fixture(scope="module")
def main() -> Naskah:
    return naskah_of(MAIN)


def check_words(naskah: Naskah, layout: PdfLayout, content: bytes) -> None:
    pdf_text, text = content_words(content, layout), render_text(naskah)
    assert "".join(pdf_text.split()) == "".join(text.split())
    assert broken_words(pdf_text, text) == set()


def test_the_issued_file_says_the_words_of_the_tree(drafted: Drafted, main: Naskah) -> None:
    """The parts were laid out for ``drafted`` in the same process and are used again."""
    content = drafted.files["pdf"].read_bytes()
    check_words(main, layout_pdf(main, css=CSS, look=LOOK), content)
    assert len(content) < UPLOAD_LIMIT
    assert nearly_empty(content) == []


def test_an_agreement_for_the_pen_says_the_words_of_its_tree() -> None:
    naskah = naskah_of(BY_PEN)
    layout = layout_pdf(naskah, css=CSS, look=LOOK)
    content = finish_pdf(layout, request(attachments=()))
    check_words(naskah, layout, content)
    assert nearly_empty(content) == []


def test_by_part_and_in_one_pass_give_the_same_pages(main: Naskah) -> None:
    """Lampiran II to V: long tables, both orientations, sheets with signatures."""
    some = replace(main, bagian=tuple(one for one in main.bagian if one.jenis == "lampiran")[1:5])
    by_part = [
        sheet.content
        for part in layout_pdf(some, css=CSS, look=LOOK).parts
        for sheet in part.sheets
    ]
    in_one_pass = render_in_one_pass(some, css=CSS, look=LOOK)
    assert [sheet.content for sheet in in_one_pass.sheets] == by_part


ENDED_WITH_TWO_LINES = (("tpmd", "lampiran_1"), ("rs-d-pratama", "lampiran_7"))
"""Pages 30 and 59 of these agreements held one clause each before endings were looked at."""


def test_no_page_of_any_kind_is_nearly_empty(sample_of: SampleOf) -> None:
    """A lampiran alone costs a second; with ``make prove`` whole agreements, for every method."""
    cases = [
        (name, replace(tree, bagian=tuple(one for one in tree.bagian if one.alamat == address)))
        for name, address in ENDED_WITH_TWO_LINES
        for tree in (naskah_of(name),)
    ]
    if sample_of.everything:
        cases = [(name, tree) for name in OTHERS for tree in for_every_method(name)]
    thin = [
        (name, tree.cara_kontrak, part.filled)
        for name, tree in cases
        for part in layout_pdf(tree, css=CSS, look=LOOK).parts
        if min(part.filled) < NEARLY_EMPTY
    ]
    assert thin == []


def for_every_method(name: str) -> list[Naskah]:
    kontrak = load_kontrak(samples_root() / f"{name}.yml")
    by_pen_only = kontrak.kontrak.versi_templat == "pks_penunjang_2024"
    methods = ("manual",) if by_pen_only else ("elektronik", "digital", "manual")
    return [
        prepare(
            replace(kontrak, kontrak=kontrak.kontrak.model_copy(update={"cara_kontrak": method}))
        ).naskah
        for method in methods
    ]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", OTHERS)
def test_every_sample_can_be_written_as_html(name: str) -> None:
    """Laying all of them out would take a minute; the pipelines draft them."""
    naskah = naskah_of(name)
    assert [one.nama for one in part_sources(naskah, LOOK)][:2] == ["pembukaan", "lampiran_1"]


def broken_words(pdf_text: str, text: str) -> set[str]:
    """Return ordinary words that a line break cut; hyphens and slashes may end a line."""
    known = set(text.split())
    return {
        word
        for word in pdf_text.split()
        if word not in known
        and word.isalpha()
        and not any(word in other for other in known if "-" in other or "/" in other)
    }
