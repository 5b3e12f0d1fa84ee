"""``pks-kit cover``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from pks_kit.cli.day import Day
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, say, tell_notes, tell_step
from pks_kit.cli.writing import refuse_existing
from pks_kit.json_form import to_json

_FILE = click.Path(path_type=Path)


@click.command("cover")
@click.argument("pdf", type=_FILE, metavar="SIGNED.pdf")
@click.option("--receipt", type=_FILE, help="Receipt; default: <slug>.receipt.json beside it.")
@click.option(
    "--batas-waktu",
    type=Day(),
    required=True,
    help="Last day for upload and delivery, or for signing.",
)
@click.option("--sertakan", is_flag=True, help="One print copy: cover, then the agreement.")
@click.option(
    "-o", "--output", type=_FILE, metavar="OUT.pdf", help="Default: <slug>-pengantar.pdf beside it."
)
@click.option("--force", is_flag=True, help="Replace an existing output.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def cover_command(
    *,
    pdf: Path,
    receipt: Path | None,
    batas_waktu: datetime,
    sertakan: bool,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write instructions for the facility: where and how to sign.

    On paper for kontrak digital, after PIHAK KESATU signed and stamped, and for kontrak manual;
    in the file for kontrak elektronik. The agreement itself stays untouched.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.cover import CoverRequest, cover

        given = (pdf, *([receipt] if receipt else []))
        if output is not None:
            check_output(output, *given)
            refuse_existing(output, "cover.exists", force=force)
        result = cover(
            CoverRequest(
                pdf=pdf,
                batas_waktu=batas_waktu.date(),
                receipt=receipt,
                sertakan=sertakan,
                progress=tell_step,
            )
        )
        if output is None:
            output = pdf.parent / result.file.name
            check_output(output, *given)
            refuse_existing(output, "cover.exists", force=force)
        tell_step("cover.step.write")
        write_atomic(output, result.file.content)
        if as_json:
            echo_json(to_json(result) | {"output": str(output)})
            return
        echo(str(output))
        echo(
            say(
                "cover.done.electronic" if result.electronic else "cover.done",
                pages=result.pages,
                agreement=result.agreement_pages,
                places=result.places,
                meterai=result.meterai,
            )
        )
        tell_notes(result.notes)
        if result.sertakan:
            echo(say("cover.done.print_copy"), err=True)
        if result.is_uji:
            echo(say("sign.done.test"), err=True)
