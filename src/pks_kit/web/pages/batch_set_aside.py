"""A file of a delivery that is no part of any agreement: said by a person, and taken back."""

from __future__ import annotations

from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.web.pages.batch_deliveries import deliveries_of, only_deliveries
from pks_kit.web.pages.declared import NavEntry, sent
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes import batch as operations
from pks_kit.web.scope import Act
from pks_kit.web.state.set_aside import say

MAY_BE_SET_ASIDE = frozenset(
    {"unsorted", "no_pictures", "not_a_scan", "not_looked", "unreadable", "signed_file"}
)
"""Outcomes of files that no agreement took; the word of a person takes nothing from one."""


async def meja_batch_sisihkan(visit: Visit) -> Response:
    """Say that a file is no part of an agreement, or that it may be one after all.

    Raises:
        UsageError: ``web.unknown``: it is no such file of this batch.
    """
    one = await operations.batch_in_reach(visit.call, visit.given("id"))
    asked, name = visit.sent.one("kiriman"), visit.sent.one("berkas")
    known = only_deliveries(await deliveries_of(visit, one.id))
    delivery = next((each for each in known if each.id == asked), None)
    files = delivery.files if delivery is not None else ()
    if not any(each["file"] == name and each.get("outcome") in MAY_BE_SET_ASIDE for each in files):
        raise UsageError("web.unknown")
    is_part = visit.sent.one("bagian") == "ya"
    now, by = visit.portal.now(), visit.person.name

    await visit.portal.write(lambda to: say(to, asked, name, by, now, is_part=is_part))
    return visit.to(f"/batch/{one.id}/kembali#kiriman", "file_part" if is_part else "file_aside")


PAGES = (sent("/batch/{id}/kembali/sisihkan", meja_batch_sisihkan, Act.BATCH, target="id"),)
NAV: tuple[NavEntry, ...] = ()
