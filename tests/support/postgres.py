"""A PostgreSQL server of our own: its data in a temporary folder, its door on loopback.

``initdb`` refuses to run as root; then the server runs as ``postgres`` or ``nobody``.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

USER = "pejabat"


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    folder: Path
    password: str = field(repr=False)
    run: tuple[str | int | None, str]

    def url(self, database: str, *, with_password: bool = False) -> str:
        secret = f":{self.password}" if with_password else ""
        return f"postgresql+psycopg://{USER}{secret}@127.0.0.1:{self.port}/{database}"

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self.password, dbname=database,
            autocommit=True,
        )  # fmt: skip

    def new_database(self) -> str:
        name = f"buku_{secrets.token_hex(6)}"
        with self.admin() as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return name

    def stop(self, mode: str = "immediate") -> None:
        user, binaries = self.run
        _call(user, f"{binaries}/pg_ctl", "stop", "-w", "-m", mode, "-D", str(self.folder / "data"))

    def speak_tls(self, key_and_certificate: bytes) -> None:
        """Offer TLS from now on, with a key and a certificate in PEM."""
        user, binaries = self.run
        data = self.folder / "data"
        for name in ("server.key", "server.crt"):
            (data / name).write_bytes(key_and_certificate)
            (data / name).chmod(0o600)
            if user is not None:
                shutil.chown(data / name, user)
        with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("ssl = on\n")
        _call(user, f"{binaries}/pg_ctl", "reload", "-D", str(data))

    def start(self) -> None:
        user, binaries = self.run
        _call(
            user, f"{binaries}/pg_ctl", "start", "-w", "-t", "60", "-D", str(self.folder / "data"),
            "-l", str(self.folder / "log"),
        )  # fmt: skip


def _binaries() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError(
            "PostgreSQL is missing (initdb not found); install it with: .ci/system-packages test"
        )
    return str((found[-1] if found else Path(str(on_path))).parent)


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _call(user: str | int | None, *command: str) -> None:
    options = {} if user is None else {"user": user, "extra_groups": []}
    done = subprocess.run(
        command, capture_output=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        text=True, check=False, cwd="/", timeout=120, **options,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed with {done.returncode}: {done.stderr[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server(*, fsync: bool) -> Iterator[Server]:
    """Start a server and stop it, whatever happens; its folder is removed.

    Args:
        fsync: Off is faster and enough for everything but power cuts and measuring.
    """
    binaries, user = _binaries(), _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="pks-pg-", dir="/tmp"))
    password = secrets.token_hex(12)
    server = Server(_free_port(), folder, password, (user, binaries))
    try:
        (folder / "pw").write_text(password, encoding="utf-8")
        if user is not None:
            for path in (folder, folder / "pw"):
                shutil.chown(path, user)
        _call(
            user, f"{binaries}/initdb", "-D", str(folder / "data"), "-U", USER, "-A",
            "scram-sha-256", "--pwfile", str(folder / "pw"), "-E", "UTF8", "--locale", "C",
            "--no-sync",
        )  # fmt: skip
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(
                f"port = {server.port}\nlisten_addresses = '127.0.0.1'\n"
                f"unix_socket_directories = '{folder}'\nfsync = {'on' if fsync else 'off'}\n"
                "shared_buffers = 16MB\nmax_connections = 40\n"
            )
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
