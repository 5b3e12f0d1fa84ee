"""Blocks that agreements share are written once; neighbours are always two elements."""

from __future__ import annotations

from pks_kit.naskah.slots import OpenTree, slot_for
from pks_kit.naskah.tree import (
    Bagian,
    Block,
    BlokTandaTangan,
    Butir,
    Daftar,
    Paragraf,
    Teks,
)
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


def test_what_is_filled_alike_is_shared_from_the_second_time_on() -> None:
    mixed = items(item("menurut \ue0000\ue001"), item("nama \ue0001\ue001"))
    tree = OpenTree(part(paragraph("sebutan \ue0000\ue001"), mixed))
    filled = [tree.filled(["Perjanjian", name]) for name in ("satu", "dua", "tiga")]
    words = [bagian.isi[0] for bagian in filled]
    assert words[0] is not words[1]
    assert words[1] is words[2]
    one, other = (list(leaves(section(bagian))) for bagian in filled[1:])
    # an item is shared inside a list that is not
    assert [a is b for a, b in zip(one, other, strict=True)] == [True, True, False]
    assert "nama tiga" in other[2].words


def test_what_is_filled_in_too_many_ways_is_forgotten() -> None:
    tree = OpenTree(part(paragraph("cabang \ue0000\ue001")))
    names = [f"Langit{number}" for number in range(17)]

    def shared(name: str) -> Block:
        _, first, again = (tree.filled([name]).isi[0] for _ in range(3))
        assert first is again
        return first

    oldest = shared(names[0])
    for name in names[1:]:
        shared(name)
    found = tree.filled([names[0]])
    assert found.isi[0] == oldest
    assert found.isi[0] is not oldest
    assert "Langit0" in written(found)[0].html()


def test_signature_places_are_never_shared() -> None:
    tree = OpenTree(part(paragraph("tetap"), slot_for("\ue0000\ue001")))
    blocks = [BlokTandaTangan(tempat=(), pembuka="sama") for _ in range(3)]
    for block in blocks:
        assert tree.filled([block]).isi[1] is block


def test_alike_lists_beside_each_other_stay_two() -> None:
    tree = OpenTree(part(items(item("satu"), item("\ue0000\ue001")), items(item("dua"))))
    for _ in range(3):
        first, second, third = leaves(section(tree.filled(["nilai"])))
        assert first.above[2] is second.above[2]
        assert second.above[2] is not third.above[2]


def test_glue_is_kept_with_what_is_shared_and_only_where_it_belongs() -> None:
    tree = OpenTree(part(items(item("satu"), item("dua")), paragraph("\ue0000\ue001")))
    (bagian, other) = (tree.filled([value]) for value in ("nilai", "lain"))
    daftar = bagian.isi[0]
    assert isinstance(daftar, Daftar)
    last = daftar.butir[1].isi[0]

    def glued(bagian: Bagian, closing: frozenset[tuple[int, int]]) -> Element:
        writer = BlockWriter(
            cara_kontrak="elektronik",
            sheet_width=170.0,
            look=LOOK,
            closing=closing,
            notes=bagian.notes,
        )
        return writer.blocks(bagian.isi, indent=0.0)[0]

    with_glue = glued(bagian, frozenset({(id(last), -1)}))
    assert with_glue is glued(other, frozenset({(id(last), -1)}))
    assert with_glue.html().count("lekat") == 1
    without = glued(bagian, frozenset())
    assert "lekat" not in without.html()
    assert with_glue.content[0] is without.content[0]
