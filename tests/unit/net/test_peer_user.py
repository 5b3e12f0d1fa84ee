"""Who is at the other end of a connection: the tables of Linux, and the page that asks them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from pks_kit.net import loopback, peer_user
from pks_kit.net.loopback import LoopbackPage
from pks_kit.net.peer_user import user_of_peer

OWN, PEER = ("127.0.0.1", 8801), ("127.0.0.1", 40001)
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"


def row(local: str, remote: str, user: object) -> str:
    return f"   0: {local}:9C41 {remote}:2261 01 00000000:00000000 00:00000000 0 {user} 0 1\n"


def listed(address: str) -> str:
    return f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}"


@pytest.mark.parametrize(
    ("text", "user"),
    [
        (HEAD + row(listed("127.0.0.1"), listed("127.0.0.1"), 1007), 1007),
        (HEAD + row("0" * 16 + "FFFF0000" + listed("127.0.0.1"),
                    "0" * 16 + "FFFF0000" + listed("127.0.0.1"), 33), 33),
        (HEAD + row(listed("127.0.0.2"), listed("127.0.0.1"), 1007), None),
        (HEAD + row(listed("127.0.0.1"), listed("127.0.0.1"), "x"), None),
        (HEAD + "pendek\n", None),
        ("", None),
        ("\xff", None),
    ],
)  # fmt: skip
def test_the_table_tells_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, user: int | None
) -> None:
    (tmp_path / "tcp").write_text(text, "latin-1")
    monkeypatch.setattr(peer_user, "TABLES", (tmp_path / "tiada", tmp_path / "tcp"))
    assert user_of_peer(PEER, OWN) == user


@pytest.mark.skipif(not peer_user.TABLES[0].exists(), reason="no tables of sockets here")
def test_a_connection_of_our_own_is_known() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
        server.accept()[0] as taken,
    ):
        assert user_of_peer(client.getsockname(), taken.getsockname()) == os.geteuid()


def answer_to(user: int | None, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(loopback, "user_of_peer", lambda *_: user)
    with LoopbackPage() as page:
        thread = Thread(target=page.serve, args=(lambda: b"x", lambda _: (200, b"{}")))
        thread.start()
        try:
            with socket.create_connection(("127.0.0.1", page.port), timeout=10) as line:
                line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                return line.recv(64)
        except ConnectionResetError:
            return b""
        finally:
            page.stop()
            thread.join()


def test_another_user_of_this_machine_gets_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer_to(os.geteuid() + 12_345, monkeypatch) == b""
    for user in (None, 0, os.geteuid()):
        assert answer_to(user, monkeypatch).startswith(b"HTTP/")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_real_other_user_gets_no_answer() -> None:
    program = (
        "import os, socket, sys\n"
        "os.setresuid(*[int(sys.argv[2])] * 3)\n"
        "line = socket.socket()\n"
        "line.connect(('127.0.0.1', int(sys.argv[1])))\n"
        "line.sendall(b'GET / HTTP/1.1\\r\\n\\r\\n')\n"
        "try: print(line.recv(9))\n"
        "except ConnectionResetError: print(b'')\n"
    )
    with LoopbackPage() as page:
        thread = Thread(target=page.serve, args=(lambda: b"x", lambda _: (200, b"{}")))
        thread.start()
        try:
            told = [
                subprocess.run(
                    [sys.executable, "-I", "-c", program, str(page.port), str(user)],
                    capture_output=True, text=True, check=True, cwd="/",
                ).stdout.strip()
                for user in (65_534, 0)
            ]  # fmt: skip
        finally:
            page.stop()
            thread.join()
    assert told == ["b''", "b'HTTP/1.0 '"]
