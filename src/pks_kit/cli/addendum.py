"""``pks-kit addendum``."""

from __future__ import annotations

from pathlib import Path

import click

from pks_kit.cli.draft import save_issued
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import tell_step


@click.command("addendum")
@click.argument("addendum", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("keluaran"),
    show_default=True,
    help="Folder for the files.",
)
@click.option(
    "--induk",
    type=click.Path(path_type=Path),
    help="Contract data of the earlier agreement, when not in the folder of ADDENDUM.",
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
def addendum_command(
    addendum: Path,
    output: Path,
    induk: Path | None,
    kunci: str | None,
    formats: str,
    force: bool,
    as_json: bool,
) -> None:
    """Draft an account-change addendum; its agreement may be a row of a workbook."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_folder
        from pks_kit.pipelines.addendum import AddendumRequest
        from pks_kit.pipelines.addendum import addendum as draft_addendum

        check_folder(output)
        result = draft_addendum(
            AddendumRequest(
                source=addendum,
                induk=induk,
                key=kunci,
                formats=tuple(part.strip() for part in formats.split(",") if part.strip()),
                progress=tell_step,
            )
        )
        save_issued(result, output, force=force, as_json=as_json)
