"""Whom TLS believes, and that the environment cannot change it."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pks_kit.errors import InputError
from pks_kit.net import addresses, trust
from pks_kit.net.transport import Limits, Request, TransportError, exchange
from support.fakes.raw_http import answering, http, served


@pytest.fixture(autouse=True)
def fresh():
    """Contexts are kept for the life of a process; each of these tests is one."""
    trust.tls_context.cache_clear()
    yield
    trust.tls_context.cache_clear()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """Return key and certificate of the service ``localhost``, its own authority."""
    from datetime import UTC, datetime, timedelta

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Gateway UJI")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "gateway.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def server(certificate: Path, most: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = most
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def ask(url: str, ca_file: Path | None = None, **more) -> bytes:
    request = Request(method="GET", url=url, headers={}, content={}, ca_file=ca_file, **more)
    return asyncio.run(exchange(request, Limits(answer_bytes=1000, whole_seconds=10))).body


OK = answering(http("200 OK", b"told"))


def test_a_given_certificate_is_believed_for_its_name_alone(certificate):
    with served(OK, tls=server(certificate)) as (url, seen):
        assert ask(url.replace("127.0.0.1", "localhost"), certificate) == b"told"
        with pytest.raises(TransportError) as caught:
            ask(url, certificate)
    assert (caught.value.kind, len(seen)) == ("tls", 1)


def test_the_name_is_checked_also_when_an_address_was_looked_at_first(certificate, monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    with served(OK, tls=server(certificate)) as (url, seen):
        named = url.replace("127.0.0.1", "localhost")
        assert ask(named, certificate, public_only=True) == b"told"
        with pytest.raises(TransportError) as caught:
            ask(url, certificate, public_only=True)
    assert (caught.value.kind, len(seen)) == ("tls", 1)


def test_a_stranger_is_not_believed_whatever_the_environment_says(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("SSL_CERT_DIR", str(certificate.parent))
    with (
        served(OK, tls=server(certificate)) as (url, seen),
        pytest.raises(TransportError) as caught,
    ):
        ask(url.replace("127.0.0.1", "localhost"))
    assert (caught.value.kind, seen) == ("tls", [])


def test_session_keys_are_not_written(certificate, monkeypatch, tmp_path):
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    with served(OK, tls=server(certificate)) as (url, _):
        assert ask(url.replace("127.0.0.1", "localhost"), certificate) == b"told"
    assert not keys.exists()


def test_old_tls_is_refused(certificate):
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old = server(certificate, ssl.TLSVersion.TLSv1_1)
    with served(OK, tls=old) as (url, seen), pytest.raises(TransportError) as caught:
        ask(url.replace("127.0.0.1", "localhost"), certificate)
    assert (caught.value.kind, seen) == ("tls", [])


def test_the_context_checks_certificate_and_name():
    context = trust.tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("has", ["file", "folder", "both", "nothing"])
def test_where_the_system_keeps_its_certificates(certificate, monkeypatch, tmp_path, has):
    """``nothing``: an interpreter from elsewhere; the list that comes with httpx serves then."""
    folder = tmp_path / "certs"
    folder.mkdir()
    file = tmp_path / "ca.pem"
    if has in ("folder", "both"):
        (folder / "gateway.pem").write_bytes(certificate.read_bytes())
    if has in ("file", "both"):
        file.write_bytes(certificate.read_bytes())
    places = ssl.get_default_verify_paths()._replace(
        openssl_cafile=str(file), openssl_capath=str(folder)
    )
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: places)
    known = trust.tls_context().cert_store_stats()["x509_ca"]
    assert {"file": known == 1, "both": known == 1, "folder": known == 0}.get(has, known > 50)


@pytest.mark.parametrize("content", [None, b"", b"bukan PEM"])
def test_a_ca_file_that_is_none(tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        trust.tls_context(path)
    assert caught.value.code == "service.ca_file"
