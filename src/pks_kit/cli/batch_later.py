"""``pks-kit batch`` once a plan runs: look, report, take back, try again, take out, make anew."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pks_kit.cli.batch_options import (
    PATH,
    by_option,
    folder_argument,
    json_option,
    keys_argument,
    rehearsal_option,
    settings_option,
)
from pks_kit.cli.batch_place import batch_ledger, fleet_book_of, ledger_of, settings_path
from pks_kit.cli.batch_shown import MOST_ROWS, show_received, show_status, tongue
from pks_kit.cli.day import Day, today
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import closed_memory
from pks_kit.cli.terminal import echo, echo_json, say, visible
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.signing.tools import SigningTools
    from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement


@click.command("status")
@folder_argument
@rehearsal_option
@json_option
def status_command(*, folder: Path, rehearsal: bool, as_json: bool) -> None:
    """Show how far every agreement is; also while a run is at work.

    Exit code 50 while some agreements are not done.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.batch_rows import BatchStatusRequest, batch_status

        with fleet_book_of(folder) as fleet, ledger_of(folder) as ledger:
            result = batch_status(
                BatchStatusRequest(folder=folder, ledger=ledger, rehearsal=rehearsal, fleet=fleet)
            )
        if as_json:
            echo_json(to_json(result))
        else:
            show_status(result)
        sys.exit(result.exit_code)


@click.command("receive")
@folder_argument
@click.argument("scans", nargs=-1, required=True, type=PATH)
@settings_option
@click.option("--deadline", type=Day(), help="The last day that reminders name.")
@click.option(
    "--letter-number",
    default="",
    metavar="NUMBER",
    help="Number of the reminders, {urut} stands for the row; a line to write on.",
)
@click.option(
    "--remind-days",
    type=click.IntRange(0, 365),
    default=3,
    show_default=True,
    help="How many days before the last day reminders begin.",
)
@click.option("--no-reminders", is_flag=True, help="Write no letters.")
@json_option
def receive_command(
    *,
    folder: Path,
    scans: tuple[Path, ...],
    settings: Path | None,
    deadline: datetime | None,
    letter_number: str,
    remind_days: int,
    no_reminders: bool,
    as_json: bool,
) -> None:
    """Sort returned scans by page code, judge them, and write it down.

    SCANS are files or folders; a signed PDF that continues an issued file is taken over. Texts for
    facilities whose file lacks something are written to kirim-balik, letters to those that returned
    nothing to pengingat, as PDF and DOCX. Exit code 50 while some have not come back complete.
    """
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.cli.session import workplace
        from pks_kit.pipelines.batch_receive import BatchReceiveRequest, batch_receive
        from pks_kit.pipelines.batching.folder import BatchFolder

        place = workplace(settings_path(BatchFolder(folder), settings))
        chosen = place.settings.pencabutan or place.settings.arsip
        with place.open_ledger() as ledger, fleet_book_of(folder) as fleet:
            result = batch_receive(
                BatchReceiveRequest(
                    folder=folder,
                    scans=scans,
                    ledger=ledger,
                    sessions=place.session_folder(),
                    fleet=fleet,
                    trust=tuple(place.path(name) for name in chosen.percaya) if chosen else (),
                    deadline=deadline.date() if deadline else None,
                    remind=not no_reminders,
                    remind_days=remind_days,
                    letter_number=letter_number,
                    progress=lambda name: echo(visible(f"{name} ..."), err=True),
                )
            )
        if as_json:
            echo_json(to_json(result))
        else:
            show_received(
                result,
                BatchFolder(folder),
                remind=not no_reminders,
                today=today(),
                review=lambda one: review_command_line(one, scans, place, folder),
            )
        sys.exit(result.exit_code)


@click.command("report")
@folder_argument
@rehearsal_option
@json_option
def report_command(*, folder: Path, rehearsal: bool, as_json: bool) -> None:
    """Write a page and a workbook about every agreement; also while a run is at work.

    Exit code 50 while some agreements are not done.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.batch_report import BatchReportRequest, batch_report
        from pks_kit.pipelines.batching.folder import BatchFolder

        with fleet_book_of(folder) as fleet, ledger_of(folder) as ledger:
            result = batch_report(
                BatchReportRequest(
                    folder=folder,
                    ledger=ledger,
                    rehearsal=rehearsal,
                    fleet=fleet,
                    language=tongue(),
                )
            )
        place = BatchFolder(folder).rehearsal.path if rehearsal else folder
        paths = [one.save(place, replace=True) for one in (result.page, result.workbook)]
        if as_json:
            echo_json(to_json(result) | {"page": str(paths[0]), "workbook": str(paths[1])})
        else:
            for path in paths:
                echo(str(path))
        sys.exit(result.exit_code)


@click.command("retry")
@folder_argument
@keys_argument
@by_option
@settings_option
@rehearsal_option
@json_option
def retry_command(**given: Any) -> None:
    """Let agreements that failed, were refused or parked be tried again.

    KEY is a kunci_faskes, code, name, or number in the plan; none means all of them. What was taken
    out with cancel comes back only when it is named; with settings --oleh says by whom.
    """
    from pks_kit.pipelines import batch_rows

    _change(batch_rows.batch_retry, **given)


@click.command("cancel")
@folder_argument
@keys_argument
@by_option
@settings_option
@rehearsal_option
@json_option
def cancel_command(**given: Any) -> None:
    """Take agreements out of the batch that are not done; what was bought stays bought.

    KEY is a kunci_faskes, code, name, or number in the plan; none means all of them. With settings
    it is written into the ledger, with the name of --oleh, otherwise beside the plan; retry with
    the key takes it back.
    """
    from pks_kit.pipelines import batch_rows

    _change(batch_rows.batch_cancel, **given)


@click.command("rebuild")
@folder_argument
@settings_option
@json_option
def rebuild_command(*, folder: Path, settings: Path | None, as_json: bool) -> None:
    """Make the book of the run anew from plan, ledger and folder."""
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch_rows import BatchRebuildRequest, batch_rebuild
        from pks_kit.pipelines.batching.folder import BatchFolder

        if settings is None and BatchFolder(folder).settings() is None:
            result = batch_rebuild(BatchRebuildRequest(folder=folder))
        else:
            with batch_ledger(folder, settings) as ledger:
                result = batch_rebuild(BatchRebuildRequest(folder=folder, ledger=ledger))
        if as_json:
            echo_json(to_json(result))
        else:
            show_status(result)


def review_command_line(
    one: ReturnedAgreement, scans: Sequence[Path], place: SigningTools, folder: Path | None = None
) -> str:
    """Return the command by which a person looks at what came back of an agreement, and decides.

    Args:
        one: The agreement.
        scans: Files and folders that were given.
        place: Settings of the batch, which name its ledger and the folder of sessions.
        folder: Folder of the batch, where the scans of earlier deliveries lie.
    """
    from pks_kit.pipelines.batching.folder import BatchFolder
    from pks_kit.pipelines.batching.kept_scans import KeptScans

    named = {sheet.file for sheet in one.sheets}
    # a sheet names its file as it lies below a folder that was given, or by its name alone
    inside = [
        (each.relative_to(scan).as_posix() if each != scan else scan.name, each)
        for scan in scans
        for each in (sorted(scan.rglob("*")) if scan.is_dir() else (scan,))
    ]
    kept = KeptScans(BatchFolder(folder).scans) if folder else None
    earlier = {
        name: path
        for name, path in (kept.named(one.agreement_id) if kept else ())
        if name in named and name not in {name for name, _ in inside}
    }
    alone = named - {name for name, _ in inside} - earlier.keys()
    files = [*earlier.values()]  # a later file takes the place of an earlier one
    files += [each for name, each in inside if name in named or each.name in alone]
    ledger = place.settings.buku
    if "://" not in ledger:
        ledger = str(place.path(ledger))
    parts = ["pks-kit", "paper", "review", *map(str, files), "--ledger", ledger]
    parts += ["--sessions", str(place.session_folder()), "--oleh"]
    return f"{shlex.join(parts)} {say('help.metavar.name')}"


def _change(
    act: Callable[[Any], Any],
    *,
    folder: Path,
    keys: tuple[str, ...],
    oleh: str | None,
    settings: Path | None,
    rehearsal: bool,
    as_json: bool,
) -> None:
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch_rows import BatchRowsRequest
        from pks_kit.pipelines.batching.folder import BatchFolder

        known = settings or BatchFolder(folder).settings()
        with ExitStack() as opened:
            ledger = None
            if known is not None and not rehearsal:
                if oleh is None:
                    raise UsageError("batch.no_name")
                ledger = opened.enter_context(batch_ledger(folder, settings))
            fleet = opened.enter_context(fleet_book_of(folder))
            result = act(
                BatchRowsRequest(
                    folder=folder,
                    keys=keys,
                    rehearsal=rehearsal,
                    fleet=fleet,
                    by=oleh or "",
                    ledger=ledger,
                )
            )
        if as_json:
            echo_json(to_json(result))
        else:
            echo(say("batch.changed", count=result.rows))
            for name in result.names[:MOST_ROWS]:
                echo(visible(f"  {name}"))
            if result.still_out:
                echo(say("batch.still_out"), err=True)
            for name in result.still_out[:MOST_ROWS]:
                echo(visible(f"  {name}"), err=True)
