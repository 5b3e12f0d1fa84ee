"""Where a batch finds its settings, ledger and keys; and how it is asked to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.cli.terminal import echo, say
from pks_kit.errors import LedgerError, PksKitError, UsageError

if TYPE_CHECKING:
    from pks_kit.ledger.sql_ledger import SqlLedger
    from pks_kit.pipelines.batching.folder import BatchFolder
    from pks_kit.pipelines.batching.workshop import WithSettings
    from pks_kit.pipelines.fleet.book import FleetBook


def settings_path(
    folder: BatchFolder, given: Path | None, lacking: str = "batch.no_ledger"
) -> Path:
    """Return the settings that were given, or those of the plan.

    Args:
        folder: Folder of the batch.
        given: Settings that were named.
        lacking: What is said when there are none.

    Raises:
        UsageError: ``batch.no_ledger``, or what ``lacking`` says; ``batch.no_plan``.
    """
    path = given or folder.settings()
    if path is None:
        folder.plan()  # where no plan stands, settings are not what is lacking
        raise UsageError(lacking)
    return path


@contextmanager
def batch_ledger(
    folder: Path, settings: Path | None, lacking: str = "batch.no_ledger"
) -> Iterator[SqlLedger]:
    """Open the ledger of a batch; ``lacking`` is said when no settings name it."""
    from pks_kit.cli.session import workplace
    from pks_kit.pipelines.batching.folder import BatchFolder

    with workplace(settings_path(BatchFolder(folder), settings, lacking)).open_ledger() as ledger:
        yield ledger


@contextmanager
def ledger_to_look(settings: Path | None) -> Iterator[SqlLedger | None]:
    """Open a ledger to look what was decided or done; None where that asks or is impossible.

    How far a batch is can be told without it, also from a copy on another machine.

    Args:
        settings: Settings that name it; None: there are none.
    """
    found = None
    with suppress(PksKitError):
        found = None if settings is None else _unasked(settings)
    try:
        yield found
    finally:
        if found is not None:
            found.close()


def _unasked(settings: Path) -> SqlLedger | None:
    """Return the ledger of some settings; None where somebody would be asked for its password."""
    from pks_kit.cli.session import workplace

    tools = workplace(settings)
    if not (tools.settings.kata_sandi_buku or "env:").startswith("env:"):
        return None
    return tools.open_ledger(create=False)


@contextmanager
def ledger_of(folder: Path) -> Iterator[SqlLedger | None]:
    """Open the ledger of a batch to look; None where that asks or is impossible."""
    from pks_kit.pipelines.batching.folder import BatchFolder

    with ledger_to_look(BatchFolder(folder).settings()) as ledger:
        yield ledger


def look_before_signing(folder: Path, given: Path | None, *, by_many: bool = False) -> None:
    """Refuse what nobody approved, and tell the printed days of signing, before a secret is asked.

    Where the ledger cannot be looked at without a secret, the run refuses by itself later.

    Args:
        folder: Folder of the batch.
        given: Settings that were named.
        by_many: Whether many machines run it; a ledger of one machine is then told first: what is
            approved there would have to be approved again.

    Raises:
        UsageError: ``batch.no_settings``, ``batch.no_plan``, ``batch.not_approved``,
            ``batch.rejected``; ``fleet.needs_server``.
        LedgerError: The ledger cannot be read.
    """
    from pks_kit.cli.batch_shown import tell_days
    from pks_kit.pipelines.batching.decisions import beside_plan, decisions, refuse_unapproved
    from pks_kit.pipelines.batching.folder import BatchFolder
    from pks_kit.pipelines.batching.signing_days import signed_already, signing_days
    from pks_kit.pipelines.requests.clock import system_clock

    place = BatchFolder(folder)
    path = settings_path(place, given, "batch.no_settings")
    if by_many:
        from pks_kit.cli.session import workplace
        from pks_kit.pipelines.fleet.place import fleet_place

        fleet_place(workplace(path))
    found, out, signed = place.plan(), {*beside_plan(place)}, frozenset[str]()
    try:
        ledger = _unasked(path)
    except LedgerError as error:
        if error.code not in ("ledger.not_found", "ledger.empty"):
            raise
        # nobody has written anything yet, no approval either
        raise UsageError("batch.not_approved", plan=found.id[:16]) from error
    if ledger is not None:
        with closing(ledger):
            refuse_unapproved(ledger, found)
            out |= {*decisions(ledger, found)}
            signed = signed_already(ledger)
    rows = [one for one in found.plan.ready() if one.number not in out]
    tell_days(signing_days(rows, system_clock(), signed), err=True)


def batch_signing(folder: Path, given: Path | None) -> tuple[WithSettings, bytes]:
    """Ask for every secret once, and return settings that other processes can use."""
    from pks_kit.cli.session import workplace
    from pks_kit.files import read_limited
    from pks_kit.inputs.settings_file import MAXIMUM_BYTES
    from pks_kit.pipelines.batching.folder import BatchFolder
    from pks_kit.pipelines.batching.workshop import WithSettings

    path = settings_path(BatchFolder(folder), given, "batch.no_settings")
    place = workplace(path)
    signing = WithSettings(
        settings=place.settings, base=place.base.resolve(), secrets=place.gathered()
    )
    return signing, read_limited(path, MAXIMUM_BYTES)


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Give what tells whether somebody wants the run to stop; the second time it stops at once."""
    asked: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        echo("\n" + say("batch.stopping"), err=True)

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def fleet_book_of(folder: Path) -> Iterator[FleetBook | None]:
    """Open the book that machines share; None when the batch is run on one machine."""
    from pks_kit.pipelines.batching.folder import BatchFolder

    place = BatchFolder(folder)
    if not place.is_shared():
        yield None
        return
    from pks_kit.cli.session import workplace
    from pks_kit.pipelines.fleet.book import FleetBook
    from pks_kit.pipelines.fleet.place import fleet_place

    tools = workplace(settings_path(place, None))
    with closing(FleetBook(fleet_place(tools), place.plan().id)) as book:
        yield book
