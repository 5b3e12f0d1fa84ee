"""The task that makes the workbook which people fill in."""

from __future__ import annotations

from pks_kit.pipelines.workbook import WorkbookNewRequest, workbook_new
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def made(shop: Shop, task: Task) -> Done:
    """Return the workbook as content, empty or with the sample facilities."""
    del shop  # it is the same for everybody
    result = workbook_new(WorkbookNewRequest(samples=bool(task.isi["contoh"])))
    return Done(content=result.file.content)
