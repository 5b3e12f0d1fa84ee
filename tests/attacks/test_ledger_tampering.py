"""Somebody with all rights changes the ledger behind our back; each act is named."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pks_kit.json_form import to_json
from pks_kit.ledger.canonical import HASH_AWAL, canonical_json
from pks_kit.ledger.chain import ChainReport, Head, check_chain
from pks_kit.ledger.fault import Fault
from pks_kit.ledger.kinds import FAKTA
from pks_kit.ledger.stored import StoredEvent, own_hash
from support.ledger_events import write
from support.ledger_places import Place, drop_guards

COUNT = 7


def chain(count: int = COUNT, word: str = "kode") -> list[StoredEvent]:
    rows: list[StoredEvent] = []
    before = HASH_AWAL
    for nomor in range(1, count + 1):
        row = StoredEvent(
            nomor,
            f"2024-01-02T03:04:{nomor % 60:02d}.000000Z",
            f"P{nomor % 2}",
            "langkah.gagal",
            canonical_json({"kode": f"{word} {nomor}", "langkah": "x"}),
            f"u:{nomor}" if nomor % 3 else None,
            before,
            "",
        )
        rows.append(sealed(row))
        before = rows[-1].hash
    return rows


def sealed(row: StoredEvent) -> StoredEvent:
    return replace(row, hash=own_hash(row))


def judged(rows: list[StoredEvent], head: Head | None = None) -> ChainReport:
    by_number = sorted(rows, key=lambda row: row.nomor)
    return check_chain(lambda: iter(by_number), expected_head=head)


def named(rows: list[StoredEvent], head: Head | None = None) -> set[tuple[Any, ...]]:
    return {
        (fault.kind, fault.nomor, *([fault.sampai] if fault.sampai != fault.nomor else []))
        for fault in judged(rows, head).faults
    }


def change(rows: list[StoredEvent], nomor: int, **changes: Any) -> list[StoredEvent]:
    return [replace(row, **changes) if row.nomor == nomor else row for row in rows]


ALTERATIONS: dict[str, tuple[dict[str, Any], str | None]] = {
    "waktu": ({"waktu": "2024-01-02T03:04:59.000000Z"}, None),
    "perjanjian": ({"perjanjian": "LAIN"}, None),
    "jenis": ({"jenis": "langkah.tidak_pasti"}, "jenis"),
    "isi": ({"isi": canonical_json({"kode": "lain", "langkah": "x"})}, None),
    "isi spaced": ({"isi": '{"kode": "kode 3","langkah":"x"}'}, None),
    "isi no json": ({"isi": "{"}, None),
    "isi deep": ({"isi": "[" * 100_000}, None),
    "unik added": ({"unik": "sn:9"}, None),
    "hash_sebelum": ({"hash_sebelum": "f" * 64}, "hash_sebelum"),
    "hash": ({"hash": "f" * 64}, "hash"),
    "type of waktu": ({"waktu": b"\x00"}, None),
    "type of isi": ({"isi": 5}, None),
    "type of unik": ({"unik": 5}, None),
    "hash gone": ({"hash": None}, "hash"),
}


@pytest.mark.parametrize("nomor", [1, 3, 6, COUNT])
@pytest.mark.parametrize("name", ALTERATIONS)
def test_each_column_altered(name: str, nomor: int) -> None:
    changes, column = ALTERATIONS[name]
    report = judged(change(chain(), nomor, **changes))
    (fault,) = report.faults
    assert (fault.kind, fault.nomor) == ("altered", nomor)
    if column == "hash" and nomor == COUNT:
        column = None  # nobody continues the last one
    assert fault.kolom in ({None, "unik"} if "unik" in name else {column})
    assert str(nomor) in fault.text.id


@pytest.mark.parametrize("nomor", range(1, COUNT))
def test_altered_with_its_hash_made_again(nomor: int) -> None:
    rows = chain()
    forged = sealed(replace(rows[nomor - 1], perjanjian="LAIN"))
    assert named([forged if row.nomor == nomor else row for row in rows]) == {("rehashed", nomor)}


@pytest.mark.parametrize("nomor", range(2, COUNT))
def test_link_forged_with_its_hash_made_again(nomor: int) -> None:
    rows = chain()
    forged = sealed(replace(rows[nomor - 1], hash_sebelum="e" * 64))
    assert named([forged if row.nomor == nomor else row for row in rows]) == {("rehashed", nomor)}


@pytest.mark.parametrize("first", range(1, COUNT))
@pytest.mark.parametrize("count", [1, 2, 3])
def test_removed(first: int, count: int) -> None:
    last = min(first + count - 1, COUNT - 1)
    rows = [row for row in chain() if not first <= row.nomor <= last]
    assert named(rows) == {("removed", first, *([last] if last != first else []))}


@pytest.mark.parametrize("nomor", range(1, COUNT))
def test_removed_and_the_rest_renumbered(nomor: int) -> None:
    rows = [
        replace(row, nomor=row.nomor - (row.nomor > nomor)) for row in chain() if row.nomor != nomor
    ]
    assert named(rows) == {("removed", nomor)}


@pytest.mark.parametrize("nomor", range(1, COUNT + 1))
@pytest.mark.parametrize("with_hash", [True, False])
def test_inserted_and_the_rest_renumbered(nomor: int, with_hash: bool) -> None:
    rows = chain()
    before = rows[nomor - 2].hash if nomor > 1 else HASH_AWAL
    forged = replace(rows[0], nomor=nomor, perjanjian="PALSU", hash_sebelum=before, hash="d" * 64)
    if with_hash:
        forged = sealed(forged)
    moved = [replace(row, nomor=row.nomor + (row.nomor >= nomor)) for row in rows]
    assert named([*moved, forged]) == {("inserted", nomor)}


@pytest.mark.parametrize("nomor", [0, -1])
def test_inserted_before_the_first(nomor: int) -> None:
    assert named([*chain(), sealed(replace(chain()[0], nomor=nomor))]) == {("inserted", nomor)}


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (2, 5), (1, 7), (6, 7)])
def test_swapped(one: int, other: int) -> None:
    places = {one: other, other: one}
    rows = [replace(row, nomor=places.get(row.nomor, row.nomor)) for row in chain()]
    report = judged(rows)
    assert {(fault.kind, fault.nomor, fault.letak) for fault in report.faults} == {
        ("reordered", one, other),
        ("reordered", other, one),
    }


def test_moved_to_the_end() -> None:
    rows = [replace(row, nomor=20) if row.nomor == 4 else row for row in chain()]
    (fault,) = judged(rows).faults
    assert (fault.kind, fault.nomor, fault.letak) == ("reordered", 4, 20)


def test_several_acts_at_once() -> None:
    rows = change(chain(12), 3, perjanjian="LAIN")
    rows = [row for row in rows if row.nomor not in (6, 7)]
    rows = change(rows, 10, jenis="langkah.tidak_pasti")
    assert named(rows) == {("altered", 3), ("removed", 6, 7), ("altered", 10)}


def test_end_cut_off_shows_only_against_a_known_head() -> None:
    rows = chain()
    known = Head(COUNT, rows[-1].hash)
    assert judged(rows, known).intact
    assert named(rows[:-2]) == set()
    assert judged(rows[:-2]).head_known is False
    assert named(rows[:-2], known) == {("removed", 6, 7)}
    assert named([], known) == {("removed", 1, 7)}
    longer = chain(COUNT + 3)
    assert judged(longer, known).intact


def test_chain_computed_again_shows_only_against_a_known_head() -> None:
    known = Head(COUNT, chain()[-1].hash)
    assert named(chain(word="lain")) == set()
    assert named(chain(COUNT + 2, word="lain"), known) == {("rewritten", COUNT)}


def test_true_chain_is_whole() -> None:
    report = judged(chain(100))
    assert report.intact
    assert report.count == 100
    assert judged([]).head is None


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE pks_peristiwa SET waktu = '2024-01-02T03:04:05.000000Z' WHERE nomor = 3", "3"),
        ("UPDATE pks_peristiwa SET perjanjian = 'X' WHERE nomor = 3", "3"),
        ("UPDATE pks_peristiwa SET jenis = 'terbit' WHERE nomor = 3", "3"),
        ("UPDATE pks_peristiwa SET isi = '{}' WHERE nomor = 3", "3"),
        ("UPDATE pks_peristiwa SET unik = 'x' WHERE nomor = 3", "3"),
        ("UPDATE pks_peristiwa SET hash_sebelum = 'x' WHERE nomor = 3", "3"),
        ("UPDATE pks_peristiwa SET hash = 'x' WHERE nomor = 3", "3"),
        ("DELETE FROM pks_peristiwa WHERE nomor = 3", "3"),
        (
            "INSERT INTO pks_peristiwa VALUES (9, '2024-01-02T03:04:05.000000Z', 'p', 'j', '{}',"
            " NULL, 'x', 'y')",
            "9",
        ),
    ],
)
def test_real_tables_without_their_guards(place: Place, statement: str, expected: str) -> None:
    with place.open() as ledger:
        write(ledger, 8)
        drop_guards(place)
        place.tamper(statement)
        report = ledger.verify()
    (fault,) = report.faults
    assert str(fault.nomor) == expected
    assert fault.kind == ("removed" if statement.startswith("DELETE") else "altered")
    assert report.guarded is False


def test_real_swap(place: Place) -> None:
    with place.open() as ledger:
        write(ledger, 5)
        drop_guards(place)
        place.tamper(
            "UPDATE pks_peristiwa SET nomor = 99 WHERE nomor = 2",
            "UPDATE pks_peristiwa SET nomor = 2 WHERE nomor = 4",
            "UPDATE pks_peristiwa SET nomor = 4 WHERE nomor = 99",
        )
        assert {(one.nomor, one.letak) for one in ledger.verify().faults} == {(2, 4), (4, 2)}


def test_words_of_every_fault() -> None:
    for kind in ("altered", "rehashed", "removed", "inserted", "reordered", "rewritten"):
        for extra in ({}, {"kolom": "isi"}, {"letak": 5}):
            fault = Fault(kind=kind, nomor=3, sampai=4, **extra)  # type: ignore[arg-type]
            assert "3" in fault.text.id
            assert "[ledger" not in fault.text.id
            assert asdict(fault)["kind"] == to_json(fault)["kind"]
    assert FAKTA


CHANGES = st.sampled_from(["drop", "copy", "swap", "column", "seal", "renumber"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CHANGES, st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=4))
def test_no_mixture_of_acts_goes_unseen(acts: list[tuple[str, int, int]]) -> None:
    """Whatever is done in whatever order: a changed list is never called whole.

    An end that was cut off, or computed again, is seen because the head is known.
    """
    true = chain(9)
    rows = list(true)
    for act, first, second in acts:
        one, other = first % max(len(rows), 1), second % max(len(rows), 1)
        if not rows:
            break
        match act:
            case "drop":
                del rows[one]
            case "copy":
                rows.insert(other, replace(rows[one], nomor=rows[other].nomor))
            case "swap":
                rows[one], rows[other] = rows[other], rows[one]
            case "column":
                rows[one] = replace(rows[one], perjanjian="LAIN")
            case "seal":
                rows[one] = sealed(replace(rows[one], hash_sebelum=rows[other].hash))
            case "renumber":
                rows[one] = replace(rows[one], nomor=rows[other].nomor)
    report = check_chain(lambda: iter(rows), expected_head=Head(9, true[-1].hash))
    assert report.intact is (rows == true)
