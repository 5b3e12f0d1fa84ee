"""The database that all machines of a fleet share: ledger, book of the run, queue, locks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.errors import LedgerError, UsageError
from pks_kit.messages import lookup

if TYPE_CHECKING:
    from psycopg import Connection

    from pks_kit.ledger.address import Address
    from pks_kit.pipelines.signing.tools import SigningTools

SCHEMA = "pks_armada"
"""Book and queue have a schema of their own, beside the tables of the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPlace:
    """A PostgreSQL database.

    Attributes:
        address: Where it is.
    """

    address: Address

    def arguments(self) -> dict[str, Any]:
        """Return with what a connection is made whose tables are those of the fleet.

        Raises:
            LedgerError: ``ledger.no_driver``.
        """
        from pks_kit.ledger.engine import server_arguments

        return server_arguments(self.address, schema=SCHEMA)

    def connect(self) -> Connection[tuple[Any, ...]]:
        """Return a connection, each statement of which is a transaction of its own.

        Raises:
            LedgerError: ``ledger.no_driver``, ``ledger.unavailable``.
        """
        arguments = self.arguments()
        from psycopg import connect

        with self.told():
            return connect(**arguments, autocommit=True)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn what the database says into an error of ours, without its text.

        Raises:
            LedgerError: ``ledger.unavailable``.
        """
        from psycopg import Error

        try:
            yield
        except Error as error:
            if error.sqlstate is None:
                reason = lookup("ledger.reason.no_answer")
            else:
                reason = lookup("ledger.reason.other").fill({"kind": error.sqlstate})
            raise LedgerError(
                "ledger.unavailable", ledger=self.address.shown, reason=reason
            ) from None


def fleet_place(tools: SigningTools) -> FleetPlace:
    """Return the database of the settings.

    Raises:
        UsageError: ``fleet.needs_server``: the ledger is a file of one machine.
        LedgerError: The address is refused.
    """
    address = tools.ledger_address()
    if address.url is None:
        raise UsageError("fleet.needs_server", ledger=address.shown)
    return FleetPlace(address=address)


def lock_number(name: str) -> int:
    """Return the number that PostgreSQL knows an advisory lock by."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
