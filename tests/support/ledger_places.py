"""Empty places for a ledger, and ways past their doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.ledger.store import SqlLedger, open_ledger
from pks_kit.ledger.stored import StoredEvent


@dataclass
class Place:
    """An empty place for a ledger, and a way past its doors."""

    name: str
    address: str
    password: Secret | None
    tamper: Callable[..., list[Any]] = field(repr=False)

    def open(self, **options: Any) -> SqlLedger:
        return open_ledger(self.address, password=self.password, **options)


def drop_guards(place: Place) -> None:
    """Do what an intruder with the rights of the owner can do."""
    on = "" if place.name == "sqlite" else " ON pks_peristiwa"
    names = ["pks_peristiwa_sambung", "pks_peristiwa_tolak_ubah", "pks_peristiwa_tolak_hapus"]
    place.tamper(*(f"DROP TRIGGER {name}{on}" for name in names))


def make_old(place: Place) -> None:
    """Make a ledger with the first schema, as the first version did."""
    from alembic import command

    from pks_kit.ledger.address import read_address
    from pks_kit.ledger.engine import begin_write, make_engine
    from pks_kit.ledger.schema import alembic_config

    engine = make_engine(read_address(place.address, place.password), create=True)
    connection = begin_write(engine)
    command.upgrade(alembic_config(connection), "0001")
    connection.commit()
    connection.close()
    engine.dispose()


def cut_and_compute_again(place: Place, keep: int, word: str | None = None) -> None:
    """Do what leaves no trace inside: cut the end, change what is left, make all hashes anew.

    The guards stand again afterwards, as if nothing had been.

    Args:
        place: The ledger.
        keep: How many events stay.
        word: New agreement of the first event; None leaves the events as they are.
    """
    from pks_kit.ledger.canonical import HASH_AWAL
    from pks_kit.ledger.store import migrate_ledger
    from pks_kit.ledger.stored import own_hash

    with place.open() as ledger:
        rows = list(ledger.stored())[:keep]
    before = HASH_AWAL
    statements = ["DELETE FROM pks_peristiwa"]
    for row in rows:
        changed = replace(row, hash_sebelum=before)
        if word and row.nomor == 1:
            changed = replace(changed, perjanjian=word)
        changed = replace(changed, hash=own_hash(changed))
        before = changed.hash
        values = [getattr(changed, name) for name in StoredEvent.__slots__]
        shown = ", ".join("NULL" if one is None else _quoted(one) for one in values)
        statements.append(f"INSERT INTO pks_peristiwa VALUES ({shown})")  # noqa: S608
    drop_guards(place)
    place.tamper(*statements)
    migrate_ledger(place.address, password=place.password)
    with place.open() as ledger:
        report = ledger.verify()
        assert report.exit_code == 0, "no trace inside"
        assert report.count == keep


def _quoted(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
