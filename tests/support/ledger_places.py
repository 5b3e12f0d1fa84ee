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
