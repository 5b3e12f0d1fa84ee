"""certomancer's CSC double as a real HTTP server, with a token, a PIN and faults."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from aiohttp import web
from csc_dummy.csc_dummy_server import CSCWithCertomancer

TOKEN = "token-rahasia-8812"
PIN = "5521-rahasia"


@dataclass
class CscServer:
    """A running double.

    ``faults`` are used up by calls of the named endpoint: ``(endpoint, kind)``, where kind is
    ``slow`` (acts, answers too late), ``lost`` (acts, cuts the connection), ``500``, ``nothing``
    (acts, answers without content), ``html``, ``two`` (two signatures).
    """

    url: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    info: dict[str, Any] = field(default_factory=dict)
    sent: dict[str, Any] = field(default_factory=dict)
    port: int = 0

    @web.middleware
    async def middleware(self, request: web.Request, handler: Any) -> web.StreamResponse:
        endpoint = request.path.rsplit("/", 1)[-1]
        self.asked.append(endpoint)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "invalid_token"}, status=401)
        content = await request.json()
        self.sent[endpoint] = content
        if endpoint == "authorize" and content.get("PIN") != PIN:
            words = {"error": "invalid_pin", "error_description": f"PIN {content.get('PIN')} salah"}
            return web.json_response(words, status=400)
        answer: web.StreamResponse = await handler(request)
        kind = self._fault(endpoint)
        if kind == "slow":
            await asyncio.sleep(1.5)
        elif kind == "lost":
            assert request.transport is not None
            request.transport.abort()
        elif kind == "500":
            return web.Response(status=500, text="Internal Server Error")
        elif kind == "nothing":
            return web.json_response({})
        elif kind == "html":
            return web.Response(text="<html>masuk dahulu</html>", content_type="text/html")
        elif kind == "two":
            return web.json_response({"signatures": ["AAAA", "BBBB"]})
        if endpoint == "info" and self.info:
            told = json.loads(answer.text or "")  # type: ignore[attr-defined]
            return web.json_response({**told, **self.info})
        return answer

    def _fault(self, endpoint: str) -> str:
        if self.faults and self.faults[0][0] == endpoint:
            return self.faults.pop(0)[1]
        return ""


@contextmanager
def running_csc(config: Any) -> Iterator[CscServer]:
    """Serve the keys of a certomancer configuration."""
    server = CscServer()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the double names its settings in an old way
        double = CSCWithCertomancer(config)
    double.register_routes()
    double.app.middlewares.append(server.middleware)
    ready, ended = Event(), Event()

    async def serve() -> None:
        runner = web.AppRunner(double.app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await asyncio.to_thread(ended.wait)
        await runner.cleanup()

    thread = Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield server
    finally:
        ended.set()
        thread.join(20)
