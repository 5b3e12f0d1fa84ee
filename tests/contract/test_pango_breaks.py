"""Where a line may end: our table against Pango itself."""

from __future__ import annotations

import random
from itertools import product

from weasyprint.text.line_break import get_log_attrs

from pks_kit.render.pdf.flow.breaks import KNOWN, break_places
from support.proving import SampleOf

ONE_OF_EACH = "a1(}/!)\"',-–%+\u00a0´—… "


def by_pango(text: str) -> tuple[int, ...]:
    found = get_log_attrs(text, "id")
    return tuple(at for at in range(1, len(text)) if found[at].is_line_break)


def test_every_three_classes(sample_of: SampleOf) -> None:
    count = 4 if sample_of.everything else 3
    for letters in product(ONE_OF_EACH, repeat=count):
        text = "".join(letters)
        assert break_places(text) == by_pango(text), text


def test_every_letter_beside_every_class() -> None:
    for letter, other in product(sorted(KNOWN), ONE_OF_EACH):
        for text in (f"{letter}{other}", f"{other}{letter}", f"{letter} {other}a"):
            assert break_places(text) == by_pango(text), text


def test_words_of_chance(sample_of: SampleOf) -> None:
    dice = random.Random(14)  # noqa: S311 - reproducible, no secret
    letters = sorted(KNOWN) + [" "] * 60 + list("aaa111/-.,()") * 6
    for _ in range(100_000 if sample_of.everything else 3_000):
        text = "".join(dice.choices(letters, k=dice.randint(3, 14)))
        assert break_places(text) == by_pango(text), text
