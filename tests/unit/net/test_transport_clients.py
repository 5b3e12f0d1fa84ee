"""What holds for the transport holds for each client that goes through it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import brotli
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pks_kit.errors import SigningError
from pks_kit.net import trust
from pks_kit.net.provider import ProviderClient
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.pki.timestamp_http import HttpTimestamps
from support.fakes.raw_http import answering, http, served


def certificate(url: str) -> asn1_x509.Certificate:
    """Return a certificate that names a revocation list."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Penanda UJI")])
    now = datetime.now(UTC)
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.CRLDistributionPoints([point]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER))


async def ask_gateway(url: str) -> str:
    try:
        await ProviderClient(base_url=url).call("GET", "/x", acts=False)
    except SigningError as error:
        return str(error)
    return "answered"


async def ask_authority(url: str) -> str:
    try:
        await HttpTimestamps(url=url).timestamper().async_timestamp(bytes(32), "sha256")
    except SigningError as error:
        return str(error)
    return "answered"


async def ask_list(url: str) -> str:
    source = HttpRevocation()
    try:
        await source.fetchers().crl_fetcher.fetch(certificate(url))
    except Exception as error:  # noqa: BLE001 pyHanko's own; what was wrong is in failures
        return f"{error} {source.failures}"
    return "answered"


CLIENTS: dict[str, Callable[[str], Awaitable[str]]] = {
    "gateway": ask_gateway, "timestamps": ask_authority, "revocation": ask_list,
}  # fmt: skip


@cache
def bomb(mebibytes: int) -> bytes:
    """Return kilobytes of brotli that are mebibytes of zeros."""
    packing = brotli.Compressor(quality=5)  # the best takes fifty times as long for the same zeros
    packed = b"".join(packing.process(bytes(1 << 20)) for _ in range(mebibytes))
    return packed + packing.finish()


@pytest.mark.parametrize("client", CLIENTS)
def test_kilobytes_of_brotli_stay_kilobytes(client: str) -> None:
    answer = http("200 OK", bomb(64), "Content-Encoding: br")
    with served(answering(answer)) as (url, seen):
        said = asyncio.run(CLIENTS[client](url))
    assert "answered" not in said
    assert "Content-Encoding" in said or "compressed" in said
    assert len(seen) == 1


MEASURED = """
import asyncio, resource, sys
from pks_kit.net.transport import Limits, Request, TransportError, exchange
request = Request(method="GET", url=sys.argv[1], headers={}, content={})
async def ask():
    try:
        await exchange(request, Limits(answer_bytes=1 << 16, whole_seconds=30))
    except TransportError as error:
        print(error.kind)
import httpx
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
asyncio.run(ask())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.slow
def test_the_memory_that_a_bomb_takes() -> None:
    """Half a gibibyte in less than a kilobyte; unpacked it took twice its size."""
    packed = bomb(512)
    assert len(packed) < 4096
    with served(answering(http("200 OK", packed, "Content-Encoding: br"))) as (url, _):
        said = subprocess.run(
            [sys.executable, "-c", MEASURED, url], capture_output=True, text=True, check=True
        ).stdout.split()
    assert said[0] == "compressed"
    assert int(said[1]) < 48


@pytest.mark.parametrize("coding", ["gzip", "gzip, chunked", "br"])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_compressed_transfer_is_no_way_around(client: str, coding: str) -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: %b\r\n\r\n" % coding.encode() + bomb(8)
    with served(answering(answer)) as (url, _):
        assert "answered" not in asyncio.run(CLIENTS[client](url))


@pytest.mark.parametrize("client", CLIENTS)
def test_the_environment_adds_no_trust_and_gets_no_keys(
    client: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Layanan UJI")])
    now = datetime.now(UTC)
    own = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "layanan.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(secret + own.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    keys = tmp_path / "keys.log"
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(pem))
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    trust.tls_context.cache_clear()
    try:
        with served(answering(http("200 OK", b"told")), tls=server) as (url, seen):
            said = asyncio.run(CLIENTS[client](url.replace("127.0.0.1", "localhost")))
    finally:
        trust.tls_context.cache_clear()
    assert "answered" not in said
    assert seen == []
    assert not keys.exists()
