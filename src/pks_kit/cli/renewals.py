"""``pks-kit renewals`` and ``pks-kit renew``."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.day import Day
from pks_kit.cli.findings import place_words
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import cells, console, echo, echo_json, language, say
from pks_kit.cli.workbook import refuse_book
from pks_kit.cli.workbook_renew import renew_workbook, write_renewed
from pks_kit.json_form import to_json
from pks_kit.visible_text import format_day, one_line

if TYPE_CHECKING:
    from pks_kit.pipelines.renew import RenewResult
    from pks_kit.pipelines.renewals import Ending, RenewalsResult

PARTLY_FAILED = 50
"""Exit code when some of the files could not be looked at (architecture 9)."""


@click.command("renewals")
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--within", default="3m", show_default=True, help="Months (3m) or days (90d).")
@click.option("--as-of", type=Day(), help="Day to count from; today.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Also write a workbook.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def renewals_command(
    places: tuple[Path, ...],
    within: str,
    as_of: datetime | None,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """List agreements and licences that end soon.

    PLACES are YAML files, XLSX workbooks, or folders. Exit code 50 when some of them could not be
    read.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.renewals import RenewalsRequest, renewals

        if output is not None:
            refuse_book(output, force=force)
            check_output(output, *places)
        today = (as_of or datetime.now(UTC).astimezone()).date()
        result = renewals(RenewalsRequest(places=places, window=within, as_of=today))
        if output is not None:
            write_atomic(output, result.book(language()).content)
        if as_json:
            echo_json(to_json(result) | ({"output": str(output)} if output else {}))
        else:
            _print_renewals(result)
            if output is not None:
                echo(str(output))
        if not result.complete:
            sys.exit(PARTLY_FAILED)


def _print_renewals(result: RenewalsResult) -> None:
    as_of, window = result.as_of, f"{result.window.amount}{result.window.unit}"
    groups = result.groups()
    if not groups:
        echo(say("renewals.none", read=result.read, as_of=as_of, window=window))
    rows = {id(one): _row(one) for group in groups for one in group.endings}
    widths = [max(map(len, column)) for column in zip(*rows.values(), strict=True)]
    told = None
    for group in groups:
        heading = "ended" if group.state == "ended" else "title"
        if heading != told:
            echo(
                ("" if told is None else "\n")
                + say(f"renewals.{heading}", as_of=as_of, window=window)
            )
            told = heading
        name = f"{group.facility} ({group.facility_code})"
        if group.state == "running":
            name += ", " + say("renewals.until", ends=group.ends)
        echo("\n" + one_line(f"{name} [{group.file}]"))
        for one in group.endings:
            cells_ = (cell.ljust(width) for cell, width in zip(rows[id(one)], widths, strict=True))
            echo("  " + "  ".join(cells_).rstrip())
            if one.tenggat.jenis == "perjanjian":
                for line in _outlook_lines(one):
                    echo(line)
    for lost in result.unreadable:
        echo(f"{one_line(lost.file)}: {lost.error.text.in_language(language())}", err=True)
        for problem in getattr(lost.error, "problems", ()):
            place = problem.where or (f"{say('cli.line')} {problem.line}" if problem.line else "")
            words = problem.text.in_language(language())
            echo(
                "  - "
                + ", ".join(filter(None, (place, place_words(problem.path, language()))))
                + f": {words}",
                err=True,
            )
    if not result.complete:
        echo(say("renewals.not_complete", count=len(result.unreadable)), err=True)


def _row(one: Ending) -> tuple[str, ...]:
    tenggat = one.tenggat
    code = "renewals.days_left" if one.days_left >= 0 else "renewals.days_over"
    texts = (
        format_day(tenggat.berakhir, language()),
        say(code, days=abs(one.days_left)),
        say(f"renewals.kind.{tenggat.jenis}"),
        tenggat.nama,
        tenggat.nomor,
    )
    return tuple(one_line(text) for text in texts)


def _outlook_lines(ending: Ending) -> list[str]:
    """Return what stands in the way of renewing one agreement."""
    if ending.replaced_by or ending.problem:
        return [f"    {ending.remark.in_language(language())}"]
    lines = []
    for finding in ending.findings:
        words = finding.text.in_language(language())
        level = say(f"cli.level.{finding.level}")
        place = ending.source.place_of(finding.path)
        place = f"{say('cli.line')} {place}" if place.isdigit() else place
        lines.append(f"    {level}: {place}, {place_words(finding.path, language())}: {words}")
    lines = lines or [f"    {say('renewals.clear')}"]
    return [*_recredentialing_lines(ending), *lines]


def _recredentialing_lines(ending: Ending) -> list[str]:
    """Return what HFIS knows of the latest year of rekredensialing."""
    row = ending.recredentialing
    if row is None:
        return []
    values = {
        "year": row.year,
        "self": row.self_score or "-",
        "self_day": row.self_date or "-",
        "score": row.result_score or "-",
        "day": row.result_date or "-",
        "status": one_line(row.status or "-"),
        "method": row.method or "-",
    }
    return [f"    {say('renewals.recredentialing', **values)}"]


@click.command("renew")
@click.argument("old", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.",
)
@click.option("--mulai", required=True, type=Day(), help="First day of the new term.")
@click.option("--selesai", required=True, type=Day(), help="Last day of the new term.")
@click.option("--versi", help="Template version; by default the newest in use on that day.")
@click.option("--force", is_flag=True, help="Replace an existing file that differs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def renew_command(
    old: Path,
    output: Path,
    mulai: datetime,
    selesai: datetime,
    versi: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Make next year's data from OLD, a YAML file or a workbook of many facilities.

    Identity, accounts, staff, schedule and network carry over; numbers and the day of signing are
    left for a person to fill. Exit code 50 when a facility of a workbook was not carried over.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import check_output
        from pks_kit.inputs.workbook_names import is_workbook_name
        from pks_kit.pipelines.renew import RenewRequest, renew

        check_output(output, old)
        if is_workbook_name(old):
            from pks_kit.pipelines.workbook_renew import WorkbookRenewRequest

            wanted = WorkbookRenewRequest(
                source=old, mulai=mulai.date(), selesai=selesai.date(), versi=versi
            )
            sys.exit(renew_workbook(wanted, output, force=force, as_json=as_json))
        result = renew(
            RenewRequest(source=old, mulai=mulai.date(), selesai=selesai.date(), versi=versi)
        )
        write_renewed(result.file.content, output, force=force)
        if as_json:
            echo_json(to_json(result) | {"output": str(output)})
        else:
            _print_renewed(result, output)


def _print_renewed(result: RenewResult, output: Path) -> None:
    from pks_kit.cli.findings import print_findings

    echo(say("renew.written", file=output, old=result.versi_lama, new=result.versi_baru))
    echo(say("renew.to_fill"))
    for path, wanted in result.to_fill.items():
        echo(f"  {path}: {wanted}")
    for path, remark in result.remarks.items():
        echo(f"  {path}: {remark}")
    for path in result.removed:
        echo(f"  {path}: {say('renew.removed')}")
    if result.licences:
        echo(say("renew.licences"))
    for one in result.licences:
        kind = say(f"renewals.kind.{one.jenis}")
        echo(f"  {format_day(one.berakhir, language())}  {kind}: {one.nama} {one.nomor}".rstrip())
    _print_changes(result)
    print_findings(finding for finding in result.findings if finding.level != "info")
    echo(say("renew.next", file=shlex.quote(str(output))))


def _print_changes(result: RenewResult) -> None:
    from rich.table import Table

    from pks_kit.pipelines.renew import QUIET_CHANGES

    if result.diff_problem is not None:
        reason = result.diff_problem.text.in_language(language())
        console().print(say("renew.not_compared", reason=reason))
        return
    if not result.changes:
        echo(say("renew.no_changes"))
        return
    table = Table(title=say("renew.changes", count=len(result.changes)))
    for head in ("old", "new", "title", "change"):
        table.add_column(say(f"renew.head.{head}"), overflow="fold")
    for part in result.diff.parts if result.diff else ():
        counts = [
            f"{say(f'renew.change.{kind}')} {count}"
            for kind, count in part.counts.items()
            if count and kind not in QUIET_CHANGES
        ]
        if counts or part.kinds != ("kept",):
            title = part.judul_baru or part.judul_lama or part.jenis.capitalize()
            table.add_row(*cells(part.nomor_lama, part.nomor_baru, title, ", ".join(counts)))
    console(err=False).print(table)
    echo(say("renew.all_changes", old=result.versi_lama, new=result.versi_baru))
