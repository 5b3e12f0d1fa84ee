"""The finished file is written once, and two other libraries see the same document in it.

pikepdf makes the same objects of the same pages, PDFium reads the same words and finds values where
the receipt says. ``make prove`` tries every sample in every method and two hundred agreements with
hostile words; every run tries a few.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from pks_kit.errors import RenderError
from pks_kit.pipelines.drafting.critical_values import critical_values
from pks_kit.pipelines.drafting.issue import Prepared, laid_out
from pks_kit.render.pdf import PdfLayout, bare_pdf, check_claims, draw_pages, finish_pdf
from pks_kit.render.pdf.laid_facts import laid_facts
from pks_kit.render.pdf.printed_facts import printed_facts
from support import same_facts, same_objects
from support.assembled import assembled
from support.changed_trees import changed
from support.every_sample import every_sample
from support.pdf_samples import request
from support.proving import SampleOf

pytestmark = pytest.mark.slow

FEWEST_VALUES = 50


def without_links(layout: PdfLayout) -> PdfLayout:
    """Return pages that lead nowhere: words that are changed by chance lose their targets."""
    parts = [
        replace(part, sheets=tuple(replace(sheet, links=()) for sheet in part.sheets))
        for part in layout.parts
    ]
    return replace(layout, parts=tuple(parts))


def check_opinions(prepared: Prepared, layout: PdfLayout) -> None:
    asked = request()
    drawn = draw_pages(layout, asked)
    content = finish_pdf(layout, asked, drawn)
    assert check_claims(content) == ()
    assert same_objects.differences(content, assembled(layout, drawn, asked)) == []
    wanted = critical_values(prepared.data)
    told = laid_facts(drawn, wanted)
    assert told is not None
    assert len(told.critical) > FEWEST_VALUES
    read = printed_facts(bare_pdf(layout, asked, drawn), wanted)
    assert same_facts.differences(told, read) == []


@pytest.mark.sampled(of="second opinions")
def test_every_sample_in_every_method(sample_of: SampleOf) -> None:
    for prepared in sample_of(list(every_sample()), 1, seed=14):
        check_opinions(prepared, laid_out(prepared))


@pytest.mark.sampled(of="second opinions")
def test_two_hundred_agreements_with_hostile_words(sample_of: SampleOf) -> None:
    samples = list(every_sample())
    for seed in sample_of(range(200), 1, seed=14):
        prepared = samples[seed % len(samples)]
        prepared = replace(prepared, naskah=changed(prepared.naskah, seed))
        try:
            layout = laid_out(prepared)
        except RenderError as refused:  # words without an end: no file, so nobody is asked
            if refused.code != "render.pdf.overflow":
                raise
            continue
        check_opinions(prepared, without_links(layout))
