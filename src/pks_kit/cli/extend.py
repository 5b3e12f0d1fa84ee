"""``pks-kit extend``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.ledger_options import LedgerChoice, ledger_options
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import Passphrase, passphrase_options
from pks_kit.cli.terminal import echo, echo_json, say, tell_notes, tell_plain, tell_step
from pks_kit.cli.writing import refuse_existing
from pks_kit.json_form import to_json
from pks_kit.visible_text import WIB

if TYPE_CHECKING:
    from pks_kit.pipelines.extend import ExtendResult

_FILE = click.Path(path_type=Path)


@click.command("extend")
@click.argument("pdf", type=_FILE, metavar="FILE.pdf")
@click.option("--tsa", help="Timestamp authority: URL, or sandbox:DIR.")
@click.option("--trust", type=_FILE, multiple=True, help="Root certificate; may be repeated.")
@click.option("--crl", type=_FILE, multiple=True, help="Revocation list; may be repeated.")
@click.option("--receipt", type=_FILE, help="Receipt; default: <slug>.receipt.json beside it.")
@click.option("--offline", is_flag=True, help="Fetch no OCSP answer and no revocation list.")
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="OUT.pdf", help="The file to write."
)
@click.option("--force", is_flag=True, help="Replace an existing output.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@passphrase_options
@ledger_options
def extend_command(
    *,
    pdf: Path,
    tsa: str | None,
    trust: tuple[Path, ...],
    crl: tuple[Path, ...],
    receipt: Path | None,
    offline: bool,
    output: Path,
    force: bool,
    as_json: bool,
    passphrase: Passphrase,
    ledger: LedgerChoice,
) -> None:
    """Archive a finished FILE.pdf (PAdES B-LTA), or prolong it.

    Stores certificates and revocation data of every signature, then seals the file with a
    document timestamp. Run it again before the date it tells. With sandbox:DIR the revocation
    lists of that folder are used, and the passphrase opens its timestamp key. With a ledger its
    head goes under the timestamp, for ledger verify --receipt.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.cli.sign import now, sandbox_folder, timestamps
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.extend import ExtendRequest, extend
        from pks_kit.pki.revocation_http import HttpRevocation
        from pks_kit.signing.sandbox.authority import CRL_FILES

        folder = sandbox_folder(tsa)
        own = [folder / name for name in CRL_FILES] if folder else []
        crls = (*crl, *(path for path in own if path.is_file()))
        stamps = timestamps(tsa, passphrase)
        check_output(output, pdf, *trust, *crls, *([receipt] if receipt else []))
        refuse_existing(output, "sign.exists", force=force)
        with ledger.open_if_given(None) as opened:
            head = opened.anchor() if opened is not None else None
        result = extend(
            ExtendRequest(
                pdf=pdf,
                clock=now,
                timestamps=stamps,
                trust=trust,
                crls=crls,
                source=None if offline else HttpRevocation(),
                receipt=receipt,
                head=head,
                progress=tell_step,
            )
        )
        tell_step("extend.step.write")
        write_atomic(output, result.file.content)
        if as_json:
            echo_json(to_json(result) | {"output": str(output)})
        else:
            _show(result, output)


def _show(result: ExtendResult, output: Path) -> None:
    count = len(result.signatures)
    echo(say("extend.done", count=count, authority=result.authority, time=result.time))
    echo(str(output))
    tell_notes(result.notes)
    tell_plain(result.without_tls)
    if result.is_uji:
        echo(say("sign.done.test"), err=True)
    if result.previous_until is not None:
        echo(say("extend.done.previous", until=_day(result.previous_until)))
    echo(say("extend.done.until", until=_day(result.until)))


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(WIB):%d-%m-%Y}"
