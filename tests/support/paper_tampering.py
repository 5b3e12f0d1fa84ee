"""Changes that somebody made on paper, for tests: pictures of pages in, the same pictures out."""

from __future__ import annotations

from typing import Any

from support import paper_samples as paper


def changed_digit(picture: Any, page: int, value: Any) -> tuple[str, str]:
    """Put another digit of the same font over the last digit of a value, in the picture."""
    own = [
        one for one in paper.pages().glyphs(page)
        if one.letter.isdigit() and value.rect[0] - 1 < one.box[0] < value.rect[2]
        and value.rect[1] - 2 < (one.box[1] + one.box[3]) / 2 < value.rect[3] + 2
    ]  # fmt: skip
    target = own[-1]
    donor = next(
        (number, one)
        for number in range(1, paper.pages().count + 1)
        for one in paper.pages().glyphs(number)
        if one.letter.isdigit() and one.letter != target.letter
        and (one.font, one.size) == (target.font, target.size)
    )  # fmt: skip
    cut = paper.printed(donor[0])
    x0, y0 = paper.pixels(donor[0], donor[1].box[0] - 0.3, donor[1].box[1] - 0.6)
    x1, y1 = paper.pixels(donor[0], donor[1].box[2] + 0.3, donor[1].box[3] + 0.6)
    patch = cut[y1:y0, x0:x1]
    px0, py0 = paper.pixels(page, target.box[0] - 0.3, target.box[1] - 0.6)
    px1, py1 = paper.pixels(page, target.box[2] + 0.3, target.box[3] + 0.6)
    picture[py1 : py0 + 1, px0 : px1 + 1] = 255
    foot = py0 - patch.shape[0]
    picture[foot : foot + patch.shape[0], px0 : px0 + patch.shape[1]] = patch
    return target.letter, donor[1].letter
