"""Tasks that write what goes beside an agreement: instructions, letters, the next term."""

from __future__ import annotations

from datetime import date

from pks_kit.domain.perpanjangan import parse_window
from pks_kit.domain.tanggal import WIB
from pks_kit.json_form import to_json
from pks_kit.pipelines.cover import CoverRequest, cover
from pks_kit.pipelines.letter import (
    LetterDraftRequest,
    LetterListRequest,
    letter_draft,
    letter_list,
)
from pks_kit.pipelines.renew import RenewRequest, renew
from pks_kit.pipelines.renewals import RenewalsRequest, RenewalsResult, renewals
from pks_kit.web.work.drafting import source_of
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task


def covered(shop: Shop, task: Task) -> Done:
    """Write the covering instructions of an agreement."""
    isi = task.isi
    result = cover(
        CoverRequest(
            pdf=shop.read(isi["terkini"]),
            receipt=shop.read(isi["resi"]),
            batas_waktu=date.fromisoformat(isi["batas_waktu"]),
            sertakan=isi["sertakan"],
            progress=lambda step: shop.tell({"langkah": step}),
        )
    )
    return Done(hasil=to_json(result), berkas=(shop.keep(result.file, "pengantar"),))


def kinds_of_letters(shop: Shop, task: Task) -> Done:
    """List the kinds of letters."""
    del shop, task  # nothing is asked
    return Done(hasil=to_json(letter_list(LetterListRequest())))


def written(shop: Shop, task: Task) -> Done:
    """Draft a letter about an agreement; consent to a method is written into the ledger."""
    isi = task.isi
    result = letter_draft(
        LetterDraftRequest(
            kind=isi["jenis"],
            source=source_of(shop, isi),
            kontrak=shop.read(isi["kontrak"]),
            sebelumnya=shop.read(isi["sebelumnya"]) if isi.get("sebelumnya") else None,
            ledger=shop.ledger,
            progress=lambda step: shop.tell({"langkah": step}),
            clock=shop.clock,
        )
    )
    return Done(hasil=to_json(result), berkas=shop.keep_all(list(result.files.items())))


def renewed(shop: Shop, task: Task) -> Done:
    """Prepare the data of the next term."""
    isi = task.isi
    result = renew(
        RenewRequest(
            source=source_of(shop, isi),
            mulai=date.fromisoformat(isi["mulai"]),
            selesai=date.fromisoformat(isi["selesai"]),
            versi=isi.get("versi") or None,
            with_changes=isi["banding"],
        )
    )
    return Done(hasil=to_json(result), berkas=(shop.keep(result.file, "data"),))


def endings(shop: Shop, task: Task) -> Done:
    """List what ends soon: agreements and the licences that they name."""
    if not task.isi["data"]:
        window = parse_window(task.isi["jendela"])
        nothing = RenewalsResult(
            window=window,
            as_of=shop.clock().astimezone(WIB).date(),
            endings=(),
            read=0,
            unreadable=(),
            skipped=(),
        )
        return Done(hasil=to_json(nothing))
    result = renewals(
        RenewalsRequest(
            places=[shop.read(one) for one in task.isi["data"]],
            window=task.isi["jendela"],
            clock=shop.clock,
        )
    )
    return Done(hasil=to_json(result))
