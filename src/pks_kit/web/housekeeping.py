"""Removes what its time is over for, as the settings say."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from pks_kit.web.state import access, files, forms, jobs, keys, outbox
from pks_kit.web.store import incoming_of
from pks_kit.web.work.paper import FOLDER as REVIEWS

if TYPE_CHECKING:
    from pks_kit.web.portal import Portal

SWEEP_SECONDS = timedelta(hours=1).total_seconds()
_LEFT_BEHIND = timedelta(days=1)
"""A temporary file this old belongs to an upload or a delivery whose server was killed."""


class Housekeeper:
    """Keeps things no longer than the settings say.

    Args:
        portal: The portal.
    """

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    async def once(self) -> None:
        """Remove what is past its time.

        Raises:
            LedgerError: ``web.state_unavailable``.
        """
        portal = self._portal
        gone = await portal.write(self._swept)
        # the row goes first: a content without a row takes room, a row without one is a fault
        for file_id in gone:
            await asyncio.to_thread(portal.blobs.remove, file_id)
        await asyncio.to_thread(self._incoming)
        await asyncio.to_thread(self._reviews, await portal.read(jobs.known_ids))

    def _swept(self, connection: Connection) -> tuple[str, ...]:
        now, kept = self._portal.now(), self._portal.settings.simpan_hari
        jobs.drop_old(connection, now - timedelta(days=kept.pekerjaan))
        keys.drop_old(connection, now - timedelta(days=kept.kunci))
        forms.drop_old(connection, now - timedelta(days=kept.isian))
        access.drop_old(connection, now - timedelta(days=kept.akses))
        outbox.drop_old(connection, now - timedelta(days=kept.kiriman))
        return files.drop_old(connection, now)

    def _reviews(self, known: frozenset[str]) -> None:
        """Remove what was read of scans whose jobs are forgotten."""
        folder = self._portal.folder / REVIEWS
        # a delivery at work keeps what it reads before anybody is told of it
        before = time.time() - _LEFT_BEHIND.total_seconds()
        if folder.is_dir():
            for one in folder.iterdir():
                if one.name not in known and one.stat().st_mtime < before:
                    shutil.rmtree(one, ignore_errors=True)

    def _incoming(self) -> None:
        folder = incoming_of(self._portal.folder)
        if not folder.is_dir():
            return
        before = time.time() - _LEFT_BEHIND.total_seconds()
        for one in folder.iterdir():
            with suppress(FileNotFoundError):  # taken meanwhile
                if one.stat().st_mtime < before:
                    one.unlink()
