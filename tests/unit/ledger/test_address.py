"""A server elsewhere is reached over proven TLS or not at all, whatever the environment says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError
from pks_kit.ledger.address import has_password, read_address
from pks_kit.ledger.store import open_ledger
from support.fakes.raw_http import served
from support.ledger_events import write
from support.postgres import USER, Server, running_server

NAME = "basisdata.contoh.test"
SECRET = "Rahasia-2b7c"
REMOTE = f"postgresql+psycopg://u@{NAME}/buku"


def made(name: str) -> tuple[bytes, bytes]:
    """Return key with certificate, and the certificate, of a server that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Basis Data UJI")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 7)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret + certificate, certificate


@pytest.fixture(scope="module")
def remote() -> Iterator[Server]:
    with running_server(fsync=False) as started:
        yield started


@pytest.fixture(scope="module")
def anchor(remote: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    both, certificate = made(NAME)
    remote.speak_tls(both)
    path = tmp_path_factory.mktemp("tls") / "basisdata.pem"
    path.write_bytes(certificate)
    return path


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two names of servers elsewhere lead to this machine."""
    real = socket.getaddrinfo

    def lookup(host, *more, **others):
        is_ours = host in (NAME, f"lain.{NAME}")
        return real("127.0.0.1" if is_ours else host, *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


def url(server: Server, database: str, options: str = "", name: str = NAME) -> str:
    return f"postgresql+psycopg://{USER}@{name}:{server.port}/{database}{options}"


def refused(address: str, password: str = SECRET) -> LedgerError:
    with pytest.raises(LedgerError) as caught:
        open_ledger(address, password=Secret(password))
    assert caught.value.__cause__ is None
    assert SECRET not in str(caught.value) + caught.value.text.id + repr(caught.value.params)
    return caught.value


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
def test_nothing_is_sent_to_a_server_elsewhere_without_proof(mode: str) -> None:
    with served(lambda _connection: None) as (listening, seen):
        port = listening.rpartition(":")[2]
        for host in (NAME, "10.0.0.7", "2130706433", f"127.0.0.1,{NAME}", "localhost.contoh.test"):
            error = refused(f"postgresql+psycopg://u@{host}:{port}/buku?sslmode={mode}")
            assert error.code == "ledger.without_tls"
            assert mode in error.text.en
            assert "verify-full" in error.text.hint_id
    assert seen == []


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", "[::1]", "localhost", "127.8.9.10", "", "?host=/run/postgresql", "?host=@buku"],
)
@pytest.mark.parametrize("mode", ["", "disable", "require", "verify-full"])
def test_this_machine_needs_no_tls(place: str, mode: str) -> None:
    host, _, query = place.partition("?")
    words = "&".join(one for one in (query, mode and f"sslmode={mode}") if one)
    address = read_address(f"postgresql+psycopg://u@{host}/buku" + (f"?{words}" if words else ""))
    assert address.is_local
    assert address.options["sslmode"] == (mode or "prefer")


@pytest.mark.parametrize(
    "query",
    [
        f"options=-c%20x={SECRET}", f"passfile=/{SECRET}", f"service={SECRET}",
        f"sslpassword={SECRET}", f"sslkey={SECRET}", f"sslcert={SECRET}", f"password={SECRET}",
        f"sslkeylogfile=/{SECRET}", f"hostaddr={SECRET}", f"require_auth={SECRET}",
        f"oauth_client_secret={SECRET}", f"tidak_ada={SECRET}", f"{SECRET}=1", f"SSLMODE={SECRET}",
        "sslmode=verify-full&sslmode=disable", f"host={SECRET}", f"sslmode={SECRET}",
    ],
)  # fmt: skip
def test_only_known_options_each_once(query: str) -> None:
    for host in ("127.0.0.1", NAME):
        error = refused(f"postgresql+psycopg://u@{host}/buku?{query}")
        assert error.code == "ledger.address_option"
        assert error.http_status == 400


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"postgresql://u:{SECRET}@h/b", True), (f"postgresql://u@h/b?sslpassword={SECRET}", True),
        (f"postgresql://u@h/b?PassFile={SECRET}", True), ("postgresql://u@h/b?sslkey=x", True),
        (f"postgresql://u:{SECRET}@[h/b", True), ("postgresql://u@h/b?sslmode=require", False),
        ("postgresql://u@h/b", False), ("buku.sqlite", False), ("buku@kantor.sqlite", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_password(address: str, expected: bool) -> None:
    assert has_password(address) is expected


def test_a_server_that_proves_its_name(remote: Server, anchor: Path) -> None:
    address = url(remote, remote.new_database(), f"?sslrootcert={anchor}")
    with open_ledger(address, password=Secret(remote.password)) as ledger:
        write(ledger, 2)
        assert ledger.verify().count == 2
        with remote.admin() as connection:
            used = connection.execute(
                "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                " WHERE application_name = 'pks-kit'"
            )
            assert used.fetchall() == [(True,)]


def test_a_server_of_another_name_or_authority_gets_no_password(
    remote: Server, anchor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = remote.new_database()
    other = url(remote, database, f"?sslrootcert={anchor}", f"lain.{NAME}")
    assert refused(other, remote.password).code == "ledger.unavailable"
    # the system does not know this authority; the environment cannot add it
    monkeypatch.setenv("SSL_CERT_FILE", str(anchor))
    monkeypatch.setenv("PGSSLROOTCERT", str(anchor))
    assert refused(url(remote, database), remote.password).code == "ledger.unavailable"


def test_a_server_that_only_speaks_plain_text(server: Server) -> None:
    """The library of PostgreSQL would go on without TLS here."""
    assert refused(url(server, "postgres"), server.password).code == "ledger.unavailable"


@pytest.mark.slow
def test_the_environment_moves_nothing(
    remote: Server, anchor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys.log"
    services = tmp_path / "pg_service.conf"
    services.write_text(f"[lain]\nsslmode=disable\nhostaddr=192.0.2.1\nsslkeylogfile={keys}\n")
    by_socket = f"postgresql+psycopg://{USER}@:{remote.port}/{remote.new_database()}"
    addresses = (
        url(remote, remote.new_database(), f"?sslrootcert={anchor}"),
        remote.url(remote.new_database()),
        f"{by_socket}?host={remote.folder}",
    )
    for name, value in {
        "PGSSLMODE": "disable", "PGHOST": "192.0.2.1", "PGHOSTADDR": "192.0.2.1",
        "PGOPTIONS": "-c default_transaction_read_only=on", "PGGSSENCMODE": "prefer",
        "PGSERVICE": "lain", "PGSERVICEFILE": str(services), "SSLKEYLOGFILE": str(keys),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for address in addresses:
        with open_ledger(address, password=Secret(remote.password)) as ledger:
            write(ledger, 1)
    assert not keys.exists()
