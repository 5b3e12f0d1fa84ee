"""Files that come with a form: into the store, each written down before the page answers."""

from __future__ import annotations

from collections.abc import Sequence

from pks_kit.errors import UsageError
from pks_kit.web.pages.sent_form import SentFile, SentForm
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes.berkas import berkas_unggah

_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_TEXT = (".yml", ".yaml")
_FIRST_BYTES = 8


def refuse_empty(sent: SentForm) -> None:
    """Refuse a form with a file that holds nothing; whoever chose it would think it was taken.

    Raises:
        UsageError: ``web.empty_files``.
    """
    if sent.empty:
        raise UsageError("web.empty_files", files=", ".join(sent.empty))


def may_be_a_book(sent: SentFile) -> bool:
    """Return whether a file may hold data of agreements, by its name and its first bytes.

    A workbook with a password begins as files of old Office programs do; its reader says so.
    """
    if sent.name.lower().endswith(_TEXT):
        return True
    with sent.spooled.path.open("rb") as stream:
        return stream.read(_FIRST_BYTES).startswith(_BOOKS)


async def kept_files(visit: Visit, sent: Sequence[SentFile]) -> list[str]:
    """Keep files and return their ids in order.

    Raises:
        UsageError: ``web.empty``.
        InputError: ``file.unwritable``.
        LedgerError: ``store.unavailable``, ``web.state_unavailable``.
    """
    ids = []
    for one in sent:
        visit.call.upload = one.spooled
        made = await berkas_unggah(visit.call, one.name, visit.call.key)
        ids.append(visit.promised(made)["id"])
    return ids
