"""An issuer of bearer tokens on loopback: its address, its keys, and tokens good and bad."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

AUDIENCE = "pks"
_RSA_BITS = 2048


class Issuer:
    """Signs tokens; its keys can be asked for over HTTP.

    Attributes:
        asked: Addresses that were asked for, in order.
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[str] = []
        self.keys = [ECKey.generate_key("P-256", {"kid": "satu"}, auto_kid=False)]
        self.is_away = False

    def rotate(self) -> None:
        """Use another key from now on, and forget the one before."""
        self.keys = [RSAKey.generate_key(_RSA_BITS, {"kid": f"kunci-{time.monotonic_ns()}"})]

    def token(self, *scopes: str, key: Any = None, alg: str = "", **claims: Any) -> str:
        """Return a token; claims that are None are left out."""
        signed_by = key or self.keys[0]
        told = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "orang-1",
            "name": "Sari Contoh",
            "exp": int(time.time()) + 600,
            "wilayah": list(scopes),
            **claims,
        }
        chosen = alg or ("ES256" if isinstance(signed_by, ECKey) else "RS256")
        header = {"alg": chosen, "kid": signed_by.kid or "satu"}
        return jwt.encode(
            header,
            {name: value for name, value in told.items() if value is not None},
            signed_by,
            algorithms=[chosen],
        )

    def answer(self, path: str) -> dict[str, Any] | None:
        """Return what stands at an address."""
        self.asked.append(path)
        if self.is_away:
            return None
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/kunci"}
        if path == "/kunci":
            return {"keys": [key.as_dict(private=False) for key in self.keys]}
        return None


def signed_with_what_is_public(issuer: Issuer, *scopes: str) -> str:
    """Return a token whose shared secret is the public key of an issuer, which everybody has."""
    claims = issuer.token(*scopes).split(".")[1]
    head = _base64(b'{"alg":"HS256","kid":"satu"}')
    public = issuer.keys[0].as_pem(private=False)
    mac = hmac.digest(public, f"{head}.{claims}".encode(), "sha256")
    return f"{head}.{claims}.{_base64(mac)}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Start an issuer and stop it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = issuer.answer(self.path)
            body = json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
