"""How an error stands in a JSON answer: alone, or inside the result of many files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from pks_kit.errors import FindingsError, InputProblemsError, PksKitError, Problem
from pks_kit.json_form import to_json
from pks_kit.json_types import IF_KNOWN, Code
from pks_kit.messages import BothLanguages, Message
from pks_kit.rules.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorForm:
    """Why something could not be done.

    Attributes:
        code: Stable; the words may change, the code does not.
        message: What is wrong.
        hint: What to do about it.
        exit_code: What the command ends with; docs/library.md tells all.
        http_status: What a server answers; docs/library.md tells all.
        problems: Everything that is wrong with an input file.
        findings: All findings, when a blocking one stopped the draft.
    """

    code: Code
    message: Message
    exit_code: int
    http_status: Annotated[int, Field(ge=400, le=599)]
    hint: Annotated[BothLanguages | None, IF_KNOWN] = None
    problems: Annotated[tuple[Problem, ...] | None, IF_KNOWN] = None
    findings: Annotated[tuple[Finding, ...] | None, IF_KNOWN] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedCommand:
    """Stands on standard output instead of the result; the exit code says which kind it is."""

    error: ErrorForm


def error_form(error: PksKitError, place_of: Callable[[str], str] | None = None) -> ErrorForm:
    """Return an error with its hint, and its problems or findings.

    Args:
        error: The error.
        place_of: Path of a value -> cell, when the data came from a workbook; otherwise findings
            stand where the error itself knows.
    """
    return ErrorForm(
        code=error.code,
        message=error.text,
        exit_code=error.exit_code,
        http_status=error.http_status,
        hint=error.text.hint,
        problems=error.problems if isinstance(error, InputProblemsError) else None,
        findings=_located(error, place_of) if isinstance(error, FindingsError) else None,
    )


def short_error_form(error: PksKitError) -> ErrorForm:
    """Return an error with its problems alone, for lists of many."""
    problems = error.problems if isinstance(error, InputProblemsError) else None
    return ErrorForm(
        code=error.code,
        message=error.text,
        exit_code=error.exit_code,
        http_status=error.http_status,
        problems=problems,
    )


def as_json(answer: object) -> dict[str, object]:
    """Return a result, or an error of ours, as JSON values: what the commands print.

    The files of a result stand in it by name, without their bytes.
    """
    shown = FailedCommand(error=error_form(answer)) if isinstance(answer, PksKitError) else answer
    found: dict[str, object] = to_json(shown)
    return found


def _located(error: FindingsError, place_of: Callable[[str], str] | None) -> tuple[Finding, ...]:
    found = tuple(one for one in error.findings if isinstance(one, Finding))
    if place_of is not None:
        return tuple(one.at(place=place_of(one.path)) for one in found)
    line_of = error.line_of
    return tuple(one.at(line=line_of(one) or None) for one in found) if line_of else found


def unforeseen(error: BaseException) -> dict[str, str]:
    """Return what may be told of an error that is none of ours: ``kind``, and ``where``.

    Its text is never told: it could hold personal data.
    """
    frame, where = error.__traceback__, ""
    while frame is not None:
        name = frame.tb_frame.f_globals.get("__name__", "")
        if name.startswith("pks_kit"):
            where = f"{name}:{frame.tb_lineno}"
        frame = frame.tb_next
    library = type(error).__module__.partition(".")[0]
    return {"kind": type(error).__name__ if library == "builtins" else library, "where": where}
