"""What is done to an agreement: signing, stamping, archive, instructions, letters, evidence."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query
from starlette.responses import Response

from pks_kit.domain.tanggal import refuse_after_term, refuse_past
from pks_kit.errors import UsageError
from pks_kit.pipelines.ledger import LedgerShowResult
from pks_kit.pipelines.letter import LetterListResult
from pks_kit.visible_text import WIB
from pks_kit.web.bodies import AgreementPath, Body, Key, Most
from pks_kit.web.bodies_verbs import CoverBody, LetterBody, RenewOwnBody, SessionBody
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.routes.common import (
    agreement_in_reach,
    answer,
    file_in_reach,
    named_file,
    problems,
    promised,
    promising,
    source,
    told_by,
)
from pks_kit.web.scope import Act, Reach
from pks_kit.web.state import files
from pks_kit.web.state.agreements import StoredAgreement
from pks_kit.web.views import FilesForm, file_form
from pks_kit.web.views_lists import EventsForm, event_form

AfterNumber = Annotated[
    int | None, Query(ge=1, le=2**53, description="berikutnya dari halaman sebelumnya")
]
LetterKind = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,60}$")]


class Nothing(Body):
    """Nothing is asked beside the address."""


async def perjanjian_tanda_tangan(
    call: Asked, id: AgreementPath, body: SessionBody, idempotency_key: Key
) -> Response:
    """Sign for the parties that are named, as far as the settings reach."""
    return await _session(call, id, body, "tanda_tangan")


async def perjanjian_meterai(
    call: Asked, id: AgreementPath, body: SessionBody, idempotency_key: Key
) -> Response:
    """Buy and set the meterai of the parties that are named; none is bought twice."""
    return await _session(call, id, body, "meterai")


async def perjanjian_sesi(
    call: Asked, id: AgreementPath, body: SessionBody, idempotency_key: Key
) -> Response:
    """Do every step that can be done now: sign, stamp, archive; another time it goes on."""
    return await _session(call, id, body, "semua")


async def perjanjian_arsip(
    call: Asked, id: AgreementPath, body: Nothing, idempotency_key: Key
) -> Response:
    """Archive a finished agreement, or prolong its archive before it ends."""
    one = await agreement_in_reach(call, id)
    isi = {"id": one.id, **await _files(call, one, "terkini", "resi")}
    return await promised(call, "arsip", isi, area=one.area, perjanjian=one.id)


async def perjanjian_pengantar(
    call: Asked, id: AgreementPath, body: CoverBody, idempotency_key: Key
) -> Response:
    """Write the covering instructions for the other party."""
    one = await agreement_in_reach(call, id)
    refuse_past(body.batas_waktu, call.portal.now().astimezone(WIB).date())
    refuse_after_term(body.batas_waktu, one.selesai)
    isi = {
        **await _files(call, one, "terkini", "resi"),
        "perjanjian": one.id,
        "batas_waktu": body.batas_waktu.isoformat(),
        "sertakan": body.sertakan,
    }
    return await promised(call, "pengantar", isi, area=one.area, perjanjian=one.id)


async def perjanjian_bukti(
    call: Asked, id: AgreementPath, body: Nothing, idempotency_key: Key
) -> Response:
    """Put everything that proves the verdict about an agreement into one file."""
    one = await agreement_in_reach(call, id)
    isi = await _files(call, one, "terkini", "terbit", "resi")
    return await promised(call, "bukti", isi, area=one.area.of_staff(), perjanjian=one.id)


async def perjanjian_surat(
    call: Asked, id: AgreementPath, jenis: LetterKind, body: LetterBody, idempotency_key: Key
) -> Response:
    """Draft a letter about an agreement."""
    one = await agreement_in_reach(call, id)
    before = await agreement_in_reach(call, body.sebelumnya) if body.sebelumnya else None
    isi: dict[str, Any] = {
        **await source(call, body),
        "jenis": jenis,
        "perjanjian": one.id,
        "kontrak": await named_file(call, one.data),
        "sebelumnya": await named_file(call, before.data) if before else None,
        "dipakai": [body.berkas] if body.berkas else [],
    }
    return await promised(call, "surat", isi, area=one.area.of_staff(), perjanjian=one.id)


async def perjanjian_perpanjangan(
    call: Asked, id: AgreementPath, body: RenewOwnBody, idempotency_key: Key
) -> Response:
    """Prepare the data of the next term; nothing is issued."""
    one = await agreement_in_reach(call, id)
    isi = {"berkas": await named_file(call, one.data), **body.model_dump(mode="json")}
    return await promised(call, "perpanjangan", isi, area=one.area.of_staff(), perjanjian=one.id)


async def perjanjian_berkas(call: Asked, id: AgreementPath) -> Response:
    """Return all files of an agreement, the oldest first."""
    one = await agreement_in_reach(call, id)
    found = await call.portal.read(files.of_agreement, one.id, call.reach)
    return answer(FilesForm(daftar=tuple(map(file_form, found))))


async def perjanjian_buku(call: Asked, id: AgreementPath) -> Response:
    """Return what the ledger knows of an agreement: steps, what is missing, purchases."""
    one = await agreement_in_reach(call, id)
    if not one.tahap:
        raise UsageError("web.no_events")
    return await told_by(call, "buku", {"perjanjian": one.id})


async def perjanjian_peristiwa(
    call: Asked, id: AgreementPath, setelah: AfterNumber = None, batas: Most = 50
) -> Response:
    """Return what happened to an agreement, the newest first, as its page tells it."""
    one = await agreement_in_reach(call, id)
    if not one.tahap:
        return answer(EventsForm(daftar=(), berikutnya=None))
    isi = {
        "id": one.id,
        "resi": await named_file(call, one.resi),
        "setelah": setelah or 0,
        "batas": batas,
    }
    told = (await call.portal.ask("peristiwa", isi)).hasil
    shown = tuple(map(event_form, told["peristiwa"]))
    return answer(
        EventsForm(daftar=shown, berikutnya=str(shown[-1].nomor) if told["lagi"] else None)
    )


async def surat(call: Asked) -> Response:
    """Return the kinds of letters."""
    return await told_by(call, "jenis_surat", {})


async def sesi_diteruskan(call: Asked, one: StoredAgreement, file_id: str) -> Response:
    """Order that an agreement goes on with a file signed elsewhere; nothing is signed or bought.

    Raises:
        UsageError: ``web.unknown``, ``web.other_party``.
    """
    parties = [each for each in ("pihak_kesatu", "pihak_kedua") if signs_for(call.reach, one, each)]
    if not parties:
        raise UsageError("web.other_party")
    isi = {
        **await _files(call, one, "resi"),
        "terkini": await named_file(call, file_id),
        "pihak": parties,
        "langkah": "terima",
        "dipakai": [file_id],
    }
    return await promised(call, "sesi", isi, area=one.area, perjanjian=one.id)


async def _session(call: Asked, id: str, body: SessionBody, langkah: str) -> Response:
    one = await agreement_in_reach(call, id)
    for party in body.pihak:
        if not signs_for(call.reach, one, party):
            raise UsageError("web.other_party")
    isi = {
        **await _files(call, one, "terkini", "resi"),
        "pihak": sorted(set(body.pihak)),
        "langkah": langkah,
        "dipakai": [body.berkas] if body.berkas else [],
    }
    if body.berkas:
        isi["terkini"] = await named_file(call, body.berkas)
    return await promised(call, "sesi", isi, area=one.area, perjanjian=one.id)


def signs_for(reach: Reach, one: StoredAgreement, party: str) -> bool:
    """Return whether a person acts for a party of this agreement."""
    if reach.everything:
        return True
    return reach.only("faskes" if party == "pihak_kedua" else "cabang").covers(one.area)


async def _files(call: Asked, one: StoredAgreement, *names: str) -> dict[str, Any]:
    found = {name: await file_in_reach(call, getattr(one, name)) for name in names}
    return {name: {"id": file.id, "nama": file.nama} for name, file in found.items()}


_TAGS = {"tags": ["perjanjian"]}


OPERATIONS = (
    promising(
        "/perjanjian/{id}/tanda-tangan",
        perjanjian_tanda_tangan,
        Act.SIGN,
        "perjanjian",
        target="id",
    ),
    promising("/perjanjian/{id}/meterai", perjanjian_meterai, Act.SIGN, "perjanjian", target="id"),
    promising("/perjanjian/{id}/sesi", perjanjian_sesi, Act.SIGN, "perjanjian", target="id"),
    promising("/perjanjian/{id}/arsip", perjanjian_arsip, Act.ARCHIVE, "perjanjian", target="id"),
    promising(
        "/perjanjian/{id}/pengantar", perjanjian_pengantar, Act.ISSUE, "perjanjian", target="id"
    ),
    promising("/perjanjian/{id}/bukti", perjanjian_bukti, Act.ARCHIVE, "perjanjian", target="id"),
    promising(
        "/perjanjian/{id}/surat/{jenis}", perjanjian_surat, Act.ISSUE, "perjanjian", target="id"
    ),
    promising(
        "/perjanjian/{id}/perpanjangan",
        perjanjian_perpanjangan,
        Act.RENEW,
        "perjanjian",
        target="id",
    ),
    Operation(
        method="GET",
        path="/perjanjian/{id}/berkas",
        endpoint=perjanjian_berkas,
        act=Act.SEE,
        target="id",
        told={"response_model": FilesForm, "responses": problems(404), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/perjanjian/{id}/buku",
        endpoint=perjanjian_buku,
        act=Act.SEE,
        target="id",
        told={"response_model": LedgerShowResult, "responses": problems(404), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/perjanjian/{id}/peristiwa",
        endpoint=perjanjian_peristiwa,
        act=Act.SEE,
        target="id",
        told={"response_model": EventsForm, "responses": problems(404), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/surat",
        endpoint=surat,
        act=Act.SEE,
        recorded=False,
        told={"response_model": LetterListResult, "responses": problems(), "tags": ["surat"]},
    ),
)
