"""Files: handing one in, what is known of it, its content, its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import Query
from starlette.responses import FileResponse, Response, StreamingResponse

from pks_kit.errors import PksKitError, UsageError
from pks_kit.visible_text import one_line
from pks_kit.web.bodies import Key, PageNumber, PathId
from pks_kit.web.file_names import download_name
from pks_kit.web.file_pages import picture_of, words_of
from pks_kit.web.operation import Asked, Operation, chunks_of
from pks_kit.web.routes.common import answer, file_in_reach, problems
from pks_kit.web.scope import Act
from pks_kit.web.state import files
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.ids import new_id
from pks_kit.web.views import FileForm, PageText, file_form
from pks_kit.web.work.shop import media_of

Name = Annotated[
    str,
    Query(
        min_length=1, max_length=200, pattern=r"^[^/\\\x00-\x1f\x7f]+$", description="Nama berkas"
    ),
]
Dpi = Annotated[int, Query(ge=36, le=200, description="Titik per inci")]


async def berkas_unggah(call: Asked, nama: Name, idempotency_key: Key) -> Response:
    """Hand in a file: its content is the body. It is kept before the answer comes."""
    upload, portal, now = call.upload, call.portal, call.portal.now()
    if upload is None or upload.size == 0:
        raise UsageError("web.empty")
    file = StoredFile(
        id=new_id(now),
        area=call.portal.home_of(call.reach),
        perjanjian="",
        asal="unggahan",
        nama=nama,
        media=media_of(nama),
        sha256=upload.sha256,
        ukuran=upload.size,
        oleh=call.person.subject,
        dibuat=now,
        buang=now + timedelta(days=portal.settings.simpan_hari.unggahan),
    )
    import asyncio

    await asyncio.to_thread(portal.blobs.take, file.id, upload.path)
    await portal.write(files.add, file)
    where = str(call.request.url_for("berkas_satu", id=file.id).path)
    return answer(file_form(file), 201, {"Location": where})


async def berkas_satu(call: Asked, id: PathId) -> Response:
    """Return what is known of a file."""
    return answer(file_form(await file_in_reach(call, id)))


async def berkas_isi(call: Asked, id: PathId) -> Response:
    """Return the content of a file, to be saved and never shown as a page."""
    file = await file_in_reach(call, id)
    name = await call.portal.read(download_name, file, call.reach)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(one_line(name))}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "ETag": f'"{file.sha256}"',
    }
    path = call.portal.blobs.path(file.id)
    if path is not None:
        if not path.is_file():
            raise PksKitError("web.content_lost")
        return FileResponse(path, headers=headers, media_type=file.media)
    import asyncio

    content = await asyncio.to_thread(call.portal.blobs.read, file.id)
    return StreamingResponse(chunks_of(content), headers=headers, media_type=file.media)


async def berkas_gambar(call: Asked, id: PathId, halaman: PageNumber, dpi: Dpi = 96) -> Response:
    """Return the picture of a page of a PDF."""
    file = await file_in_reach(call, id)
    picture = await picture_of(call.portal, file, halaman, dpi=dpi, cover=False)
    return Response(picture, media_type="image/jpeg")


async def berkas_teks(call: Asked, id: PathId, halaman: PageNumber) -> Response:
    """Return what a page of a PDF says."""
    file = await file_in_reach(call, id)
    told = await words_of(call.portal, file, halaman, halaman)
    return answer(PageText(page=halaman, pages=told["pages"], text=told["texts"][0]))


_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TAGS = {"tags": ["berkas"]}
OPERATIONS = (
    Operation(
        method="POST",
        path="/berkas",
        endpoint=berkas_unggah,
        act=Act.UPLOAD,
        creates=True,
        uploads=True,
        told={
            "status_code": 201,
            "response_model": FileForm,
            "responses": problems(409, 413, 422),
            "openapi_extra": {
                "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}}
            },
            **_TAGS,
        },
    ),
    Operation(
        method="GET",
        path="/berkas/{id}",
        endpoint=berkas_satu,
        act=Act.SEE,
        target="id",
        told={"response_model": FileForm, "responses": problems(404), **_TAGS},
    ),
    Operation(
        method="GET",
        path="/berkas/{id}/isi",
        endpoint=berkas_isi,
        act=Act.SEE,
        target="id",
        told={
            "response_class": Response,
            "responses": {200: {"content": {"*/*": _BINARY}}, **problems(404)},
            **_TAGS,
        },
    ),
    Operation(
        method="GET",
        path="/berkas/{id}/halaman/{halaman}.jpg",
        endpoint=berkas_gambar,
        act=Act.SEE,
        target="id",
        told={
            "response_class": Response,
            "responses": {200: {"content": {"image/jpeg": _BINARY}}, **problems(404, 422)},
            **_TAGS,
        },
    ),
    Operation(
        method="GET",
        path="/berkas/{id}/halaman/{halaman}/teks",
        endpoint=berkas_teks,
        act=Act.SEE,
        target="id",
        told={"response_model": PageText, "responses": problems(404, 422), **_TAGS},
    ),
)
