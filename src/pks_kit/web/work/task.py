"""What goes to a worker process and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.pipelines.batching.workshop import WithSettings
from pks_kit.web.state.files import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOrder:
    """What a worker is set up with; it can be sent to another process.

    Attributes:
        signing: The settings with their secrets.
        folder: Folder of the portal.
        compiled: Folder with compiled templates; None reads nothing.
        settings_bytes: The settings as they stand in their file; a batch is planned for them.
    """

    signing: WithSettings
    folder: Path
    compiled: Path | None
    settings_bytes: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One piece of work.

    Attributes:
        kind: Its name in ``kinds``.
        isi: With what, as JSON values.
        id: Id of the job; empty when somebody waits for the answer.
        ordered: When the job was ordered; None when somebody waits for the answer.
        secrets: What a person gave for this work alone, by where the settings look for it and what
            for; it stands nowhere but in memory.
        written: Whether the result comes back as the bytes of an answer: writing a large one would
            hold up everybody else in the process of the server.
    """

    kind: str
    isi: dict[str, Any] = field(repr=False)
    id: str = ""
    ordered: datetime | None = None
    secrets: Mapping[tuple[str, str], Secret] = field(default_factory=dict, repr=False)
    written: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a task tells on the way.

    Attributes:
        kemajuan: JSON values.
    """

    kemajuan: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A file that a task made; its content is in the store.

    Attributes:
        id: Its id.
        peran: What it is of the result, for example ``pdf`` or ``receipt``.
        nama: Its name.
        media: Its media type.
        sha256: Its hash.
        ukuran: Its size.
        asal: Why it is kept.
        perjanjian: Agreement that it belongs to, where the task is about several.
    """

    id: str
    peran: str
    nama: str
    media: str
    sha256: str
    ukuran: int
    asal: Origin = "hasil"
    perjanjian: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a task ended.

    Attributes:
        hasil: Its result as JSON values; empty when it failed.
        masalah: The error as ``error_form`` shows it; None when it did not fail.
        berkas: Files that it made.
        perjanjian: What is known now of the agreement, to be written down with the result.
        banyak: The same for many agreements, with whose each is.
        kembali: By which day papers must come back, by agreement; an empty id: that of the job.
        content: Bytes that are the answer themselves: a picture, or a result that was written.
    """

    hasil: dict[str, Any] = field(default_factory=dict)
    masalah: dict[str, Any] | None = None
    berkas: tuple[MadeFile, ...] = ()
    perjanjian: dict[str, Any] | None = None
    banyak: tuple[dict[str, Any], ...] = ()
    kembali: Mapping[str, date] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
