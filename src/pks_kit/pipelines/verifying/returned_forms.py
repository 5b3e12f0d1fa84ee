"""What is told of many scans beside the agreements: sheets of nobody, texts to send, sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pks_kit.json_types import Count, EmptyAsNull, Name, Ordinal, shown
from pks_kit.messages import Message, lookup

if TYPE_CHECKING:
    pass

LeftReason = Literal["no_code", "nobody", "unreadable", "claimed_twice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftSheet:
    """A sheet that could not be given to an agreement.

    Attributes:
        file: Name of its file.
        sheet: Its number in that file, from 1.
        reason: ``nobody``: no code can be read, and there was no agreement to compare it with;
            ``no_code``: it is no page of the agreements that it was compared with;
            ``unreadable``: its picture cannot be opened; ``claimed_twice``: several agreements
            take it for theirs.
    """

    file: Name
    sheet: Ordinal
    reason: LeftReason

    @shown()
    def text(self) -> Message:
        """Why, in words."""
        return lookup(f"returned.left.{self.reason}").fill({"file": self.file, "sheet": self.sheet})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToSend:
    """What a facility is asked for, ready to copy into a letter or a chat.

    Attributes:
        name: Name of the facility.
        text: The text, in Indonesian.
    """

    name: Name
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReturned:
    """An agreement whose issued file was named, but of which no sheet came back."""

    agreement_id: str
    name: EmptyAsNull


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedTotals:
    """How much came back.

    Attributes:
        files: Files that were given.
        sheets: Sheets on them, empty backs included.
        agreements: Agreements to which they belong.
        complete: How many of these are complete.
        incomplete: How many lack something.
        needs_person: How many a person must look at.
        left: Sheets that could not be given to an agreement.
        files_open: Files that could not be looked at, or are no scans.
    """

    files: Count
    sheets: Count
    agreements: Count
    complete: Count
    incomplete: Count
    needs_person: Count
    left: Count
    files_open: Count
