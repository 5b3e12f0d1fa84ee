"""The schema of the portal's state: made, found again, never mistaken for another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from pks_kit.errors import LedgerError
from pks_kit.ledger.address import read_address
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.scope import Reach, Scope
from pks_kit.web.state import database, jobs, tables
from pks_kit.web.state.database import State, alembic_config, open_state
from pks_kit.web.state.tables import stamp
from support.ledger_places import Place

NOW = system_clock()
EVERYTHING = Reach(frozenset({Scope("pusat")}))


def test_the_migrations_make_the_tables(state: State) -> None:
    known = {one.name for one in tables.metadata.sorted_tables}
    with state.read() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": tables.VERSI,
                "include_name": lambda name, kind, _: kind != "table" or name in known,
                "compare_type": True,
            },
        )
        differences = compare_metadata(context, tables.metadata)
    # an index and a unique column have other names where a migration made them, nothing more
    assert [
        one for one in differences if "index" not in one[0] and "constraint" not in one[0]
    ] == []


def test_the_versions_are_those_of_the_files() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    found = [one.revision for one in script.walk_revisions()]
    assert tuple(reversed(found)) == tables.KNOWN_VERSIONS


def test_it_is_found_again(state: State, place: Place, tmp_path: Path) -> None:
    with state.write() as connection:
        connection.execute(insert(tables.umpan).values(buku="a", nomor=7))
    again = open_state(tmp_path, read_address(place.address, place.password))
    try:
        with again.read() as connection:
            assert connection.execute(select(tables.umpan.c.nomor)).scalar() == 7
    finally:
        again.close()


@pytest.mark.parametrize("address", ["postgresql://petugas@127.0.0.1:1/rahasia", "buku.sqlite"])
def test_who_is_told_that_it_is_away_learns_no_address(tmp_path: Path, address: str) -> None:
    (tmp_path / database.FILE).write_bytes(b"no database" * 99)
    with pytest.raises(LedgerError) as caught:
        open_state(tmp_path, read_address(address))
    assert caught.value.code == "web.state_unavailable"
    told = f"{caught.value.text} {caught.value.params}"
    for hidden in ("petugas", "127.0.0.1", "rahasia", str(tmp_path)):
        assert hidden not in told


def test_a_newer_one_is_refused(state: State, place: Place, tmp_path: Path) -> None:
    with state.write() as connection:
        connection.execute(text(f"UPDATE {tables.VERSI} SET version_num = '9999'"))  # noqa: S608
    with pytest.raises(LedgerError) as caught:
        open_state(tmp_path, read_address(place.address, place.password))
    assert caught.value.code == "web.state_newer"


def written_before(state: State, name: str, rows: list[dict[str, str | int]]) -> None:
    """Write rows into a table as a version did that knew it by its columns alone."""
    with state.write() as connection:
        for row in rows:
            fields, values = ", ".join(row), ", ".join(f":{one}" for one in row)
            connection.execute(
                text(f"INSERT INTO {name} ({fields}) VALUES ({values})"),  # noqa: S608
                row,
            )


def agreement_before(later: tuple[str, ...] = (), **known: str) -> dict[str, str | int]:
    """Return the row of an agreement in which columns of later versions are not."""
    empty = {one: "" for one in tables.perjanjian.c.keys() if one not in later}  # noqa: SIM118
    return empty | {"halaman": 1} | known


def test_an_older_one_is_brought_up_with_what_it_holds(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = read_address(place.address, place.password)
    monkeypatch.setattr(database, "CURRENT", "0001")
    old = open_state(tmp_path, address)
    told: dict[str, str | int] = dict.fromkeys(tables.pekerjaan.c.keys(), "")
    del told["batch"]
    told |= {"percobaan": 1, "keadaan": "selesai", "kemajuan": "{}", "dibuat": stamp(NOW)}
    jobs_of_old = (
        ("J1", "rencana_batch", {"batch": "B1", "oleh": "Sari"}, {"hasil": {"ready": 3}}),
        ("J2", "jalan_batch", {"batch": "B1", "gladi": False, "sudah": ["a"] * 9}, {"hasil": {}}),
        ("J3", "verifikasi", {"berkas": {"nama": '"batch": "B1"'}}, {"hasil": {}}),
        *((f"X{one:03}", "laporan_batch", {"batch": "B2"}, {"hasil": {}}) for one in range(450)),
    )
    rows = [
        told | {"id": name, "kunci": name, "jenis": kind, "isi": json.dumps(isi),
                "hasil": json.dumps(hasil)}
        for name, kind, isi, hasil in jobs_of_old
    ]  # fmt: skip
    written_before(old, "pks_portal_pekerjaan", rows)
    with old.write() as connection:
        connection.execute(insert(tables.umpan).values(buku="a", nomor=7))
    old.close()
    monkeypatch.undo()
    state = open_state(tmp_path, address)
    try:
        with state.read() as connection:
            found = jobs.of_batch(connection, "B1", EVERYTHING)
            others = connection.execute(
                select(tables.pekerjaan.c.id).where(tables.pekerjaan.c.batch == "B2")
            ).all()
            assert connection.execute(select(tables.umpan.c.nomor)).scalar() == 7
        assert [one.id for one in found] == ["J2", "J1"]
        assert found[0].isi == {"batch": "B1", "gladi": False}
        assert found[1].hasil == {"hasil": {"ready": 3}}
        assert len(others) == 450
    finally:
        state.close()


def test_the_ledger_does_not_mind_it(state: State, place: Place) -> None:
    with place.open() as ledger:
        assert ledger.head() is None


def test_nothing_of_a_failed_transaction_stays(state: State) -> None:
    def broken() -> None:
        with state.write() as connection:
            connection.execute(insert(tables.umpan).values(buku="a", nomor=7))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with state.read() as connection:
        assert connection.execute(select(tables.umpan)).all() == []


def test_an_error_of_the_database_tells_nothing_of_what_was_written(state: State) -> None:
    with pytest.raises(LedgerError) as caught, state.write() as connection:
        connection.execute(insert(tables.umpan).values(buku="rahasia", nomor=None))
    assert caught.value.code == "web.state_unavailable"
    assert "rahasia" not in str(caught.value)


def test_what_waits_for_the_pen_of_the_branch_is_due_before_it_begins(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = read_address(place.address, place.password)
    monkeypatch.setattr(database, "CURRENT", "0005")
    old = open_state(tmp_path, address)
    term = {"mulai": "2027-01-01", "selesai": "2027-12-31", "tenggat": "2027-12-31"}
    stages = {"A": "KERTAS_MENUNGGU_BPJS", "B": "TERBIT"}
    rows = [agreement_before(**term, id=one, tahap=stages[one]) for one in stages]
    written_before(old, "pks_portal_perjanjian", rows)
    old.close()
    monkeypatch.undo()
    state = open_state(tmp_path, address)
    try:
        with state.read() as connection:
            table = tables.perjanjian.c
            asked = select(table.id, table.tenggat).order_by(table.id)
            found = dict(tuple(one) for one in connection.execute(asked))
            assert found == {"A": "2026-12-31", "B": "2027-12-31"}
    finally:
        state.close()


def test_agreements_of_before_are_named_as_they_are_printed(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = read_address(place.address, place.password)
    monkeypatch.setattr(database, "CURRENT", "0003")
    old = open_state(tmp_path, address)
    named = {
        "A": ("klinik_pratama", "Klinik Embun"),
        "B": ("apotek", "Apotek Awan"),
        "C": ("", "X"),
    }
    later = ("sebutan", "kembali_sampai", "tenggat")
    rows = [
        agreement_before(later, id=one, jenis=jenis, nama=nama)
        for one, (jenis, nama) in named.items()
    ]
    written_before(old, "pks_portal_perjanjian", rows)
    old.close()
    monkeypatch.undo()
    state = open_state(tmp_path, address)
    try:
        with state.read() as connection:
            table = tables.perjanjian.c
            asked = select(table.id, table.nama, table.sebutan).order_by(table.id)
            assert [tuple(one) for one in connection.execute(asked)] == [
                ("A", "Klinik Pratama Embun", "Klinik Embun"),
                ("B", "Apotek Awan", ""),
                ("C", "X", ""),
            ]
    finally:
        state.close()
