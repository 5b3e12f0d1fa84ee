"""The desk of whoever sits at this machine: the application, served on loopback until Ctrl-C.

The address that is handed out opens once; from then on a cookie of this process tells who asks.
Only the loopback address is bound, no other name is answered, and where the system tells who is at
the other end of a connection, another user of the machine gets no answer.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pks_kit.errors import UsageError
from pks_kit.net.peer_user import user_of_peer
from pks_kit.web.app import create_app
from pks_kit.web.desk_token import ENTRY, DeskIdentity
from pks_kit.web.pages.declared import ROOT
from pks_kit.web.portal import Portal
from pks_kit.web.scope import Person

ADDRESS = "127.0.0.1"
_WAITING = 128
_GRACE_SECONDS = 5


class Desk:
    """A desk on the loopback address; use it in ``with``.

    Args:
        portal: The portal.
        person: Whoever sits at it; without a name it asks.
        port: Port to bind; 0 lets the system choose one.
        suggested: A name that it suggests when it asks.
        everywhere: Whether nobody named an area.

    Raises:
        UsageError: ``web.port_taken``.
    """

    def __init__(
        self,
        portal: Portal,
        person: Person,
        port: int = 0,
        *,
        suggested: str = "",
        everywhere: bool = False,
    ) -> None:
        self._portal = portal
        self._identity = DeskIdentity(person, suggested=suggested, everywhere=everywhere)
        self._socket = socket(AF_INET, SOCK_STREAM)
        self._socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            self._socket.bind((ADDRESS, port))
        except OSError as error:
            self._socket.close()
            raise UsageError("web.port_taken", port=port) from error
        # who opens the address before the server takes connections waits and is answered
        self._socket.listen(_WAITING)
        port = self._socket.getsockname()[1]
        self.address = f"http://{ADDRESS}:{port}{ENTRY}?token={self._identity.token}"

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def serve(self, ready: Callable[[str], None]) -> None:
        """Serve until the process is interrupted or told to end.

        Args:
            ready: Called with the address that opens the desk, once everything is open.

        Raises:
            PksKitError: A key, the ledger or the state cannot be opened.
        """
        config = uvicorn.Config(
            desk_app(self._portal, self._identity),
            lifespan="off",
            log_level="warning",
            access_log=False,  # addresses may hold the token
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        server = _Server(config)
        with _ending(server):
            asyncio.run(self._serve(server, ready))

    async def _serve(self, server: uvicorn.Server, ready: Callable[[str], None]) -> None:
        async with self._portal.lifespan():
            if not server.should_exit:
                ready(self.address)
                await server.serve(sockets=[self._socket])


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever serves: the portal has to close in order first."""
        yield


@contextmanager
def _ending(server: uvicorn.Server) -> Iterator[None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def desk_app(portal: Portal, identity: DeskIdentity) -> FastAPI:
    """Return the application of a desk.

    Args:
        portal: The portal.
        identity: Knows whoever started it.
    """
    app = create_app(portal, identity)

    async def home(_request: Request) -> Response:
        return RedirectResponse(ROOT, 303)

    app.add_route("/", home, include_in_schema=False)
    app.add_middleware(OwnUser)
    return app


class OwnUser:
    """Answers the user of this process and root alone, where the system tells who asks.

    The command line of a browser, which all users of a machine can read, holds the address.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] == "http" and not await asyncio.to_thread(_is_ours, scope):
            await PlainTextResponse("", 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_ours(scope: Scope) -> bool:
    client, server = scope.get("client"), scope.get("server")
    if not client or not server:
        return False
    user = user_of_peer((client[0], client[1]), (server[0], server[1]))
    return user is None or user in (0, os.geteuid())
