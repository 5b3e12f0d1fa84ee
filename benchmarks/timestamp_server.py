"""A timestamp authority in a process of its own: prints its address, ends with its input.

Its work counts for nobody, so no worker that is measured starts it: it is somebody else's in every
signing step, ours and a peer's. A moment in the path of the address
(``/2026-12-01T10:00:00+07:00``) is the one that it attests.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote

from asn1crypto import tsp

from pks_kit.signing.sandbox.authority import SandboxTimestamps, create_sandbox


class Authority:
    """Starts such a process; it ends when this object is closed or this process ends.

    Raises:
        SystemExit: It does not start.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise SystemExit("the timestamp authority has no pipes")
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise SystemExit("the timestamp authority did not start")

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()

    def __enter__(self) -> Authority:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def attesting(url: str, moment: datetime) -> str:
    """Return the address at which an authority attests a moment."""
    return url + quote(moment.isoformat())


@cache
def _stamper(path: str) -> Any:
    told = unquote(path.strip("/"))
    moment = datetime.fromisoformat(told) if told else None

    def clock() -> datetime:
        return moment or datetime.now(UTC)

    sandbox = create_sandbox(clock(), {})
    return SandboxTimestamps(key=sandbox.tsa, clock=clock).timestamper()


def main() -> None:
    """Serve until standard input ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = _stamper(self.path).request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}/", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
