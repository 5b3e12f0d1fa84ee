"""Runs of a batch that can be killed: plan, coordinator, workers, sessions, ledger are the real
ones; pages were made before, the distributor keeps a book in a file, and everything is traced.

One program loads the libraries and forks each run, so that a run costs its rows and little else.
Inside a worker only the guard of files and the drawing of specimens are left out (they have tests
of their own), and minutes of the distributor's rules pass in seconds.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pks_kit.files import NamedFile
from pks_kit.foreign import LooksHere
from pks_kit.json_form import to_json
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines import batch_run as runs
from pks_kit.pipelines import sign_all as session
from pks_kit.pipelines.batching import pool, row, worker, workshop
from pks_kit.pipelines.batching.driver import RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.batching.workshop import ShopOrder, Workshop
from pks_kit.pipelines.drafting.proof_marks import ProofMarks
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.pipelines.signing import one_step
from pks_kit.pipelines.signing.session_request import PartyTools
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.signing.keys import files as key_files
from pks_kit.signing.sandbox import meterai as sandbox_meterai
from pks_kit.signing.sandbox.meterai import SandboxMeterai
from pks_kit.signing.sandbox.specimen import specimen
from support.booked_distributor import BookedDistributor
from support.signing_world import PASSPHRASE

STORY, TRACE, ISSUED, SOLD, BATCH = "cerita.json", "jejak.jsonl", "terbit", "jual.sqlite", "r"
KEYS = "PKS_KIT_TEST_KEYS"
"""Environment variable with the folder of keys: opened before anything is forked."""
FASTER = 200
"""Two minutes of patience with a distributor pass in less than a second."""
_ROW: ContextVar[int] = ContextVar("row")
_OF: list[Story] = []


class Story:
    """What is true for one story, in every process of it.

    Args:
        folder: Where everything of it lies.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = json.loads((folder / STORY).read_text())
        self.seed, self.with_services = int(told["seed"]), bool(told["with_services"])
        self._begun = datetime.fromisoformat(told["begun"])

    def clock(self) -> datetime:
        """Return the time of a day in which minutes pass quickly, the same in all processes."""
        return self._begun + (system_clock() - self._begun) * FASTER

    def tell(self, what: str, **more: object) -> None:
        """Write one line that stands whole, whoever dies after it."""
        trace(self.folder, what, number=_ROW.get(0), pid=os.getpid(), **more)


def trace(folder: Path, what: str, **more: object) -> None:
    """Add a line to the trace of a story."""
    handle = os.open(folder / TRACE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, json.dumps({"what": what, **more}).encode() + b"\n")
    finally:
        os.close(handle)


class _Unguarded(LooksHere):
    notes = ()

    def remark(self, *_notes: object) -> None:
        """What a session would tell besides."""


@functools.cache
def prepare_process() -> None:
    """Change, once, what makes a row dear or its steps invisible, and open the keys."""
    same = specimen("AXCWSRL5JS0HJ15Z000299")
    sandbox_meterai.specimen = lambda _sn: same  # type: ignore[assignment]
    session.LooksInside = _Unguarded  # type: ignore[misc, assignment]
    session.sign_with_key = _traced("sign", one_step.sign_with_key)  # type: ignore[assignment]
    session.stamp = _traced("stamp", one_step.stamp)  # type: ignore[assignment]
    row.prepare = lambda loaded, *_more: loaded  # type: ignore[assignment]
    row._pages = lambda *_given, **_named: (None, None)  # type: ignore[assignment]
    ProofMarks.stands = lambda *_given: True  # type: ignore[method-assign]
    row.issue = _issued_before  # type: ignore[assignment]
    worker.run_row = _traced_row
    workshop.system_clock = lambda: _OF[0].clock()
    SigningTools.tools = _with_a_book(SigningTools.tools)  # type: ignore[method-assign]
    key_files._open_pkcs12 = functools.cache(key_files._open_pkcs12)
    for one in Path(os.environ[KEYS]).glob("*.p12"):
        key_files._open_pkcs12(one.read_bytes(), PASSPHRASE)


def _traced(what: str, act: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
    async def call(situation: Any, *given: Any) -> object:
        _OF[0].tell("step", step=f"{what} {sha256_of(situation.before)[:16]}")
        return await act(situation, *given)

    return call


def _issued_before(loaded: Any, *_given: Any, **_named: Any) -> Any:
    """Return the files that were issued for these data before the stories began."""
    story = _OF[0]
    story.tell("step", step="draft")
    place = story.folder.parent / ISSUED / sha256_of(loaded.source_bytes)
    receipt = next(place.glob("*.receipt.json"))
    pdf = receipt.with_name(receipt.name.removesuffix(".receipt.json") + ".pdf")
    files = {"pdf": pdf, "receipt": receipt}
    return SimpleNamespace(
        files={kind: NamedFile(one.name, one.read_bytes()) for kind, one in files.items()}
    )


def _with_a_book(
    tools: Callable[..., dict[str, PartyTools]],
) -> Callable[..., dict[str, PartyTools]]:
    def booked(signing: SigningTools, *given: Any) -> dict[str, PartyTools]:
        story, found = _OF[0], tools(signing, *given)
        for role, one in found.items():
            assert isinstance(one.meterai, SandboxMeterai)
            book = BookedDistributor(one.meterai, story.folder / SOLD, story.seed, story.tell)
            found[role] = replace(one, meterai=book)
        return found

    return booked


def _traced_row(shop: Workshop, task: RowTask) -> RowOutcome:
    _ROW.set(task.row.number)
    _OF[0].tell("begin", begun=task.begun)
    outcome = row.run_row(shop, task)
    _OF[0].tell("end", state=outcome.state, stage=outcome.stage, code=outcome.code)
    return replace(outcome, wait=outcome.wait / FASTER)


def work(pipe: Connection, order: ShopOrder, slots: int) -> None:
    """Be a worker process of the story that the folder belongs to."""
    prepare_process()
    _OF[:] = [Story(order.folder.parent)]
    worker.work(pipe, order, slots)


def _run(folder: Path, number: int) -> None:
    """Be the coordinator: run what is left of the plan, and write down how it ended."""
    from pks_kit.cli.batch_place import batch_signing

    story = Story(folder)
    _OF[:] = [story]
    pool.work = work
    runs.talks_to_services = lambda _settings: story.with_services
    signing, settings = batch_signing(folder / BATCH, folder / "pengaturan.yml")
    ran = runs.batch_run(
        runs.BatchRunRequest(
            folder=folder / BATCH, until="signed", signing=signing, settings_bytes=settings,
            proves=False, jobs=2, clock=story.clock,
        )
    )  # fmt: skip
    (folder / f"akhir-{number}.json").write_text(json.dumps(to_json(ran)))


def serve() -> None:
    """Fork a run for each line of standard input, tell its process, and wait for its end."""
    prepare_process()
    server = forkserver._forkserver
    server.set_forkserver_preload([*pool._PRELOADED, "support.killed_preload"])
    server.ensure_running()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            # it is another process's child here, and is known to run
            server.ensure_running = lambda: None  # type: ignore[method-assign]
            os.dup2(os.open(os.devnull, os.O_RDWR), 1)
            try:
                _run(Path(order["folder"]), order["number"])
                os._exit(0)
            except BaseException as error:  # noqa: BLE001 - told in the file
                Path(order["folder"], f"akhir-{order['number']}.txt").write_text(repr(error))
                os._exit(1)
        print(pid, flush=True)  # noqa: T201
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def is_signal(code: int) -> bool:
    """Return whether an exit code tells that a process was killed."""
    return code == -signal.SIGKILL


def begun_now(seed: int, *, with_services: bool) -> str:
    """Return the file that tells every process what story it is in."""
    return json.dumps(
        {"seed": seed, "with_services": with_services, "begun": datetime.now(UTC).isoformat()}
    )


def pause(seconds: float) -> None:
    """Let a little time pass, so that a kill comes in the middle of something."""
    time.sleep(seconds)
