"""Every way in which a call to a provider can end, sorted by whether it can have acted."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
import traceback
from contextlib import suppress

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.errors import InputError, SigningError, UnknownOutcomeError, UsageError
from pks_kit.net.provider import ProviderClient
from support.fakes.raw_http import answering, http, served

pytestmark = pytest.mark.usefixtures("no_secret_in_a_log")

PASSWORD = "planted-pintu-4471"


def door(url: str, **settings) -> ProviderClient:
    return ProviderClient(
        base_url=url, user="pks", password=Secret(PASSWORD),
        **{"connect_seconds": 2, "read_seconds": 2, **settings},
    )  # fmt: skip


def call(one: ProviderClient, *, acts: bool = True, **options):
    return asyncio.run(
        one.call("POST", "/api/act/3201019909990007", acts=acts, json={"rahasia": 1}, **options)
    )


SPRING = b'{"timestamp":"2026-09-01","status":500,"error":"Internal Server Error","path":"/x"}'
NOTHING_DONE = [
    (http("302 Found", b"", "Location: http://127.0.0.1:1/"), "service.redirect"),
]
MAY_HAVE_ACTED = [
    b"",
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123",
    b"not HTTP at all\r\n\r\n",
    http("500 Internal Server Error", SPRING),
    http("504 Gateway Timeout", b"<html>"),
    http("200 OK", b"x" * 5000),
]


def test_an_answer(caplog):
    with (
        caplog.at_level(logging.DEBUG),
        served(answering(http("400 Bad Request", b'{"status_code":2031}', "Id_Dokumen: a1"))) as (
            url,
            seen,
        ),
    ):
        answer = call(door(url + "/gateway/"))
    assert (answer.status, answer.headers["id_dokumen"]) == (400, "a1")
    assert answer.json_object() == {"status_code": 2031}
    assert seen[0].startswith(b"POST /gateway/api/act/3201019909990007 HTTP/1.1")
    assert b"Basic cGtzOnBsYW50ZWQtcGludHUtNDQ3MQ==" in seen[0]
    assert "3201019909990007" not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_business_answer_with_status_500_is_an_answer():
    with served(answering(http("500 X", b'{"statusCode":"01","message":"saldo"}'))) as (url, _):
        assert call(door(url)).status == 500


@pytest.mark.parametrize(("raw", "code"), NOTHING_DONE)
def test_nothing_was_done(raw, code):
    with served(answering(raw)) as (url, seen), pytest.raises(SigningError) as caught:
        call(door(url))
    assert (type(caught.value), caught.value.code, len(seen)) == (SigningError, code, 1)


@pytest.mark.parametrize("raw", MAY_HAVE_ACTED)
def test_it_may_have_acted(raw):
    with served(answering(raw)) as (url, seen):
        with pytest.raises(UnknownOutcomeError) as acted:
            call(door(url, answer_limit=2000))
        with pytest.raises(SigningError) as asked:
            call(door(url, answer_limit=2000), acts=False)
    assert acted.value.code == "service.no_answer"
    assert (type(asked.value), asked.value.code) == (SigningError, "service.silent")
    assert len(seen) == 2, "never repeated"
    for error in (acted.value, asked.value):
        shown = "".join(traceback.format_exception(error)) + repr(error) + repr(error.params)
        assert PASSWORD not in shown
        assert "3201019909990007" not in shown
        assert error.__cause__ is None
        assert error.__context__ is None


def test_silence():
    stop = threading.Event()
    with served(lambda _connection: stop.wait(20) and None) as (url, _):
        with pytest.raises(UnknownOutcomeError) as caught:
            call(door(url, read_seconds=0.2))
        stop.set()
    assert "silent" in str(caught.value)


@pytest.mark.slow
def test_an_answer_that_drips_for_ever_ends():
    def drip(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while not stop.wait(0.05):
                connection.sendall(b"x")
        except OSError:
            pass

    stop = threading.Event()
    with served(drip) as (url, _):
        with pytest.raises(UnknownOutcomeError):
            call(door(url, read_seconds=0.3, connect_seconds=0.3))
        stop.set()


def test_a_cut_answer_can_be_kept():
    with served(answering(MAY_HAVE_ACTED[1])) as (url, _):
        answer = call(door(url), keep_cut=True)
    assert (answer.body, answer.is_cut) == (b"123", True)


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SigningError) as caught:
        call(door(url))
    assert (type(caught.value), caught.value.code) == (SigningError, "service.unreachable")


def test_tls_that_does_not_check(tmp_path):
    from cryptography.hazmat.primitives import serialization

    from support.signing_world import make_sandbox

    key = make_sandbox().tsa
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key._key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + key.certificate.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def handshake(connection):
        with suppress(OSError):
            context.wrap_socket(connection, server_side=True).close()

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=lambda: handshake(listener.accept()[0]), daemon=True)
    thread.start()
    with pytest.raises(SigningError) as caught:
        call(door(f"https://127.0.0.1:{listener.getsockname()[1]}"))
    thread.join()
    listener.close()
    assert (type(caught.value), caught.value.code) == (SigningError, "service.tls")


def test_a_missing_ca_file(tmp_path):
    with pytest.raises(InputError) as caught:
        call(door("https://127.0.0.1:1", ca_file=tmp_path / "none.pem"))
    assert caught.value.code == "service.ca_file"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://contoh.test", "contoh.test", "https://", "https://a:b@contoh.test",
        "https://contoh.test/?kunci=1", "https://contoh.test/#x", "http://contoh.test:99999",
        "http://[::1",
    ],
)  # fmt: skip
def test_addresses_that_cannot_be_used(url):
    with pytest.raises(UsageError) as caught:
        ProviderClient(base_url=url)
    assert caught.value.code == "service.url"


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with served(answering(http("200 OK", b"{}"))) as (url, _):
        assert call(door(url)).status == 200


def test_a_client_does_not_show_its_password():
    assert PASSWORD not in repr(door("https://contoh.test"))
