"""The peers of ``portal.py``: what FastAPI and Starlette cost when they do nothing else.

``/halo`` is a bare FastAPI endpoint, ``/berkas`` the plain download of one file, ``/teks`` the same
bytes as a page out of memory. Run as a process: ``portal_peer.py PORT FILE PAGE``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.responses import FileResponse, HTMLResponse, Response


def peer(file: Path, page: bytes) -> FastAPI:
    """Return the application."""
    app = FastAPI(openapi_url=None)

    @app.get("/halo")
    async def hello() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/berkas")
    async def download() -> Response:
        return FileResponse(file, media_type="image/jpeg")

    @app.get("/teks")
    async def text() -> Response:
        return HTMLResponse(page)

    return app


if __name__ == "__main__":
    app = peer(Path(sys.argv[2]), Path(sys.argv[3]).read_bytes())
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
