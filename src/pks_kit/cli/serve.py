"""``pks-kit serve``: the officer's desk in the browser of this machine."""

from __future__ import annotations

import getpass
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.cache import cache_folder
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, say
from pks_kit.errors import UsageError

if TYPE_CHECKING:
    from pks_kit.domain.secret import Secret
    from pks_kit.web.scope import Scope

_FILE = click.Path(path_type=Path)
_LAST_PORT = 65535
_SETTINGS = "pengaturan.yml"
_KEYS = "uji"
_VARIABLE = "PKS_KIT_UJI"
_WORTHLESS = "kunci-uji-tanpa-nilai"
"""Opens the test keys of a sandbox; nobody trusts them, so it protects nothing."""

_SANDBOX = f"""\
# Pengaturan percobaan: kunci UJI, meterai SPESIMEN. Tidak ada yang berlaku.
buku: buku.sqlite
folder_sesi: sesi
waktu:
  uji: {{jenis: sandbox, folder: {_KEYS}, kata_sandi: "env:{_VARIABLE}"}}
penanda_tangan:
  # menandatangani dengan nama yang tercetak pada perjanjian, dengan sertifikat UJI
  uji: {{jenis: sandbox, folder: {_KEYS}, kata_sandi: "env:{_VARIABLE}", waktu: uji}}
meterai:
  uji: {{jenis: sandbox, folder: {_KEYS}, kata_sandi: "env:{_VARIABLE}"}}
arsip:
  waktu: uji
  percaya: [{_KEYS}/root.pem]
  daftar_cabut: [{_KEYS}/root.crl, {_KEYS}/issuing.crl]
pihak:
  pihak_kesatu: {{penanda_tangan: uji, meterai: uji}}
  pihak_kedua: {{penanda_tangan: uji, meterai: uji}}
portal:
  folder: portal
"""


@click.command("serve")
@click.option(
    "--settings",
    type=_FILE,
    metavar="PENGATURAN.yml",
    help="Settings of signing and of the portal; without them test keys are made.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("meja-pks"),
    metavar="FOLDER",
    help="Where the desk keeps its files when there are no settings [meja-pks].",
)
@click.option("--oleh", metavar="NAMA", help="Name of whoever works here [the desk asks].")
@click.option(
    "--wilayah",
    multiple=True,
    metavar="PERAN",
    help="Role with its area, such as cabang:0901; repeatable [all areas].",
)
@click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    default=0,
    help="Port on the loopback address [any free one].",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def serve_command(
    *,
    settings: Path | None,
    folder: Path,
    oleh: str | None,
    wilayah: tuple[str, ...],
    port: int,
    no_browser: bool,
) -> None:
    """Open the desk in the browser: agreements, forms, signing, checking.

    It is served to this machine alone, at an address that opens once. Ctrl-C ends it; nothing that
    was ordered is lost. The HTTP API is beside it (/openapi.json).
    """
    with errors_to_exit(as_json=False):
        try:
            from pks_kit.web.desk import Desk
            from pks_kit.web.desk_token import suggested_name
            from pks_kit.web.portal import Portal
            from pks_kit.web.scope import AT_DESK, Person
        except ModuleNotFoundError as error:
            raise UsageError("web.no_extra", library=error.name or "fastapi") from error

        scopes = _scopes(wilayah)
        is_sandbox = settings is None
        chosen = settings or _sandbox(folder)
        portal = Portal.from_settings(
            chosen, secret=_test_secret if is_sandbox else None, compiled=cache_folder()
        )
        name = " ".join((oleh or "").split())
        person = Person(subject=f"{AT_DESK}{name}", name=name, scopes=scopes)

        def ready(address: str) -> None:
            if is_sandbox:
                echo(say("serve.sandbox", folder=str(folder.absolute())))
            echo(say("serve.open", address=address))
            sys.stdout.flush()
            if not no_browser:
                click.launch(address)

        suggested = suggested_name(*_names_of_user())
        asked = Desk(portal, person, port, suggested=suggested, everywhere=not wilayah)
        with asked as desk, _compiling():
            desk.serve(ready)
        echo(say("serve.closed"))


def _scopes(texts: tuple[str, ...]) -> frozenset[Scope]:
    from pks_kit.web.scope import read_scope

    found = {text: read_scope(text) for text in texts or ("pusat",)}
    for text, scope in found.items():
        if scope is None:
            raise UsageError("serve.no_role", role=text[:60])
    return frozenset(scope for scope in found.values() if scope is not None)


def _names_of_user() -> tuple[str, ...]:
    """Return what the system calls whoever started this: the full name where it knows one."""
    try:
        from pwd import getpwuid

        return getpwuid(os.getuid()).pw_gecos, getpass.getuser()
    except (ImportError, OSError, KeyError):  # Windows, or a user without a name
        return ()


def _sandbox(folder: Path) -> Path:
    """Return the settings of a sandbox, made when there are none yet."""
    from pks_kit.cli.writing import write_sandbox
    from pks_kit.files import write_atomic
    from pks_kit.pipelines.sandbox import SandboxInitRequest, sandbox_init

    settings = folder / _SETTINGS
    if not settings.exists():
        if not (folder / _KEYS).exists():
            made = sandbox_init(
                SandboxInitRequest(passphrase=_WORTHLESS.encode(), for_anybody=True)
            )
            write_sandbox(made.files, folder / _KEYS)
        write_atomic(settings, _SANDBOX.encode())
    return settings


def _test_secret(origin: str, name: str) -> Secret:
    from pks_kit.domain.secret import Secret
    from pks_kit.web.portal import server_secret

    if origin == f"env:{_VARIABLE}":
        return Secret(_WORTHLESS)
    return server_secret(origin, name)


@contextmanager
def _compiling() -> Iterator[None]:
    """Lay templates out beside the desk, so that previews come at once; what is kept is kept."""
    if cache_folder() is None:
        yield
        return
    command = [sys.executable, "-m", "pks_kit.cli.main", "template", "compile"]
    silent = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True
    )
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, process.pid, 15)
    try:
        yield
    finally:
        process.terminate()
        process.wait()
