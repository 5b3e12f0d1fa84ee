"""``pks-kit workbook``, and what ``check`` and ``draft`` do with a workbook."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.agreements import (
    Told,
    problem_line,
    tell_agreements,
    tell_drafted,
    tell_not_ready,
    tell_passed_over,
)
from pks_kit.cli.findings import place_words
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, language, say, visible
from pks_kit.cli.writing import refuse_existing, with_paths, write_draft
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.inputs.csv_values import DateOrder
    from pks_kit.inputs.workbook import Facility
    from pks_kit.pipelines.drafting.facility_results import FacilityCheck, FacilityDraft
    from pks_kit.pipelines.workbook import (
        BookCheck,
        BookDrafts,
        WorkbookCheckRequest,
        WorkbookDraftRequest,
    )
    from pks_kit.pipelines.workbook_marked import WorkbookMarkedRequest

_FILE = click.Path(path_type=Path)


@click.group("workbook")
def workbook_group() -> None:
    """Excel workbooks and the CSV of the HFIS form."""


@workbook_group.command("new")
@click.argument("output", metavar="OUT.xlsx", type=_FILE)
@click.option("--contoh", is_flag=True, help="Fill it with the sample facilities.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
def new_command(output: Path, contoh: bool, force: bool) -> None:
    """Write an empty workbook with notes and drop-downs."""
    with errors_to_exit(as_json=False):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.workbook import WorkbookNewRequest, workbook_new

        refuse_book(output, force=force)
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
    """Write the HFIS form of one agreement as CSV."""
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
    help="Order of dates such as 11/12/2023.",
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
def csv_in_command(
    form: Path, base: Path, output: Path, urutan_tanggal: str | None, force: bool
) -> None:
    """Put the values of an HFIS form into contract data."""
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
            path = place_words(one.path, language())
            echo(say("form.changed_value", path=path, old=old, new=new))
        if updated.remaining:
            count = len(updated.remaining)
            echo(say("form.remaining", count=count, file=str(output)), err=True)


def refuse_book(output: Path, *, force: bool) -> None:
    """Refuse a workbook to be written: its name does not say so, or it is there already.

    Raises:
        UsageError: ``workbook.bad_name``, ``workbook.exists``.
    """
    _refuse_output(output, ".xlsx", force=force)


def _refuse_output(output: Path, suffix: str, *, force: bool) -> None:
    refuse_name(output, suffix)
    refuse_existing(output, "workbook.exists", force=force)


def refuse_name(output: Path, suffix: str) -> None:
    """Refuse a file to be written whose name does not say what it will hold.

    Raises:
        UsageError: ``workbook.bad_name``.
    """
    if output.suffix.casefold() != suffix:
        raise UsageError("workbook.bad_name", file=str(output), suffix=suffix)


def check_workbook(request: WorkbookCheckRequest, *, as_json: bool) -> int:
    """Print everything that is wrong in a workbook, by facility, and return the exit code."""
    from pks_kit.pipelines.workbook import workbook_check

    return _tell_check(workbook_check(request), as_json=as_json)


def mark_workbook(
    request: WorkbookMarkedRequest, output: Path, *, force: bool, as_json: bool
) -> int:
    """Write the coloured copy of a workbook, print what was found, and return the exit code."""
    from pks_kit.files import check_output, write_atomic
    from pks_kit.pipelines.workbook_marked import workbook_marked

    refuse_book(output, force=force)
    if isinstance(request.source, Path):
        check_output(output, request.source)
    result = workbook_marked(dataclasses.replace(request, language=language()))
    write_atomic(output, result.file.content)
    code = _tell_check(result.check, as_json=as_json)
    if not as_json:
        echo(say("workbook.marked.written", file=str(output)))
    return code


def _tell_check(result: BookCheck, *, as_json: bool) -> int:
    if as_json:
        echo_json(to_json(result))
        return result.exit_code
    _tell_book(result)
    tell_agreements([_told_check(one) for one in result.facilities], known=result.problems)
    return result.exit_code


def _tell_book(result: BookCheck | BookDrafts) -> None:
    """Print what is wrong with the workbook as a whole, and what of it is not read."""
    if result.problems:
        echo(say("workbook.check.book"), err=True)
        for problem in result.problems:
            echo(visible(problem_line(problem)), err=True)
    tell_passed_over(result.passed_over)


def _told_check(checked: FacilityCheck) -> Told:
    facility = checked.facility
    return Told(
        title=_title(facility),
        name=_name(facility),
        place_of=facility.place_of,
        problems=facility.problems,
        findings=checked.findings,
        error=checked.error,
        ready=checked.exit_code == 0,
    )


def _title(facility: Facility) -> str:
    place = facility.place_of("")
    return say("workbook.check.facility", name=facility.name, key=facility.key, place=place)


def _name(facility: Facility) -> str:
    return f"{facility.name} ({facility.place_of('')})"


def draft_workbook(
    request: WorkbookDraftRequest, output: Path, *, force: bool, as_json: bool
) -> int:
    """Draft every facility of a workbook, print what came of it, and return the exit code.

    Each facility is written as soon as it is drafted: what was done stays when the rest is
    interrupted.
    """
    from pks_kit.pipelines.workbook import workbook_drafts

    asked = dataclasses.replace(
        request, progress=lambda name: echo(visible(f"{name} ..."), err=True)
    )
    book = workbook_drafts(asked)
    if not as_json:
        _tell_book(book)
    written = [write_draft(one, output, force=force) for one in book.drafts]
    result = book.all(one for one, _ in written)
    if as_json:
        echo_json(with_paths(to_json(result), "facilities", [paths for _, paths in written]))
        return result.exit_code
    told = [_told_draft(one) for one in result.facilities]
    for one, paths in written:
        if one.result is not None:
            tell_drafted(one.facility.name, one.result, paths)
    tell_agreements(told, summary=False, known=book.problems)
    summary = say("workbook.draft.summary", drafted=result.drafted, failed=result.failed)
    echo(summary, err=True)
    tell_not_ready(told)
    return result.exit_code


def _told_draft(one: FacilityDraft) -> Told:
    title = _title(one.facility)
    if one.result is None:
        title = say("workbook.draft.failed", name=one.facility.name)
    return Told(
        title=title,
        name=_name(one.facility),
        place_of=one.facility.place_of,
        ready=one.result is not None,
        problems=getattr(one.error, "problems", ()),
        findings=one.result.findings if one.result else getattr(one.error, "findings", ()),
        error=one.error,
    )
