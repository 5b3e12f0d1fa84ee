"""The workbook to be filled in: empty, or with invented facilities."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from pks_kit.web.operation import Asked, Operation
from pks_kit.web.portal import Portal
from pks_kit.web.routes.common import problems
from pks_kit.web.scope import Act

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY = {"schema": {"type": "string", "format": "binary"}}


async def buku_kerja(
    call: Asked,
    contoh: Annotated[bool, Query(description="Terisi dengan faskes yang dikarang")] = False,
) -> Response:
    """Return the workbook that is filled in for many agreements, empty or as a sample."""
    return await workbook_answer(
        call.portal, "faskes-contoh" if contoh else "faskes", samples=contoh
    )


async def workbook_answer(portal: Portal, name: str, *, samples: bool) -> Response:
    """Return the workbook of this version as a file to be saved.

    It is made once by a worker and kept: nothing of anybody is in it.

    Args:
        portal: The portal.
        name: Its name, without the ending.
        samples: Whether it holds the sample facilities.

    Raises:
        ToldError: It cannot be made.
    """

    async def ask() -> bytes:
        return (await portal.ask("buku_kerja", {"contoh": samples})).content

    content = await portal.kept.of(("buku_kerja", samples), ask)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.xlsx"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, headers=headers, media_type=MEDIA)


OPERATIONS = (
    Operation(
        method="GET",
        path="/buku-kerja",
        endpoint=buku_kerja,
        act=Act.CHECK,
        recorded=False,
        told={
            "response_class": Response,
            "responses": {200: {"content": {MEDIA: _BINARY}}, **problems()},
            "tags": ["perjanjian"],
        },
    ),
)
