"""Timestamps over real HTTP on loopback; whenever there is none, nothing is signed."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import NameOID

from pks_kit.errors import SigningError, UsageError
from pks_kit.pki.timestamp_http import ANSWER_LIMIT, HttpTimestamps
from pks_kit.signing.sandbox.authority import SandboxTimestamps
from support.signing_world import NOW, sandbox_timestamps, sign_once

PKI = """
keysets:
  kunci:
    path-prefix: .
    keys:
      root: {path: root.pem}
      tsa: {path: tsa.pem}
pki-architectures:
  uji:
    keyset: kunci
    entity-defaults: {country-name: ID, organization-name: UJI}
    entities:
      root: {common-name: Root CA Uji}
      tsa: {common-name: Timestamp Authority Uji}
    certs:
      root:
        subject: root
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2090-01-01T00:00:00+0000"}
        profiles: [{id: simple-ca, params: {max-path-len: 1}}]
      tsa:
        subject: tsa
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2090-01-01T00:00:00+0000"}
        extensions:
          - {id: key_usage, critical: true, smart-value: {schema: key-usage, params: [digital_signature]}}
          - {id: extended_key_usage, critical: true, value: [time_stamping]}
    services:
      time-stamping:
        waktu: {signing-cert: tsa}
"""  # noqa: E501


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments):
        pass


@contextmanager
def served(application):
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    for name in ("root", "tsa"):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        (folder / f"{name}.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    config = CertomancerConfig.from_yaml(PKI, key_search_dir=str(folder))
    return Animator(AnimatorArchStore(config.pki_archs), at_time=NOW, with_web_ui=False)


def attempt(issued, sandbox, timestamps):
    return asyncio.run(
        sign_once(issued.pdf, issued.receipt, sandbox, "pihak_kesatu", timestamps=timestamps)
    )


def test_a_real_timestamp_service(issued, sandbox, authority, caplog):
    with caplog.at_level(logging.DEBUG), served(authority) as url:
        timestamps = HttpTimestamps(url=f"{url}/uji/tsa/waktu?kunci=planted-5512")
        assert timestamps.name == url
        step = attempt(issued, sandbox, timestamps)
    assert step.added.time == NOW
    assert step.added.trouble is None
    assert "planted-5512" not in caplog.text


def test_a_service_that_is_down(issued, sandbox):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/?kunci=planted-5512"
    with pytest.raises(SigningError) as caught:
        attempt(issued, sandbox, HttpTimestamps(url=url))
    assert caught.value.code == "timestamp.unavailable"
    assert "planted-5512" not in str(caught.value)


def reply(status: str, kind: str, content: bytes, **headers: str):
    def application(environ, start_response):
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        pairs = [("Content-Type", kind), *((k.replace("_", "-"), v) for k, v in headers.items())]
        start_response(status, pairs)
        return [content]

    return application


def slow(environ, start_response):
    time.sleep(1.2)
    return reply("200 OK", "application/timestamp-reply", b"")(environ, start_response)


REJECTED = bytes.fromhex("3012301002010230070c0571756f746103020520")


FAULTS = {
    "error 500": (reply("500 Fault", "text/plain", b"no"), "timestamp.unavailable"),
    "redirect": (reply("302 Found", "text/plain", b"", Location="/x"), "timestamp.unavailable"),
    "refused": (
        reply("200 OK", "application/timestamp-reply", REJECTED),
        "timestamp.unavailable",
    ),
    "a page": (reply("200 OK", "text/html", b"<html>hello</html>"), "timestamp.bad_answer"),
    "nothing": (reply("200 OK", "application/timestamp-reply", b""), "timestamp.bad_answer"),
    "too much": (
        reply("200 OK", "application/timestamp-reply", b"0" * (ANSWER_LIMIT + 1)),
        "timestamp.unavailable",
    ),
    "slow": (slow, "timestamp.unavailable"),
    "compressed": (
        reply("200 OK", "application/timestamp-reply", b"0", Content_Encoding="br"),
        "timestamp.unavailable",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_service_with_a_fault(issued, sandbox, fault):
    application, code = FAULTS[fault]
    with served(application) as url, pytest.raises(SigningError) as caught:
        attempt(issued, sandbox, HttpTimestamps(url=url, timeout_seconds=0.6))
    assert caught.value.code == code
    words = {"refused": "rejection bad_request quota", "error 500": "HTTP 500", "slow": "silent"}
    assert words.get(fault, "") in str(caught.value)


def test_a_token_for_another_signature_is_noticed_before_anything_is_returned(
    issued, sandbox, authority
):
    """A service that answers each question with the token of an older question."""
    remembered: list[bytes] = []

    def replaying(environ, start_response):
        def collecting(status, headers, *rest):
            return start_response(status, headers, *rest)

        answer = b"".join(authority(environ, collecting))
        remembered.append(answer)
        return [remembered[0]]

    with served(replaying) as url:
        timestamps = HttpTimestamps(url=f"{url}/uji/tsa/waktu")
        attempt(issued, sandbox, timestamps)
        with pytest.raises(SigningError) as caught:
            attempt(issued, sandbox, timestamps)
    assert caught.value.code == "timestamp.bad_answer"


class StampsSomethingElse(SandboxTimestamps):
    """A service that answers with the right nonce, over the wrong bytes."""

    def timestamper(self):
        stamper = super().timestamper()
        answer = stamper.request_tsa_response

        def astray(request):
            request["message_imprint"]["hashed_message"] = bytes(32)
            return answer(request)

        stamper.request_tsa_response = astray
        return stamper


def test_a_token_over_other_bytes(issued, sandbox):
    with pytest.raises(SigningError) as caught:
        attempt(issued, sandbox, StampsSomethingElse(key=sandbox.tsa, clock=lambda: NOW))
    assert caught.value.code == "signing.result_wrong"


def test_a_certificate_that_is_not_for_timestamps(issued, sandbox):
    wrong = SandboxTimestamps(key=sandbox.signers["pihak_kedua"], clock=lambda: NOW)
    with pytest.raises(SigningError) as caught:
        attempt(issued, sandbox, wrong)
    assert caught.value.code == "signing.result_wrong"


def test_a_clock_that_is_off_is_told(issued, sandbox):
    from datetime import timedelta

    stamper = sandbox_timestamps(sandbox, NOW + timedelta(minutes=6))
    assert attempt(issued, sandbox, stamper).skew == timedelta(minutes=6)
    assert attempt(issued, sandbox, sandbox_timestamps(sandbox, NOW)).skew is None


@pytest.mark.parametrize(
    "url",
    ["ftp://host/", "file:///etc/passwd", "http://", "tsa.example", "https://a:b@tsa.example/", "http://[x"],
)  # fmt: skip
def test_an_address_that_is_none(url):
    with pytest.raises(UsageError) as caught:
        HttpTimestamps(url=url)
    assert caught.value.code == "timestamp.url"


def test_a_real_key_gets_no_test_timestamp(issued, sandbox):
    from cryptography import x509

    from pks_kit.signing.keys.files import load_pkcs12
    from support.key_files import SECRET, own, p12
    from support.signing_world import KEPALA_CABANG

    key, certificate = own()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, KEPALA_CABANG)])
    certificate = _renamed(key, certificate, name)
    real = load_pkcs12(p12(key, certificate), SECRET, "x")
    with pytest.raises(SigningError) as caught:
        asyncio.run(sign_once(issued.pdf, issued.receipt, sandbox, "pihak_kesatu", source=real))
    assert caught.value.code == "signing.mixed_test_and_real"


def _renamed(key, certificate, name):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    builder = x509.CertificateBuilder(
        name,
        name,
        key.public_key(),
        1,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )
    return builder.sign(key, hashes.SHA256())
