"""Serve one page to the person at this machine, and take what that person answers.

The way in is narrow on purpose. Only the loopback address is bound. The address that is handed out
holds a key that opens once and leads to a path that nobody can guess; no cookie is used, since
cookies of one port are sent to all ports of a machine. The ``Host`` must be our own (a page of
another site whose name points here says another one), a request that changes something must come
from our own page (``Origin``, ``Sec-Fetch-Site``, and a token that only the page holds), and no
header ever allows other sites to read an answer. Where the system tells who is at the other end,
another user of this machine gets no answer at all: the command line of a browser, which all users
can read, holds the key until it was used. Bodies, time and requests at once are bounded; nothing is
logged.
"""

from __future__ import annotations

import hmac
import os
import secrets
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any

from pks_kit.net.peer_user import user_of_peer

ADDRESS = "127.0.0.1"
MOST_BODY = 1 << 16
MOST_AT_ONCE = 8
_SECONDS = 10.0
_KEY_BYTES = 32
_SAFE_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)

Page = Callable[[], bytes]
Act = Callable[[bytes], tuple[int, bytes]]


class LoopbackPage:
    """A page on the loopback address; close it, or use it in ``with``.

    Args:
        port: Port to bind; 0 lets the system choose one.

    Raises:
        OSError: The port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self.token = secrets.token_urlsafe(_KEY_BYTES)
        self._key = secrets.token_urlsafe(_KEY_BYTES)
        self._path = f"/{secrets.token_urlsafe(_KEY_BYTES)}/"
        self._lock = threading.Lock()
        self._page: Page | None = None
        self._act: Act | None = None
        self._server = _Server((ADDRESS, port), self)

    def __enter__(self) -> LoopbackPage:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    @property
    def port(self) -> int:
        """Return the port that is bound."""
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """Return the address that opens the page, once."""
        return f"http://{ADDRESS}:{self.port}/mulai/{self._key}"

    def serve(self, page: Page, act: Act) -> None:
        """Serve until :meth:`stop`, or until the process is interrupted.

        Args:
            page: Makes the page (HTML in UTF-8), which says :attr:`token` with each answer.
            act: Takes the body of an answer; returns status and JSON.
        """
        self._page, self._act = page, act
        self._server.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """End :meth:`serve`; from another thread."""
        self._server.shutdown()

    # --- asked by the handler -------------------------------------------------------------------

    def is_here(self, host: str | None) -> bool:
        """Return whether a request was meant for this machine by its own name."""
        return host in (f"{ADDRESS}:{self.port}", f"localhost:{self.port}")

    def opened(self, path: str) -> str | None:
        """Return where the key in a path leads; None for a wrong one, or one that was used."""
        given = path.removeprefix("/mulai/")
        with self._lock:
            known = path != given and bool(self._key) and _same(given, self._key)
            if known:
                self._key = ""
        return self._path if known else None

    def is_page(self, path: str) -> bool:
        """Return whether a path is that of the page."""
        return _same(path, self._path)

    def is_answer(self, path: str) -> bool:
        """Return whether a path is the one that takes answers."""
        return _same(path, f"{self._path}putuskan")

    def made(self) -> bytes:
        """Return the page."""
        return self._page() if self._page else b""

    def acted(self, body: bytes) -> tuple[int, bytes]:
        """Hand an answer over."""
        return self._act(body) if self._act else (HTTPStatus.SERVICE_UNAVAILABLE, b"{}")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = False

    def __init__(self, address: tuple[str, int], page: LoopbackPage) -> None:
        self.page = page
        self._room = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__(address, _Handler)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Return whether it comes from the user of this process, or from root."""
        user = user_of_peer(client_address[:2], request.getsockname()[:2])
        return user is None or user in (0, os.geteuid())

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a request when there is room; otherwise let it go."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one request and give its room back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of broken connections; they are no fault of ours."""


class _Handler(BaseHTTPRequestHandler):
    server_version = "pks-kit"
    sys_version = ""
    timeout = _SECONDS
    server: _Server
    connection: socket

    def do_GET(self) -> None:
        """Answer the key with the way to the page, and the way with the page."""
        page = self.server.page
        if not page.is_here(self.headers.get("Host")):
            return self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        where = page.opened(self.path)
        if where is not None:
            return self._answer(HTTPStatus.SEE_OTHER, b"", location=where)
        if not page.is_page(self.path):
            return self._refuse(HTTPStatus.NOT_FOUND)
        self._answer(HTTPStatus.OK, page.made(), kind="text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take an answer of our own page, and of nobody else."""
        refused = self._refusal()
        if refused is not None:
            return self._refuse(refused)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, told = self.server.page.acted(body)
        self._answer(status, told, kind="application/json; charset=utf-8")

    def _refusal(self) -> HTTPStatus | None:
        page, headers = self.server.page, self.headers
        host = headers.get("Host")
        if not page.is_here(host):
            return HTTPStatus.MISDIRECTED_REQUEST
        if not page.is_answer(self.path):
            return HTTPStatus.NOT_FOUND
        own = headers.get("Origin") == f"http://{host}"
        own &= headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        if not own or not _same(headers.get("X-Periksa", ""), page.token):
            return HTTPStatus.FORBIDDEN
        if headers.get_content_type() != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        length = headers.get("Content-Length", "")
        if "Transfer-Encoding" in headers or not (length.isascii() and length.isdigit()):
            return HTTPStatus.LENGTH_REQUIRED
        if len(length) > 9 or int(length) > MOST_BODY:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None

    def _refuse(self, status: HTTPStatus) -> None:
        self._answer(status, b"{}", kind="application/json; charset=utf-8")

    def _answer(
        self, status: int, body: bytes, *, kind: str = "text/plain", location: str = ""
    ) -> None:
        self.send_response(status)
        for name, value in _SAFE_HEADERS:
            self.send_header(name, value)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request of ours, without repeating anything of it."""
        self.close_connection = True
        self._refuse(HTTPStatus(code))

    def log_message(self, *_: Any) -> None:
        """Write nothing: paths are secret."""


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
