"""Limits, secrecy and refusals of one exchange, seen from a socket."""

from __future__ import annotations

import asyncio
import gzip
import logging
import socket
import threading
import time
import traceback
import tracemalloc
import typing

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.messages import known_codes
from pks_kit.messages.told_reasons import told_reasons
from pks_kit.net import addresses, causes, transport
from pks_kit.net.transport import NOT_SENT, Kind, Limits, Request, TransportError, exchange
from support.fakes.raw_http import answering, http, served
from support.processes import PATIENCE

ACCOUNT_KEY = "planted-5512"
BOMB = gzip.compress(bytes(64 << 20))


def ask(url: str, *, keep_cut: bool = False, limits: dict | None = None, **more):
    request = Request(**{"method": "GET", "url": url, "headers": {}, "content": {}, **more})
    within = {
        "answer_bytes": 1000, "whole_seconds": 5, "connect_seconds": 2, "read_seconds": 2,
        **(limits or {}),
    }  # fmt: skip
    return asyncio.run(exchange(request, Limits(**within), keep_cut=keep_cut))


def refused(url: str, **more) -> TransportError:
    with pytest.raises(TransportError) as caught:
        ask(url, **more)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "{" not in caught.value.words.id + caught.value.words.en
    return caught.value


@pytest.mark.parametrize("kind", typing.get_args(Kind))
def test_every_kind_has_words(kind):
    assert f"service.reason.{kind}" in known_codes()


@pytest.mark.parametrize("size", [0, 999, 1000])
def test_an_answer_up_to_the_limit(size):
    with served(answering(http("200 OK", b"x" * size))) as (url, seen):
        assert ask(url + "/a?b=1").body == b"x" * size
    assert seen[0].startswith(b"GET /a?b=1 HTTP/1.1\r\n")


@pytest.mark.parametrize("framing", ["length", "chunks", "until the end"])
def test_an_answer_above_the_limit_is_not_read_to_its_end(framing):
    sent = []

    def pour(connection: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\n"
        head += {"length": b"Content-Length: 1000000000\r\n", "chunks": b"Transfer-Encoding: chunked\r\n"}.get(framing, b"")  # noqa: E501 # fmt: skip
        connection.sendall(head + b"\r\n")
        block = b"x" * 65536
        for _ in range(2000):
            connection.sendall(b"10000\r\n" + block + b"\r\n" if framing == "chunks" else block)
            sent.append(len(block))

    with served(pour) as (url, _):
        error = refused(url)
    assert (error.kind, error.detail) == ("too_large", "> 1000 bytes")
    assert sum(sent) < 64 << 20


@pytest.mark.parametrize(
    "named", ["gzip", "br", "deflate", "zstd", "x-gzip", "identity, gzip", "GZIP", "quatsch"]
)
def test_a_compressed_answer_is_never_unpacked(named):
    answer = http("200 OK", BOMB, f"Content-Encoding: {named}")
    with served(answering(answer)) as (url, seen):
        tracemalloc.start()
        error = refused(url, limits={"answer_bytes": 128 << 20})
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert error.kind == "compressed"
    assert peak < 8 << 20
    assert b"Accept-Encoding: identity" in seen[0]


@pytest.mark.parametrize("named", ["", "identity", " Identity "])
def test_an_answer_that_says_it_is_not_compressed(named):
    with served(answering(http("200 OK", b"abc", f"Content-Encoding: {named}"))) as (url, _):
        assert ask(url).body == b"abc"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Again", "308 Moved", "304 Same"])
def test_no_redirect_is_followed(status):
    with served(answering(http("200 OK", b"there"))) as (there, arrived):
        moved = http(status, b"", f"Location: {there}")
        with served(answering(moved)) as (url, _):
            error = refused(url)
    assert (error.kind, error.status) == ("redirect", int(status[:3]))
    assert arrived == []


def test_the_whole_call_ends_although_the_other_side_is_never_silent_for_long():
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
        while not stop.wait(0.05):
            connection.sendall(b"x")

    began = time.monotonic()
    with served(drip) as (url, _):
        error = refused(url, limits={"whole_seconds": 0.5})
        stop.set()
    assert error.kind == "slow"
    assert time.monotonic() - began < PATIENCE  # whoever reads to the end needs 450 seconds


def test_silence_after_the_request():
    stop = threading.Event()
    with served(lambda _connection: stop.wait(20) and None) as (url, _):
        error = refused(url, limits={"read_seconds": 0.2})
        stop.set()
    assert error.kind == "slow"
    assert error.kind not in NOT_SENT


def test_a_listener_that_does_not_take_the_connection_is_no_sent_request():
    """A full queue of a listener: the connection neither comes about nor is refused."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        error = refused(
            f"http://127.0.0.1:{full.getsockname()[1]}", limits={"connect_seconds": 0.3}
        )
        for one in waiting:
            one.close()
    assert (error.kind, error.detail) == ("unreachable", "timeout")
    assert error.kind in NOT_SENT


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_not_used(monkeypatch, name):
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    with served(answering(http("200 OK", b"direct"))) as (url, _):
        assert ask(url).body == b"direct"


def test_accounts_of_the_environment_are_not_sent(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1\nlogin a\npassword planted-7781\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with served(answering(http("200 OK", b""))) as (url, seen):
        ask(url)
    assert b"authorization" not in seen[0].lower()


def test_the_log_holds_nothing_of_an_exchange(caplog):
    with (
        caplog.at_level(logging.DEBUG),
        served(answering(http("200 OK", b"", "Set-Cookie: planted-9917"))) as (url, _),
    ):
        ask(f"{url}/?kunci={ACCOUNT_KEY}", user="pks", password=Secret("planted-3310"))
        logging.getLogger("httpx").warning("of somebody else")
    assert "planted" not in caplog.text
    assert "of somebody else" in caplog.text


def test_errors_hold_nothing_that_was_sent():
    with served(answering(b"not HTTP\r\n\r\n")) as (url, _):
        error = refused(
            f"{url}/?kunci={ACCOUNT_KEY}", user="pks", password=Secret("planted-3310"),
            headers={"X": "planted-1"}, method="POST", content={"content": b"planted-2"},
        )  # fmt: skip
    shown = "".join(traceback.format_exception(error)) + repr(error) + error.words.en
    assert error.kind == "broken"
    assert "planted" not in shown


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1", "http://a:port/", "http://", "http://\x00/", "ftp://a/", "file:///etc/passwd",
        "http://a:b@127.0.0.1/", "http://a@127.0.0.1/", "", "127.0.0.1", "http://a:99999/",
        "http://127.0.0.1:99999/", "http://127.0.0.1:0/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("public_only", [False, True])
def test_what_is_no_address(url, public_only):
    assert refused(url, public_only=public_only).kind == "address"


def test_a_name_that_nobody_has():
    error = refused("http://tidak-ada.invalid/", public_only=True, limits={"whole_seconds": 20})
    assert error.kind == "unreachable"


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert refused(url).kind == "unreachable"


class TestOnlyPublicAddresses:
    def test_the_near_network_is_left_alone(self):
        with served(answering(http("200 OK", b"inside"))) as (url, seen):
            error = refused(url, public_only=True)
        assert (error.kind, seen) == ("not_public", [])

    def test_the_connection_goes_to_the_address_that_was_looked_at(self, monkeypatch):
        """A name that means a public address when looked at, and the near network right after."""
        meanings = iter(["127.0.0.1", "127.0.0.2", "127.0.0.2"])
        real = socket.getaddrinfo

        def changing(host, port, *more, **named):
            meant = next(meanings) if host in ("tsa.contoh.test", b"tsa.contoh.test") else host
            return real(meant, port, *more, **named)

        monkeypatch.setattr(socket, "getaddrinfo", changing)
        monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
        with served(answering(http("200 OK", b"looked at"))) as (url, seen):
            port = int(url.rpartition(":")[2])
            with served(answering(http("200 OK", b"inside")), host="127.0.0.2", port=port):
                answer = ask(f"http://tsa.contoh.test:{port}/x", public_only=True)
        assert answer.body == b"looked at"
        assert f"Host: tsa.contoh.test:{port}".encode() in seen[0]

    def test_the_next_address_is_tried_when_the_first_does_not_answer(self, monkeypatch):
        async def two(_host: str, _port: int) -> tuple[str, ...]:
            return ("127.0.0.3", "127.0.0.1")

        monkeypatch.setattr(transport, "public_addresses", two)
        with served(answering(http("200 OK", b"second"))) as (url, seen):
            port = url.rpartition(":")[2]
            answer = ask(f"http://tsa.contoh.test:{port}/", public_only=True)
        assert (answer.body, len(seen)) == (b"second", 1)

    def test_a_request_that_went_out_is_not_repeated_at_the_next_address(self, monkeypatch):
        async def two(_host: str, _port: int) -> tuple[str, ...]:
            return ("127.0.0.1", "127.0.0.1")

        monkeypatch.setattr(transport, "public_addresses", two)
        with served(answering(b"")) as (url, seen):
            error = refused(url, public_only=True)
        assert (error.kind, len(seen)) == ("broken", 1)


def _closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_refused_connection_is_called_so():
    error = refused(f"http://127.0.0.1:{_closed_port()}")
    assert (error.kind, error.detail) == ("unreachable", "refused")
    assert "sambungan ditolak" in error.words.id
    assert "connection refused" in error.words.en


def test_a_name_that_nobody_knows_is_called_so():
    error = refused("http://tidak-ada.invalid/")
    assert (error.kind, error.detail) == ("unreachable", "no_name")
    assert "DNS" in error.cause.id


@pytest.mark.slow
def test_a_port_without_tls_is_no_matter_of_certificates():
    with served(answering(http("200 OK", b"x"))) as (url, _):
        error = refused(url.replace("http://", "https://"))
    assert (error.kind, error.detail) == ("tls", "tls_failed")


def test_a_service_that_hangs_up_and_one_that_speaks_something_else():
    with served(lambda _connection: None) as (url, _):
        assert refused(url).detail in {"closed", "reset"}
    with served(answering(b"SSH-2.0-OpenSSH_9\r\n\r\n\r\n")) as (url, _):
        assert refused(url).detail == "not_http"


@pytest.mark.parametrize("cause", typing.get_args(causes.Cause))
def test_every_cause_has_words(cause):
    assert f"service.cause.{cause}" in known_codes()


def test_a_list_of_reasons_is_told_in_both_languages():
    error = TransportError("unreachable", "no_name")
    told = told_reasons(f"ocsp.contoh:80: {error.code}; crl.contoh: service.reason.status=HTTP 503")
    assert told.id.startswith("ocsp.contoh:80: tidak dapat dihubungi (nama layanannya")
    assert told.id.endswith("; crl.contoh: jawabannya HTTP 503")
    assert "cannot be reached (its name is not found" in told.en
    assert "service." not in told.id + told.en
