"""One tree serves all facilities, and is the same as the one read from the text with its values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pks_kit.inputs.contract_file import load_kontrak
from pks_kit.met import MetTwice
from pks_kit.naskah import assemble, open_parts
from pks_kit.naskah.assemble import AssembledParts, PartSource
from pks_kit.naskah.catalogue import PartReader
from pks_kit.naskah.numbering import NumberedPart
from pks_kit.naskah.references import ReferenceIndex
from pks_kit.naskah.slots import OpenTree, slot_for
from pks_kit.naskah.tree import (
    Bagian,
    BlokTandaTangan,
    Paragraf,
    Rujukan,
    Teks,
    TempatTandaTangan,
    walk_blocks,
)
from pks_kit.pipelines.draft import prepare
from support.facilities import STRUCTURES, facility, save
from support.tiny_version import TinyVersion


class Ways:
    """Both ways to a tree, counted: the text with its values is read only where that is needed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.by_text = 0
        self._from_text = assemble._from_text
        monkeypatch.setattr(assemble, "_from_text", self._counted)

    def _counted(self, reader: PartReader, sources: list[PartSource]) -> AssembledParts:
        self.by_text += 1
        return self._from_text(reader, sources)

    def check(self, version: TinyVersion, data: dict[str, Any], *, open_road: bool = True) -> None:
        """Assemble, and compare with the text read with its values."""
        found: list[AssembledParts] = []
        original = assemble.assemble_parts

        def both(reader: PartReader, sources: list[PartSource]) -> AssembledParts:
            found.append(self._from_text(reader, sources))
            return original(reader, sources)

        before = self.by_text
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(assemble, "assemble_parts", both)
            naskah = version.assemble(data)
        assert naskah.bagian == found[0].bagian
        assert (self.by_text == before) is open_road


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    return Ways(monkeypatch)


def block(*kode: str) -> BlokTandaTangan:
    """Return a block with some places."""
    return BlokTandaTangan(
        tempat=tuple(
            TempatTandaTangan(
                kode=one, peran="jejaring", judul="", instansi="", nama=one, jabatan=""
            )
            for one in kode
        )
    )


PLAIN = "1. {: #satu } Nama {{ nama }} dan **{{ nama }}**{{ akhir }}\n2. Menurut [](#satu) saja.\n"


def test_other_values_in_the_same_tree(ways: Ways, tmp_path: Any) -> None:
    version = TinyVersion(tmp_path, pasal={"contoh": PLAIN})
    for nama, akhir in (("Satu", "."), ("Dua | * _x_ [](#satu)", ","), ("\ue0000\ue001", "")):
        ways.check(version, {"nama": nama, "akhir": akhir})


def test_an_empty_value_is_another_tree(ways: Ways, tmp_path: Any) -> None:
    version = TinyVersion(tmp_path, pasal={"contoh": "1. a {{ x }} b\n2. {{ x }}\n3. c {{ x }}\n"})
    ways.check(version, {"x": "isi"})
    version = TinyVersion(tmp_path, pasal={"contoh": "1. a {{ x }} b\n2. c {{ x }}\n"})
    ways.check(version, {"x": ""})
    ways.check(version, {"x": "isi"})


def test_values_that_decide_structure(ways: Ways, tmp_path: Any) -> None:
    version = TinyVersion(
        tmp_path,
        lampiran={
            "contoh": (
                "## {: #lembar-{{ nomor }} } Lembar {{ nomor }}\n\nLihat [](#lembar-{{ nomor }}) "
                "dan [halaman {{ nama }}](#lembar-{{ nomor }}).\n\n"
                '{: keterangan="Daftar {{ nama }}" }\n\n| A | B |\n|---|---|\n| {{ nama }} | b |\n'
            )
        },
    )
    for nomor, nama in ((1, "Satu"), (2, "Satu"), (2, "Dua"), (1, "Dua")):
        ways.check(version, {"nomor": nomor, "nama": nama})


def test_signature_blocks_are_values(ways: Ways, tmp_path: Any) -> None:
    text = "Hormat kami,\n\n{{ blok }}\n"
    version = TinyVersion(tmp_path, penutup=text)
    first, second = block("satu"), block("dua", "tiga")
    for blok in (first, second, first):
        ways.check(version, {"blok": blok})


@pytest.mark.parametrize(
    ("between", "open_road"),
    [("{{ x }}", False), (" {{ x }} ", False), (", {{ x }} ", False), (" sebesar {{ x }} ", True)],
)
def test_a_value_that_might_join_references_to_a_row(
    ways: Ways, tmp_path: Any, between: str, open_road: bool
) -> None:
    text = f"1. {{: #a }} Satu.\n2. {{: #b }} Dua.\n3. Lihat [](#a){between}[](#b).\n"
    version = TinyVersion(tmp_path, pasal={"contoh": text})
    for word in ("atau", "kecuali"):
        ways.check(version, {"x": word}, open_road=open_road)


def test_rows_of_a_loop_and_other_places(ways: Ways, tmp_path: Any) -> None:
    """References lead to the right place although the part that holds them did not change."""
    version = TinyVersion(
        tmp_path,
        pasal={
            "pertama": "1. Lihat [](pasal:kedua#x).\n",
            "kedua": (
                "{% for one in rows %}\n1. Baris {{ one }}.\n{% endfor %}\n1. {: #x } Akhir.\n"
            ),
        },
    )
    for rows in (["a"], ["a", "b"], ["c"], ["c", "d", "e"]):
        ways.check(version, {"rows": rows})
        target = version.part("pertama", {"rows": rows}).isi
        words = [w for block in walk_blocks(target) for w in getattr(block, "isi", ())]
        assert Rujukan(alamat=f"pasal_2__ayat_{len(rows) + 1}", teks=words[1].teks) == words[1]


def test_what_holds_no_value_is_one_object(tmp_path: Any) -> None:
    version = TinyVersion(tmp_path, pasal={"contoh": "1. Tetap.\n2. Nama {{ nama }}.\n"})
    # what is met for the first time may be in no other agreement, and is not kept
    _, one, other = (version.part("contoh", {"nama": nama}) for nama in ("Satu", "Dua", "Tiga"))
    assert one.isi[0].butir[0] is other.isi[0].butir[0]  # type: ignore[union-attr]
    assert one.isi[0].butir[1] != other.isi[0].butir[1]  # type: ignore[union-attr]


def test_only_so_many_trees_are_kept(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_parts, "_PARTS", MetTwice(3))
    for number in range(10):
        TinyVersion(tmp_path, pasal={"contoh": f"1. Teks {number % 5}.\n"}).assemble()
    assert len(open_parts._PARTS._known) == 3


def test_filling_leaves_marks_of_values_alone() -> None:
    tree = OpenTree((Paragraf(isi=(Teks(teks="a \ue0001\ue001 b"),)), slot_for("\ue0000\ue001")))
    blok = BlokTandaTangan(tempat=(), pembuka="x")
    assert tree.filled([blok, "\ue0000\ue001"]) == (
        Paragraf(isi=(Teks(teks="a \ue0000\ue001 b"),)),
        blok,
    )


@pytest.mark.slow
def test_a_part_is_built_anew_only_for_what_it_refers_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Facilities have lists of other lengths; most parts refer to none of them."""
    built: list[NumberedPart] = []
    build = open_parts.build_part

    def counted(part: NumberedPart, index: ReferenceIndex) -> Bagian:
        built.append(part)
        return build(part, index)

    monkeypatch.setattr(open_parts, "build_part", counted)
    structure = next(one for one in STRUCTURES if "rawat-inap" in one.sample)
    counts = []
    for number in range(5):
        before = len(built)
        source = save(facility(number, structure, seed=14), tmp_path)
        parts = len(prepare(load_kontrak(source)).naskah.bagian)
        counts.append(len(built) - before)
    assert max(counts[2:]) < parts / 3
