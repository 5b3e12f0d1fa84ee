"""``pks-kit sign-all``: sign and stamp an agreement as far as the settings reach; resume later."""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import Passphrase, closed_memory
from pks_kit.cli.terminal import (
    cells,
    console,
    echo,
    echo_json,
    language,
    say,
    tell_notes,
    tell_plain,
)
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.domain.secret import Secret
    from pks_kit.pipelines.sign_all import SessionResult
    from pks_kit.pipelines.signing.tools import SigningTools
    from pks_kit.settings.model import SigningSettings

_FILE = click.Path(path_type=Path)


@click.command("sign-all")
@click.argument("pdf", type=_FILE, metavar="FILE.pdf", required=False)
@click.option(
    "--settings",
    type=_FILE,
    required=True,
    metavar="PENGATURAN.yml",
    help="Settings of signing (YAML).",
)
@click.option(
    "--pihak",
    type=click.Choice(["kesatu", "kedua", "semua"]),
    default="semua",
    show_default=True,
    help="Whose steps are done here.",
)
@click.option("--receipt", type=_FILE, help="Receipt; default: <slug>.receipt.json beside it.")
@click.option("-o", "--output", type=_FILE, metavar="OUT.pdf", help="The file to write.")
@click.option("--check", is_flag=True, help="Try the settings; nothing is signed or bought.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def sign_all_command(
    *,
    pdf: Path | None,
    settings: Path,
    pihak: str,
    receipt: Path | None,
    output: Path | None,
    check: bool,
    as_json: bool,
) -> None:
    """Do every step of FILE.pdf that the settings can do.

    Stopped at any moment, it goes on from the last good revision when run again. Meterai that cost
    money are written into the ledger before they are bought, and are never bought twice.

    With --check keys, services and FILE.pdf (when given) are tried and nothing is done. Exit code
    20 when something does not work, 31 when something could not be looked at.
    """
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.files import check_output
        from pks_kit.pipelines.sign_all import SessionRequest, sign_all

        wanted = ("pihak_kesatu", "pihak_kedua") if pihak == "semua" else (f"pihak_{pihak}",)
        if check:
            sys.exit(_check(workplace(settings), wanted, pdf, receipt, as_json=as_json))
        if pdf is None or output is None:
            raise UsageError("session.check_only")
        check_output(output, pdf, *([receipt] if receipt else []))
        place = workplace(settings)
        tools = {role: tool for role, tool in place.tools().items() if role in wanted}
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


_SETTINGS_CODES = {
    "passphrase.no_variable": "settings.no_variable",
    "passphrase.no_descriptor": "settings.no_descriptor",
    "passphrase.no_terminal": "settings.no_terminal",
}
"""What is told of a secret of an option -> what is told of one that settings name."""


def _check(
    place: SigningTools,
    wanted: tuple[str, ...],
    pdf: Path | None,
    receipt: Path | None,
    *,
    as_json: bool,
) -> int:
    """Print a table of what was tried and return the exit code."""
    from pks_kit.pipelines.settings_check import SettingsCheckRequest, settings_check

    result = settings_check(
        SettingsCheckRequest(tools=place, parties=wanted, pdf=pdf, receipt=receipt)
    )
    if as_json:
        echo_json(to_json(result))
        return result.exit_code
    from rich.table import Table

    table = Table(title=say("trial.title"))
    for head in ("part", "what", "state", "message"):
        table.add_column(say(f"trial.head.{head}"), overflow="fold")
    tongue = language()
    for one in result.tried:
        hint = one.message.hint_in_language(tongue)
        remark = " ".join(filter(None, (one.message.in_language(tongue), hint)))
        title, state = one.title.in_language(tongue), say(f"trial.state.{one.state}")
        table.add_row(*cells(one.part, title, state, remark))
    console(err=False).print(table)
    tell_plain(result.without_tls)
    counts = Counter(one.state for one in result.tried)
    echo(say("trial.summary", ok=counts["ok"], bad=counts["bad"], unseen=counts["unseen"]))
    return result.exit_code


def workplace(settings: Path) -> SigningTools:
    """Return the workplace of a settings file, with secrets from where they are named.

    Raises:
        InputError: The settings are missing or wrong.
    """
    from pks_kit.cli.sandbox_settings import one_passphrase
    from pks_kit.inputs.settings_file import load_settings
    from pks_kit.pipelines.signing.tools import SigningTools
    from pks_kit.settings.asked import ASKED

    known: dict[str, Secret] = {}
    read = load_settings(settings)
    together = one_passphrase(read)

    def secret(origin: str, name: str) -> Secret:
        key = f"{origin} {together.get(name, name)}" if origin == ASKED else origin
        if key not in known:
            try:
                known[key] = _secret(origin, name)
            except UsageError as error:
                raise _named_in(settings, read, origin, error) from error
        return known[key]

    return SigningTools(settings=read, base=settings.parent, secret=secret, clock=now)


def _named_in(file: Path, settings: SigningSettings, origin: str, error: UsageError) -> UsageError:
    """Return an error about a secret that names where in the settings it comes from."""
    from pks_kit.settings.asked import places_of

    code = _SETTINGS_CODES.get(error.code)
    if code is None:
        return error
    places = ", ".join(places_of(settings, origin)) or "-"
    source = origin.partition(":")[2]
    return UsageError(code, file=file.name, place=places, source=source)


def now() -> datetime:
    """Return the present time with the zone of this machine."""
    return datetime.now(UTC).astimezone()


def _secret(origin: str, name: str) -> Secret:
    from pks_kit.domain.secret import Secret
    from pks_kit.settings.asked import ASKED, secret_words

    if origin == ASKED:
        echo(say("settings.asking", what=secret_words(name)), err=True)
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
