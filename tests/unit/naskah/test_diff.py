"""Comparing agreements clause by clause, on versions of a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.naskah.assemble import LabelledNaskah, assemble_labelled
from pks_kit.naskah.diff import ClauseChange, VersionDiff, compare
from pks_kit.naskah.diff.wording import likeness, word_marks
from support.tiny_version import TinyVersion

Bodies = dict[str, str]
WORDS = st.lists(
    st.sampled_from(["PIHAK", "KEDUA", "wajib", "melayani", "Peserta,", "dan", "(tiga)", ";", "."])
).map(" ".join)


@pytest.fixture
def differ(tmp_path: Path) -> Any:
    """Return a function that compares two tiny versions given by their pasal."""

    def assemble(
        folder: str, pasal: Bodies, data: Mapping[str, Any], **parts: Any
    ) -> LabelledNaskah:
        version = TinyVersion(tmp_path / folder, pasal=pasal, **parts)
        version.write()
        return assemble_labelled(
            "mini", "klinik_pratama", data, cara_kontrak="manual", nomor_kesatu="1",
            nomor_kedua="2", templates_root=version.root,
        )  # fmt: skip

    def run(
        old: Bodies,
        new: Bodies,
        old_data: Mapping[str, Any] | None = None,
        new_data: Mapping[str, Any] | None = None,
        **parts: Any,
    ) -> VersionDiff:
        crossed: dict[str, LabelledNaskah] = {}
        if old_data != new_data:
            crossed["new_with_old_values"] = assemble("crossed", new, old_data or {}, **parts)
        return compare(
            assemble("old", old, old_data or {}, **parts),
            assemble("new", new, new_data or {}, **parts),
            **crossed,
        )

    return run


def of(diff: VersionDiff, jenis: str = "pasal") -> list[ClauseChange]:
    return [change for part in diff.parts_of(jenis) for change in part.clauses]


def kinds(diff: VersionDiff) -> list[str]:
    return [change.kind for change in of(diff)]


def test_nothing_changed(differ: Any) -> None:
    body = {"a": "1. Satu:\n   1. dua; dan\n   1. tiga.\n"}
    assert kinds(differ(body, body)) == ["same"] * 3


def test_an_inserted_ayat_is_added_and_the_next_is_renumbered(differ: Any) -> None:
    diff = differ(
        {"a": "1. Satu hal yang pertama.\n1. Dua hal yang terakhir.\n"},
        {"a": "1. Satu hal yang pertama.\n1. Sisipan.\n1. Dua hal yang terakhir.\n"},
    )
    assert kinds(diff) == ["same", "added", "renumbered"]
    assert [c.place for c in (of(diff)[2].old, of(diff)[2].new) if c] == [
        "Pasal 1 ayat (2)", "Pasal 1 ayat (3)",
    ]  # fmt: skip


def test_a_removed_ayat_stands_where_it_was(differ: Any) -> None:
    diff = differ(
        {"a": "1. Pertama sekali.\n1. Hilang saja.\n1. Yang ketiga kalinya.\n"},
        {"a": "1. Pertama sekali.\n1. Yang ketiga kalinya.\n"},
    )
    assert kinds(diff) == ["same", "removed", "renumbered"]


def test_a_pasal_in_another_place_moved_with_all_its_clauses(differ: Any) -> None:
    a, b = "1. Isi pasal a.\n", "1. Isi pasal b.\n"
    diff = differ({"a": a, "b": b}, {"b": b, "a": a})
    assert kinds(diff) == ["moved", "moved"]
    assert [part.kinds for part in diff.parts_of("pasal")] == [("moved",)] * 2
    assert not any(part.content_changed for part in diff.parts)


def test_the_label_keeps_a_clause_although_every_word_changed(differ: Any) -> None:
    diff = differ(
        {"a": "1. {: #x } Pembayaran setiap bulan.\n"},
        {"a": "1. {: #x } Kewajiban lain sama sekali.\n"},
    )
    assert kinds(diff) == ["reworded"]


def test_two_labels_are_two_clauses_although_their_words_are_alike(differ: Any) -> None:
    diff = differ(
        {"a": "1. {: #x } PIHAK KEDUA melayani Peserta dengan baik.\n"},
        {"a": "1. {: #y } PIHAK KEDUA melayani Peserta dengan cepat.\n"},
    )
    assert sorted(kinds(diff)) == ["added", "removed"]


def test_without_labels_the_most_alike_words_count(differ: Any) -> None:
    diff = differ(
        {"a": "1. PIHAK KEDUA melayani Peserta dengan baik.\n1. PIHAK KESATU membayar Klaim.\n"},
        {
            "a": "1. PIHAK KESATU membayar Klaim tepat waktu.\n"
            "1. PIHAK KEDUA melayani semua Peserta dengan baik.\n"
        },
    )
    assert kinds(diff) == ["reworded", "reworded"]
    assert [change.also for change in of(diff)] == [("renumbered",)] * 2


def test_nothing_in_common_is_removed_and_added(differ: Any) -> None:
    diff = differ({"a": "1. Bunyi lama.\n"}, {"a": "1. Ketentuan lain sekali.\n"})
    assert sorted(kinds(diff)) == ["added", "removed"]


def test_a_clause_that_went_to_another_pasal_moved(differ: Any) -> None:
    clause = "1. PIHAK KEDUA menjaga kerahasiaan data setiap saat.\n"
    diff = differ(
        {"a": "1. Tetap di sini.\n" + clause, "b": "1. Isi b.\n"},
        {"a": "1. Tetap di sini.\n", "b": "1. Isi b.\n" + clause},
    )
    (moved,) = [change for change in of(diff) if change.kind == "moved"]
    assert moved.old is not None
    assert moved.new is not None
    assert (moved.old.subjek, moved.new.subjek) == ("a", "b")
    assert "removed" not in kinds(diff)


def test_a_clause_under_another_clause_moved(differ: Any) -> None:
    diff = differ(
        {
            "a": "1. {: #satu } Satu:\n   1. {: #x } butir x; dan\n   1. {: #y } butir y.\n"
            "1. {: #dua } Dua:\n   1. z.\n"
        },
        {
            "a": "1. {: #satu } Satu:\n   1. {: #y } butir y.\n"
            "1. {: #dua } Dua:\n   1. {: #x } butir x; dan\n   1. z.\n"
        },
    )
    by_label = {change.one.label: change.kind for change in of(diff)}
    assert by_label["x"] == "moved"
    assert by_label["y"] == "renumbered"


def test_a_reference_that_follows_its_target_is_no_change_of_words(differ: Any) -> None:
    diff = differ(
        {"a": "1. {: #x } Ketentuan.\n1. {: #y } Menurut [](#x).\n"},
        {"a": "1. {: #z } Sisipan baru.\n1. {: #x } Ketentuan.\n1. {: #y } Menurut [](#x).\n"},
    )
    change = of(diff)[2]
    assert (change.kind, change.also) == ("renumbered", ("references",))
    assert [mark.text for mark in change.marks if mark.op == "added"] == ["2"]


def test_a_reference_to_something_else_is_reworded(differ: Any) -> None:
    old = "1. {: #x } Ketentuan x.\n1. {: #y } Ketentuan y.\n1. {: #w } Menurut [](#%s).\n"
    assert kinds(differ({"a": old % "x"}, {"a": old % "y"})) == ["same", "same", "reworded"]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [("; dan", ";", "same"), (";", ".", "same"), ("; atau", "; dan", "reworded")],
)
def test_the_end_of_an_item(differ: Any, old: str, new: str, kind: str) -> None:
    body = "1. Satu:\n   1. {: #x } sebuah butir%s\n   1. lain.\n"
    diff = differ({"a": body % old}, {"a": body % new})
    assert of(diff)[1].kind == kind
    assert bool(of(diff)[1].marks) == (kind == "reworded")


def test_only_a_value_changed(differ: Any) -> None:
    body = {"a": "1. Paling lambat {{ n }} hari.\n1. Tetap.\n"}
    diff = differ(body, body, {"n": 3}, {"n": 5})
    assert kinds(diff) == ["parameter_only", "same"]


def test_words_and_value_changed(differ: Any) -> None:
    diff = differ(
        {"a": "1. {: #x } Paling lambat {{ n }} hari.\n"},
        {"a": "1. {: #x } Paling lama {{ n }} hari.\n"},
        {"n": 3},
        {"n": 5},
    )
    assert [(change.kind, change.also) for change in of(diff)] == [("reworded", ("parameter",))]


def test_a_value_that_opens_a_branch_is_a_parameter_only(differ: Any) -> None:
    body = {"a": "1. {: #x } Dibayar{% if n > 3 %} dengan denda{% endif %}.\n"}
    assert kinds(differ(body, body, {"n": 3}, {"n": 5})) == ["parameter_only"]


def test_new_gone_and_renamed_parts(differ: Any) -> None:
    diff = differ({"a": "1. A.\n", "lama": "1. L.\n"}, {"a": "1. A.\n", "baru": "1. B.\n"})
    assert {part.subjek: part.kinds for part in diff.parts_of("pasal")} == {
        "a": ("kept",), "baru": ("new",), "lama": ("gone",),
    }  # fmt: skip


def test_tables_forms_and_headings_are_clauses(differ: Any) -> None:
    lampiran = {
        "x": "## Judul\n\nKalimat.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nNama\n: Isi\n\n- butir\n"
    }
    body = {"a": "1. Isi.\n"}
    diff = differ(body, body, lampiran=lampiran)
    assert [(c.one.bentuk, c.one.place) for c in of(diff, "lampiran")] == [
        ("subjudul", "Lampiran I huruf A"),
        ("paragraf", "Lampiran I huruf A paragraf 1"),
        ("tabel", "Lampiran I huruf A tabel 1"),
        ("formulir", "Lampiran I huruf A formulir 1"),
        ("butir", "Lampiran I huruf A butir 1"),
    ]


@given(WORDS, WORDS)
def test_marks_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    marks = word_marks(old, new)
    assert "".join(mark.text for mark in marks if mark.op != "added") == old
    assert "".join(mark.text for mark in marks if mark.op != "removed") == new
    assert all(mark.text for mark in marks)


def test_marks_are_phrases_and_no_confetti() -> None:
    marks = word_marks("PIHAK KEDUA dapat wajib melayani", "PIHAK KEDUA harus selalu melayani")
    assert [(mark.op, mark.text) for mark in marks] == [
        ("same", "PIHAK KEDUA "),
        ("removed", "dapat wajib"),
        ("added", "harus selalu"),
        ("same", " melayani"),
    ]


@given(WORDS)
def test_likeness_of_a_text_with_itself(text: str) -> None:
    assert likeness(text, text) == 1.0
