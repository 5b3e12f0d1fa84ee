"""Covering letters and reminders of a batch, written without a run or a delivery."""

from __future__ import annotations

from datetime import date

from pks_kit.json_form import to_json
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.letters_again import write_letters
from pks_kit.pipelines.batching.reminders_now import write_reminders
from pks_kit.web.work.batches import folder_of, packed
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


def reminded(shop: Shop, task: Task) -> Done:
    """Write reminders to everybody of whom nothing came back."""
    isi, folder = task.isi, BatchFolder(folder_of(shop, task))
    result = write_reminders(
        folder,
        shop.ledger,
        date.fromisoformat(isi["batas_waktu"]),
        early=isi["lebih_awal"],
        progress=lambda name: shop.tell({"langkah": name}),
        clock=shop.clock,
    )
    letters = [(name, folder.reminders / name) for name in result.files]
    made = tuple(packed(shop, letters, "surat_pengingat"))
    return Done(hasil=to_json(result), berkas=made)
