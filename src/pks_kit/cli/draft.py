"""``pks-kit draft`` and ``pks-kit check``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.batch_shown import compiling
from pks_kit.cli.cache import cache_folder
from pks_kit.cli.day import Day, today
from pks_kit.cli.findings import print_findings
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, say, tell_step
from pks_kit.cli.writing import write_issued
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.draft import DraftResult
    from pks_kit.settings.model import SigningSettings


@click.command("draft")
@click.argument(
    "sources", nargs=-1, required=True, metavar="KONTRAK", type=click.Path(path_type=Path)
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("keluaran"),
    show_default=True,
    help="Folder for the files.",
)
@click.option(
    "--format",
    "formats",
    default="pdf,docx,ringkasan",
    show_default=True,
    help="Which files: pdf, docx, txt, ringkasan.",
)
@click.option(
    "--sebelumnya",
    type=click.Path(path_type=Path),
    metavar="LAMA.yml",
    help="Data of the earlier agreement; the summary says what differs.",
)
@click.option("--as-of", type=Day(), help="Date of the rules.")
@click.option(
    "--settings",
    type=click.Path(path_type=Path),
    metavar="PENGATURAN.yml",
    help="Settings of sign-all: what they will refuse is told now.",
)
@click.option(
    "--reference",
    is_flag=True,
    help="Have every page of one agreement laid out anew by WeasyPrint, to compare; slower.",
)
@click.option(
    "--no-cache", is_flag=True, help="Do not read what pks-kit template compile has kept."
)
@click.option("--force", is_flag=True, help="Replace existing files that differ.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def draft_command(
    *,
    sources: tuple[Path, ...],
    output: Path,
    formats: str,
    sebelumnya: Path | None,
    as_of: datetime | None,
    settings: Path | None,
    reference: bool,
    no_cache: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Draft KONTRAK.yml, or every facility of a workbook .xlsx.

    Several files are compared with each other: the same facility or number twice is not drafted.
    Exit code 50 when some facilities failed.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_folder
        from pks_kit.inputs.workbook_names import is_workbook_name
        from pks_kit.pipelines.draft import DraftRequest, draft

        check_folder(output)

        wanted = tuple(part.strip() for part in formats.split(",") if part.strip())
        rule_date = as_of.date() if as_of else None
        signing = _settings(settings)
        compiled = None if no_cache else cache_folder()
        several = len(sources) > 1 or is_workbook_name(sources[0])
        if several and (sebelumnya is not None or reference):
            raise UsageError("draft.sebelumnya_of_one" if sebelumnya else "draft.reference_of_one")
        if len(sources) > 1:
            from pks_kit.cli.many import draft_files
            from pks_kit.pipelines.many import DraftManyRequest

            many = DraftManyRequest(
                sources=sources,
                formats=wanted,
                as_of=rule_date,
                settings=signing,
                compiled=compiled,
                compiling=compiling(),
            )
            sys.exit(draft_files(many, output, force=force, as_json=as_json))
        (kontrak,) = sources
        if is_workbook_name(kontrak):
            from pks_kit.cli.workbook import draft_workbook
            from pks_kit.pipelines.workbook import WorkbookDraftRequest

            book = WorkbookDraftRequest(
                source=kontrak,
                formats=wanted,
                as_of=rule_date,
                settings=signing,
                compiled=compiled,
                compiling=compiling(),
            )
            sys.exit(draft_workbook(book, output, force=force, as_json=as_json))
        result = draft(
            DraftRequest(
                source=kontrak,
                sebelumnya=sebelumnya,
                formats=wanted,
                as_of=rule_date,
                progress=tell_step,
                settings=signing,
                reference=reference,
                compiled=compiled,
            )
        )
        save_issued(result, output, force=force, as_json=as_json)


@click.command("check")
@click.argument(
    "sources", nargs=-1, required=True, metavar="KONTRAK", type=click.Path(path_type=Path)
)
@click.option("--as-of", type=Day(), help="Date of the rules.")
@click.option(
    "--settings",
    type=click.Path(path_type=Path),
    metavar="PENGATURAN.yml",
    help="Settings of sign-all: what they will refuse is told now.",
)
@click.option(
    "--marked",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.xlsx",
    help="Also write a copy of the workbook with coloured cells and notes.",
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def check_command(
    *,
    sources: tuple[Path, ...],
    as_of: datetime | None,
    settings: Path | None,
    marked: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """List all findings for KONTRAK.yml or a workbook .xlsx.

    Several files are compared with each other: the same facility or number twice is blocking.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.inputs.workbook_names import is_workbook_name
        from pks_kit.pipelines.draft import CheckRequest, check

        rule_date = as_of.date() if as_of else None
        signing = _settings(settings)
        if marked is not None and (len(sources) > 1 or not is_workbook_name(sources[0])):
            raise UsageError("workbook.marked_of_one")
        if len(sources) > 1:
            from pks_kit.cli.many import check_files
            from pks_kit.pipelines.many import CheckManyRequest

            several = CheckManyRequest(
                sources=sources, as_of=rule_date, settings=signing, today=today()
            )
            sys.exit(check_files(several, as_json=as_json))
        (kontrak,) = sources
        if marked is not None:
            from pks_kit.cli.workbook import mark_workbook
            from pks_kit.pipelines.workbook_marked import WorkbookMarkedRequest

            copy = WorkbookMarkedRequest(
                source=kontrak, as_of=rule_date, settings=signing, today=today()
            )
            sys.exit(mark_workbook(copy, marked, force=force, as_json=as_json))
        if is_workbook_name(kontrak):
            from pks_kit.cli.workbook import check_workbook
            from pks_kit.pipelines.workbook import WorkbookCheckRequest

            asked = WorkbookCheckRequest(
                source=kontrak, as_of=rule_date, settings=signing, today=today()
            )
            sys.exit(check_workbook(asked, as_json=as_json))
        result = check(
            CheckRequest(source=kontrak, as_of=rule_date, settings=signing, today=today())
        )
        if as_json:
            echo_json(to_json(result))
        else:
            print_findings(result.findings, result.line_of)
            if not result.findings:
                echo(say("cli.no_findings"))
        if any(finding.level == "blocking" for finding in result.findings):
            sys.exit(10)


def _settings(path: Path | None) -> SigningSettings | None:
    if path is None:
        return None
    from pks_kit.inputs.settings_file import load_settings

    return load_settings(path)


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
