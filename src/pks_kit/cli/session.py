"""``pks-kit sign-all``: sign and stamp an agreement as far as the settings reach; resume later."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import Passphrase, closed_memory
from pks_kit.cli.terminal import echo, echo_json, say, tell_notes, tell_plain
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.domain.secret import Secret
    from pks_kit.pipelines.sign_all import SessionResult
    from pks_kit.pipelines.signing.tools import SigningTools

_FILE = click.Path(path_type=Path)


@click.command("sign-all")
@click.argument("pdf", type=_FILE, metavar="FILE.pdf")
@click.option("--settings", type=_FILE, required=True, metavar="PENGATURAN.yml")
@click.option(
    "--pihak",
    type=click.Choice(["kesatu", "kedua", "semua"]),
    default="semua",
    show_default=True,
    help="Whose steps are done here.",
)
@click.option("--receipt", type=_FILE, help="Receipt; default: <slug>.receipt.json beside it.")
@click.option("-o", "--output", type=_FILE, required=True, metavar="OUT.pdf")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def sign_all_command(
    *,
    pdf: Path,
    settings: Path,
    pihak: str,
    receipt: Path | None,
    output: Path,
    as_json: bool,
) -> None:
    """Do every step of FILE.pdf that the settings can do / kerjakan semua langkah.

    Stopped at any moment, it goes on from the last good revision when run again. Meterai that cost
    money are written into the ledger before they are bought, and are never bought twice.
    """
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.files import check_output
        from pks_kit.pipelines.sign_all import SessionRequest, sign_all

        check_output(output, pdf, *([receipt] if receipt else []))
        place = workplace(settings)
        wanted = ("pihak_kesatu", "pihak_kedua") if pihak == "semua" else (f"pihak_{pihak}",)
        tools = {role: tool for role, tool in place.tools().items() if role in wanted}
        if not tools:
            raise UsageError("settings.no_party", role=", ".join(wanted))
        archive = place.archive()
        with place.open_ledger() as ledger:
            result = sign_all(
                SessionRequest(
                    pdf=pdf,
                    output=output,
                    folder=place.sessions(),
                    ledger=ledger,
                    tools=tools,
                    clock=now,
                    receipt=receipt,
                    archive=archive,
                    progress=lambda code, params: echo(say(code, **params), err=True),
                )
            )
        if as_json:
            echo_json(to_json(result) | {"output": str(output)})
        else:
            _show(result, output)


def workplace(settings: Path) -> SigningTools:
    """Return the workplace of a settings file, with secrets from where they are named.

    Raises:
        InputError: The settings are missing or wrong.
    """
    from pks_kit.inputs.settings_file import load_settings
    from pks_kit.pipelines.signing.tools import SigningTools

    known: dict[str, Secret] = {}

    def secret(origin: str, name: str) -> Secret:
        key = f"{origin} {name}" if origin == "tanya" else origin
        if key not in known:
            known[key] = _secret(origin, name)
        return known[key]

    return SigningTools(
        settings=load_settings(settings), base=settings.parent, secret=secret, clock=now
    )


def now() -> datetime:
    """Return the present time with the zone of this machine."""
    return datetime.now(UTC).astimezone()


def _secret(origin: str, name: str) -> Secret:
    from pks_kit.domain.secret import Secret

    if origin == "tanya":
        echo(say("settings.asking", name=name), err=True)
        value = Passphrase(None, None).read()
    elif origin.startswith("fd:"):
        value = Passphrase(None, int(origin.removeprefix("fd:"))).read()
    else:
        value = Passphrase(origin.removeprefix("env:"), None).read()
    return Secret(os.fsdecode(value))


def _show(result: SessionResult, output: Path) -> None:
    for one in result.done:
        words = "session.done.stamp" if one.sn else "session.done.signature"
        if one.step == "arsip":
            words = "session.done.archive"
        echo(say(words, step=one.step, signer=one.signer, sn=one.sn or ""))
        if one.skew_seconds is not None:
            echo(say("sign.done.skew", seconds=one.skew_seconds), err=True)
    echo(str(output))
    tell_notes(result.notes)
    tell_plain(result.without_tls)
    if result.waiting:
        echo(say("session.waiting", steps=", ".join(result.waiting)))
    else:
        echo(say("session.complete"))
