"""Which batch waits for an agreement, asked by whoever holds its paper."""

from __future__ import annotations

from pks_kit.errors import InputError, UsageError
from pks_kit.files import read_limited
from pks_kit.pipelines.batching.book import RowStanding, standing_rows
from pks_kit.pipelines.batching.folder import PLAN_BYTES, BatchFolder
from pks_kit.pipelines.batching.row_index import INDEXES, row_index
from pks_kit.pipelines.batching.sample import PLACE
from pks_kit.web.work.pauses import FOLDER
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def waited_for(shop: Shop, task: Task) -> Done:
    """Tell which of some batches waits for an agreement, as their books say.

    The first one counts. What is only drafted is not waited for: nobody signed it yet.
    """
    wanted = str(task.isi["perjanjian"])
    for batch_id in task.isi["batch"]:
        folder = BatchFolder(shop.folder / FOLDER / str(batch_id))
        try:
            if _waits(folder, wanted):
                return Done(hasil={"batch": batch_id})
        except (InputError, UsageError):
            continue  # nobody planned it to its end, or its plan or book cannot be read
    return Done(hasil={"batch": ""})


def _waits(folder: BatchFolder, wanted: str) -> bool:
    indexes = list((folder.path / PLACE).glob(INDEXES))
    if indexes and not any(wanted.encode() in read_limited(one, PLAN_BYTES) for one in indexes):
        return False  # most batches are passed over without being understood
    numbers = [one.row.number for one in row_index(folder).rows if one.row.agreement_id == wanted]
    if not numbers:
        return False
    known, _ = standing_rows(folder.book)
    return any(known.get(one, RowStanding()).state == "with_other" for one in numbers)
