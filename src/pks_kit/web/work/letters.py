"""Tasks that write what goes beside an agreement: instructions, letters, the next term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pks_kit.domain.perpanjangan import parse_window
from pks_kit.domain.surat import MODEL_SURAT, PengingatPengembalian
from pks_kit.domain.tanggal import WIB, working_day_until
from pks_kit.errors import InputProblemsError, PksKitError
from pks_kit.json_form import to_json
from pks_kit.naskah.letters import load_letter
from pks_kit.pipelines.batching.reminded import record_covering, record_reminder
from pks_kit.pipelines.cover import CoverRequest, cover
from pks_kit.pipelines.drafting.many_sources import Unreadable
from pks_kit.pipelines.error_form import error_form
from pks_kit.pipelines.letter import (
    LetterDraftRequest,
    LetterListRequest,
    letter_draft,
    letter_findings,
    letter_list,
    read_letter,
)
from pks_kit.pipelines.renew import RenewRequest, renew
from pks_kit.pipelines.renewals import RenewalsRequest, RenewalsResult, renewals
from pks_kit.resources import templates_root
from pks_kit.web.work.drafting import source_of
from pks_kit.web.work.shop import Problem, Shop
from pks_kit.web.work.task import Done, Task


def covered(shop: Shop, task: Task) -> Done:
    """Write the covering instructions of an agreement."""
    isi, until = task.isi, date.fromisoformat(task.isi["batas_waktu"])
    result = cover(
        CoverRequest(
            pdf=shop.read(isi["terkini"]),
            receipt=shop.read(isi["resi"]),
            batas_waktu=until,
            sertakan=isi["sertakan"],
            clock=shop.clock,
            progress=lambda step: shop.tell({"langkah": step}),
        )
    )
    day = working_day_until(until)
    record_covering(shop.ledger, str(isi.get("perjanjian", "")), day, shop.clock())
    made = (shop.keep(result.file, "pengantar"),)
    return Done(hasil=to_json(result), berkas=made, kembali={"": day})


def kinds_of_letters(shop: Shop, task: Task) -> Done:
    """List the kinds of letters."""
    del shop, task  # nothing is asked
    return Done(hasil=to_json(letter_list(LetterListRequest())))


def form_of(shop: Shop, task: Task) -> Done:
    """Tell what a kind of letter needs, as a JSON schema, with what people call it.

    Raises:
        InputError: ``letter.unknown_kind``.
    """
    del shop
    manifest = load_letter(task.isi["jenis"], templates_root()).manifest
    return Done(
        hasil={
            "nama": manifest.nama,
            "pengirim": manifest.pengirim,
            "sebelumnya": manifest.sebelumnya,
            "skema": MODEL_SURAT[manifest.data].model_json_schema(),
        }
    )


def looked_over(shop: Shop, task: Task) -> Done:
    """Tell everything that is wrong with the data of a letter, each by its place; nothing is made.

    Raises:
        InputError: ``letter.unknown_kind``; the contract data cannot be read.
    """
    request = _request(shop, task.isi)
    try:
        loaded = read_letter(request, load_letter(request.kind, templates_root()))
    except InputProblemsError as error:
        told = to_json(error_form(error))
        return Done(hasil={"salah": told["problems"]})
    found = [one for one in letter_findings(loaded) if one.level == "blocking"]
    return Done(hasil={"salah": [to_json(one) for one in found]})


def _request(shop: Shop, isi: dict[str, Any]) -> LetterDraftRequest:
    return LetterDraftRequest(
        kind=isi["jenis"],
        source=source_of(shop, isi),
        kontrak=shop.read(isi["kontrak"]),
        sebelumnya=shop.read(isi["sebelumnya"]) if isi.get("sebelumnya") else None,
        ledger=shop.ledger,
        progress=lambda step: shop.tell({"langkah": step}),
        clock=shop.clock,
    )


def written(shop: Shop, task: Task) -> Done:
    """Draft a letter about an agreement; consent to a method is written into the ledger.

    So is a reminder, and its last day becomes the day of return.
    """
    request = _request(shop, task.isi)
    result = letter_draft(request)
    surat = read_letter(request, load_letter(request.kind, templates_root())).surat
    back: dict[str, date] = {}
    if isinstance(surat, PengingatPengembalian):
        whose = str(task.isi.get("perjanjian", ""))
        record_reminder(shop.ledger, whose, surat, shop.clock())
        if surat.batas_waktu is not None:
            back = {"": surat.batas_waktu}
    made = shop.keep_all(list(result.files.items()))
    return Done(hasil=to_json(result), berkas=made, kembali=back)


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
    """List what ends soon: agreements and the licences that they name, and what is not readable."""
    places, lost = [], []
    for one in task.isi["data"]:
        try:
            if not one["id"]:
                raise PksKitError("web.content_lost")
            places.append(shop.read(one))
        except PksKitError as error:
            lost.append(Unreadable(file=str(one["nama"]), error=error))
    if places:
        result = renewals(
            RenewalsRequest(places=places, window=task.isi["jendela"], clock=shop.clock)
        )
        result = replace(result, unreadable=(*result.unreadable, *lost))
    else:
        result = RenewalsResult(
            window=parse_window(task.isi["jendela"]),
            as_of=shop.clock().astimezone(WIB).date(),
            endings=(),
            read=0,
            unreadable=tuple(lost),
            skipped=(),
        )
    return Done(hasil=to_json(result))


def outlooks(shop: Shop, task: Task) -> Done:
    """Tell what ends of each of some agreements within a window, each for itself.

    Of one that cannot be looked at is told why (``masalah``).
    """
    ids = task.isi["data"]

    def look(file_id: str) -> dict[str, Any]:
        # a name of its own: what somebody called the file says nothing here
        data = shop.read({"id": file_id, "nama": f"{file_id}.yml"})
        result = renewals(
            RenewalsRequest(places=[data], window=task.isi["jendela"], clock=shop.clock)
        )
        for one in result.unreadable:
            raise one.error
        return {"masalah": None, "akhir": [to_json(one) for one in result.endings]}

    found = shop.each(ids, look)
    return Done(
        hasil={
            file_id: {"masalah": one.form} if isinstance(one, Problem) else one
            for file_id, one in zip(ids, found, strict=True)
        }
    )
