"""Tasks that show every row of a plan: a page of their list, and one of them as it would be issued.

A row is drafted when somebody asks for it, and its file is kept for the pictures of its pages; the
files that nobody opened for longest go.
"""

from __future__ import annotations

from pathlib import Path

from pks_kit.errors import PksKitError, UsageError
from pks_kit.files import read_limited
from pks_kit.limits import PDF_BYTES
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.pipelines.batching.niks import niks_of
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.row import loaded_row
from pks_kit.pipelines.batching.row_index import row_index
from pks_kit.pipelines.batching.sample import PLACE, page_picture, page_sizes, row_pdf
from pks_kit.web.work.batches import folder_of
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

KEPT = 40
"""So many drafted rows of a batch stay; at 1 to 2 MB each."""


def rows_shown(shop: Shop, task: Task) -> Done:
    """Tell a page of the rows of a plan."""
    isi = task.isi
    found = row_index(BatchFolder(folder_of(shop, task))).found(isi["cari"])
    shown = found[isi["lewati"] : isi["lewati"] + isi["batas"]]
    return Done(hasil={"rows": shown, "count": len(found)})


def row_shown(shop: Shop, task: Task) -> Done:
    """Draft a row, unless that was done, and tell how large its pages are.

    Raises:
        UsageError: ``web.unknown``: the plan has no such row.
    """
    row = _row(shop, task)
    try:
        pages = page_sizes(_drafted(shop, task, row))
    except PksKitError as error:
        return Done(hasil={"row": row, "pages": [], "problem": error.text})
    return Done(hasil={"row": row, "pages": pages, "problem": None})


def row_page(shop: Shop, task: Task) -> Done:
    """Return the picture of a page of a row; every NIK on it is covered.

    Raises:
        UsageError: ``web.unknown``: there is no such row or page.
        PksKitError: The row cannot be drafted.
    """
    row = _row(shop, task)
    pdf, niks = _drafted(shop, task, row), niks_of(loaded_row(_folder(shop, task), row).kontrak)
    picture = page_picture(pdf, task.isi["halaman"], niks)
    if picture is None:
        raise UsageError("web.unknown")
    return Done(content=picture)


def _folder(shop: Shop, task: Task) -> BatchFolder:
    return BatchFolder(folder_of(shop, task))


def _row(shop: Shop, task: Task) -> PlannedRow:
    found = row_index(_folder(shop, task)).row(task.isi["baris"])
    if found is None:
        raise UsageError("web.unknown")
    return found.row


def _drafted(shop: Shop, task: Task, row: PlannedRow) -> bytes:
    folder = _folder(shop, task)
    place = folder.path / PLACE / "baris"
    path = place / f"{row.number}.pdf"
    if path.is_file():
        return read_limited(path, PDF_BYTES)
    content = row_pdf(folder, row, row_index(folder).as_of, shop.settings, shop.compiled)
    keep({path: content})
    _forget_oldest(place)
    return content


def _forget_oldest(place: Path) -> None:
    """Remove all but the newest; another process may do the same."""
    known = sorted(place.glob("*.pdf"), key=_age)
    for one in known[:-KEPT]:
        one.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
