"""Let a guarded child answer a question about files from outside."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, get_type_hints

from pks_kit.errors import (
    InputError,
    NotLookedError,
    PksKitError,
    SigningError,
    UsageError,
    VerificationError,
)
from pks_kit.foreign import HERE, Question
from pks_kit.json_form import from_wire, to_wire
from pks_kit.limits import MIB
from pks_kit.messages import BothLanguages, Message, known_codes, lookup
from pks_kit.verification.isolation.parent import run_task_guarded
from pks_kit.verification.isolation.protocol import AskedOfFiles, Job, Refusal
from pks_kit.verification.limits import Limits
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pks_kit.verification.isolation.pool import GuardedPool
    from pks_kit.verification.report.verdict import Check

Answer = TypeVar("Answer")

CPU_SECONDS = 30
"""Processor time for one question; an agreement of a hundred pages takes a tenth of it."""

BOOK_CPU_SECONDS = 120
"""Processor time for a workbook; four million cells take about half a minute of it."""

MOST_BYTES = 64 * MIB
"""Longest answer as JSON; validation material of an archive is the longest honest one."""

MOST_PARTS = 1 << 21
"""Most signs that begin or separate values in it; the fullest workbook has half of them."""

_KINDS: dict[str, type[PksKitError]] = {
    "InputError": InputError,
    "SigningError": SigningError,
    "UsageError": UsageError,
}


@dataclass(frozen=True, slots=True)
class LooksInside:
    """Asks guarded children; see :class:`~pks_kit.foreign.Looks`.

    Where the system keeps no limits on a child (Windows, macOS) there is none, and the question is
    answered in this process; :attr:`notes` says so, as it says which rules a kernel lacks.

    Attributes:
        limits: What a child may use.
        pool: Guard to use; None: the one of this process.
        must_be_guarded: Whether nothing is answered where the system keeps no limits.
    """

    limits: Limits = field(default_factory=lambda: Limits().lasting(CPU_SECONDS))
    pool: GuardedPool | None = None
    must_be_guarded: bool = False
    _notes: list[Note] = field(default_factory=list, repr=False)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return what an answer must say of the machine that looked; nothing when all is held."""
        return tuple(self._notes)

    def ask(self, question: Question[Answer], *files: bytes) -> Answer:
        """Return the answer of a child that lives for this one question.

        Raises:
            InputError: As the question says.
            SigningError: As the question says.
            NotLookedError: ``pdf.not_looked``: the files stopped the child, or it answered what
                none of ours answers.
            VerificationError: ``verify.no_child`` when no child can start at all;
                ``verify.no_guard`` where there must be one.
        """
        asked = AskedOfFiles(name=type(question).__name__, fields=to_wire(question).decode())
        job = Job(limits=self.limits, task="told", asked=asked)
        try:
            answered, why = run_task_guarded(job, files, pool=self.pool)
        except VerificationError as error:
            if error.code != "verify.no_guard" or self.must_be_guarded:
                raise
            self.remark(Note(code="not_guarded", params=dict(error.params)))  # type: ignore[arg-type]
            return HERE.ask(question, *files)
        if answered.ready is not None:
            self.remark(*answered.ready.notes())
        if why:
            raise NotLookedError("pdf.not_looked", reason=_reason(why[0]))
        told = answered.told
        if told is not None and told.refusal is not None:
            raise _refusal(told.refusal)
        if told is None or told.answer is None:
            raise _nonsense()
        try:
            return from_wire(_answer_kind(question), unpacked(told.answer))
        except (ValueError, RecursionError) as error:
            raise _nonsense() from error

    def remark(self, *notes: Note) -> None:
        """Add what an answer must say, once."""
        self._notes.extend(note for note in notes if note not in self._notes)


def looks_at_book() -> LooksInside:
    """Return what asks guarded children about workbooks, which may be very large."""
    return LooksInside(limits=Limits().lasting(BOOK_CPU_SECONDS))


def unpacked(answer: bytes) -> bytes:
    """Return the JSON of an answer, unless it holds more than any honest answer.

    Raises:
        ValueError: It is longer than ``MOST_BYTES``, of more parts than ``MOST_PARTS``, or damaged.
    """
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(answer, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not unpacking.eof or sum(text.count(sign) for sign in (b"[", b"{", b",")) > MOST_PARTS:
        raise ValueError("too much")
    return text


def _answer_kind(question: Question[Answer]) -> type[Answer]:
    kind: type[Answer] = get_type_hints(type(question).answer)["return"]
    return kind


def _reason(check: Check) -> Message:
    return lookup(f"check.{check.code}.{check.reason}").fill(check.params)


def _nonsense() -> NotLookedError:
    return NotLookedError("pdf.not_looked", reason=lookup("pdf.not_looked.nonsense"))


def _refusal(told: Refusal) -> PksKitError:
    if told.code not in known_codes():
        return _nonsense()
    params = {
        name: Message(value.id, value.en) if isinstance(value, BothLanguages) else value
        for name, value in told.params.items()
    }
    return _KINDS[told.kind](told.code, **params)
