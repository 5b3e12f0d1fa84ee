"""Contents are written once, whole or not at all; in a folder and on a server for objects."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from pks_kit.errors import InputError, LedgerError, PksKitError
from pks_kit.web.store import Blobs, blobs_in, incoming_of, spool_bytes, spool_stream
from support.object_server import object_server, place_at

FILE = "01M8N7Y1VMWHXZAT0VYFZY0C42"


@pytest.fixture(params=["folder", "objects"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    if request.param == "folder":
        yield blobs_in(tmp_path, tmp_path / "sesi")
        return
    with object_server() as address:
        yield blobs_in(tmp_path, place_at(address))


def test_a_content_is_written_once(blobs: Blobs, tmp_path: Path) -> None:
    first, second = spool_bytes(tmp_path, b"satu"), spool_bytes(tmp_path, b"dua")
    blobs.take(FILE, first.path)
    assert not first.path.exists()
    with pytest.raises(LedgerError) as caught:
        blobs.take(FILE, second.path)
    assert caught.value.code == "store.written"
    assert blobs.read(FILE) == b"satu"
    blobs.remove(FILE)
    with pytest.raises(PksKitError):
        blobs.read(FILE)
    blobs.remove(FILE)  # there is none, and nothing happens


async def _pieces(count: int, size: int) -> AsyncIterator[bytes]:
    for number in range(count):
        yield bytes([number]) * size


def test_what_comes_in_is_hashed_on_its_way(tmp_path: Path) -> None:
    found = asyncio.run(spool_stream(tmp_path, _pieces(3, 1000), 3000))
    content = b"".join(bytes([number]) * 1000 for number in range(3))
    assert found.path.read_bytes() == content
    assert (found.size, found.sha256) == (3000, hashlib.sha256(content).hexdigest())
    assert found.path.stat().st_mode & 0o077 == 0


def test_one_byte_too_many_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        asyncio.run(spool_stream(tmp_path, _pieces(3, 1000), 2999))
    assert (caught.value.code, caught.value.http_status) == ("file.too_large", 413)
    assert list(incoming_of(tmp_path).iterdir()) == []
