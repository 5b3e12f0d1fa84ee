"""Blocks that agreements share are written once; neighbours are always two elements."""

from __future__ import annotations

from pks_kit.naskah.slots import OpenTree
from pks_kit.naskah.tree import Bagian, Block, Butir, Daftar, Paragraf, Teks
from pks_kit.render.elements import Element, leaves
from pks_kit.render.html_blocks import BlockWriter
from pks_kit.render.look import Look
from pks_kit.render.pen_box import Sticker

LOOK = Look(sticker=Sticker(width=20, height=30), layout=1)


def paragraph(words: str) -> Paragraf:
    return Paragraf(isi=(Teks(teks=words),))


def items(*butir: Butir) -> Daftar:
    return Daftar(jenis="huruf", tingkat=1, butir=butir)


def item(words: str) -> Butir:
    return Butir(label="a.", alamat=None, isi=(paragraph(words),))


def part(*blocks: Block) -> Bagian:
    return Bagian(jenis="pasal", subjek="x", alamat="pasal_1", label="", judul="", isi=blocks)


def written(bagian: Bagian) -> tuple[Element, ...]:
    writer = BlockWriter(
        cara_kontrak="elektronik", sheet_width=170.0, look=LOOK, notes=bagian.notes
    )
    return writer.blocks(bagian.isi, indent=0.0)


def section(bagian: Bagian) -> Element:
    name = f' data-alamat="{bagian.alamat}"'
    return Element("main", content=(Element("section", "", name, written(bagian)),))


def test_only_what_holds_no_value_is_the_same_object_for_the_next_agreement() -> None:
    mixed = items(item("sama"), item("nilai \ue0000\ue001"))
    tree = OpenTree(part(paragraph("tetap"), mixed))
    one, other = (written(tree.filled([value])) for value in ("satu", "dua"))
    assert one[0] is other[0]
    assert one[1] is not other[1]
    assert [a is b for a, b in zip(one[1].content, other[1].content, strict=True)] == [True, False]
    assert "nilai dua" in other[1].html()


def test_leaves_of_what_is_shared_are_the_same_objects_and_no_others() -> None:
    tree = OpenTree(part(paragraph("judul"), paragraph("tetap"), paragraph("\ue0000\ue001")))
    one, other = (list(leaves(section(tree.filled([value])))) for value in ("satu", "dua"))
    assert [a is b for a, b in zip(one, other, strict=True)] == [True, True, False]
    assert [leaf.lasts for leaf in one] == [True, True, False]
    assert (one[0].opens, one[1].opens) == (True, False)
    assert one[1].above[1] is other[2].above[1]


def test_neighbours_that_are_one_object_are_two_elements() -> None:
    twice = item("dua kali")
    (made,) = written(part(items(twice, twice, item("lain"))))
    first, second, _ = made.content
    assert first == second
    assert first is not second
    same = paragraph("sama")
    above, below = written(part(same, same))
    assert above is not below
