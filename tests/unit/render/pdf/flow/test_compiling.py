"""Constant text is laid out once for all processes, and no value of an agreement stays on disk."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pks_kit.naskah.tree import Naskah, Sel, Tabel, Teks
from pks_kit.render.elements import leaves
from pks_kit.render.html import PartSource, part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.pdf import roads
from pks_kit.render.pdf.flow import learning
from pks_kit.render.pdf.flow.book import leaf_key
from pks_kit.render.pdf.flow.compiling import Compiler
from pks_kit.render.pdf.flow.kept import kept_under
from pks_kit.render.pdf.laid import LaidPage, LaidPart
from support.pdf_samples import CSS, LOOK
from support.processes import environment
from support.shared_pages import anew
from support.trees import rich_tree

pytestmark = pytest.mark.slow

WHOLE_CSS = CSS + place_css(LOOK)
WORD, OTHER = "Contoh", "Rahasia"


def with_words(node: Any, word: str) -> Any:
    """Return a tree with another word where it says ``Contoh``."""
    if isinstance(node, str):
        return node.replace(WORD, word).replace(WORD.upper(), word.upper())
    if isinstance(node, tuple):
        return tuple(with_words(one, word) for one in node)
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        names = [field.name for field in dataclasses.fields(node)]
        return dataclasses.replace(
            node, **{one: with_words(getattr(node, one), word) for one in names}
        )
    return node


def parts_of(naskah: Naskah) -> tuple[PartSource, ...]:
    return part_sources(naskah, LOOK)


def compiled(folder: Path, sources: Sequence[PartSource], others: Sequence[PartSource]) -> Compiler:
    compiler = Compiler(WHOLE_CSS, folder)
    compiler.add(sources, others)
    compiler.keep("uji", "1")
    return compiler


def laid(naskah: Naskah, folder: Path | None) -> list[LaidPart]:
    with anew():
        return roads.laid_parts(parts_of(naskah), WHOLE_CSS, road="quick", compiled=folder)


def without_places(page: LaidPage) -> LaidPage:
    """Return a page without the places of its words; its content has them as they are written."""
    words = (
        None if page.words is None else tuple(one._replace(x=0.0, y=0.0) for one, _ in page.words)
    )
    return replace(page, filled=0.0, words=words)


def places(part: LaidPart) -> list[float]:
    return [
        length
        for page in part.sheets
        for one, down in page.words or ()
        for length in (one.x, one.y + down)
    ]


def assert_same(some: Sequence[LaidPart], others: Sequence[LaidPart]) -> None:
    """Compare exactly what is written; lengths that are added up in another order nearly."""
    for one, other in zip(some, others, strict=True):
        for page, twin in zip(one.sheets, other.sheets, strict=True):
            assert page.content == twin.content
            assert without_places(page) == without_places(twin)
        assert places(one) == pytest.approx(places(other), abs=1e-9)
        assert one.filled == pytest.approx(other.filled, abs=1e-9)
        assert (one.anchors, one.repeated) == (other.anchors, other.repeated)
        assert one.glyphs == other.glyphs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the constant text of the tree."""
    where = tmp_path_factory.mktemp("compile") / "simpanan"
    tree = rich_tree("manual")
    compiled(where, parts_of(tree), parts_of(with_words(tree, OTHER)))
    return where


@pytest.mark.sampled(of="kept layouts")
def test_the_same_bytes_with_and_without(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = with_words(rich_tree("manual"), "Faskes Lain")
    asked: list[int] = []
    learn = roads.learn

    def noted(book: Any, parts: Any, css: str, nama: str) -> int:
        asked.append(learn(book, parts, css, nama))
        return asked[-1]

    monkeypatch.setattr(roads, "learn", noted)
    without, kept = laid(tree, None), laid(tree, folder)
    assert_same(kept, without)
    assert asked[1] < asked[0] / 4


def with_rows(node: Any, count: int) -> Any:
    """Return a tree whose tables with a caption have so many rows, all with values."""
    if isinstance(node, Tabel) and node.keterangan:
        number, *others = node.baris[0]
        rows = tuple(
            (number, *(Sel(isi=(Teks(teks=f"{WORD} {row}"),)) for _ in others))
            for row in range(count)
        )
        return replace(node, baris=rows)
    if isinstance(node, tuple):
        return tuple(with_rows(one, count) for one in node)
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        names = [field.name for field in dataclasses.fields(node)]
        return replace(node, **{one: with_rows(getattr(node, one), count) for one in names})
    return node


@pytest.fixture(scope="module", params=[3, 12])
def of_length(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder with the constant text of a tree whose table is short, or long."""
    where = tmp_path_factory.mktemp("compile") / "simpanan"
    tree = with_rows(rich_tree("manual"), request.param)
    compiled(where, parts_of(tree), parts_of(with_words(tree, OTHER)))
    return where


@pytest.mark.sampled(2)
@pytest.mark.parametrize("count", [1, 2, 8, 9, 30])
def test_tables_of_any_length_are_known(
    of_length: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """A long table may be divided and a short one may not, so their rows look different."""
    tree = with_words(with_rows(rich_tree("manual"), count), "Lain")
    engine = learning.layout_document
    asked: list[str] = []

    def noted(html: str, css: str) -> Any:
        asked.append(html)
        return engine(html, css)

    monkeypatch.setattr(learning, "layout_document", noted)
    laid(tree, of_length)
    assert "<td" not in "".join(asked)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("wrong", ["damaged", "open", "gone"])
def test_the_same_bytes_when_it_cannot_be_read(folder: Path, tmp_path: Path, wrong: str) -> None:
    here = tmp_path / "simpanan"
    shutil.copytree(folder, here)
    (file,) = here.glob("*.sqlite")
    if wrong == "damaged":
        content = bytearray(file.read_bytes())
        for at in range(5000, len(content), 997):
            content[at] ^= 4
        file.write_bytes(content)
    elif wrong == "open":
        here.chmod(0o777)
    else:
        file.unlink()
    tree = rich_tree("manual")
    assert_same(laid(tree, here), laid(tree, None))


def test_no_word_of_a_value_is_kept(folder: Path) -> None:
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    for word in (WORD, OTHER):
        assert word.encode() not in content
    tree = rich_tree("manual")
    kept = kept_under(WHOLE_CSS, folder)
    assert kept is not None
    every = [leaf for source in parts_of(tree) for leaf in leaves(source.main())]
    found = kept.leaves([leaf_key(one) for one in every])
    for leaf in every:
        # leaf by leaf: glyphs are numbers, which no search for words finds
        assert (leaf_key(leaf) in found) == (WORD.upper() not in leaf.words.upper()), leaf.words


def test_drafting_keeps_nothing(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    laid(with_words(rich_tree("manual"), "Orang Tertentu"), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_edition_is_kept_once_and_by_its_content(folder: Path) -> None:
    again = Compiler(WHOLE_CSS, folder)
    counted = again.kept_as("uji", "1")
    assert counted is not None
    assert counted.leaves > 40
    assert again.kept_as("uji", "2") is None
    assert again.kept_as("lain", "1") is None


def test_a_damaged_file_is_made_anew(folder: Path, tmp_path: Path) -> None:
    here = tmp_path / "simpanan"
    shutil.copytree(folder, here)
    (file,) = here.glob("*.sqlite")
    content = bytearray(file.read_bytes())
    half = len(content) // 2
    for at in range(half, half + 8192, 97):  # what is free in one page says nothing
        content[at] ^= 255
    file.write_bytes(content)
    again = Compiler(WHOLE_CSS, here)
    assert again.kept_as("uji", "1") is None


PROGRAM = """
import hashlib, sys
from pathlib import Path
sys.modules["weasyprint"] = None  # importing it is an error now
from support.pdf_samples import CSS, LOOK
from support.trees import rich_tree
from pks_kit.render.elements import leaves
from pks_kit.render.html import part_sources
from pks_kit.render.html_signature import place_css
from pks_kit.render.pdf.roads import laid_parts
parts = laid_parts(
    part_sources(rich_tree("manual"), LOOK), CSS + place_css(LOOK), road="quick",
    compiled=Path(sys.argv[1]),
)
for part in parts:
    for page in part.sheets:
        print(hashlib.sha256(page.content).hexdigest())
"""


@pytest.mark.sampled(of="kept layouts")
def test_another_process_needs_no_layout_engine_for_what_is_kept(tmp_path: Path) -> None:
    tree = rich_tree("manual")
    sources = parts_of(tree)
    compiled(tmp_path / "simpanan", sources, sources)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "simpanan")],
        capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [
        hashlib.sha256(page.content).hexdigest()
        for part in laid(tree, None)
        for page in part.sheets
    ]
    assert done.stdout.split() == told
