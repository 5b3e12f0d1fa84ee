"""One process of all machines at a time works on an agreement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pks_kit.errors import LedgerError
from pks_kit.ledger.ports import LocksAgreements
from pks_kit.signing.session_places import SessionPlace, files_of


@contextmanager
def alone_on(place: Path | SessionPlace, ledger: object, agreement_id: str) -> Iterator[None]:
    """Keep every other process from an agreement: its folder is locked, and the ledger's server.

    Args:
        place: Where revisions are kept.
        ledger: The ledger; a server has locks that hold between machines.
        agreement_id: Id of the agreement.

    Raises:
        LedgerError: ``store.busy``; ``store.needs_server_lock`` when nothing could keep another
            machine out.
        InputError: ``file.unwritable``, ``file.no_locks``.
    """
    shared = ledger if isinstance(ledger, LocksAgreements) and ledger.is_shared else None
    if shared is None and isinstance(place, SessionPlace) and place.needs_shared_lock:
        raise LedgerError("store.needs_server_lock")
    with files_of(place, agreement_id).lock():
        if shared is None:
            yield
            return
        with shared.alone(agreement_id):
            yield
