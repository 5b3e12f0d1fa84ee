"""``pks-kit batch``: plan many agreements, have the plan approved, run it, stop, go on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pks_kit.cli.batch_place import asked_to_stop, fleet_book_of, ledger_of, signing_of
from pks_kit.cli.batch_shown import MOST_ROWS, ProgressLine, counting, show_status
from pks_kit.cli.cache import cache_folder
from pks_kit.cli.day import Day
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import closed_memory
from pks_kit.cli.terminal import echo, echo_json, language, say, visible
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    pass

_PATH = click.Path(path_type=Path)

_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
_folder = click.argument("folder", type=_PATH, metavar="FOLDER")
_settings = click.option(
    "--settings", type=_PATH, metavar="PENGATURAN.yml", help="Settings of signing (YAML)."
)
_rehearsal = click.option(
    "--rehearsal", is_flag=True, help="The rehearsal with test keys is meant."
)
_keys = click.argument("keys", nargs=-1, metavar="KEY")


@click.group("batch")
def batch_group() -> None:
    """Many agreements: plan, approve, run; stopped at any moment, the same command goes on."""


@batch_group.command("plan")
@click.argument("sources", nargs=-1, required=True, type=_PATH)
@click.option("-o", "--output", "folder", type=_PATH, required=True, help="Folder of the batch.")
@click.option("--oleh", required=True, metavar="NAME", help="Who plans; somebody else approves.")
@_settings
@click.option(
    "--earlier", multiple=True, type=_PATH, metavar="FILE", help="Data of last year; repeatable."
)
@click.option("--as-of", type=Day(), help="Date of the rules; the start of each term.")
@_json
def plan_command(
    *,
    sources: tuple[Path, ...],
    folder: Path,
    oleh: str,
    settings: Path | None,
    earlier: tuple[Path, ...],
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Check all agreements of SOURCES and write a plan that never changes.

    SOURCES are YAML files and XLSX workbooks. Without --settings nothing will be signed. Exit code
    50 when some agreements cannot be drafted; they are named in the preview.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import read_limited
        from pks_kit.inputs.settings_file import MAXIMUM_BYTES, load_settings
        from pks_kit.pipelines.batch import BatchPlanRequest, batch_plan
        from pks_kit.pipelines.batching.folder import BatchFolder

        result = batch_plan(
            BatchPlanRequest(
                sources=sources,
                folder=folder,
                by=oleh,
                earlier=earlier,
                settings=load_settings(settings) if settings else None,
                settings_bytes=read_limited(settings, MAXIMUM_BYTES) if settings else None,
                as_of=as_of.date() if as_of else None,
                progress=counting("batch.checking"),
            )
        )
        BatchFolder(folder).save_places(settings)
        if as_json:
            echo_json(to_json(result))
        else:
            echo(say("batch.planned.rows", rows=result.rows, ready=result.ready))
            echo(say("batch.planned.meterai", meterai=result.meterai))
            if result.exceptions or result.unread:
                echo(say("batch.planned.look", count=result.exceptions, files=result.unread))
            echo(say("batch.planned.next", plan=result.plan[:16], folder=folder))
        sys.exit(result.exit_code)


@batch_group.command("approve")
@_folder
@click.option("--oleh", required=True, metavar="NAME", help="Who approves.")
@_settings
@click.option(
    "--looked-at",
    multiple=True,
    metavar="NAME",
    help="An agreement that was looked at; repeatable.",
)
@_json
def approve_command(
    *,
    folder: Path,
    oleh: str,
    settings: Path | None,
    looked_at: tuple[str, ...],
    as_json: bool,
) -> None:
    """Approve the plan in FOLDER: an event of the ledger, bound to the hash of the plan."""
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch import BatchApproveRequest, batch_approve

        with ledger_of(folder, settings) as ledger:
            result = batch_approve(
                BatchApproveRequest(folder=folder, by=oleh, ledger=ledger, looked_at=looked_at)
            )
        if as_json:
            echo_json(to_json(result))
        else:
            echo(say("batch.approved", plan=result.plan[:16], name=result.by, rows=result.rows))


@batch_group.command("run")
@_folder
@_settings
@click.option(
    "--rehearsal", is_flag=True, help="Rehearse: test keys and specimens for both parties."
)
@click.option(
    "--until",
    type=click.Choice(["drafted", "signed", "verified"]),
    default="verified",
    show_default=True,
    help="How far to bring each agreement.",
)
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; one for each processor.")
@click.option("--docx", is_flag=True, help="Also write DOCX.")
@click.option(
    "--patience",
    type=click.IntRange(0, 1440),
    default=60,
    show_default=True,
    help="Minutes to wait for a service that does not come back.",
)
@click.option("--no-cache", is_flag=True, help="Read nothing that was compiled.")
@_json
def run_command(
    *,
    folder: Path,
    settings: Path | None,
    rehearsal: bool,
    until: str,
    jobs: int | None,
    docx: bool,
    patience: int,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Bring every agreement of the plan in FOLDER as far as wanted.

    Ctrl-C finishes what is being done and stops; a second Ctrl-C stops at once. However it ended,
    the same command goes on. Exit code 50 while some agreements are not done, 20 when the run had
    to stop.
    """
    with errors_to_exit(as_json=as_json), closed_memory(), asked_to_stop() as stopping:
        from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run
        from pks_kit.pipelines.batching.workshop import STAGES

        signing, settings_bytes = None, None
        if not rehearsal and until != "drafted":
            signing, settings_bytes = signing_of(folder, settings)
        tell = ProgressLine()
        result = batch_run(
            BatchRunRequest(
                folder=folder,
                until=next(one for one in STAGES if one == until),
                signing=signing,
                settings_bytes=settings_bytes,
                rehearse=rehearsal,
                jobs=jobs,
                compiled=None if no_cache else cache_folder(),
                formats=("pdf", "docx") if docx else ("pdf",),
                patience=patience * 60.0,
                progress=tell,
                stopping=stopping,
            )
        )
        tell.end()
        if as_json:
            echo_json(to_json(result))
        else:
            show_status(result.status)
            if result.code:
                echo(result.reason.in_language(language()), err=True)
                echo(result.advice.in_language(language()), err=True)
        sys.exit(result.exit_code)


@batch_group.command("status")
@_folder
@_rehearsal
@_json
def status_command(*, folder: Path, rehearsal: bool, as_json: bool) -> None:
    """Show how far every agreement is; also while a run is at work.

    Exit code 50 while some agreements are not done.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.batch_rows import BatchStatusRequest, batch_status

        with fleet_book_of(folder) as fleet:
            result = batch_status(
                BatchStatusRequest(folder=folder, rehearsal=rehearsal, fleet=fleet)
            )
        if as_json:
            echo_json(to_json(result))
        else:
            show_status(result)
        sys.exit(result.exit_code)


@batch_group.command("retry")
@_folder
@_keys
@_rehearsal
@_json
def retry_command(*, folder: Path, keys: tuple[str, ...], rehearsal: bool, as_json: bool) -> None:
    """Let agreements that failed, were refused, parked or cancelled be tried again.

    KEY is a kunci_faskes, code, name, or number in the plan; none means all of them.
    """
    from pks_kit.pipelines import batch_rows

    _change(batch_rows.batch_retry, folder, keys, rehearsal=rehearsal, as_json=as_json)


@batch_group.command("cancel")
@_folder
@_keys
@_rehearsal
@_json
def cancel_command(*, folder: Path, keys: tuple[str, ...], rehearsal: bool, as_json: bool) -> None:
    """Take agreements out of the batch that are not done; what was bought stays bought.

    KEY is a kunci_faskes, code, name, or number in the plan; none means all of them.
    """
    from pks_kit.pipelines import batch_rows

    _change(batch_rows.batch_cancel, folder, keys, rehearsal=rehearsal, as_json=as_json)


@batch_group.command("rebuild")
@_folder
@_settings
@_json
def rebuild_command(*, folder: Path, settings: Path | None, as_json: bool) -> None:
    """Make the book of the run anew from plan, ledger and folder."""
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch_rows import BatchRebuildRequest, batch_rebuild
        from pks_kit.pipelines.batching.folder import BatchFolder

        if settings is None and BatchFolder(folder).settings() is None:
            result = batch_rebuild(BatchRebuildRequest(folder=folder))
        else:
            with ledger_of(folder, settings) as ledger:
                result = batch_rebuild(BatchRebuildRequest(folder=folder, ledger=ledger))
        if as_json:
            echo_json(to_json(result))
        else:
            show_status(result)


def _change(
    act: Callable[[Any], Any],
    folder: Path,
    keys: tuple[str, ...],
    *,
    rehearsal: bool,
    as_json: bool,
) -> None:
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.batch_rows import BatchRowsRequest

        with fleet_book_of(folder) as fleet:
            result = act(
                BatchRowsRequest(folder=folder, keys=keys, rehearsal=rehearsal, fleet=fleet)
            )
        if as_json:
            echo_json(to_json(result))
        else:
            echo(say("batch.changed", count=result.rows))
            for name in result.names[:MOST_ROWS]:
                echo(visible(f"  {name}"))


@batch_group.command("enqueue")
@_folder
@_settings
@click.option(
    "--until",
    type=click.Choice(["drafted", "signed", "verified"]),
    default="verified",
    show_default=True,
    help="How far to bring each agreement.",
)
@_json
def enqueue_command(*, folder: Path, settings: Path | None, until: str, as_json: bool) -> None:
    """Put every unfinished agreement of the plan in FOLDER into the queue of all machines.

    The ledger says what is finished, whatever the queue believes. Needs a PostgreSQL ledger.
    """
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch_fleet import BatchEnqueueRequest, batch_enqueue
        from pks_kit.pipelines.batching.folder import BatchFolder
        from pks_kit.pipelines.batching.workshop import STAGES

        signing, settings_bytes = signing_of(folder, settings)
        result = batch_enqueue(
            BatchEnqueueRequest(
                folder=folder,
                signing=signing,
                settings_bytes=settings_bytes,
                until=next(one for one in STAGES if one == until),
            )
        )
        BatchFolder(folder).share(settings)
        if as_json:
            echo_json(to_json(result))
        else:
            echo(say("batch.enqueued", rows=result.rows, done=result.done, folder=folder))


@batch_group.command("worker")
@_folder
@_settings
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes; one for each processor.")
@click.option("--docx", is_flag=True, help="Also write DOCX.")
@click.option(
    "--stalled",
    type=click.IntRange(5, 3600),
    default=30,
    show_default=True,
    help="Seconds after which another machine that says nothing is taken for dead.",
)
@click.option("--no-cache", is_flag=True, help="Read nothing that was compiled.")
@_json
def worker_command(
    *,
    folder: Path,
    settings: Path | None,
    jobs: int | None,
    docx: bool,
    stalled: int,
    no_cache: bool,
    as_json: bool,
) -> None:
    """Take agreements from the queue on this machine until none is left.

    Run it on every machine; all see the same FOLDER. Ctrl-C finishes what is being done and stops.
    Exit code 50 while some agreements are not done, 20 when the plan was stopped.
    """
    with errors_to_exit(as_json=as_json), closed_memory(), asked_to_stop() as stopping:
        from pks_kit.pipelines.batch_fleet import BatchWorkerRequest, batch_worker

        signing, settings_bytes = signing_of(folder, settings)
        result = batch_worker(
            BatchWorkerRequest(
                folder=folder,
                signing=signing,
                settings_bytes=settings_bytes,
                jobs=jobs,
                compiled=None if no_cache else cache_folder(),
                formats=("pdf", "docx") if docx else ("pdf",),
                stalled=float(stalled),
                stopping=stopping,
            )
        )
        if as_json:
            echo_json(to_json(result))
        else:
            show_status(result.status)
            if result.code:
                echo(result.reason.in_language(language()), err=True)
                echo(result.advice.in_language(language()), err=True)
        sys.exit(result.exit_code)
