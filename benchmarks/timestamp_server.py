"""A timestamp authority in a process of its own: prints its address, ends with its input."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from asn1crypto import tsp

from pks_kit.signing.sandbox.authority import SandboxTimestamps, create_sandbox


def main() -> None:
    """Serve until standard input ends."""
    sandbox = create_sandbox(datetime.now(UTC), {})
    authority = SandboxTimestamps(key=sandbox.tsa, clock=lambda: datetime.now(UTC))
    stamper = authority.timestamper()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
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
