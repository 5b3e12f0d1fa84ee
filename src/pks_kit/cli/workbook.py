"""``pks-kit workbook``, and what ``check`` and ``draft`` do with a workbook."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.findings import LEVELS, finding_lines
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, language, say, visible
from pks_kit.cli.writing import refuse_existing, write_issued
from pks_kit.errors import PksKitError, UsageError
from pks_kit.files import NamedFile
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.errors import Problem
    from pks_kit.inputs.csv_values import DateOrder
    from pks_kit.pipelines.drafting.facility_results import FacilityCheck, FacilityDraft
    from pks_kit.pipelines.workbook import WorkbookDraftRequest
    from pks_kit.rules.findings import Finding

_FILE = click.Path(path_type=Path)


@click.group("workbook")
def workbook_group() -> None:
    """Excel workbooks and the CSV of the HFIS form / buku kerja Excel dan CSV formulir HFIS."""


@workbook_group.command("new")
@click.argument("output", metavar="OUT.xlsx", type=_FILE)
@click.option("--contoh", is_flag=True, help="Fill it with the sample facilities.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
def new_command(output: Path, contoh: bool, force: bool) -> None:
    """Write an empty workbook with notes and drop-downs / buat buku kerja kosong."""
    with errors_to_exit(as_json=False):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.workbook import WorkbookNewRequest, workbook_new

        _refuse_output(output, ".xlsx", force=force)
        check_output(output)
        made = workbook_new(WorkbookNewRequest(samples=contoh))
        write_atomic(output, made.file.content)
        echo(say("workbook.written", file=str(output), count=made.facilities))


@workbook_group.command("csv-out")
@click.argument("source", metavar="KONTRAK.yml|BOOK.xlsx", type=_FILE)
@click.argument("output", metavar="OUT.csv", type=_FILE)
@click.option("--kunci", metavar="KEY", help="Which facility of the workbook.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
def csv_out_command(source: Path, output: Path, kunci: str | None, force: bool) -> None:
    """Write the HFIS form of one agreement as CSV / tulis formulir HFIS sebagai CSV."""
    with errors_to_exit(as_json=False):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.workbook_csv import WorkbookCsvOutRequest, workbook_csv_out

        _refuse_output(output, ".csv", force=force)
        check_output(output, source)
        made = workbook_csv_out(WorkbookCsvOutRequest(source=source, key=kunci))
        write_atomic(output, made.file.content)
        echo(str(output))


@workbook_group.command("csv-in")
@click.argument("form", metavar="FORM.csv", type=_FILE)
@click.option("--base", required=True, type=_FILE, help="Contract data (YAML) to start from.")
@click.option("-o", "--output", required=True, type=_FILE, help="The new contract data.")
@click.option(
    "--urutan-tanggal",
    type=click.Choice(["hari-bulan", "bulan-hari"]),
    help="Order of dates such as 11/12/2023 / urutan tanggal dalam formulir.",
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
def csv_in_command(
    form: Path, base: Path, output: Path, urutan_tanggal: str | None, force: bool
) -> None:
    """Put the values of an HFIS form into contract data / isi data dari formulir HFIS."""
    with errors_to_exit(as_json=False):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.inputs.problems import masked
        from pks_kit.pipelines.workbook_csv import WorkbookCsvInRequest, workbook_csv_in

        check_output(output, form)
        refuse_existing(output, "workbook.exists", force=force)
        orders: dict[str | None, DateOrder | None] = {
            "hari-bulan": "day-first",
            "bulan-hari": "month-first",
        }
        request = WorkbookCsvInRequest(form=form, base=base, date_order=orders.get(urutan_tanggal))
        updated = workbook_csv_in(request)
        write_atomic(output, updated.file.content)
        echo(say("form.updated", changed=len(updated.changed), file=str(output)))
        for one in updated.changed:
            old, new = masked(one.old) or "-", masked(one.new)
            echo(say("form.changed_value", path=one.path, old=old, new=new))
        if updated.remaining:
            count = len(updated.remaining)
            echo(say("form.remaining", count=count, file=str(output)), err=True)


def _refuse_output(output: Path, suffix: str, *, force: bool) -> None:
    if output.suffix.casefold() != suffix:
        raise UsageError("workbook.bad_name", file=str(output), suffix=suffix)
    refuse_existing(output, "workbook.exists", force=force)


def check_workbook(source: Path, as_of: date | None, *, as_json: bool) -> int:
    """Print everything that is wrong in a workbook, by facility, and return the exit code."""
    from pks_kit.pipelines.workbook import WorkbookCheckRequest, workbook_check

    result = workbook_check(WorkbookCheckRequest(source=source, as_of=as_of))
    if as_json:
        echo_json(to_json(result))
        return result.exit_code
    if result.problems:
        echo(say("workbook.check.book"), err=True)
        for problem in result.problems:
            _tell(_problem_line(problem))
    for checked in result.facilities:
        _print_facility(checked)
    return result.exit_code


def _print_facility(checked: FacilityCheck) -> None:
    facility = checked.facility
    _tell(
        say(
            "workbook.check.facility",
            name=facility.name,
            key=facility.key,
            place=facility.place_of(""),
        )
    )
    for problem in facility.problems:
        _tell(_problem_line(problem))
    if checked.error is not None:
        _print_error(checked.error)
    for level in LEVELS:
        group = [finding for finding in checked.findings if finding.level == level]
        if group:
            _tell(f"  {say(f'cli.level.{level}')} ({len(group)})")
        for finding in group:
            _print_finding(finding, facility.place_of(finding.path))
    if not (facility.problems or checked.findings or checked.error):
        _tell(f"  {say('workbook.check.good')}")


def _problem_line(problem: Problem) -> str:
    text = problem.text
    hint = text.hint_in_language(language())
    place = f"{problem.place} ({problem.path})" if problem.path else problem.place
    return f"  - {place}: {text.in_language(language())}{f' {hint}' if hint else ''}"


def _print_finding(finding: Finding, place: str) -> None:
    for line in finding_lines(finding, language(), place=place):
        _tell(f"  {line}")


def _print_error(error: PksKitError) -> None:
    text = error.text
    hint = text.hint_in_language(language())
    _tell(f"  - {text.in_language(language())}{f' {hint}' if hint else ''}")


def _tell(words: str) -> None:
    echo(visible(words), err=True)


def draft_workbook(
    request: WorkbookDraftRequest, output: Path, *, force: bool, as_json: bool
) -> int:
    """Draft every facility of a workbook, print what came of it, and return 0 or 50.

    Each facility is written as soon as it is drafted: what was done stays when the rest is
    interrupted.
    """
    from pks_kit.pipelines.workbook import BookDraft, workbook_drafts

    asked = dataclasses.replace(request, progress=lambda name: _tell(f"{name} ..."))
    source, drafts = workbook_drafts(asked)
    written = [_written(one, output, force=force) for one in drafts]
    result = BookDraft(source=source, facilities=tuple(one for one, _ in written))
    code = 50 if result.failed else 0
    if as_json:
        shown = to_json(result)
        for facility, (_, paths) in zip(shown["facilities"], written, strict=True):
            if paths:
                facility["files"] = {name: str(path) for name, path in paths.items()}
        echo_json(shown)
        return code
    for one, paths in written:
        _print_drafted(one, paths)
    drafted = len(result.facilities) - result.failed
    _tell(say("workbook.draft.summary", drafted=drafted, failed=result.failed))
    return code


def _written(
    draft: FacilityDraft, output: Path, *, force: bool
) -> tuple[FacilityDraft, dict[str, Path]]:
    """Write one draft and forget its bytes; what cannot be written is its error."""
    if draft.result is None:
        return draft, {}
    try:
        paths = write_issued(draft.result, output, force=force)
    except PksKitError as error:
        return dataclasses.replace(draft, result=None, error=error), {}
    names = {name: NamedFile(file.name, b"") for name, file in draft.result.files.items()}
    return dataclasses.replace(draft, result=dataclasses.replace(draft.result, files=names)), paths


def _print_drafted(one: FacilityDraft, paths: dict[str, Path]) -> None:
    if one.result is not None:
        pages = one.result.pages
        known = say("workbook.draft.done", name=one.facility.name, pages=pages)
        echo(known if pages else one.facility.name)
        for name, path in paths.items():
            echo(f"  {name}: {path}")
        return
    _tell(say("workbook.draft.failed", name=one.facility.name))
    if one.error is not None:
        _print_error(one.error)
        for problem in getattr(one.error, "problems", ()):
            _tell(_problem_line(problem))
        for finding in getattr(one.error, "findings", ()):
            _print_finding(finding, one.facility.place_of(finding.path))
