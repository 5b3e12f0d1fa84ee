"""Which blocks of a lampiran close a sheet."""

from __future__ import annotations

from pks_kit.naskah.tree import (
    Block,
    Butir,
    Daftar,
    Formulir,
    IsianBaris,
    Paragraf,
    Subjudul,
    Tabel,
)
from pks_kit.render.closing import closing_blocks, kept_with_next
from support.trees import cells, par, words

HEADING = Subjudul(tingkat=1, label="B.", isi=words("Kepala"))
NEW_SHEET = Subjudul(tingkat=1, label="C.", isi=words("Lembar"), halaman_baru=True)


def lines(count: int) -> tuple[Paragraf, ...]:
    return tuple(par(f"baris {number}") for number in range(count))


def kept(blocks: tuple[Block, ...]) -> list[int]:
    """Return which of the top blocks stay with what stands before them."""
    closing = closing_blocks(blocks)
    return [number for number, block in enumerate(blocks) if (id(block), -1) in closing]


def test_the_last_lines_stay_together_and_the_others_do_not() -> None:
    assert kept(lines(20)) == [14, 15, 16, 17, 18, 19]


def test_a_long_paragraph_closes_a_sheet_alone() -> None:
    blocks = (*lines(3), par("kata " * 200), par("akhir"))
    assert kept(blocks) == [4]


def test_items_of_lists_close_a_sheet_at_every_level() -> None:
    inner = Daftar(
        jenis="huruf",
        tingkat=2,
        butir=tuple(Butir(label="a.", alamat=None, isi=(one,)) for one in lines(3)),
    )
    opening = par("pembuka:")
    outer = Daftar(
        jenis="angka", tingkat=1, butir=(Butir(label="1.", alamat=None, isi=(opening, inner)),)
    )
    closing = closing_blocks((*lines(9), outer))
    leaves = [opening, *(butir.isi[0] for butir in inner.butir)]
    assert all((id(one), -1) in closing for one in leaves)


def test_every_sheet_has_its_own_end() -> None:
    blocks = (*lines(12), NEW_SHEET, *lines(2))
    assert kept(blocks) == [6, 7, 8, 9, 10, 11, 13, 14]


def test_headings_forms_and_rows_count() -> None:
    form = Formulir(baris=tuple(IsianBaris(label=words("a"), isi=words("b")) for _ in range(6)))
    assert kept((*lines(4), HEADING, form)) == [4, 5]
    rows = Tabel(kepala=cells("Satu"), baris=(cells("a"),) * 12)
    closing = closing_blocks((*lines(4), rows))
    assert [row for row in range(12) if (id(rows), row) in closing] == [7, 8, 9, 10, 11]


def test_what_stays_with_the_next_is_what_stands_before_a_closing_block() -> None:
    blocks = (*lines(12), NEW_SHEET, *lines(2))
    staying = kept_with_next(blocks)
    assert [number for number, block in enumerate(blocks) if (id(block), -1) in staying] == [
        *range(5, 11), 12, 13,
    ]  # fmt: skip
