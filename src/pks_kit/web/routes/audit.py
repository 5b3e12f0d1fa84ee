"""For head office: the ledger as a whole, who saw what, what was sent to whom."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path, Query
from starlette.responses import Response

from pks_kit.errors import UsageError
from pks_kit.pipelines.ledger import LedgerShowResult
from pks_kit.web.bodies import After, Key, Most
from pks_kit.web.bodies_verbs import ChainBody
from pks_kit.web.operation import Asked, Operation
from pks_kit.web.routes.common import answer, problems, promised, told_by
from pks_kit.web.routes.langkah import Nothing
from pks_kit.web.scope import Act, Area
from pks_kit.web.state import access, outbox
from pks_kit.web.views import JobForm
from pks_kit.web.views_lists import AccessesForm, DeliveriesForm, access_form, delivery_form

DeliveryId = Annotated[str, Path(pattern=r"^msg_[0-9A-Za-z_]{1,56}$")]


async def buku(call: Asked) -> Response:
    """Return what the ledger knows of all agreements, purchases and sums."""
    return await told_by(call, "buku", {"perjanjian": None})


async def buku_periksa(call: Asked, body: ChainBody, idempotency_key: Key) -> Response:
    """Check the chain of the whole ledger."""
    return await promised(call, "periksa_buku", {"kepala": body.kepala}, area=Area())


async def buku_ekspor(call: Asked, body: Nothing, idempotency_key: Key) -> Response:
    """Export all events."""
    return await promised(call, "ekspor_buku", {}, area=Area())


async def akses(
    call: Asked,
    sasaran: Annotated[str, Query(max_length=80, description="Pengenal yang dilihat")] = "",
    setelah: After = "",
    batas: Most = 50,
) -> Response:
    """Return who saw or did what, the newest first."""
    found = await call.portal.read(access.listed, sasaran=sasaran, before=setelah, most=batas + 1)
    shown = found[:batas]
    after = shown[-1].id if len(found) > batas else None
    return answer(AccessesForm(daftar=tuple(map(access_form, shown)), berikutnya=after))


async def kiriman(
    call: Asked,
    keadaan: Annotated[Literal["", "menunggu", "terkirim", "gagal"], Query()] = "",
    batas: Most = 50,
) -> Response:
    """Return what was or has to be sent to receivers, the newest first."""
    found = await call.portal.read(outbox.listed, keadaan=keadaan, most=batas)
    return answer(DeliveriesForm(daftar=tuple(map(delivery_form, found))))


async def kiriman_ulangi(
    call: Asked, id: DeliveryId, body: Nothing, idempotency_key: Key
) -> Response:
    """Send something once more."""
    if not await call.portal.write(outbox.again, id, call.portal.now()):
        raise UsageError("web.unknown")
    return Response(status_code=202)


_TAGS = {"tags": ["audit"]}
_JOB = {"status_code": 202, "response_model": JobForm, "responses": problems(409, 413, 422)}
OPERATIONS = (
    Operation(
        method="GET",
        path="/buku",
        endpoint=buku,
        act=Act.AUDIT,
        told={"response_model": LedgerShowResult, "responses": problems(), **_TAGS},
    ),
    Operation(
        method="POST",
        path="/buku/pemeriksaan",
        endpoint=buku_periksa,
        act=Act.AUDIT,
        creates=True,
        told={**_JOB, **_TAGS},
    ),
    Operation(
        method="POST",
        path="/buku/ekspor",
        endpoint=buku_ekspor,
        act=Act.AUDIT,
        creates=True,
        told={**_JOB, **_TAGS},
    ),
    Operation(
        method="GET",
        path="/akses",
        endpoint=akses,
        act=Act.AUDIT,
        told={"response_model": AccessesForm, "responses": problems(), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/kiriman",
        endpoint=kiriman,
        act=Act.AUDIT,
        told={"response_model": DeliveriesForm, "responses": problems(), **_TAGS},
    ),
    Operation(
        method="POST",
        path="/kiriman/{id}/ulangi",
        endpoint=kiriman_ulangi,
        act=Act.AUDIT,
        creates=True,
        target="id",
        told={
            "status_code": 202,
            "response_class": Response,
            "responses": problems(404, 409, 413, 422),
            **_TAGS,
        },
    ),
)
