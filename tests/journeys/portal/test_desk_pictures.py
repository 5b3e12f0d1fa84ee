"""Pictures in README and guide show the desk as it is; ``make screenshots`` makes them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.desk_pictures import FORM, PICTURES, WIDE, WORDS, new_form, small, taken, window, world

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "gambar"
MOST_BYTES = 120_000
MOST_DIFFERENCE = 8.0
"""Mean difference of brightness, of 255, between small copies: letters may be drawn otherwise."""

_SHOWN = re.compile(r"!\[(?P<told>[^\]]*)\]\((?:docs/)?gambar/(?P<name>meja-[\w-]+)\.png\)")


def kept(name: str) -> Image.Image:
    return Image.open(io.BytesIO((FOLDER / f"{name}.png").read_bytes()))


def words_of(picture: Image.Image) -> str:
    return str(picture.text[WORDS])  # type: ignore[attr-defined]


def looks(picture: Image.Image) -> np.ndarray:
    few = picture.convert("L").resize(
        (picture.width // 8, picture.height // 8), Image.Resampling.BOX
    )
    return np.asarray(few, dtype=np.float64)


def test_each_picture_is_small_and_shown_once_with_words() -> None:
    shown = {}
    for page, many in ((ROOT / "README.md", 2), (ROOT / "docs" / "panduan.md", 4)):
        found = list(_SHOWN.finditer(page.read_text(encoding="utf-8")))
        assert len(found) == many, page
        shown |= {one["name"]: one["told"] for one in found}
    assert {*shown} == {one.name for one in PICTURES}
    assert {path.stem for path in FOLDER.glob("meja-*.png")} == {*shown}
    for one in PICTURES:
        assert len(shown[one.name]) > 40, one.name  # what whoever cannot see it is told
        assert (FOLDER / f"{one.name}.png").stat().st_size <= MOST_BYTES, one.name
        assert kept(one.name).size == (WIDE, one.high), one.name
        assert words_of(kept(one.name)), one.name


@pytest.mark.slow
def test_a_picture_made_anew_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "meja").mkdir()
    with world(tmp_path / "meja") as (server, branch), window(server, tmp_path / "p") as desk:
        png, words = taken(desk, FORM, {"form": new_form(branch)})
    assert words == words_of(kept(FORM.name)), "make screenshots"
    anew = Image.open(io.BytesIO(small(png, words, FORM.colours)))
    assert words_of(anew) == words
    assert np.abs(looks(anew) - looks(kept(FORM.name))).mean() <= MOST_DIFFERENCE
