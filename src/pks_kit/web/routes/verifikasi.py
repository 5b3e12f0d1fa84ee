"""Judging a file, and preparing the next term."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.pipelines.renewals import RenewalsResult
from pks_kit.web.bodies import After, AgreementPath, Key
from pks_kit.web.bodies_verbs import DecideBody, PaperBody, RenewBody, VerifyBody
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.routes.common import (
    agreement_in_reach,
    file_in_reach,
    named_file,
    problems,
    promised,
    promising,
    source,
    told_by,
)
from pks_kit.web.scope import Act, Area
from pks_kit.web.state import agreements
from pks_kit.web.state.agreements import StoredAgreement

Window = Annotated[str, Query(pattern=r"^[0-9]{1,4}[dm]$", description="Misalnya 3m atau 90d")]


async def verifikasi(call: Asked, body: VerifyBody, idempotency_key: Key) -> Response:
    """Judge a PDF or a scan of paper; a bad file is a verdict and no problem."""
    first = await file_in_reach(call, body.berkas)
    isi: dict[str, Any] = {
        "berkas": {"id": first.id, "nama": first.nama},
        "lagi": [await named_file(call, one) for one in body.lagi],
        "jenis": body.jenis,
        "rancang_ulang": body.rancang_ulang,
        "tanya_pencabutan": body.tanya_pencabutan,
    }
    area, perjanjian = first.area, first.perjanjian
    one = None
    if body.perjanjian:
        one = await agreement_in_reach(call, body.perjanjian)
        area, perjanjian = one.area, one.id
        isi["dipakai"] = [body.berkas, *body.lagi]
    elif not body.lagi:
        one = await _named_inside(call, isi["berkas"])
    if one is not None:
        isi["terbit"] = await named_file(call, one.terbit)
        isi["resi"] = await named_file(call, one.resi)
    return await promised(call, "verifikasi", isi, area=area, perjanjian=perjanjian)


async def _named_inside(call: Asked, file: dict[str, str]) -> StoredAgreement | None:
    """Return the agreement that a file says it is, when whoever asks may see it.

    It is compared with what was issued; it is not taken for a returned copy, which its sender says.
    """
    told = await call.portal.ask("nama_perjanjian", {"berkas": file})
    named = str(told.hasil["perjanjian"])
    return await call.portal.read(agreements.find, named, call.reach) if named else None


async def perjanjian_kertas(
    call: Asked, id: AgreementPath, body: PaperBody, idempotency_key: Key
) -> Response:
    """Read a scan for a person: what it leaves open, each with its picture."""
    area, isi = await _paper(call, id, body)
    return await promised(call, "daftar_kertas", isi, area=area, perjanjian=id)


async def perjanjian_kertas_putusan(
    call: Asked, id: AgreementPath, body: DecideBody, idempotency_key: Key
) -> Response:
    """Write into the ledger what a person decided about a scan: all of it, or nothing."""
    area, isi = await _paper(call, id, body)
    isi |= {
        "oleh": call.person.name,
        "pilihan": [one.model_dump(mode="json") for one in body.pilihan],
    }
    return await promised(call, "putusan_kertas", isi, area=area, perjanjian=id)


async def _paper(call: Asked, id: str, body: PaperBody) -> tuple[Area, dict[str, Any]]:
    one = await agreement_in_reach(call, id)
    isi = {
        "berkas": await named_file(call, body.berkas),
        "lagi": [await named_file(call, file) for file in body.lagi],
        "terbit": await named_file(call, one.terbit),
        "resi": await named_file(call, one.resi),
        "dipakai": [body.berkas, *body.lagi],
        "perjanjian": one.id,
    }
    is_staff = bool(call.reach.only("cabang", "kedeputian", "pusat"))
    return one.area.of_staff() if is_staff else one.area, isi


async def perpanjangan(call: Asked, body: RenewBody, idempotency_key: Key) -> Response:
    """Prepare the data of the next term out of data that were not issued here."""
    isi = {
        **await source(call, body),
        **body.model_dump(mode="json", exclude={"data", "berkas"}),
    }
    return await promised(call, "perpanjangan", isi, area=call.portal.home_of(call.reach))


async def kalender(
    call: Asked,
    jendela: Window = "3m",
    setelah: After = "",
    batas: Annotated[int, Query(ge=1, le=100, description="Paling banyak berapa")] = 50,
) -> Response:
    """Return what ends soon in a page of agreements: themselves, and licences that they name.

    The pages are those of /perjanjian.
    """
    found = await call.portal.read(
        agreements.listed,
        call.reach,
        words="",
        tahap="",
        ends_before=None,
        before=setelah,
        most=batas,
    )
    data = []
    for one in found:
        try:
            data.append(await named_file(call, one.data))
        except UsageError:  # what is not here is told in its place
            data.append({"id": "", "nama": one.data})
    return await told_by(call, "kalender", {"data": data, "jendela": jendela})


OPERATIONS = (
    promising("/verifikasi", verifikasi, Act.VERIFY, "verifikasi"),
    promising("/perjanjian/{id}/kertas", perjanjian_kertas, Act.VERIFY, "verifikasi", target="id"),
    promising(
        "/perjanjian/{id}/kertas/putusan",
        perjanjian_kertas_putusan,
        Act.DECIDE,
        "verifikasi",
        target="id",
    ),
    promising("/perpanjangan", perpanjangan, Act.RENEW, "perpanjangan"),
    Operation(
        method="GET",
        path="/perpanjangan",
        endpoint=kalender,
        act=Act.SEE,
        told={
            "response_model": RenewalsResult,
            "responses": problems(422),
            "tags": ["perpanjangan"],
        },
    ),
)
