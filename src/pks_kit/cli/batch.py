"""``pks-kit batch``: plan many agreements, have the plan approved, run it, stop, go on."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from pks_kit.cli.batch_fleet import enqueue_command, worker_command
from pks_kit.cli.batch_later import (
    cancel_command,
    rebuild_command,
    receive_command,
    report_command,
    retry_command,
    status_command,
)
from pks_kit.cli.batch_options import (
    PATH,
    docx_option,
    folder_argument,
    jobs_option,
    json_option,
    no_cache_option,
    sample_option,
    settings_option,
)
from pks_kit.cli.batch_place import (
    asked_to_stop,
    batch_ledger,
    batch_signing,
    ledger_to_look,
    look_before_signing,
)
from pks_kit.cli.batch_shown import (
    ProgressLine,
    compiling,
    counting,
    show_end,
    show_next,
    tell_days,
    tongue,
)
from pks_kit.cli.cache import cache_folder
from pks_kit.cli.day import Day, today
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import closed_memory
from pks_kit.cli.terminal import echo, echo_json, say, visible
from pks_kit.domain.tanggal import refuse_past
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json


@click.group("batch")
def batch_group() -> None:
    """Many agreements: plan, approve, run; stopped at any moment, the same command goes on."""


@batch_group.command("plan")
@click.argument("sources", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", "folder", type=PATH, required=True, metavar="FOLDER",
              help="Folder of the batch.")  # fmt: skip
@click.option("--oleh", required=True, metavar="NAME", help="Who plans; somebody else approves.")
@settings_option
@click.option(
    "--earlier", multiple=True, type=PATH, metavar="FILE", help="Data of last year; repeatable."
)
@click.option("--as-of", type=Day(), help="Date of the rules; the start of each term.")
@sample_option
@json_option
def plan_command(
    *,
    sources: tuple[Path, ...],
    folder: Path,
    oleh: str,
    settings: Path | None,
    earlier: tuple[Path, ...],
    as_of: datetime | None,
    sample: int,
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
        from pks_kit.pipelines.batching.advice import quoted
        from pks_kit.pipelines.batching.folder import BatchFolder

        with ledger_to_look(settings) as ledger:
            result = batch_plan(
                BatchPlanRequest(
                    sources=sources,
                    folder=folder,
                    by=oleh,
                    earlier=earlier,
                    settings=load_settings(settings) if settings else None,
                    settings_bytes=read_limited(settings, MAXIMUM_BYTES) if settings else None,
                    as_of=as_of.date() if as_of else None,
                    sample=sample,
                    language=tongue(),
                    compiled=cache_folder(),
                    progress=counting("batch.checking"),
                    ledger=ledger,
                )
            )
        BatchFolder(folder).save_places(settings)
        if as_json:
            echo_json(to_json(result))
        else:
            left = result.rows - result.ready
            echo(say("batch.planned.rows", rows=result.rows, ready=result.ready, left=left))
            echo(say("batch.planned.meterai", meterai=result.meterai))
            if result.exceptions or result.unread:
                echo(say("batch.planned.look", count=result.exceptions, files=result.unread))
            tell_days(result.signing_days, err=False)
            echo(result.preview)
            step = "mend" if not result.ready else "approve" if settings else "draft"
            echo(say(f"batch.planned.next.{step}", plan=result.plan[:16], folder=quoted(folder)))
        sys.exit(result.exit_code)


@batch_group.command("preview")
@folder_argument
@settings_option
@sample_option
@json_option
def preview_command(*, folder: Path, settings: Path | None, sample: int, as_json: bool) -> None:
    """Write the preview of the plan in FOLDER again."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.inputs.settings_file import load_settings
        from pks_kit.pipelines.batch_preview import BatchPreviewRequest, batch_preview
        from pks_kit.pipelines.batching.folder import BatchFolder

        known = settings or BatchFolder(folder).settings()
        result = batch_preview(
            BatchPreviewRequest(
                folder=folder,
                sample=sample,
                language=tongue(),
                settings=load_settings(known) if known else None,
                compiled=cache_folder(),
            )
        )
        if as_json:
            echo_json(to_json(result))
        else:
            echo(str(folder / result.preview))
            echo(str(folder / result.workbook))
        sys.exit(result.exit_code)


@batch_group.command("approve")
@folder_argument
@click.option("--oleh", required=True, metavar="NAME", help="Who approves.")
@settings_option
@click.option(
    "--except",
    "leave_out",
    multiple=True,
    metavar="KEY",
    help="An agreement that is not approved; repeatable.",
)
@click.option(
    "--looked-at",
    multiple=True,
    metavar="NAME",
    help="An agreement that was looked at; repeatable.",
)
@json_option
def approve_command(
    *,
    folder: Path,
    oleh: str,
    settings: Path | None,
    leave_out: tuple[str, ...],
    looked_at: tuple[str, ...],
    as_json: bool,
) -> None:
    """Approve the plan in FOLDER: an event of the ledger, bound to the hash of the plan."""
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch import BatchApproveRequest, batch_approve
        from pks_kit.pipelines.batching.advice import quoted

        with batch_ledger(folder, settings, "batch.drafts_only") as ledger:
            result = batch_approve(
                BatchApproveRequest(
                    folder=folder,
                    by=oleh,
                    ledger=ledger,
                    leave_out=leave_out,
                    looked_at=looked_at,
                )
            )
        if as_json:
            echo_json(to_json(result))
        else:
            echo(say("batch.approved", plan=result.plan[:16], name=result.by, rows=result.rows))
            echo(say("batch.approved.next", folder=quoted(folder)))


@batch_group.command("reject")
@folder_argument
@click.option("--oleh", required=True, metavar="NAME", help="Who rejects.")
@click.option("--alasan", required=True, metavar="TEXT", help="Why, for whoever planned.")
@settings_option
@json_option
def reject_command(
    *, folder: Path, oleh: str, alasan: str, settings: Path | None, as_json: bool
) -> None:
    """Reject the plan in FOLDER: an event of the ledger; earlier approvals end with it."""
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch import BatchRejectRequest, batch_reject

        with batch_ledger(folder, settings, "batch.drafts_only") as ledger:
            result = batch_reject(
                BatchRejectRequest(folder=folder, by=oleh, reason=alasan, ledger=ledger)
            )
        if as_json:
            echo_json(to_json(result))
        else:
            echo(visible(say("batch.rejected_now", plan=result.plan[:16], name=result.by)))


@batch_group.command("run")
@folder_argument
@settings_option
@click.option(
    "--rehearsal", is_flag=True, help="Rehearse: test keys and specimens for both parties."
)
@click.option(
    "--until",
    type=click.Choice(["drafted", "signed", "verified", "sent"]),
    default="verified",
    show_default=True,
    help="How far to bring each agreement.",
)
@jobs_option
@click.option("--deadline", type=Day(), help="Last day for the other party; needed to send.")
@docx_option
@click.option(
    "--patience",
    type=click.IntRange(0, 1440),
    default=60,
    show_default=True,
    help="Minutes to wait for a service that does not come back.",
)
@no_cache_option
@json_option
def run_command(
    *,
    folder: Path,
    settings: Path | None,
    rehearsal: bool,
    until: str,
    jobs: int | None,
    deadline: datetime | None,
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
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run
        from pks_kit.pipelines.batching.folder import BatchFolder
        from pks_kit.pipelines.batching.last_days import refuse_after_terms
        from pks_kit.pipelines.batching.workshop import STAGES

        # whatever can be told without a secret is told before anybody is asked for one
        if until == "sent" and deadline is None:
            raise UsageError("batch.no_deadline")
        refuse_past(deadline.date() if deadline else None, today())
        if deadline is not None:
            planned = BatchFolder(folder).plan().plan.ready()
            refuse_after_terms(deadline.date(), planned, today())
        signing, settings_bytes = None, None
        if not rehearsal and until != "drafted":
            look_before_signing(folder, settings)
            signing, settings_bytes = batch_signing(folder, settings)
        tell = ProgressLine()
        with asked_to_stop() as stopping:  # from here on: at a prompt Ctrl-C ends the command
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
                    deadline=deadline.date() if deadline else None,
                    patience=patience * 60.0,
                    progress=tell,
                    compiling=compiling(),
                    stopping=stopping,
                )
            )
        tell.end()
        if as_json:
            echo_json(to_json(result))
        else:
            show_end(result)
            show_next(result, folder, until)
        sys.exit(result.exit_code)


for _later in (
    status_command,
    receive_command,
    report_command,
    retry_command,
    cancel_command,
    rebuild_command,
    enqueue_command,
    worker_command,
):
    batch_group.add_command(_later)
