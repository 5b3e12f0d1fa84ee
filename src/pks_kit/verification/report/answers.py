"""Short ways to write an answer, so that the checks read as sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pks_kit.domain.tanggal import format_wib
from pks_kit.verification.report.verdict import Check, Proof, Status

Answer = TypeVar("Answer")


class ParserFailure:
    """What a parser said when a hostile file broke it: the kind of error and its text."""

    __slots__ = ("text",)

    def __init__(self, error: BaseException) -> None:
        self.text = f"{type(error).__name__}: {error}"[:300]


def guarded(look: Callable[[], Answer]) -> Answer | ParserFailure:
    """Run one look into a hostile file; whatever it raises becomes a value.

    Parsers meet bytes made to break them and raise any exception there is; none of them may
    leave the verifier, and none of them may be taken for "nothing found".

    Raises:
        MemoryError: The process has used what it may; only its parent can answer.
        ImportError: A library of ours does not load, which says nothing about the file.
    """
    try:
        return look()
    except (MemoryError, ImportError):
        raise  # nothing about the file: the guard answers for the process
    except Exception as error:  # noqa: BLE001 - see above
        return ParserFailure(error)


def passed(code: str, reason: str, evidence: Proof = "file", **more: Any) -> Check:
    """Return a check that was looked at and is in order."""
    return _answer("passed", code, reason, evidence, more)


def failed(code: str, reason: str, evidence: Proof = "file", **more: Any) -> Check:
    """Return a check that was looked at and is wrong."""
    return _answer("failed", code, reason, evidence, more)


def indeterminate(code: str, reason: str, evidence: Proof = "file", **more: Any) -> Check:
    """Return a check that could not be decided."""
    return _answer("indeterminate", code, reason, evidence, more)


def _answer(status: Status, code: str, reason: str, evidence: Proof, more: dict[str, Any]) -> Check:
    """Make the check; ``field``, ``page`` and ``details`` go to their places, the rest to words."""
    field = more.get("field")
    page = more.get("page")
    details = more.pop("details", {})
    return Check(
        code=code,
        reason=reason,
        status=status,
        evidence=evidence,
        params=more,
        field=field,
        page=page,
        details=details,
    )


def local_time(moment: datetime | None) -> str:
    """Return a moment as people in Jakarta read it (WIB, UTC+7, no daylight saving)."""
    return "?" if moment is None else format_wib(moment)
