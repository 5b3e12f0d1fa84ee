"""Take in many returned files: what each is, and which page codes stand on its sheets.

A file is read, looked at in a child of its own, and let go; it is read again when an agreement on
it is judged, so that hundreds of scans never lie in memory together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pks_kit.domain.sheet_codes import FileSeen
from pks_kit.errors import InputError, NotLookedError
from pks_kit.foreign import HERE, Looks
from pks_kit.json_types import HIDDEN, IF_KNOWN, Count, Name, Sha256, shown
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.inside.page_codes import PageCodesOf
from pks_kit.pipelines.requests.given import FileInput, read_file
from pks_kit.pipelines.verifying.issues import files_below
from pks_kit.pipelines.verifying.other_kinds import other_kind
from pks_kit.pipelines.verifying.paper import is_picture, may_be_pages, patient_looks

if TYPE_CHECKING:
    from pks_kit.verification.limits import Limits

ENDINGS = (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff")
"""Files of a folder that may be scans."""

FileState = Literal[
    "read", "same_file", "issued", "signed_file", "no_pictures", "not_a_scan", "empty",
    "not_looked", "unreadable", "passed_over",
]  # fmt: skip
"""What a file is; nothing is said against one that is ``same_file`` or ``passed_over``."""

OPEN_STATES = frozenset(
    {"issued", "signed_file", "no_pictures", "not_a_scan", "empty", "not_looked", "unreadable"}
)
NOTHING = FileSeen(sheets=(), covered=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedFile:
    """One file that was given.

    Attributes:
        file: Its name; below a folder that was given, the path in it.
        state: What it is.
        sha256: Its hash; None when it could not be read.
        size: Bytes; 0 likewise.
        sheets: How many sheets were found on it.
        blank: How many of them are empty backs.
        agreement_id: Whose issued file it is, unchanged.
        reason: Why it could not be looked at; of what is no scan what it is, when that is known.
    """

    file: Name
    state: FileState
    agreement_id: Annotated[str | None, IF_KNOWN] = None
    sha256: Annotated[Sha256 | None, IF_KNOWN] = None
    size: Count = 0
    sheets: Count = 0
    blank: Count = 0
    reason: Annotated[Message | None, HIDDEN] = None

    @shown()
    def text(self) -> Message:
        """What it is, in words."""
        why = self.reason or Message("", "")
        known = self.state == "not_a_scan" and self.reason is not None
        return lookup(f"returned.file.{'other_kind' if known else self.state}").fill(
            {"file": self.file, "sheets": self.sheets, "blank": self.blank, "why": why}
        )

    @property
    def is_open(self) -> bool:
        """Return whether a person must look at it: it was neither judged nor nothing."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFile:
    """A file that was looked at.

    Attributes:
        told: What is told of it.
        given: Where it is.
        seen: Its sheets.
        handed: When it was handed in last, as the ledger writes moments; empty: not known.
        earlier: Whether it came with a delivery that was read before.
    """

    told: ReturnedFile
    given: FileInput = field(default=b"", repr=False)
    seen: FileSeen = NOTHING
    handed: str = ""
    earlier: bool = False

    @property
    def turn(self) -> tuple[str, bool]:
        """Return by what files are put in order: the last that was handed in is the newest."""
        return self.handed, not self.earlier

    def content(self, limits: Limits) -> bytes:
        """Return its bytes once more.

        Raises:
            InputError: It cannot be read any more, or is another one now.
        """
        content = read_file(self.given, limits.file_bytes, self.told.file).content
        if hashlib.sha256(content).hexdigest() != self.told.sha256:
            raise InputError("returned.changed", file=self.told.file)
        return content


def take_in(scans: Sequence[FileInput], limits: Limits, *, isolated: bool) -> Iterator[TakenFile]:
    """Yield every file that was given, each after it was looked at.

    Args:
        scans: Files, and folders with files.
        limits: What a file may cost.
        isolated: Look in a child process.

    Raises:
        UsageError: ``paper.no_extra``, ``returned.too_many_files``.
        VerificationError: ``verify.no_child``.
    """
    seen: set[str] = set()
    for name, given, below in _expanded(scans):
        if below and Path(name).suffix.lower() not in ENDINGS:
            yield TakenFile(told=ReturnedFile(file=name, state="passed_over"))
            continue
        yield _looked_at(name, given, limits, seen, isolated=isolated)


def _expanded(scans: Sequence[FileInput]) -> Iterator[tuple[str, FileInput, bool]]:
    for index, given in enumerate(scans):
        if not isinstance(given, Path):
            yield (f"scans[{index}]" if isinstance(given, bytes) else given.name), given, False
        elif given.is_dir():
            for path in files_below(given, odd=True):
                yield path.relative_to(given).as_posix(), path, True
        else:
            yield given.name, given, False


def _looked_at(
    name: str, given: FileInput, limits: Limits, known: set[str], *, isolated: bool
) -> TakenFile:
    sha256: str | None = None
    size = 0

    def said(state: FileState, reason: Message | None = None) -> TakenFile:
        return TakenFile(
            told=ReturnedFile(file=name, state=state, sha256=sha256, size=size, reason=reason)
        )

    try:
        content = read_file(given, limits.file_bytes, name).content
    except InputError as error:
        return said("unreadable", error.text)
    sha256, size = hashlib.sha256(content).hexdigest(), len(content)
    if not content:
        return said("empty")
    if sha256 in known:
        return said("same_file")
    known.add(sha256)
    if (kind := other_kind(content)) is not None:
        return said("not_a_scan", lookup(f"returned.kind.{kind}"))
    if not is_picture(content) and not may_be_pages(content):
        return said("signed_file" if b"%PDF" in content[:1024] else "not_a_scan")
    looks: Looks = patient_looks(limits, (content,)) if isolated else HERE
    try:
        seen = looks.ask(PageCodesOf(), content)
    except NotLookedError as error:
        return said("not_looked", error.text)
    except InputError as error:
        return said("unreadable", error.text)
    if seen.broken:
        return said("unreadable", lookup("returned.broken"))
    if seen.cut:
        return said("not_looked", lookup("returned.too_many_sheets"))
    if not seen.covered:
        return said("no_pictures")
    blank = sum(sheet.state == "blank" for sheet in seen.sheets)
    told = ReturnedFile(
        file=name, state="read", sha256=sha256, size=size, sheets=len(seen.sheets), blank=blank
    )
    return TakenFile(told=told, given=given, seen=seen)
