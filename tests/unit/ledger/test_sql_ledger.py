"""The same behaviour on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from pks_kit.errors import LedgerError
from pks_kit.ledger import kinds
from pks_kit.ledger.canonical import HASH_AWAL
from pks_kit.ledger.kinds import FAKTA
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import migrate_ledger
from support.ledger_events import PERJANJIAN, WAKTU, facts, write
from support.ledger_places import Place, drop_guards, make_old


def test_what_is_written_is_read(ledger: SqlLedger) -> None:
    for number, jenis in enumerate(FAKTA, 1):
        wib = WAKTU.astimezone(timezone(timedelta(hours=7)))
        event = ledger.append(PERJANJIAN, jenis, facts(jenis), waktu=wib, unik=f"x:{number}")
        assert event.nomor == number
        assert event.waktu == WAKTU
        assert event.waktu.utcoffset() == timedelta(0)
        assert event.isi == facts(jenis)
    events = ledger.events()
    assert [event.jenis for event in events] == list(FAKTA)
    assert events[0].hash_sebelum == HASH_AWAL
    for before, after in pairwise(events):
        assert after.hash_sebelum == before.hash
    assert all(re.fullmatch("[0-9a-f]{64}", event.hash) for event in events)
    report = ledger.verify()
    assert report.intact
    assert report.guarded
    assert report.count == len(FAKTA)
    assert report.head == ledger.head()


def test_choice_of_events(ledger: SqlLedger) -> None:
    write(ledger, 3, "A")
    write(ledger, 2, "B")
    ledger.append("A", kinds.TERBIT, facts(kinds.TERBIT), waktu=WAKTU)
    assert [event.nomor for event in ledger.events("A")] == [1, 2, 3, 6]
    assert [event.nomor for event in ledger.events("A", kinds.TERBIT)] == [6]
    assert [event.nomor for event in ledger.events(jenis=kinds.LANGKAH_GAGAL)] == [1, 2, 3, 4, 5]
    assert ledger.events("C") == ()


def test_more_events_than_one_batch(ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pks_kit.ledger.sql_ledger._BATCH_ROWS", 3)
    for count in (2, 3, 6, 7):
        write(ledger, count - len(ledger.events()), f"P{count}")
        assert [event.nomor for event in ledger.events()] == list(range(1, count + 1))
        assert ledger.verify().count == count


def test_events_outlive_the_connection(place: Place) -> None:
    with place.open() as ledger:
        write(ledger, 2)
    with place.open(create=False) as ledger:
        write(ledger, 1, "LAIN")
        assert ledger.verify().count == 3


def test_unik_only_once(ledger: SqlLedger) -> None:
    write(ledger, 2)
    isi = facts(kinds.METERAI_TERBIT)
    ledger.append(PERJANJIAN, kinds.METERAI_TERBIT, isi, waktu=WAKTU, unik="sn:1")
    with pytest.raises(LedgerError) as caught:
        ledger.append("LAIN", kinds.METERAI_TERBIT, isi, waktu=WAKTU, unik="sn:1")
    assert caught.value.code == "ledger.not_unique"
    assert "3" in caught.value.text.id
    ledger.append("LAIN", kinds.METERAI_TERBIT, isi, waktu=WAKTU, unik="sn:2")
    assert ledger.verify().count == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pks_peristiwa SET jenis = 'terbit' WHERE nomor = 1",
        "DELETE FROM pks_peristiwa WHERE nomor = 2",
        "DELETE FROM pks_peristiwa",
        "INSERT INTO pks_peristiwa VALUES (9, 'w', 'p', 'j', '{}', NULL, 'x', 'y')",
        "INSERT INTO pks_peristiwa VALUES (4, 'w', 'p', 'j', '{}', NULL, 'x', 'y')",
        "TRUNCATE pks_peristiwa",
        "INSERT OR REPLACE INTO pks_peristiwa SELECT 4, waktu, perjanjian, jenis, isi,"
        " 'uji:01HZZZZZZZZZZZZZZZZZZZZZZZ:1', (SELECT hash FROM pks_peristiwa WHERE nomor = 3),"
        " 'z' FROM pks_peristiwa WHERE nomor = 1",
        "INSERT OR REPLACE INTO pks_peristiwa SELECT * FROM pks_peristiwa WHERE nomor = 2",
    ],
)
def test_the_database_itself_refuses_changes(place: Place, statement: str) -> None:
    with place.open() as ledger:
        write(ledger, 3)
        before = ledger.events()
        if place.name == "sqlite" and statement.startswith("TRUNCATE"):
            statement = "DELETE FROM pks_peristiwa WHERE nomor > 0"
        if place.name == "postgresql" and " OR REPLACE" in statement:
            statement = statement.replace(" OR REPLACE", "")
        with pytest.raises(Exception, match=r"append-only|not continued|duplicate key"):
            place.tamper(statement)
        assert ledger.events() == before


def test_altered_event_is_never_returned_nor_continued(place: Place) -> None:
    with place.open() as ledger:
        write(ledger, 2)
        drop_guards(place)
        place.tamper("UPDATE pks_peristiwa SET perjanjian = 'LAIN' WHERE nomor = 2")
        for act in (ledger.events, lambda: write(ledger, 1, "BARU")):
            with pytest.raises(LedgerError) as caught:
                act()
            assert caught.value.code == "ledger.chain_broken"
            assert caught.value.params["nomor"] == 2
        assert place.tamper("SELECT count(*) FROM pks_peristiwa")[0][0] == 2
        assert ledger.verify().guarded is False


GOOD = facts(kinds.LANGKAH_GAGAL)
NIK = "9901014501900001"
BAD: dict[str, tuple[tuple[Any, ...], str]] = {
    "kind": ((PERJANJIAN, "meterai.gratis", GOOD), "kind"),
    "missing": ((PERJANJIAN, kinds.LANGKAH_GAGAL, {"langkah": "x"}), "missing"),
    "unknown": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"pin": "1"}), "unknown"),
    "null": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"kode": None}), "shape"),
    "number": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"kode": 1.5}), "shape"),
    "blank": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"kode": "  "}), "shape"),
    "surrogate": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"kode": "\ud800"}), "shape"),
    "bytes": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"kode": b"x"}), "shape"),
    "nik": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"kode": f"NIK {NIK}."}), "nik"),
    "nik spaced": (
        (PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"kode": "9901 0145 0190 0001"}),
        "nik",
    ),
    "nik alone": ((PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD | {"langkah": NIK}), "nik"),
    "nik as number": (
        (PERJANJIAN, kinds.TERBIT, facts(kinds.TERBIT, size=int(NIK))),
        "shape",
    ),
    "true is no number": ((PERJANJIAN, kinds.TERBIT, facts(kinds.TERBIT, size=True)), "shape"),
    "hash": ((PERJANJIAN, kinds.TERBIT, facts(kinds.TERBIT, sha256="A" * 64)), "shape"),
    "count": ((PERJANJIAN, kinds.METERAI_NIAT, facts(kinds.METERAI_NIAT, ke=0)), "shape"),
    "picture": (
        (PERJANJIAN, kinds.METERAI_TERBIT, facts(kinds.METERAI_TERBIT, gambar_b64="a b=")),
        "shape",
    ),
    "stage": (
        (PERJANJIAN, kinds.METERAI_TIDAK_PASTI, facts(kinds.METERAI_TIDAK_PASTI, tahap="x")),
        "shape",
    ),
    "too long": (
        (
            PERJANJIAN,
            kinds.METERAI_TERBIT,
            facts(kinds.METERAI_TERBIT, gambar_b64="AAAA" * 300_000),
        ),
        "too_long",
    ),
    "agreement": (("../x", kinds.LANGKAH_GAGAL, GOOD), "agreement"),
    "agreement is a nik": ((NIK, kinds.LANGKAH_GAGAL, GOOD), "agreement"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_events(ledger: SqlLedger, name: str) -> None:
    arguments, reason = BAD[name]
    with pytest.raises(LedgerError) as caught:
        ledger.append(*arguments, waktu=WAKTU)
    assert caught.value.code == "ledger.bad_event"
    assert caught.value.exit_code == 40
    from pks_kit.messages import lookup

    words = lookup(f"ledger.reason.{reason}").en.split("{")[0]
    assert words in str(caught.value)
    assert NIK not in str(caught.value) + caught.value.text.id
    assert ledger.events() == ()


def test_time_without_zone_and_unreadable_unik(ledger: SqlLedger) -> None:
    end = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7)))
    for waktu, unik in ((end, None), (datetime(2024, 1, 1), None), (WAKTU, "a b"), (WAKTU, "")):  # noqa: DTZ001
        with pytest.raises(LedgerError) as caught:
            ledger.append(PERJANJIAN, kinds.LANGKAH_GAGAL, GOOD, waktu=waktu, unik=unik)
        assert caught.value.code == "ledger.bad_event"


def test_a_hash_that_looks_like_a_nik_is_no_nik(ledger: SqlLedger) -> None:
    kunci = f"{PERJANJIAN}-p1-meterai-{NIK}"
    isi = facts(kinds.METERAI_NIAT, kunci=kunci, dokumen_sha256=NIK * 4)
    ledger.append(
        PERJANJIAN,
        kinds.METERAI_NIAT,
        isi,
        waktu=WAKTU,
        unik=f"niat:{PERJANJIAN}:p1_meterai:1",
    )
    assert ledger.events()[0].isi == isi


def test_old_schema_is_refused_until_migrated(place: Place) -> None:
    make_old(place)
    with pytest.raises(LedgerError) as caught:
        place.open()
    assert caught.value.code == "ledger.schema_old"
    assert "pks-kit ledger migrate" in caught.value.text.hint_id
    done = migrate_ledger(place.address, password=place.password)
    assert (done.before, done.after) == ("0001", "0002")
    again = migrate_ledger(place.address, password=place.password)
    assert (again.before, again.after, again.guards) == ("0002", "0002", ())
    with place.open() as ledger:
        write(ledger, 1)
        assert ledger.verify().guarded


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("0099", "ledger.schema_new"),
        ("zzz", "ledger.schema_unknown"),
        ("0000", "ledger.schema_unknown"),
    ],
)
def test_a_schema_of_nobody_and_a_newer_one_are_refused(
    place: Place, named: str, code: str
) -> None:
    place.open().close()
    place.tamper(f"UPDATE pks_versi_ledger SET version_num = '{named}'")  # noqa: S608 of this file
    for act in (place.open, lambda: migrate_ledger(place.address, password=place.password)):
        with pytest.raises(LedgerError) as caught:
            act()
        assert caught.value.code == code
        assert named in str(caught.value)


def test_empty_place_without_create(place: Place) -> None:
    with pytest.raises(LedgerError) as caught:
        place.open(create=False)
    assert caught.value.code == ("ledger.not_found" if place.name == "sqlite" else "ledger.empty")


def test_busy_ledger_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from pks_kit.ledger.engine import begin_write

    monkeypatch.setattr("pks_kit.ledger.engine.BUSY_SECONDS", 0.2)
    with place.open() as ledger, place.open() as other:
        write(ledger, 1)
        held = begin_write(other._engine)
        try:
            with pytest.raises(LedgerError) as caught:
                write(ledger, 1, "B")
            assert caught.value.code == "ledger.locked"
        finally:
            held.close()
        write(ledger, 1, "C")
        assert ledger.verify().count == 2


def test_versions_are_those_of_the_migrations() -> None:
    from alembic.script import ScriptDirectory

    from pks_kit.ledger.schema import alembic_config
    from pks_kit.ledger.tables import KNOWN_VERSIONS

    scripts = ScriptDirectory.from_config(alembic_config())
    assert [one.revision for one in scripts.walk_revisions()][::-1] == list(KNOWN_VERSIONS)


def test_the_table_of_kinds_is_the_data() -> None:
    table = kinds.__doc__ or ""
    for jenis, fakta in FAKTA.items():
        row = re.search(
            rf"^``{re.escape(jenis)}``(.*?)(?=^``|^==)", table, re.DOTALL | re.MULTILINE
        )
        assert row, jenis
        assert {*fakta.wajib, *fakta.boleh} <= set(re.findall(r"``(\w+)``", row.group(1)))


def test_times_are_canonical(ledger: SqlLedger) -> None:
    early = datetime(1, 1, 1, tzinfo=UTC)
    assert ledger.append("A", kinds.LANGKAH_GAGAL, GOOD, waktu=early).waktu == early
    assert ledger.events()[0].waktu == early
