"""A server for objects on loopback, that keeps its objects in memory; and one that overwrites."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.signing.object_store import ObjectPlace, ObjectServer

BUCKET = "ember-uji"


@contextmanager
def object_server(*, ignores_condition: bool = False) -> Iterator[str]:
    """Start a server and give its address.

    Args:
        ignores_condition: Whether it forgets the condition under which it may write.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    inner = DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        if ignores_condition:
            environ.pop("HTTP_IF_NONE_MATCH", None)
        return inner(environ, start_response)

    import threading

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def place_at(address: str, prefix: str = "sesi") -> ObjectPlace:
    """Return a place on a server, in a bucket that is made when missing."""
    import httpx

    httpx.put(
        f"{address}/{BUCKET}",
        headers={
            "Authorization": "AWS4-HMAC-SHA256 Credential=akun/20260101/us-east-1/s3/aws4_request, "
            "SignedHeaders=host, Signature=x"
        },
    )
    return ObjectPlace(
        ObjectServer(
            bucket=BUCKET,
            prefix=prefix,
            address=address,
            region="us-east-1",
            key=Secret("akun"),
            secret=Secret("Rahasia-objek-1"),
        )
    )
