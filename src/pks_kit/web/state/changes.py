"""How often the agreements of the state were changed, so that what was counted can be kept.

The number stands in the database and moves in the transaction of each change, so it holds for all
servers that share one state: as long as it is the same, every count is the same. It is moved before
the agreement is touched. On a server for databases whoever changes an agreement therefore waits for
the end of another such transaction, and two of them never wait for each other.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from pks_kit.web.state.tables import perubahan

_AGREEMENTS = "perjanjian"


def told(connection: Connection) -> None:
    """Write down that an agreement is changed; to be called before it is.

    Args:
        connection: The transaction that changes it.
    """
    connection.execute(
        update(perubahan).where(perubahan.c.apa == _AGREEMENTS).values(nomor=perubahan.c.nomor + 1)
    )


def number(connection: Connection) -> int:
    """Return how often agreements were changed; to be asked before what depends on it is read."""
    asked = select(perubahan.c.nomor).where(perubahan.c.apa == _AGREEMENTS)
    return int(connection.execute(asked).scalar_one())
