"""The covering letters of a batch, written without a run."""

from __future__ import annotations

from datetime import date

from pks_kit.json_form import to_json
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.letters_again import write_letters
from pks_kit.web.work.batches import folder_of
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def written(shop: Shop, task: Task) -> Done:
    """Write the letters that lack, or all with another day; whose place they take is kept aside."""
    isi, folder = task.isi, BatchFolder(folder_of(shop, task))
    result = write_letters(
        folder,
        date.fromisoformat(isi["batas_waktu"]),
        every=isi["semua"],
        progress=lambda done, whole: shop.tell({"selesai": done, "semua": whole}),
        clock=shop.clock,
    )
    return Done(hasil=to_json(result))
