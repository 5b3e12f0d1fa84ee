"""Guards are judged by what they do: names, empty bodies and look-alikes do not count."""

from __future__ import annotations

import pytest

from pks_kit.errors import LedgerGuardsError
from pks_kit.ledger.guard_sql import SQLITE
from pks_kit.ledger.guards import GuardFault
from pks_kit.ledger.store import migrate_ledger
from support.ledger_events import write
from support.ledger_places import Place, drop_guards

UBAH, HAPUS, SAMBUNG = (
    "pks_peristiwa_tolak_ubah",
    "pks_peristiwa_tolak_hapus",
    "pks_peristiwa_sambung",
)
KOSONGKAN = "pks_peristiwa_tolak_kosongkan"
NAMES = {"sqlite": {UBAH, HAPUS, SAMBUNG}, "postgresql": {UBAH, HAPUS, SAMBUNG, KOSONGKAN}}


def empty_triggers(place: Place) -> None:
    """Put triggers of the right names and with empty bodies in the place of the true ones."""
    drop_guards(place)
    acts = {UBAH: "UPDATE", HAPUS: "DELETE", SAMBUNG: "INSERT"}
    if place.name == "sqlite":
        place.tamper(
            *(
                f"CREATE TRIGGER {name} BEFORE {act} ON pks_peristiwa BEGIN SELECT 1; END"
                for name, act in acts.items()
            )
        )
        return
    place.tamper(
        "CREATE FUNCTION kosong() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN COALESCE(NEW, OLD); END $$",
        *(
            f"CREATE TRIGGER {name} BEFORE {act} ON pks_peristiwa"
            " FOR EACH ROW EXECUTE FUNCTION kosong()"
            for name, act in acts.items()
        ),
    )


def found(place: Place) -> set[tuple[str, str]]:
    with place.open() as ledger:
        report = ledger.verify()
    assert report.intact
    assert report.guarded is not bool(report.guard_faults)
    assert report.exit_code == (41 if report.guard_faults else 0)
    assert all(one.name in one.message.id for one in report.guard_faults)
    return {(one.kind, one.name) for one in report.guard_faults}


@pytest.fixture
def filled(place: Place) -> Place:
    with place.open() as ledger:
        write(ledger, 3)
    assert found(place) == set()
    return place


def test_empty_triggers_of_the_right_names(filled: Place) -> None:
    empty_triggers(filled)
    assert found(filled) == {("altered", UBAH), ("altered", HAPUS), ("altered", SAMBUNG)}


def test_dropped_triggers(filled: Place) -> None:
    drop_guards(filled)
    assert found(filled) == {("missing", UBAH), ("missing", HAPUS), ("missing", SAMBUNG)}


def test_a_view_in_the_place_of_the_table(filled: Place) -> None:
    drop_guards(filled)
    filled.tamper(
        "ALTER TABLE pks_peristiwa RENAME TO tersembunyi",
        "CREATE VIEW pks_peristiwa AS SELECT * FROM tersembunyi",
    )
    assert ("table", "pks_peristiwa") in found(filled)
    migrate_ledger(filled.address, password=filled.password)
    assert ("table", "pks_peristiwa") in found(filled)


def test_a_table_without_its_unique_values(filled: Place) -> None:
    """A copy of the table, with the true guards, in which a number may be bought twice."""
    drop_guards(filled)
    filled.tamper(
        "ALTER TABLE pks_peristiwa RENAME TO tersembunyi",
        "CREATE TABLE pks_peristiwa AS SELECT * FROM tersembunyi",
    )
    assert ("table", "pks_peristiwa") in found(filled)


def test_a_foreign_trigger_that_swallows_events(filled: Place) -> None:
    if filled.name == "sqlite":
        filled.tamper(
            "CREATE TRIGGER lain BEFORE INSERT ON PKS_PERISTIWA BEGIN SELECT RAISE(IGNORE); END"
        )
    else:
        filled.tamper(
            "CREATE FUNCTION telan() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$",
            "CREATE TRIGGER lain BEFORE INSERT ON pks_peristiwa"
            " FOR EACH ROW EXECUTE FUNCTION telan()",
        )
    assert found(filled) == {("foreign", "lain")}
    done = migrate_ledger(filled.address, password=filled.password)
    assert done.guards == (GuardFault(kind="foreign", name="lain"),)
    assert found(filled) == {("foreign", "lain")}


POSTGRESQL = {
    "switched off": (["ALTER TABLE pks_peristiwa DISABLE TRIGGER ALL"], "off", NAMES["postgresql"]),
    "only for replicas": (
        [f"ALTER TABLE pks_peristiwa ENABLE REPLICA TRIGGER {UBAH}"], "off", {UBAH},
    ),
    "function emptied": (
        ["CREATE OR REPLACE FUNCTION pks_peristiwa_tolak() RETURNS trigger LANGUAGE plpgsql AS"
         " $$ BEGIN RETURN NEW; END $$"],
        "altered", {UBAH, HAPUS, KOSONGKAN},
    ),
    "function looks elsewhere": (
        ["ALTER FUNCTION pks_peristiwa_sambung() SET search_path = lain"], "altered", {SAMBUNG},
    ),
    "only sometimes": (
        [f"DROP TRIGGER {UBAH} ON pks_peristiwa",
         f"CREATE TRIGGER {UBAH} BEFORE UPDATE ON pks_peristiwa FOR EACH ROW"
         " WHEN (OLD.nomor > 99) EXECUTE FUNCTION pks_peristiwa_tolak()"],
        "altered", {UBAH},
    ),
    "only one column": (
        [f"DROP TRIGGER {UBAH} ON pks_peristiwa",
         f"CREATE TRIGGER {UBAH} BEFORE UPDATE OF unik ON pks_peristiwa FOR EACH ROW"
         " EXECUTE FUNCTION pks_peristiwa_tolak()"],
        "altered", {UBAH},
    ),
    "after the act": (
        [f"DROP TRIGGER {HAPUS} ON pks_peristiwa",
         f"CREATE TRIGGER {HAPUS} AFTER DELETE ON pks_peristiwa FOR EACH STATEMENT"
         " EXECUTE FUNCTION pks_peristiwa_tolak()"],
        "altered", {HAPUS},
    ),
    "emptied at once": (
        [f"DROP TRIGGER {KOSONGKAN} ON pks_peristiwa"], "missing", {KOSONGKAN},
    ),
    "a rule": (
        ["CREATE RULE telan AS ON INSERT TO pks_peristiwa DO INSTEAD NOTHING"],
        "table", {"pks_peristiwa"},
    ),
    "rows hidden": (
        ["ALTER TABLE pks_peristiwa ENABLE ROW LEVEL SECURITY"], "table", {"pks_peristiwa"},
    ),
    "a table below": (
        ["CREATE TABLE bawah () INHERITS (pks_peristiwa)"], "table", {"pks_peristiwa"},
    ),
    "lost in a crash": (["ALTER TABLE pks_peristiwa SET UNLOGGED"], "table", {"pks_peristiwa"}),
}  # fmt: skip


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
@pytest.mark.parametrize("act", POSTGRESQL)
def test_what_a_server_can_do_to_guards(filled: Place, act: str) -> None:
    statements, kind, names = POSTGRESQL[act]
    filled.tamper(*statements)
    assert found(filled) == {(kind, name) for name in names}
    if kind != "table":
        done = migrate_ledger(filled.address, password=filled.password)
        assert {one.name for one in done.guards} == names
        assert found(filled) == set()


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_role_for_which_no_trigger_runs(filled: Place) -> None:
    filled.tamper("ALTER ROLE pejabat SET session_replication_role = replica")
    try:
        assert found(filled) == {("off", name) for name in NAMES["postgresql"]}
    finally:
        filled.tamper("ALTER ROLE pejabat RESET session_replication_role")


@pytest.mark.parametrize("spoil", [empty_triggers, drop_guards])
def test_nothing_is_written_until_the_guards_stand_again(filled: Place, spoil) -> None:
    spoil(filled)
    with filled.open() as ledger:
        with pytest.raises(LedgerGuardsError) as caught:
            write(ledger, 1)
        assert (caught.value.code, caught.value.exit_code) == ("ledger.guards", 41)
        assert UBAH in caught.value.text.en
        assert len(ledger.events()) == 3
        done = migrate_ledger(filled.address, password=filled.password)
        assert {one.name for one in done.guards} == {UBAH, HAPUS, SAMBUNG}
        write(ledger, 1)
    assert found(filled) == set()
    assert migrate_ledger(filled.address, password=filled.password).guards == ()


def test_a_run_that_has_begun_can_write_down_what_was_paid(filled: Place) -> None:
    with filled.open() as ledger:
        write(ledger, 1)
        drop_guards(filled)
        write(ledger, 1)
        assert len(ledger.events()) == 5


def test_layout_of_a_trigger_does_not_matter(tmp_path) -> None:
    import sqlite3

    from pks_kit.ledger.store import open_ledger

    path = tmp_path / "buku.sqlite"
    with open_ledger(path) as ledger:
        write(ledger, 1)
        with sqlite3.connect(path) as connection:
            for statement in SQLITE:
                name = statement.split()[2]
                connection.execute(f"DROP TRIGGER {name}")
                connection.execute(" ".join(statement.split()))
        connection.close()
        assert ledger.verify().guarded
