"""How pages of a file look and what they say, for its pages of the desk and for the API.

A file never changes, so what a guarded child told of it once is kept (:mod:`pks_kit.web.kept`).
"""

from __future__ import annotations

import json
from typing import Any

from pks_kit.web.portal import Portal
from pks_kit.web.state.files import StoredFile


async def picture_of(
    portal: Portal, file: StoredFile, page: int, *, dpi: int, cover: bool
) -> bytes:
    """Return the picture of a page as JPEG.

    Args:
        portal: The portal.
        file: A file that whoever asks may see.
        page: Number of the page, from 1.
        dpi: Points on an inch.
        cover: Whether every NIK that the page writes as text is covered.

    Raises:
        ToldError: There is no such page, or it cannot be drawn.
    """
    isi = {**_named(file), "halaman": page, "dpi": dpi, "tutup": cover}

    async def ask() -> bytes:
        return (await portal.ask("gambar", isi)).content

    return await portal.kept.of(("gambar", file.id, page, dpi, cover), ask)


async def words_of(portal: Portal, file: StoredFile, first: int, last: int) -> dict[str, Any]:
    """Return what some pages say (``texts``), and how many there are (``pages``).

    Args:
        portal: The portal.
        file: A file that whoever asks may see.
        first: Number of the first page, from 1.
        last: Number of the last page.

    Raises:
        ToldError: There is no such page, or it cannot be read.
    """
    isi = {**_named(file), "dari": first, "sampai": last}

    async def ask() -> bytes:
        return json.dumps((await portal.ask("teks", isi)).hasil).encode()

    told: dict[str, Any] = json.loads(await portal.kept.of(("teks", file.id, first, last), ask))
    return told


def _named(file: StoredFile) -> dict[str, Any]:
    return {"berkas": {"id": file.id, "nama": file.nama}}
