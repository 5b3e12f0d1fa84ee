"""``pks-kit draft`` and ``pks-kit check``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.day import Day
from pks_kit.cli.findings import print_findings
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, say, tell_step
from pks_kit.cli.writing import write_issued
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.draft import DraftResult


@click.command("draft")
@click.argument("kontrak", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path("keluaran")
)
@click.option("--format", "formats", default="pdf,docx", show_default=True, help="pdf,docx,txt")
@click.option("--as-of", type=Day(), help="Date of the rules.")
@click.option("--force", is_flag=True, help="Replace existing files that differ.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def draft_command(
    kontrak: Path, output: Path, formats: str, as_of: datetime | None, force: bool, as_json: bool
) -> None:
    """Draft KONTRAK.yml, or every facility of a workbook .xlsx / susun perjanjian."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_folder
        from pks_kit.inputs.workbook import is_workbook_name
        from pks_kit.pipelines.draft import DraftRequest, draft

        check_folder(output)

        wanted = tuple(part.strip() for part in formats.split(",") if part.strip())
        rule_date = as_of.date() if as_of else None
        if is_workbook_name(kontrak):
            from pks_kit.cli.workbook import draft_workbook
            from pks_kit.pipelines.workbook import WorkbookDraftRequest

            book = WorkbookDraftRequest(source=kontrak, formats=wanted, as_of=rule_date)
            sys.exit(draft_workbook(book, output, force=force, as_json=as_json))
        result = draft(
            DraftRequest(source=kontrak, formats=wanted, as_of=rule_date, progress=tell_step)
        )
        save_issued(result, output, force=force, as_json=as_json)


@click.command("check")
@click.argument("kontrak", type=click.Path(path_type=Path))
@click.option("--as-of", type=Day(), help="Date of the rules.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def check_command(kontrak: Path, as_of: datetime | None, as_json: bool) -> None:
    """List all findings for KONTRAK.yml or a workbook .xlsx / daftar temuan data kontrak."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.inputs.workbook import is_workbook_name
        from pks_kit.pipelines.draft import CheckRequest, check

        if is_workbook_name(kontrak):
            from pks_kit.cli.workbook import check_workbook

            sys.exit(check_workbook(kontrak, as_of.date() if as_of else None, as_json=as_json))
        result = check(CheckRequest(source=kontrak, as_of=as_of.date() if as_of else None))
        if as_json:
            echo_json(to_json(result))
        else:
            print_findings(result.findings, result.line_of)
            if not result.findings:
                echo(say("cli.no_findings"))
        if any(finding.level == "blocking" for finding in result.findings):
            sys.exit(10)


def save_issued(result: DraftResult, output: Path, *, force: bool, as_json: bool) -> None:
    """Write what a draft or an addendum made, then show it: JSON, or findings, files and pages."""
    tell_step("draft.step.write")
    paths = write_issued(result, output, force=force)
    if as_json:
        echo_json(to_json(result) | {"files": {name: str(path) for name, path in paths.items()}})
        return
    print_findings(result.findings)
    for name, path in paths.items():
        echo(f"{name}: {path}")
    if result.pages:
        echo(say("cli.pages", pages=result.pages))
