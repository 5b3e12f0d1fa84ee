"""What no operation can answer is refused before anything is looked up, in words that help."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from pks_kit.errors import InputProblemsError
from pks_kit.web import Portal, pks_router, proxy

ZERO = ("/pks/perjanjian?cari=%00", "/pks/perjanjian?%00=1", "/pks/perjanjian/A%00")


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    (tmp_path / "pks.yml").write_text("buku: buku.sqlite\n")
    return Portal.from_settings(tmp_path / "pks.yml")


@pytest.fixture
def closed(portal: Portal) -> FastAPI:
    """Return an application that does not run the portal's lifespan."""
    app = FastAPI()
    app.include_router(pks_router(portal, proxy(["127.0.0.1"])), prefix="/pks")
    return app


def asked(app: FastAPI, method: str, where: str, **more: Any) -> httpx.Response:
    """Ask an application without a server, as the proxy on loopback."""
    headers = {
        "X-Pks-Orang": "a",
        "X-Pks-Wilayah": "pusat",
        "Idempotency-Key": "kunci-0001",
        "Accept-Language": "en",
    }

    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, where, headers=headers, **more)

    return asyncio.run(once())


async def pieces() -> AsyncIterator[bytes]:
    """Yield more than the application takes, without saying so before."""
    yield b"x" * 11


@pytest.mark.slow
@pytest.mark.parametrize("where", ["/pks/kesehatan", "/pks/perjanjian", "/pks/meja"])
def test_a_portal_whose_lifespan_is_forgotten_says_so(closed: FastAPI, where: str) -> None:
    told = asked(closed, "GET", where)
    assert told.status_code == 500
    assert "portal.lifespan" in told.text


@pytest.mark.parametrize("where", ZERO)
def test_no_zero_character_reaches_a_database(closed: FastAPI, where: str) -> None:
    told = asked(closed, "GET", where)
    assert (told.status_code, told.json()["code"]) == (400, "web.zero_character")


@pytest.mark.slow
def test_pages_refuse_it_too(closed: FastAPI) -> None:
    assert asked(closed, "GET", "/pks/meja?cari=%00").status_code == 400


def test_settings_that_are_wrong_are_told_where_the_application_ends(tmp_path: Path) -> None:
    (tmp_path / "pks.yml").write_text("buku: buku.sqlite\npenandatangan: {}\n")
    with pytest.raises(InputProblemsError) as caught:
        Portal.from_settings(tmp_path / "pks.yml")
    shown = "".join(traceback.format_exception(caught.value))
    assert "pks.yml:2: penandatangan: " in shown
    assert "penanda_tangan" in shown


def test_a_limit_of_the_application_is_told_without_a_number(
    closed: FastAPI, portal: Portal
) -> None:
    portal.is_open = True  # nothing is looked up before the body is read
    closed.add_middleware(RequestBodyLimitMiddleware, max_body_size=10)
    told = asked(closed, "POST", "/pks/periksa", content=pieces())
    assert (told.status_code, told.json()["code"]) == (413, "web.too_large_here")
    assert "{" not in told.json()["detail"]
