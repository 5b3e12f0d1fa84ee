"""Covering letters and reminders of a batch, written without a run or a delivery."""

from __future__ import annotations

from datetime import date

from pks_kit.domain.tanggal import WIB
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json
from pks_kit.pipelines.batching.days_of_return import days_of_return
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.last_days import refuse_after_terms
from pks_kit.pipelines.batching.letters_again import write_letters
from pks_kit.pipelines.batching.reminders_now import write_reminders
from pks_kit.web.work.batches import folder_of
from pks_kit.web.work.packed_letters import packed
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def day_looked_at(shop: Shop, task: Task) -> Done:
    """Refuse a last day that is after the end of the term of any agreement of a batch.

    Raises:
        UsageError: ``batch.deadline_after_term``.
    """
    try:
        plan = BatchFolder(folder_of(shop, task)).plan().plan
    except UsageError:  # it is being made, or was not; whoever needs it tells that
        return Done()
    today = shop.clock().astimezone(WIB).date()
    refuse_after_terms(date.fromisoformat(task.isi["hari"]), plan.ready(), today)
    return Done()


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
    return Done(hasil=to_json(result), kembali=days_of_return(folder.path, shop.ledger))


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
    back = days_of_return(folder.path, shop.ledger)
    return Done(hasil=to_json(result), berkas=made, kembali=back)
