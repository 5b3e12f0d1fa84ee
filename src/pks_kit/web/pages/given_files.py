"""Files that come with a form: into the store, each written down before the page answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from pks_kit.web.pages.sent_form import SentFile
from pks_kit.web.pages.visit import Visit
from pks_kit.web.state import files
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.ids import new_id
from pks_kit.web.work.shop import media_of


async def kept_files(visit: Visit, sent: Sequence[SentFile]) -> list[str]:
    """Keep files and return their ids in order.

    Raises:
        InputError: ``file.unwritable``.
        LedgerError: ``store.unavailable``, ``web.state_unavailable``.
    """
    portal, ids = visit.portal, []
    for one in sent:
        now = portal.now()
        file = StoredFile(
            id=new_id(now),
            area=visit.call.reach.home(),
            perjanjian="",
            asal="unggahan",
            nama=one.name,
            media=media_of(one.name),
            sha256=one.spooled.sha256,
            ukuran=one.spooled.size,
            oleh=visit.person.subject,
            dibuat=now,
            buang=now + timedelta(days=portal.settings.simpan_hari.unggahan),
        )
        await asyncio.to_thread(portal.blobs.take, file.id, one.spooled.path)
        await portal.write(files.add, file)
        ids.append(file.id)
    return ids
