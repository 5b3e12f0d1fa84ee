"""All errors of pks-kit: one root, a stable code each, an exit code and an HTTP status per class.

    PksKitError (1, 500)
    ├── UsageError (2, 400)          the caller asked for something impossible
    ├── InputError (3, 422)          a file or value from outside is bad
    │   └── InputProblemsError       several problems of one input file, all at once
    ├── FindingsError (10, 422)      blocking findings stop the draft
    ├── NotInForceError (11, 409)    no rule for that date
    ├── TemplateError (12, 500)      a template is wrong, at a file and line
    ├── RenderError (13, 500)        pages or DOCX could not be made correctly
    ├── SigningError (20, 409)       a signing or stamping step was refused or failed
    │   ├── NotLookedError (503)     a file from outside could not be looked at; says nothing of it
    │   └── UnknownOutcomeError (504) a service may or may not have acted; it must be asked first
    ├── LedgerError (40, 500)        the ledger is broken, unreachable or refuses an event
    │   └── LedgerGuardsError (41)   its database does not guard the events any more
    └── VerificationError (31, 503)  the verifier's own surroundings; a bad document is a verdict

A server answers with the status of the class, unless ``STATUS_OF_CODE`` says it more exactly.

An error carries a ``code`` such as ``input.unknown_key`` and parameters. The words for people live
in ``messages/catalogue/*.yml``, in both languages, each with a hint. ``str(error)`` is English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from pks_kit.json_form import HasJsonForm
from pks_kit.messages import Message, lookup
from pks_kit.statuses import STATUS_OF_CODE

_PART = re.compile(r"([^.\[\]]+)|\[([0-9]{1,9})\]")


class DataPath(str):
    """A place in data as people write it, which still knows its parts.

    Args:
        text: The place, for example ``tenaga_kesehatan[2].sip.nomor``.
        parts: Keys and row numbers; a key may hold dots and brackets of its own.
    """

    __slots__ = ("parts",)

    parts: tuple[str | int, ...]

    def __new__(cls, text: str, parts: Sequence[str | int]) -> DataPath:  # noqa: D102
        path = super().__new__(cls, text)
        path.parts = tuple(parts)
        return path


def pointer_of(path: str) -> str:
    """Return the JSON pointer (RFC 6901) of a place: ``/tenaga_kesehatan/2/sip/nomor``.

    The whole of the data is the empty pointer.
    """
    if isinstance(path, DataPath):
        parts = path.parts
    else:
        parts = tuple(index or key for key, index in _PART.findall(path))
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


class FoundInData(Protocol):
    """What an error may say of a finding; the class itself lives in ``rules.findings``."""

    @property
    def code(self) -> str:
        """Return the message code."""
        ...

    @property
    def level(self) -> str:
        """Return how grave it is."""
        ...

    @property
    def path(self) -> str:
        """Return its place in the data."""
        ...

    @property
    def legal_basis(self) -> str:
        """Return the rule that it rests on."""
        ...

    @property
    def text(self) -> Message:
        """Return its words."""
        ...


class PksKitError(Exception):
    """Root of every error that pks-kit raises on purpose.

    Args:
        code: Stable code; must be a key of the message catalogue.
        params: Values for the placeholders of the message. Never put secrets or a full NIK here.
    """

    exit_code: ClassVar[int] = 1
    http_status: int = 500
    """What a server answers; of the code where the code says more than the class."""
    _status_of_code: ClassVar[Mapping[str, int]] = STATUS_OF_CODE

    def __init__(self, code: str, /, **params: object) -> None:
        self.code = code
        self.params: dict[str, object] = params
        group, known = code.rpartition(".")[0], self._status_of_code
        self.http_status = known.get(code, known.get(f"{group}.", type(self).http_status))
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
    http_status = 400


class InputError(PksKitError):
    """A file or value from outside is missing, unreadable or wrong."""

    exit_code = 3
    http_status = 422


@dataclass(frozen=True, slots=True)
class ProblemForm:
    """One problem of an input file.

    Attributes:
        code: Stable; the words may change, the code does not.
        path: Place of the value in the file, for example pihak_kedua.dasar_penetapan.nomor.
        pointer: The same place as a JSON pointer (RFC 6901).
        line: Line of the file, from 1; null when unknown.
    """

    code: str
    path: str
    pointer: str
    line: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class PlacedProblemForm(ProblemForm):
    """One problem of a workbook.

    Attributes:
        place: Cell, for example Tenaga!D7.
        column: Heading of its column, in the words of the workbook; empty when it has none.
    """

    place: str
    column: str = ""


class Problem(HasJsonForm):
    """One problem of an input file: where, what, what was expected.

    Args:
        code: Message code, like those of errors.
        path: Path of the value in the file, for example ``pihak_kedua.dasar_penetapan.nomor``.
        line: Line number from 1, or None when unknown.
        params: Values for the placeholders of the message.

    Attributes:
        place: Cell such as ``Tenaga!D7`` when the file is a workbook, otherwise empty.
        column: Heading of its column, in the words of the workbook; empty when it has none.
    """

    __slots__ = ("code", "column", "line", "params", "path", "place")

    def __init__(self, code: str, path: str, line: int | None, **params: object) -> None:
        self.code = code
        self.path = path
        self.line = line
        self.params: dict[str, object] = params
        self.place = ""
        self.column = ""

    def at(self, place: str, column: str = "") -> Problem:
        """Return the same problem with the cell it stands in, and the heading of its column."""
        placed = Problem(self.code, self.path, self.line, **self.params)
        placed.place = place
        placed.column = column
        return placed

    @property
    def where(self) -> str:
        """Return cell and heading for people: ``Tenaga!D7 (NIK)``; empty outside a workbook."""
        return f"{self.place} ({self.column})" if self.column else self.place

    @property
    def text(self) -> Message:
        """Return the message in both languages."""
        return lookup(self.code).fill(self.params)

    @property
    def pointer(self) -> str:
        """Return the place as a JSON pointer (RFC 6901)."""
        return pointer_of(self.path)

    def json_form(self) -> ProblemForm | PlacedProblemForm:
        """Return the form used by ``--json``; only a problem of a workbook has a place."""
        told = (self.code, str(self.path), self.pointer, self.line, self.text)
        return (
            PlacedProblemForm(*told, self.place, self.column) if self.place else ProblemForm(*told)
        )


class InputProblemsError(InputError):
    """All problems found in one input file, reported together."""

    def __init__(self, code: str, problems: tuple[Problem, ...], /, **params: object) -> None:
        super().__init__(code, count=len(problems), **params)
        self.problems = problems


class FindingsError(PksKitError):
    """Blocking findings stop drafting.

    Args:
        code: Message code.
        findings: All findings, also those that do not block.
        line_of: Returns the line of the data file that a finding speaks about; 0: unknown.
        **params: Values for the placeholders of the message.
    """

    exit_code = 10
    http_status = 422

    def __init__(
        self,
        code: str,
        findings: tuple[FoundInData, ...],
        /,
        *,
        line_of: Callable[[FoundInData], int] | None = None,
        **params: object,
    ) -> None:
        super().__init__(code, **params)
        self.findings = findings
        self.line_of = line_of


class NotInForceError(PksKitError):
    """A parameter has no value in force on the date asked for."""

    exit_code = 11
    http_status = 409


class TemplateError(PksKitError):
    """A template is wrong; ``file`` and ``line`` are always among the parameters."""

    exit_code = 12


class RenderError(PksKitError):
    """Pages, DOCX or text could not be produced exactly as the tree says."""

    exit_code = 13


class SigningError(PksKitError):
    """A signing or stamping step was refused or failed."""

    exit_code = 20
    http_status = 409


class UnknownOutcomeError(SigningError):
    """A service was called and its answer is lost or unusable: it may have acted.

    Never repeat the call blindly; ask the service, or go on with the same serial number. So the
    status is that of a missing answer, whatever the code says when it is known that nothing was
    done.
    """

    http_status = 504
    _status_of_code: ClassVar[Mapping[str, int]] = {}


class NotLookedError(SigningError):
    """A file from outside stopped whoever looked at it: nobody knows what is in it.

    It was not found bad, and nothing was signed, stamped or written because of it.
    """

    http_status = 503
    _status_of_code: ClassVar[Mapping[str, int]] = {}


class LedgerError(PksKitError):
    """The ledger could not be read or written, its chain is broken, or it refuses an event."""

    exit_code = 40


class LedgerGuardsError(LedgerError):
    """The database does not guard the events any more; the chain itself may be whole."""

    exit_code = 41


class VerificationError(PksKitError):
    """The verifier itself could not work (never: the document is bad)."""

    exit_code = 31
    http_status = 503
