"""``pks-kit ledger seal``: a timestamp of an authority over the head of the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import closed_memory
from pks_kit.cli.terminal import echo, echo_json, say, tell_plain
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.signing.tools import SigningTools

_FILE = click.Path(path_type=Path)
_MOST_SEALS = 400
"""Newest seals beside a ledger that are looked at; a seal a week makes that eight years."""


@click.command("seal")
@click.option(
    "--settings",
    type=_FILE,
    required=True,
    metavar="PENGATURAN.yml",
    help="Settings of signing (YAML).",
)
@click.option("--waktu", metavar="NAME", help="Authority in the settings; default: of arsip.")
@click.option("-o", "--output", type=_FILE, metavar="OUT.segel.json", help="Default: FILE.segel/.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def seal_command(*, settings: Path, waktu: str | None, output: Path | None, as_json: bool) -> None:
    """Have the head timestamped by an authority.

    The seal proves later, without network, that the ledger held these events at that time. It lies
    beside a SQLite ledger and in the folder of the sessions for PostgreSQL; keep copies elsewhere.
    """
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.cli.session import workplace
        from pks_kit.files import write_atomic
        from pks_kit.pipelines.ledger_seal import LedgerSealRequest, ledger_seal

        place = workplace(settings)
        stamps = place.timestamps(_authority(place, waktu))
        with place.open_ledger() as ledger:
            made = ledger_seal(LedgerSealRequest(ledger=ledger, timestamps=stamps))
        if output is None:
            output = _folder(place) / made.file.name
            output.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(output, made.file.content)
        if as_json:
            echo_json(to_json(made) | {"output": str(output)})
            return
        echo(say("ledger.sealed", nomor=made.head.nomor, authority=made.authority))
        echo(str(output))
        tell_plain(made.without_tls)
        if made.is_uji:
            echo(say("sign.done.test"), err=True)


def seals_beside(ledger: Path) -> tuple[Path, ...]:
    """Return the newest seals that lie beside a SQLite ledger, oldest first."""
    folder = ledger.with_name(f"{ledger.name}.segel")
    return tuple(sorted(folder.glob("*.segel.json")))[-_MOST_SEALS:] if folder.is_dir() else ()


def _authority(place: SigningTools, given: str | None) -> str:
    """Return which authority of the settings to ask.

    Raises:
        UsageError: ``ledger.seal_authority``.
    """
    known = place.settings.waktu
    if given is None and place.settings.arsip is not None:
        given = place.settings.arsip.waktu
    if given is None and len(known) == 1:
        given = next(iter(known))
    if given is None or given not in known:
        raise UsageError("ledger.seal_authority", known=", ".join(sorted(known)) or "-")
    return given


def _folder(place: SigningTools) -> Path:
    book = place.settings.buku
    if "://" in book:
        folder = place.settings.folder_sesi
        # seals are files of people: beside the settings when revisions are on a server
        return place.path("segel") if "://" in folder else place.path(folder) / "segel"
    ledger = place.path(book)
    return ledger.with_name(f"{ledger.name}.segel")
