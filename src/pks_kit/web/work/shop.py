"""What a worker process has: the settings with their tools, the ledger, the store of files."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pks_kit.errors import InputError, PksKitError
from pks_kit.files import NamedFile
from pks_kit.json_form import to_json
from pks_kit.pipelines.error_form import error_form, unforeseen
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.settings.model import SigningSettings
from pks_kit.settings.portal import PortalSettings
from pks_kit.web.state.files import Origin
from pks_kit.web.state.ids import new_id
from pks_kit.web.store import Blobs, blobs_in, spool_bytes
from pks_kit.web.work.meterai_counts import MeteraiCounts
from pks_kit.web.work.task import MadeFile, ShopOrder, Task

if TYPE_CHECKING:
    from pks_kit.ledger.sql_ledger import SqlLedger
    from pks_kit.pipelines.batching.workshop import WithSettings
    from pks_kit.pipelines.signing.tools import SigningTools

_One = TypeVar("_One")
_Seen = TypeVar("_Seen")
_MEDIA = {".yml": "application/yaml", ".json": "application/json"}
"""Types that the system's list may not know."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one thing among many could not be looked at.

    Attributes:
        form: The error as ``error_form`` shows it.
    """

    form: dict[str, Any]


class Shop:
    """One process at work for the portal.

    Args:
        order: What it is set up with.
        tell: Called with what is told on the way.

    Attributes:
        to_warm: What is still to be done before anybody asks; None before the first of it.
    """

    def __init__(self, order: ShopOrder, tell: Callable[[dict[str, Any]], None]) -> None:
        self.folder: Path = order.folder
        self.compiled: Path | None = order.compiled
        self.tell = tell
        self.clock: Callable[[], datetime] = system_clock
        self.looks = LooksInside()
        self.signing = order.signing
        self.settings_bytes = order.settings_bytes
        self.to_warm: Iterator[Callable[[], object]] | None = None

    @property
    def settings(self) -> SigningSettings:
        """Return the settings."""
        return self.signing.settings

    @property
    def portal(self) -> PortalSettings:
        """Return the settings of the portal."""
        return self.settings.portal or PortalSettings()

    @cached_property
    def tools(self) -> SigningTools:
        """Return the settings with what they need from outside."""
        return self.signing.signing_tools(self.clock)

    @cached_property
    def ledger(self) -> SqlLedger:
        """Return the ledger, opened when it is first needed.

        Raises:
            LedgerError: It cannot be opened.
        """
        return self.tools.open_ledger()

    def without_address(self, told: Any) -> Any:
        """Return what somebody is told, without user, machine and path of the ledger in it.

        Args:
            told: JSON values, for example of an error.
        """
        if isinstance(told, str):
            return told.replace(self._address, self._shown_as) if self._address else told
        if isinstance(told, dict):
            return {name: self.without_address(one) for name, one in told.items()}
        if isinstance(told, list | tuple):
            return [self.without_address(one) for one in told]
        return told

    @cached_property
    def _address(self) -> str:
        try:
            return self.tools.ledger_address().shown
        except PksKitError:  # whoever needs it is told
            return ""

    @property
    def _shown_as(self) -> str:
        return "PostgreSQL" if "://" in self._address else Path(self._address).name

    @cached_property
    def meterai(self) -> MeteraiCounts:
        """Return how many meterai each agreement has, as far as the ledger was read."""
        return MeteraiCounts()

    @cached_property
    def blobs(self) -> Blobs:
        """Return where the contents of files are."""
        return blobs_in(self.folder, self.tools.sessions())

    def read(self, file: dict[str, Any]) -> NamedFile:
        """Return the content of a file that a task names by ``id`` and ``nama``.

        Raises:
            PksKitError: ``web.content_lost``.
            InputError: The store does not give it, ``file.unreadable`` for example; whoever is told
                so learns no path of the server.
            LedgerError: ``store.unavailable``.
        """
        name = str(file["nama"])
        try:
            return NamedFile(name, self.blobs.read(str(file["id"])))
        except InputError as error:
            if error.code == "file.not_found":
                raise PksKitError("web.content_lost") from error
            raise InputError(error.code, **{**error.params, "file": name}) from error

    def problem(self, error: Exception) -> dict[str, Any]:
        """Return an error as people are told it, one that nobody foresaw without its text."""
        if not isinstance(error, PksKitError):
            error = PksKitError("web.unforeseen", **unforeseen(error))
        told: dict[str, Any] = self.without_address(to_json(error_form(error)))
        return told

    def each(self, ones: Iterable[_One], look: Callable[[_One], _Seen]) -> list[_Seen | Problem]:
        """Look at one thing after another; what cannot be looked at stops no other.

        Args:
            ones: What to look at.
            look: Looks at one.

        Returns:
            What was seen of each, or why it could not be looked at.
        """
        found: list[_Seen | Problem] = []
        for one in ones:
            try:
                found.append(look(one))
            except Exception as error:  # noqa: BLE001 - told in its place
                found.append(Problem(self.problem(error)))
        return found

    @cached_property
    def trust(self) -> tuple[Path, ...]:
        """Return the authorities that files are judged by; none when the settings name none."""
        chosen = self.settings.pencabutan or self.settings.arsip
        return tuple(self.tools.path(name) for name in chosen.percaya) if chosen else ()

    @property
    def session_folder(self) -> Path | None:
        """Return the folder of signing sessions; None when they lie elsewhere."""
        place = self.tools.sessions()
        return place if isinstance(place, Path) else None

    def keep(
        self, file: NamedFile, peran: str, asal: Origin = "hasil", *, perjanjian: str = ""
    ) -> MadeFile:
        """Put a file that was made into the store.

        Args:
            file: The file.
            peran: What it is of the result.
            asal: Why it is kept.
            perjanjian: Agreement that it belongs to, where the task is about several.

        Raises:
            InputError: ``file.unwritable``.
            LedgerError: ``store.unavailable``.
        """
        spooled = spool_bytes(self.folder, file.content)
        file_id = new_id(self.clock())
        try:
            self.blobs.take(file_id, spooled.path)
        finally:
            spooled.path.unlink(missing_ok=True)
        return MadeFile(
            id=file_id,
            peran=peran,
            nama=file.name,
            media=media_of(file.name),
            sha256=spooled.sha256,
            ukuran=spooled.size,
            asal=asal,
            perjanjian=perjanjian,
        )

    def keep_all(self, files: Sequence[tuple[str, NamedFile]]) -> tuple[MadeFile, ...]:
        """Put several files into the store, each with what it is of the result."""
        return tuple(self.keep(file, peran) for peran, file in files)

    def signing_for(self, task: Task) -> WithSettings:
        """Return how to sign, with what a person gave for a task."""
        return self.signing.knowing(task.secrets)

    def close(self) -> None:
        """Close the ledger."""
        if "ledger" in self.__dict__:
            self.ledger.close()


def media_of(name: str) -> str:
    """Return the media type that the ending of a name tells."""
    ending = Path(name).suffix.lower()
    return _MEDIA.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
