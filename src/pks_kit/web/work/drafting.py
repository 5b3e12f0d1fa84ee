"""Tasks that check and draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sebutan import nama_faskes
from pks_kit.errors import InputProblemsError
from pks_kit.files import NamedFile
from pks_kit.inputs.contract_file import unfinished_data
from pks_kit.inputs.json_schema import kontrak_schema
from pks_kit.json_form import to_json
from pks_kit.pipelines.draft import CheckRequest, DraftRequest, check, draft
from pks_kit.pipelines.drafting.text_age import newest_text
from pks_kit.pipelines.error_form import error_form
from pks_kit.pipelines.requests.given_data import read_kontrak
from pks_kit.rules.checks.unfinished import check_unfinished
from pks_kit.visible_text import WIB
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

Source = NamedFile | Mapping[str, object]


def source_of(shop: Shop, isi: Mapping[str, Any]) -> Source:
    """Return contract data that a task holds, or the file that it names."""
    if isi.get("berkas"):
        return shop.read(isi["berkas"])
    data: Mapping[str, object] = isi["data"]
    return data


def described(shop: Shop, task: Task) -> Done:
    """Return the schema of contract data."""
    del shop, task  # it is the same for everybody
    return Done(hasil=kontrak_schema())


def checked(shop: Shop, task: Task) -> Done:
    """Return all findings."""
    result = check(
        CheckRequest(
            source=source_of(shop, task.isi),
            as_of=day_of(task.isi.get("per_tanggal")),
            settings=shop.settings,
        )
    )
    kontrak = result.loaded.kontrak
    return Done(hasil=to_json(result), perjanjian=facts_of(kontrak))


def looked_over(shop: Shop, task: Task) -> Done:
    """Return all findings of data that are being filled in: while some lack, those of the rest."""
    try:
        return checked(shop, task)
    except InputProblemsError as error:
        today = shop.clock().astimezone(WIB).date()
        found = check_unfinished(task.isi["data"], today)
        return Done(hasil=to_json(replace(error_form(error), findings=found)))


def previewed(shop: Shop, task: Task) -> Done:
    """Draft the PDF alone, to be looked at."""
    source = source_of(shop, task.isi)
    result = draft(
        DraftRequest(
            source=source, formats=("pdf",), settings=shop.settings, compiled=shop.compiled
        )
    )
    made = shop.keep(result.files["pdf"], "pdf", "pratinjau")
    return Done(
        hasil=to_json(result),
        berkas=(made,),
        perjanjian=facts_of(read_kontrak(source, "data").kontrak),
    )


def drafted(shop: Shop, task: Task) -> Done:
    """Draft an agreement in every wanted format."""
    source = source_of(shop, task.isi)
    loaded = read_kontrak(source, "data")
    result = draft(
        DraftRequest(
            source=source,
            formats=tuple(dict.fromkeys(("pdf", *task.isi.get("format", ())))),
            as_of=day_of(task.isi.get("per_tanggal")),
            settings=shop.settings,
            compiled=shop.compiled,
            progress=lambda step: shop.tell({"langkah": step}),
        )
    )
    stem = result.files["pdf"].name.removesuffix(".pdf")
    data = NamedFile(f"{stem}.yml", loaded.source_bytes)
    made = shop.keep_all([*result.files.items(), ("data", data)])
    by_role = {one.peran: one.id for one in made}
    return Done(
        hasil=to_json(result),
        berkas=made,
        perjanjian=facts_of(loaded.kontrak)
        | {
            "id": result.agreement_id,
            "halaman": result.pages,
            "terbit": by_role["pdf"],
            "resi": by_role["receipt"],
            "data": by_role["data"],
        },
    )


def begun(shop: Shop, task: Task) -> Done:
    """Return data with which somebody begins to fill in: of a file, or almost none.

    Raises:
        InputError: The file cannot be read as contract data at all.
    """
    isi = task.isi
    if isi.get("berkas"):
        file = shop.read(isi["berkas"])
        return Done(hasil={"data": unfinished_data(file.content, file.name)})
    versi = newest_text(isi["jenis"], date.fromisoformat(isi["mulai"])).version
    data = {
        "versi_templat": versi,
        "cara_kontrak": isi["cara"],
        "faskes": {"jenis": isi["jenis"]},
    }
    return Done(hasil={"data": data})


def facts_of(kontrak: Kontrak) -> dict[str, Any]:
    """Return what the portal must know of an agreement, above all whose it is."""
    nama, called = nama_faskes(kontrak), kontrak.pihak_kedua.nama_faskes
    return {
        "faskes": kontrak.faskes.kode,
        "kantor_cabang": kontrak.pihak_kesatu.kantor_cabang,
        "nama": nama,
        "sebutan": called if called != nama else "",
        "nomor_kesatu": kontrak.pihak_kesatu.nomor_pks,
        "nomor_kedua": kontrak.pihak_kedua.nomor_pks,
        "jenis": str(kontrak.faskes.jenis),
        "cara_kontrak": str(kontrak.cara_kontrak),
        "mulai": kontrak.jangka_waktu.tanggal_mulai.isoformat(),
        "selesai": kontrak.jangka_waktu.tanggal_selesai.isoformat(),
    }


def day_of(text: str | None) -> date | None:
    """Return the day that a text names; None for none."""
    return date.fromisoformat(text) if text else None
