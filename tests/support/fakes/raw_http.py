"""A server that answers with the very bytes a test gives it, also over TLS."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Act = Callable[[socket.socket], None]


@contextmanager
def served(
    act: Act, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[bytes]]]:
    """Serve: ``act`` gets each connection after its request was read.

    Yields:
        The address and the requests that came.
    """
    listener = socket.create_server((host, port))
    seen: list[bytes] = []

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            # an error of TLS, or of a client that went away, is no matter of this server
            with (
                suppress(OSError),
                connection,
                tls.wrap_socket(connection, server_side=True) if tls else connection as spoken,
            ):
                request = request_of(spoken)
                if request:
                    seen.append(request)
                    act(spoken)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://{host}:{listener.getsockname()[1]}", seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def request_of(connection: socket.socket) -> bytes:
    """Return the head of a request and what came with it."""
    got = b""
    while b"\r\n\r\n" not in got:
        block = connection.recv(65536)
        if not block:
            break
        got += block
    return got


def answering(raw: bytes) -> Act:
    """Return an act that sends these bytes."""
    return lambda connection: connection.sendall(raw)


def http(status: str, body: bytes, *headers: str) -> bytes:
    """Return an answer with a length and these headers."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
