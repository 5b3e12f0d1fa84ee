"""``pks-kit workbook``, and what ``check`` and ``draft`` do with a workbook."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.findings import LEVELS, finding_lines
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo_json, language, say, visible
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.errors import PksKitError, Problem
    from pks_kit.pipelines.workbook import BookDraftRequest, FacilityCheck
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
        from pks_kit.pipelines.workbook import new_workbook

        count = new_workbook(output, samples=contoh, force=force)
        click.echo(say("workbook.written", file=str(output), count=count))


@workbook_group.command("csv-out")
@click.argument("source", metavar="KONTRAK.yml|BOOK.xlsx", type=_FILE)
@click.argument("output", metavar="OUT.csv", type=_FILE)
@click.option("--kunci", metavar="KEY", help="Which facility of the workbook.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
def csv_out_command(source: Path, output: Path, kunci: str | None, force: bool) -> None:
    """Write the HFIS form of one agreement as CSV / tulis formulir HFIS sebagai CSV."""
    with errors_to_exit(as_json=False):
        from pks_kit.pipelines.workbook import export_form

        export_form(source, output, kunci, force=force)
        click.echo(str(output))


@workbook_group.command("csv-in")
@click.argument("form", metavar="FORM.csv", type=_FILE)
@click.option("--base", required=True, type=_FILE, help="Contract data (YAML) to start from.")
@click.option("-o", "--output", required=True, type=_FILE, help="The new contract data.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
def csv_in_command(form: Path, base: Path, output: Path, force: bool) -> None:
    """Put the values of an HFIS form into contract data / isi data dari formulir HFIS."""
    with errors_to_exit(as_json=False):
        from pks_kit.pipelines.workbook import import_form

        updated = import_form(form, base, output, force=force)
        click.echo(say("form.updated", changed=len(updated.changed), file=str(output)))
        if updated.remaining:
            count = len(updated.remaining)
            click.echo(say("form.remaining", count=count, file=str(output)), err=True)


def check_workbook(source: Path, as_of: date | None, *, as_json: bool) -> int:
    """Print everything that is wrong in a workbook, by facility, and return the exit code."""
    from pks_kit.pipelines.workbook import check_book

    result = check_book(source, as_of)
    if as_json:
        echo_json(to_json(result))
        return result.exit_code
    if result.problems:
        click.echo(say("workbook.check.book"), err=True)
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
    click.echo(visible(words), err=True)


def draft_workbook(request: BookDraftRequest, *, as_json: bool) -> int:
    """Draft every facility of a workbook, print what came of it, and return 0 or 50."""
    from pks_kit.pipelines.workbook import draft_book

    result = draft_book(dataclasses.replace(request, progress=lambda name: _tell(f"{name} ...")))
    code = 50 if result.failed else 0
    if as_json:
        echo_json(to_json(result))
        return code
    for one in result.facilities:
        if one.result is not None:
            pages = one.result.pages
            known = say("workbook.draft.done", name=one.facility.name, pages=pages)
            click.echo(known if pages else one.facility.name)
            for name, path in one.result.files.items():
                click.echo(f"  {name}: {path}")
            continue
        _tell(say("workbook.draft.failed", name=one.facility.name))
        if one.error is not None:
            _print_error(one.error)
            for problem in getattr(one.error, "problems", ()):
                _tell(_problem_line(problem))
            for finding in getattr(one.error, "findings", ()):
                _print_finding(finding, one.facility.place_of(finding.path))
    drafted = len(result.facilities) - result.failed
    _tell(say("workbook.draft.summary", drafted=drafted, failed=result.failed))
    return code
