"""Reads new events of the ledger into the state: what they change, and whom they are sent to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from pks_kit.ledger.agreements import agreements as read_agreements
from pks_kit.ledger.ports import Event
from pks_kit.policy.signing_profile import load_profile, profile_names
from pks_kit.resources import signing_root
from pks_kit.web.state import agreements, outbox

if TYPE_CHECKING:
    from pks_kit.ledger.sql_ledger import SqlLedger
    from pks_kit.web.portal import Portal

FEED_SECONDS = 1.0
_AT_ONCE = 200
"""Events of one transaction."""

_HASH_LETTERS = 32
"""Letters of the hash of an event that name it: the number alone could be that of another one in a
ledger that was put back."""

_EMPTY = ""
"""Name of a ledger that has no event yet, and so no first one to name it."""


class LedgerFeed:
    """Follows the ledger, whoever writes to it.

    Args:
        portal: The portal.
        ledger: The ledger, open.
    """

    def __init__(self, portal: Portal, ledger: SqlLedger) -> None:
        self._portal = portal
        self._ledger = ledger
        self._profiles = tuple(
            load_profile(signing_root(), name) for name in profile_names(signing_root())
        )
        self._turn = asyncio.Lock()

    async def once(self) -> None:
        """Take over all events that are new.

        Raises:
            LedgerError: The ledger or the state cannot be read.
        """
        async with self._turn:
            while await asyncio.to_thread(self._some):
                pass

    def reached(self) -> tuple[int, str]:
        """Return number and hash of the last event of the ledger; 0 while there is none.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        head = self._ledger.head()
        return (head.nomor, head.hash) if head is not None else (0, "")

    def stages(self, agreement_ids: Iterable[str]) -> dict[str, str]:
        """Return the states that the ledger tells of agreements; those without events are absent.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        return {
            one.perjanjian: str(one.tahap)
            for agreement_id in agreement_ids
            for one in read_agreements(self._ledger.events(agreement_id), self._profiles)
        }

    def _some(self) -> bool:
        """Take over some events; whether there may be more.

        Two servers may take over the same ones at once: what is put in is put in once.
        """
        head = self._ledger.anchor()
        name, last = (head.ledger, head.nomor) if head is not None else (_EMPTY, 0)
        with self._portal.state.read() as connection:
            fed = outbox.fed_to(connection, name)
            saw_it_empty = outbox.fed_to(connection, _EMPTY) is not None
        if fed is not None and fed == last:
            return False
        with self._portal.state.write() as connection:
            if fed is None:
                # what happened before anybody followed is no news
                fed = 0 if saw_it_empty else last
                outbox.feed(connection, name, fed)
            if fed > last:
                # an older copy was put back; what is written from here on has other hashes
                outbox.feed(connection, name, last)
                return False
            found = tuple(islice(self._ledger.stream(after=fed), _AT_ONCE))
            self._taken_over(connection, name, found)
            return len(found) == _AT_ONCE

    def _taken_over(self, connection: Connection, name: str, found: tuple[Event, ...]) -> None:
        portal, now = self._portal, self._portal.now()
        for event in found:
            told = {
                "perjanjian": event.perjanjian,
                "nomor": event.nomor,
                "waktu": event.waktu.isoformat(),
            }
            outbox.put(
                connection,
                portal.settings.webhook,
                f"buku.{event.jenis}",
                event.hash[:_HASH_LETTERS],
                told,
                now,
            )
        touched = self.stages(dict.fromkeys(one.perjanjian for one in found))
        for agreement_id, tahap in touched.items():
            agreements.moved(connection, agreement_id, tahap, now)
        if found:
            outbox.feed(connection, name, found[-1].nomor)
