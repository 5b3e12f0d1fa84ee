"""All errors of pks-kit: one root, a stable code each, an exit code per class.

    PksKitError (1)
    ├── UsageError (2)          the caller asked for something impossible
    ├── InputError (3)          a file or value from outside is bad
    │   └── InputProblemsError  several problems of one input file, all at once
    ├── FindingsError (10)      blocking findings stop the draft
    ├── NotInForceError (11)    no rule for that date
    ├── TemplateError (12)      a template is wrong, at a file and line
    ├── RenderError (13)        pages or DOCX could not be made correctly
    ├── SigningError (20)       a signing or stamping step was refused or failed
    │   └── UnknownOutcomeError a service may or may not have acted; it must be asked first
    ├── LedgerError (40)        the ledger is broken, unreachable or refuses an event
    └── VerificationError (30)  only for failures of the verifier's own surroundings;
                                a bad document is a verdict, never an exception

An error carries a ``code`` such as ``input.unknown_key`` and parameters. The words for people
live in ``messages/catalogue/*.yml`` under that code, in Indonesian and English, each with a hint
what to do next. ``str(error)`` is the English text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pks_kit.json_form import HasJsonForm
from pks_kit.messages import Message, lookup


class PksKitError(Exception):
    """Root of every error that pks-kit raises on purpose.

    Args:
        code: Stable code; must be a key of the message catalogue.
        params: Values for the placeholders of the message. Never put secrets or a full NIK here.
    """

    exit_code: int = 1

    def __init__(self, code: str, /, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    @property
    def text(self) -> Message:
        """Return message and hint in both languages, placeholders filled."""
        return lookup(self.code).fill(self.params)

    def __str__(self) -> str:
        return self.text.en


class UsageError(PksKitError):
    """The caller combined arguments that cannot work together."""

    exit_code = 2


class InputError(PksKitError):
    """A file or value from outside is missing, unreadable or wrong."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class ProblemForm:
    """One problem of an input file.

    Attributes:
        code: Stable; the words may change, the code does not.
        path: Place of the value in the file, for example pihak_kedua.dasar_penetapan.nomor.
        line: Line of the file, from 1; null when unknown.
    """

    code: str
    path: str
    line: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class PlacedProblemForm(ProblemForm):
    """One problem of a workbook.

    Attributes:
        place: Cell, for example Tenaga!D7.
    """

    place: str


class Problem(HasJsonForm):
    """One problem of an input file: where, what, what was expected.

    Args:
        code: Message code, like those of errors.
        path: Path of the value in the file, for example ``pihak_kedua.dasar_penetapan.nomor``.
        line: Line number from 1, or None when unknown.
        params: Values for the placeholders of the message.

    Attributes:
        place: Cell such as ``Tenaga!D7`` when the file is a workbook, otherwise empty.
    """

    __slots__ = ("code", "line", "params", "path", "place")

    def __init__(self, code: str, path: str, line: int | None, **params: Any) -> None:
        self.code = code
        self.path = path
        self.line = line
        self.params = params
        self.place = ""

    def at(self, place: str) -> Problem:
        """Return the same problem with the cell it stands in."""
        placed = Problem(self.code, self.path, self.line, **self.params)
        placed.place = place
        return placed

    @property
    def text(self) -> Message:
        """Return the message in both languages."""
        return lookup(self.code).fill(self.params)

    def json_form(self) -> ProblemForm | PlacedProblemForm:
        """Return the form used by ``--json``; only a problem of a workbook has a place."""
        if self.place:
            return PlacedProblemForm(self.code, self.path, self.line, self.text, self.place)
        return ProblemForm(self.code, self.path, self.line, self.text)


class InputProblemsError(InputError):
    """All problems found in one input file, reported together."""

    def __init__(self, code: str, problems: tuple[Problem, ...], /, **params: Any) -> None:
        super().__init__(code, count=len(problems), **params)
        self.problems = problems


class FindingsError(PksKitError):
    """Blocking findings stop drafting.

    Args:
        code: Message code.
        findings: All findings, also those that do not block.
        line_of: Returns the line of the data file that a finding speaks about, when known.
        **params: Values for the placeholders of the message.
    """

    exit_code = 10

    def __init__(
        self,
        code: str,
        findings: tuple[Any, ...],
        /,
        *,
        line_of: Callable[[Any], int] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code, **params)
        self.findings = findings
        self.line_of = line_of


class NotInForceError(PksKitError):
    """A parameter has no value in force on the date asked for."""

    exit_code = 11


class TemplateError(PksKitError):
    """A template is wrong; ``file`` and ``line`` are always among the parameters."""

    exit_code = 12


class RenderError(PksKitError):
    """Pages, DOCX or text could not be produced exactly as the tree says."""

    exit_code = 13


class SigningError(PksKitError):
    """A signing or stamping step was refused or failed."""

    exit_code = 20


class UnknownOutcomeError(SigningError):
    """A service was called and its answer is lost or unusable: it may have acted.

    Never repeat the call blindly; ask the service, or go on with the same serial number.
    """


class LedgerError(PksKitError):
    """The ledger could not be read or written, its chain is broken, or it refuses an event."""

    exit_code = 40


class VerificationError(PksKitError):
    """The verifier itself could not work (never: the document is bad)."""

    exit_code = 30
