"""``pks-kit letter list`` and ``pks-kit letter draft``."""

from __future__ import annotations

from pathlib import Path

import click

from pks_kit.cli.findings import print_findings
from pks_kit.cli.ledger_options import LedgerChoice, ledger_options
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, say, tell_step
from pks_kit.json_form import to_json


@click.group("letter")
def letter_group() -> None:
    """List and draft letters that go with an agreement."""


@letter_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def list_command(as_json: bool) -> None:
    """List the kinds of letters."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.letter import LetterListRequest, letter_list

        found = letter_list(LetterListRequest())
        if as_json:
            echo_json(to_json(found))
            return
        for row in found.letters:
            echo(f"{row.kind}\t{row.nama}\t{say(f'letter.sender.{row.pengirim}')}")


@letter_group.command("draft")
@click.argument("kind")
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("keluaran"),
    show_default=True,
    help="Folder for the files.",
)
@click.option(
    "--kontrak",
    type=click.Path(path_type=Path),
    help="Contract data, when not in the folder of DATA or the one above.",
)
@click.option(
    "--sebelumnya",
    type=click.Path(path_type=Path),
    help="Contract data before the change, for the letter perubahan-data.",
)
@click.option("--kunci", metavar="KEY", help="Which facility of the workbook.")
@click.option(
    "--format",
    "formats",
    default="pdf,docx",
    show_default=True,
    help="Which files: pdf, docx, txt.",
)
@click.option("--force", is_flag=True, help="Replace existing files that differ.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def draft_command(
    ledger: LedgerChoice,
    kind: str,
    data: Path,
    output: Path,
    kontrak: Path | None,
    sebelumnya: Path | None,
    kunci: str | None,
    formats: str,
    force: bool,
    as_json: bool,
) -> None:
    """Draft a letter of KIND from DATA.yml.

    With a ledger the consent to a contract method (persetujuan-cara-kontrak) is written down in it.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.cli.writing import write_issued
        from pks_kit.files import check_folder
        from pks_kit.pipelines.letter import LetterDraftRequest, letter_draft

        check_folder(output)
        result = letter_draft(
            LetterDraftRequest(
                kind=kind,
                source=data,
                kontrak=kontrak,
                sebelumnya=sebelumnya,
                key=kunci,
                formats=tuple(part.strip() for part in formats.split(",") if part.strip()),
                ledger=ledger.address() if ledger.is_given else None,
                password=ledger.password() if ledger.is_given else None,
                progress=tell_step,
            )
        )
        tell_step("draft.step.write")
        paths = write_issued(result, output, force=force)
        if as_json:
            shown = {name: str(path) for name, path in paths.items()}
            echo_json(to_json(result) | {"files": shown})
            return
        print_findings(result.findings)
        for name, path in paths.items():
            echo(f"{name}: {path}")
        if result.pages:
            echo(say("cli.pages", pages=result.pages))
        if result.event is not None:
            echo(say("letter.consent_recorded", number=result.event))
