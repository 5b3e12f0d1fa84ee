"""Patterns come back from JSON as they were, whatever a real text taught."""

from __future__ import annotations

import json

import pytest

from pks_kit.render.elements import leaves
from pks_kit.render.html import part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.pdf.flow.book import Book
from pks_kit.render.pdf.flow.learning import learn
from pks_kit.render.pdf.flow.pattern_forms import pattern_form, pattern_of
from support.pdf_samples import CSS, LOOK
from support.trees import rich_tree


@pytest.mark.slow
def test_every_pattern_of_a_rich_text() -> None:
    book = Book()
    parts = [tuple(leaves(one.main())) for one in part_sources(rich_tree("manual"), LOOK)]
    learn(book, parts, CSS + place_css(LOOK), "contoh")
    known = {key: one for key, one in book.patterns.items() if one is not None}
    kinds = {type(one.body).__name__ for one in known.values()}
    assert {"Lines", "Row"} <= kinds
    for one in known.values():
        assert pattern_of(json.loads(json.dumps(pattern_form(one)))) == one


@pytest.mark.parametrize("form", [[], [99, 1], [-1], ["Pattern"], [0, 1]])
def test_what_is_no_form(form: list[object]) -> None:
    with pytest.raises(ValueError, match=r"form of a pattern|argument"):
        pattern_of(form)
