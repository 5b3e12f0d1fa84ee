"""The page for this machine alone: attacked by other sites, other hosts and other programs."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread

import pytest

from pks_kit.net import loopback
from pks_kit.net.loopback import LoopbackPage


@dataclass
class Served:
    page: LoopbackPage
    taken: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.page.port}"

    def send(self, raw: bytes) -> bytes:
        """What comes back for these bytes."""
        with socket.create_connection(("127.0.0.1", self.page.port), timeout=10) as line:
            line.sendall(raw)
            found = b""
            try:
                while part := line.recv(65536):
                    found += part
            except ConnectionResetError:
                pass  # it closed before it read everything
            return found

    def get(self, path: str, host: str | None = None, method: str = "GET") -> bytes:
        return self.send(f"{method} {path} HTTP/1.1\r\nHost: {host or self.host}\r\n\r\n".encode())

    def enter(self) -> str:
        """Use the key and return the way to the page."""
        path = self.page.address.partition(self.host)[2]
        told = self.get(path)
        assert status(told) == 303
        return told.partition(b"Location: ")[2].partition(b"\r\n")[0].decode()

    def post(self, way: str, body: bytes = b"{}", **other: str | None) -> bytes:
        headers: dict[str, str | None] = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "X-Periksa": self.page.token,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        } | {name.replace("_", "-"): value for name, value in other.items()}
        lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        head = "\r\n".join([f"POST {way}putuskan HTTP/1.1", *lines])
        return self.send(f"{head}\r\n\r\n".encode() + body)


def status(told: bytes) -> int:
    return int(told.split(b" ", 2)[1]) if told.startswith(b"HTTP/") else 0


@pytest.fixture
def served() -> Iterator[Served]:
    with LoopbackPage() as page:
        one = Served(page)

        def take(body: bytes) -> tuple[int, bytes]:
            one.taken.append(body)
            return 200, b'{"ok": 1}'

        thread = Thread(target=page.serve, args=(lambda: b"<!DOCTYPE html>rahasia", take))
        thread.start()
        yield one
        page.stop()
        thread.join()


def test_the_key_opens_once_and_the_page_stays(served: Served) -> None:
    way = served.enter()
    assert len(way) > 40
    assert status(served.get(served.page.address.partition(served.host)[2])) == 404
    for _ in range(2):
        told = served.get(way)
        assert status(told) == 200
        assert told.endswith(b"rahasia")
    assert b"no-store" in told
    assert b"no-referrer" in told
    assert b"frame-ancestors 'none'" in told
    assert b"Access-Control" not in told
    assert b"Set-Cookie" not in told


def test_an_answer_of_our_page_is_taken(served: Served) -> None:
    told = served.post(served.enter(), b'{"a": 1}')
    assert (status(told), served.taken) == (200, [b'{"a": 1}'])
    assert b"Access-Control" not in told
    local = f"localhost:{served.page.port}"
    assert status(served.post(served.page._path, Host=local, Origin=f"http://{local}")) == 200


@pytest.mark.parametrize(
    "path",
    [
        "/", "/mulai/", "/mulai/x", "/putuskan", "/..%2f..%2fetc/passwd", "/../../etc/passwd",
        "/mulai/../", "//", "/%00", "/mulai/" + "k" * 9000, "http://example.org/", "/é",
    ],
)  # fmt: skip
def test_nothing_else_is_there(served: Served, path: str) -> None:
    assert status(served.get(path)) in (400, 404)
    served.enter()  # and the key is still good


def test_below_the_page_nothing_is_there(served: Served) -> None:
    way = served.enter()
    for more in ("../", "putuskan", "periksa-kertas.html", "%2e%2e/", "?x", "\\..\\"):
        assert status(served.get(way + more)) == 404
    assert status(served.get(way[:-1])) == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1.evil.example", "127.0.0.1:1", "[::1]", "x"]
)
def test_another_host_is_refused(served: Served, host: str) -> None:
    path = served.page.address.partition(served.host)[2]
    assert status(served.get(path, host)) == 421
    way = served.enter()
    assert status(served.get(way, host)) == 421
    assert status(served.post(way, Host=host, Origin=f"http://{host}")) == 421
    assert served.taken == []


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": None}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"X_Periksa": None}, 403),
        ({"X_Periksa": "salah"}, 403),
        ({"X_Periksa": "é"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Length": None}, 411),
        ({"Content_Length": "-1"}, 411),
        ({"Content_Length": "1e3"}, 411),
        ({"Content_Length": str(loopback.MOST_BODY + 1)}, 413),
        ({"Content_Length": "9" * 400}, 413),
        ({"Transfer_Encoding": "chunked"}, 411),
    ],
)
def test_other_sites_and_odd_bodies_change_nothing(
    served: Served, other: dict[str, str | None], code: int
) -> None:
    way = served.enter()
    assert status(served.post(way, **other)) == code
    assert status(served.post("/", **{})) == 404
    assert served.taken == []
    assert status(served.post(way)) == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "CONNECT", "X"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    assert status(served.get(served.enter(), method=method)) == 501


@pytest.mark.slow
def test_floods_find_no_room_and_end(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback._Handler, "timeout", 0.5)
    way = served.enter()
    lines = [
        socket.create_connection(("127.0.0.1", served.page.port), timeout=10)
        for _ in range(loopback.MOST_AT_ONCE * 3)
    ]
    closed = 0
    for line in lines:
        line.sendall(b"GET / HTTP/1.1\r\nHo")
    for line in lines:
        try:
            closed += line.recv(1) == b""
        except ConnectionResetError:
            closed += 1
        line.close()
    assert closed == len(lines)  # the slow ones too, after their time
    for _ in range(100):
        if status(served.get(way)) == 200:
            return
        time.sleep(0.05)
    raise AssertionError("no room is given back")


def test_long_heads_are_refused(served: Served) -> None:
    way = served.enter()
    head = f"GET {way} HTTP/1.1\r\nHost: {served.host}\r\n"
    many = "".join(f"X-{n}: 1\r\n" for n in range(300))
    assert status(served.send(f"{head}{many}\r\n".encode())) == 431
    long = "a" * 70_000
    assert status(served.send(f"{head}X: {long}\r\n\r\n".encode())) in (0, 431)
    assert status(served.send(b"\x16\x03\x01\x02\x00\x01" + b"\0" * 200 + b"\n\n")) in (0, 400)
    assert served.send(b"GET /<script>rahasia HTTP/9.9\r\n\r\n").find(b"rahasia") < 0
    assert status(served.get(way)) == 200


def test_only_the_loopback_address_is_bound(served: Served) -> None:
    assert served.page._server.server_address[0] == "127.0.0.1"
    with pytest.raises(OSError, match=r".*"):
        LoopbackPage(served.page.port)
