"""``pks-kit evidence``: put everything that proves one agreement into one ZIP."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pks_kit.cli.ledger_options import LedgerChoice, ledger_options
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, language, say
from pks_kit.json_form import to_json

_FILE = click.Path(path_type=Path)


@click.command("evidence")
@click.argument("files", type=_FILE, metavar="FILE", nargs=-1, required=True)
@click.option(
    "--issued", type=_FILE, required=True, metavar="ISSUED.pdf", help="The file as it was issued."
)
@click.option(
    "--receipt", type=_FILE, required=True, metavar="R.json", help="Receipt of the issued file."
)
@click.option(
    "--trust", type=_FILE, multiple=True, metavar="ROOT.pem", help="Authority to trust; repeatable."
)
@click.option(
    "--sessions", type=_FILE, metavar="FOLDER", help="Folder of the sessions, with the ledger."
)
@click.option("--rerender", is_flag=True, help="Render again from the data inside and compare.")
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="BUKTI.zip", help="The file to write."
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def evidence_command(
    *,
    files: tuple[Path, ...],
    issued: Path,
    receipt: Path,
    trust: tuple[Path, ...],
    sessions: Path | None,
    rerender: bool,
    output: Path,
    force: bool,
    as_json: bool,
    ledger: LedgerChoice,
) -> None:
    """Put issued and final file, receipt, events and report into one ZIP.

    FILE is the final PDF, or the scan of signed paper in one file or several; then what persons
    decided about it and saw goes into the ZIP too.

    The ZIP is written whatever the verdict is; the exit codes are those of verify. Check it with
    pks-kit verify BUKTI.zip, without network or ledger. Keep the hash that is printed elsewhere.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.errors import InputError
        from pks_kit.files import check_output, holds_other, write_atomic
        from pks_kit.pipelines.evidence import EvidenceRequest
        from pks_kit.pipelines.evidence import evidence as make_evidence
        from pks_kit.verification.report.headline import headline

        pdf, *more = files
        check_output(output, *files, issued, receipt, *trust)
        with ledger.open_if_given(sessions) as opened:
            made = make_evidence(
                EvidenceRequest(
                    pdf=pdf,
                    more=tuple(more),
                    issued=issued,
                    receipt=receipt,
                    clock=lambda: datetime.now(UTC),
                    ledger=opened,
                    sessions=sessions,
                    trust=trust,
                    rerender=rerender,
                )
            )
        if not force and holds_other(output, made.file.content):
            raise InputError("evidence.other", file=str(output))
        write_atomic(output, made.file.content)
        if as_json:
            echo_json(to_json(made) | {"file": str(output)})
        else:
            echo(headline(made.report).in_language(language()))
            echo(say("evidence.written", file=str(output), sha256=made.sha256))
    sys.exit(made.report.exit_code)
