"""How an error stands in a JSON answer: alone, or inside the result of many files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pks_kit.errors import FindingsError, InputProblemsError, PksKitError, Problem
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
        problems: Everything that is wrong with an input file.
        findings: All findings, when a blocking one stopped the draft.
    """

    code: Code
    message: Message
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
        hint=error.text.hint,
        problems=error.problems if isinstance(error, InputProblemsError) else None,
        findings=_located(error, place_of) if isinstance(error, FindingsError) else None,
    )


def short_error_form(error: PksKitError) -> ErrorForm:
    """Return an error with its problems alone, for lists of many."""
    problems = error.problems if isinstance(error, InputProblemsError) else None
    return ErrorForm(code=error.code, message=error.text, problems=problems)


def _located(error: FindingsError, place_of: Callable[[str], str] | None) -> tuple[Finding, ...]:
    found: tuple[Finding, ...] = error.findings
    if place_of is not None:
        return tuple(one.at(place=place_of(one.path)) for one in found)
    line_of = error.line_of
    return tuple(one.at(line=line_of(one)) for one in found) if line_of else found
