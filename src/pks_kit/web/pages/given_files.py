"""Files that come with a form: into the store, each written down before the page answers."""

from __future__ import annotations

from collections.abc import Sequence

from pks_kit.errors import InputError, UsageError
from pks_kit.web.given_books import is_book, refuse_no_book
from pks_kit.web.pages.sent_form import SentFile, SentForm
from pks_kit.web.pages.visit import Visit
from pks_kit.web.routes.berkas import berkas_unggah


def refuse_empty(sent: SentForm) -> None:
    """Refuse a form with a file that holds nothing; whoever chose it would think it was taken.

    Raises:
        UsageError: ``web.empty_files``.
    """
    if sent.empty:
        raise UsageError("web.empty_files", files=", ".join(sent.empty))


def no_books(sent: Sequence[SentFile]) -> list[InputError]:
    """Return what is wrong with files that hold no data of agreements, by their bytes."""
    found = []
    for one in sent:
        try:
            refuse_no_book(one.name, one.spooled.path.read_bytes())
        except InputError as error:
            found.append(error)
    return found


def books_in(sent: Sequence[SentFile]) -> list[str]:
    """Return the names of files that are workbooks by their bytes."""
    return [one.name for one in sent if is_book(one.spooled.path.read_bytes())]


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
