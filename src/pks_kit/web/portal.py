"""The portal: settings, state, store, workers and jobs of one server, opened by its lifespan."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from pks_kit.domain.secret import Secret
from pks_kit.errors import InputError, InputProblemsError, PksKitError, UsageError
from pks_kit.files import make_folder, read_limited
from pks_kit.inputs.settings_file import MAXIMUM_BYTES, parse_settings
from pks_kit.limits import MIB
from pks_kit.messages.os_reason import told_by_system
from pks_kit.pipelines.batching.workshop import WithSettings
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.settings.asked import asked_names
from pks_kit.settings.model import SigningSettings
from pks_kit.settings.portal import PortalSettings
from pks_kit.verification.isolation.kernel.own_memory import holding_secrets
from pks_kit.web.beside import LoopBeside
from pks_kit.web.counted import KeptCounts
from pks_kit.web.feed import FEED_SECONDS, LedgerFeed
from pks_kit.web.housekeeping import SWEEP_SECONDS, Housekeeper
from pks_kit.web.jobs import JobRunner
from pks_kit.web.kept import KeptAnswers
from pks_kit.web.metrics import Metrics
from pks_kit.web.pool import WorkerGoneError, WorkerPool, start_fork_server
from pks_kit.web.problem_error import ToldError
from pks_kit.web.scope import Area, Person, Reach
from pks_kit.web.settled import settle, unsettle
from pks_kit.web.state import access
from pks_kit.web.state.database import CONNECTIONS, State, open_state
from pks_kit.web.state.writer import GroupWriter
from pks_kit.web.store import Blobs, blobs_in
from pks_kit.web.webhooks import DELIVER_SECONDS, Deliverer
from pks_kit.web.work.areas import area_of
from pks_kit.web.work.task import Done, ShopOrder, Task

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")
_UPLOADS_AT_ONCE = 64
_KEPT_BYTES = 48 * MIB
"""How much may be kept of what was told of files; a picture takes about a seventh of a MiB."""

_KEPT_COUNTS = 400
"""How many counts may be kept, a few numbers each: those of about a hundred reaches."""


class Portal:
    """One portal; open while its ``lifespan`` runs.

    Args:
        settings: Settings of signing, with a part ``portal``.
        base: Folder that relative paths in them start from.
        secret: Returns the secret that a place names.
        settings_bytes: The settings as they stand in their file; a batch is planned for them.
        compiled: Folder with compiled templates when the settings name none.
        warms: Whether its processes load what people will need while nobody asks.
        clock: Gives the present time.

    Attributes:
        signing: The settings of signing.
        settings: The settings of the portal.
        folder: Where its files and its state are.
        metrics: Its figures.
        is_open: Whether its ``lifespan`` runs.
        kept: What was told of files that never change.
        counted: What was counted of agreements, until one of them changes.
        looking_ahead: Held by what a page does not wait for to the end, so that whoever fills in a
            form meanwhile waits for one such task and not for all of them.
    """

    state: State
    blobs: Blobs
    pool: WorkerPool
    jobs: JobRunner
    feed: LedgerFeed
    _asking: ThreadPoolExecutor
    _writer: GroupWriter | None

    def __init__(
        self,
        settings: SigningSettings,
        base: Path,
        *,
        secret: Callable[[str, str], Secret],
        settings_bytes: bytes = b"",
        compiled: Path | None = None,
        warms: bool = True,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        self.signing = settings
        self.settings = settings.portal or PortalSettings()
        self.folder = base / self.settings.folder
        self.metrics = Metrics()
        self.is_open = False
        self.kept = KeptAnswers(_KEPT_BYTES)
        self.counted = KeptCounts(_KEPT_COUNTS)
        self.now = clock
        self.looking_ahead = asyncio.Semaphore(self.settings.proses)
        self.uploading = asyncio.Semaphore(_UPLOADS_AT_ONCE)
        self.secret = secret
        self._base = base
        self._settings_bytes = settings_bytes
        self._compiled = compiled
        self._warms = warms

    @classmethod
    def from_settings(
        cls,
        path: str | Path,
        *,
        secret: Callable[[str, str], Secret] | None = None,
        compiled: Path | None = None,
        warms: bool = True,
    ) -> Portal:
        """Return the portal of a settings file; nothing is opened yet.

        Args:
            path: The settings file.
            secret: Returns the secret that a place (``env:NAME``, ``fd:N``) names; None reads the
                environment and open descriptors.
            compiled: Folder with compiled templates when the settings name none.
            warms: Whether its processes load what people will need while nobody asks: some seconds
                of a processor for each, of no use to a test.

        Raises:
            InputError: The settings are missing or wrong.
        """
        file = Path(path)
        content = read_limited(file, MAXIMUM_BYTES)
        try:
            settings = parse_settings(content, file.name)
        except InputProblemsError as error:
            # an application that does not start shows the error alone
            for one in error.problems:
                error.add_note(f"{file.name}:{one.line or 1}: {one.path}: {one.text.en}")
            raise
        return cls(
            settings,
            file.absolute().parent,
            secret=secret or server_secret,
            settings_bytes=content,
            compiled=compiled,
            warms=warms,
        )

    @asynccontextmanager
    async def lifespan(self, _app: object = None) -> AsyncIterator[None]:
        """Open everything, take up the jobs that were left, and close everything at the end.

        Raises:
            PksKitError: A secret, a key, the ledger or the state cannot be opened.
        """
        start_fork_server()
        async with AsyncExitStack() as stack:
            stack.enter_context(holding_secrets())
            tools = SigningTools(
                settings=self.signing, base=self._base, secret=self.secret, clock=self.now
            )
            # what only a person knows is asked for at the page, when it is needed
            served = [one for one in self.signing.pihak if not asked_names(self.signing, (one,))]
            secrets = await asyncio.to_thread(tools.gathered, served)
            await asyncio.to_thread(_made_private, self.folder)
            self.state = await asyncio.to_thread(open_state, self.folder, tools.ledger_address())
            stack.callback(self.state.close)
            # of its own: whoever reads waits for no file that comes in
            self._asking = stack.enter_context(ThreadPoolExecutor(CONNECTIONS, "pks-tanya"))
            self._writer = GroupWriter(self.state) if self.state.is_file else None
            if self._writer is not None:
                stack.callback(self._writer.close)
            self.blobs = blobs_in(self.folder, tools.sessions())
            kept = self.settings.kompilasi
            order = ShopOrder(
                signing=WithSettings(settings=self.signing, base=self._base, secrets=secrets),
                folder=self.folder,
                compiled=self._base / kept if kept else self._compiled,
                settings_bytes=self._settings_bytes,
            )
            self.pool = WorkerPool(order, self.settings.proses)
            await self.pool.start()
            stack.push_async_callback(asyncio.to_thread, self.pool.close)
            if self._warms:
                await stack.enter_async_context(self.pool.warming())
            self.jobs = JobRunner(self)
            ledger = await asyncio.to_thread(tools.open_ledger)
            stack.callback(ledger.close)
            self.feed = LedgerFeed(self, ledger)
            # where it begins is written down before anything here can add to the ledger
            await self.feed.once()
            for beside in (
                LoopBeside(self.feed.once, FEED_SECONDS),
                LoopBeside(Deliverer(self).once, DELIVER_SECONDS),
                LoopBeside(Housekeeper(self).once, SWEEP_SECONDS),
            ):
                await stack.enter_async_context(beside.running())
            await stack.enter_async_context(self.jobs.running())
            await asyncio.to_thread(settle, ahead=self._warms)
            stack.callback(unsettle)
            self.is_open = True
            stack.callback(setattr, self, "is_open", False)
            yield

    async def read(
        self,
        question: Callable[Concatenate[Connection, _Given], _Answer],
        *given: _Given.args,
        **named: _Given.kwargs,
    ) -> _Answer:
        """Ask the state something in a transaction that only reads, beside the event loop.

        Raises:
            LedgerError: ``web.state_unavailable``.
        """

        def asked() -> _Answer:
            with self.state.read() as connection:
                return question(connection, *given, **named)

        return await asyncio.get_running_loop().run_in_executor(self._asking, asked)

    async def write(
        self,
        change: Callable[Concatenate[Connection, _Given], _Answer],
        *given: _Given.args,
        **named: _Given.kwargs,
    ) -> _Answer:
        """Change the state, all of it or nothing, beside the event loop.

        Raises:
            LedgerError: ``web.state_unavailable``.
        """

        def changed(connection: Connection) -> _Answer:
            return change(connection, *given, **named)

        if self._writer is not None:
            return await self._writer.write(changed)

        def alone() -> _Answer:
            with self.state.write() as connection:
                return changed(connection)

        return await asyncio.get_running_loop().run_in_executor(self._asking, alone)

    async def ask(
        self,
        kind: str,
        isi: dict[str, Any],
        *,
        written: bool = False,
        secrets: Mapping[tuple[str, str], Secret] | None = None,
    ) -> Done:
        """Let a worker do something whose answer somebody waits for.

        Args:
            kind: What.
            isi: With what.
            written: Whether the result comes as the bytes of an answer.
            secrets: What a person gave for this alone.

        Raises:
            ToldError: What went wrong there.
            PksKitError: ``web.worker_gone``.
        """
        try:
            task = Task(kind=kind, isi=isi, written=written, secrets=secrets or {})
            done = await self.pool.run(task)
        except WorkerGoneError:
            raise PksKitError("web.worker_gone") from None
        if done.masalah is not None:
            raise ToldError(done.masalah)
        return done

    async def record_access(self, person: Person, tindakan: str, sasaran: str, status: int) -> None:
        """Write down who saw or did what.

        Raises:
            LedgerError: ``web.state_unavailable``.
        """
        await self.write(
            access.add,
            subjek=person.subject,
            nama=person.name,
            tindakan=tindakan,
            sasaran=sasaran,
            status=status,
            now=self.now(),
        )

    def area_of(self, facts: dict[str, Any]) -> Area:
        """Return whose an agreement is, by its facility and the town of its branch."""
        return area_of(self.settings, facts)

    def home_of(self, reach: Reach) -> Area:
        """Return the area of what somebody makes that belongs to no agreement yet."""
        faskes, cabang, kedeputian = (
            next(iter(reach.codes(role)), "") for role in ("faskes", "cabang", "kedeputian")
        )
        branch = self.settings.cabang.get(cabang)
        return Area(
            faskes=faskes,
            cabang=cabang,
            kedeputian=branch.kedeputian if branch else kedeputian,
        )


def server_secret(origin: str, name: str) -> Secret:
    """Return a secret that settings name; a server can ask nobody.

    Raises:
        UsageError: ``web.no_secret``.
    """
    kind, _, place = origin.partition(":")
    if kind == "env" and place in os.environ:
        return Secret(os.environ[place])
    if kind == "fd":
        try:
            with os.fdopen(int(place), "rb") as stream:
                return Secret(os.fsdecode(stream.read(4096).rstrip(b"\r\n")))
        except OSError:
            pass
    raise UsageError("web.no_secret", name=name, source=origin)


def _made_private(folder: Path) -> None:
    try:
        make_folder(folder, private=True)
    except OSError as error:
        raise InputError("file.unwritable", file=str(folder), **told_by_system(error)) from error
