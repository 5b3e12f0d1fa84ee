"""Empty places for a ledger, and ways past their doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.ledger.store import SqlLedger, open_ledger


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
