"""``pks-kit batch`` on many machines: put a plan into the queue, take agreements out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import click

from pks_kit.cli.batch_options import (
    docx_option,
    folder_argument,
    jobs_option,
    json_option,
    no_cache_option,
    settings_option,
)
from pks_kit.cli.batch_place import asked_to_stop, batch_signing, look_before_signing
from pks_kit.cli.batch_shown import compiling, show_end
from pks_kit.cli.cache import cache_folder
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import closed_memory
from pks_kit.cli.terminal import echo, echo_json, say
from pks_kit.json_form import to_json


@click.command("enqueue")
@folder_argument
@settings_option
@click.option(
    "--until",
    type=click.Choice(["drafted", "signed", "verified"]),
    default="verified",
    show_default=True,
    help="How far to bring each agreement.",
)
@json_option
def enqueue_command(*, folder: Path, settings: Path | None, until: str, as_json: bool) -> None:
    """Put every unfinished agreement of the plan in FOLDER into the queue of all machines.

    The ledger says what is finished, whatever the queue believes. Needs a PostgreSQL ledger.
    """
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch_fleet import BatchEnqueueRequest, FleetStage, batch_enqueue
        from pks_kit.pipelines.batching.advice import quoted
        from pks_kit.pipelines.batching.folder import BatchFolder

        if until != "drafted":
            look_before_signing(folder, settings, by_many=True)
        signing, settings_bytes = batch_signing(folder, settings)
        result = batch_enqueue(
            BatchEnqueueRequest(
                folder=folder,
                signing=signing,
                settings_bytes=settings_bytes,
                until=next(one for one in get_args(FleetStage) if one == until),
            )
        )
        BatchFolder(folder).share(settings)
        if as_json:
            echo_json(to_json(result))
        else:
            echo(say("batch.enqueued", rows=result.rows, done=result.done, folder=quoted(folder)))


@click.command("worker")
@folder_argument
@settings_option
@jobs_option
@docx_option
@click.option(
    "--stalled",
    type=click.IntRange(5, 60 * 60),
    default=30,
    show_default=True,
    help="Seconds after which another machine that says nothing is taken for dead.",
)
@no_cache_option
@json_option
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
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.pipelines.batch_fleet import BatchWorkerRequest, batch_worker

        signing, settings_bytes = batch_signing(folder, settings)
        with asked_to_stop() as stopping:  # from here on: at a prompt Ctrl-C ends the command
            result = batch_worker(
                BatchWorkerRequest(
                    folder=folder,
                    signing=signing,
                    settings_bytes=settings_bytes,
                    jobs=jobs,
                    compiled=None if no_cache else cache_folder(),
                    formats=("pdf", "docx") if docx else ("pdf",),
                    stalled=float(stalled),
                    compiling=compiling(),
                    stopping=stopping,
                )
            )
        if as_json:
            echo_json(to_json(result))
        else:
            show_end(result)
        sys.exit(result.exit_code)
