"""What is shown of one agreement among many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pks_kit.errors import Problem
from pks_kit.json_types import IF_KNOWN
from pks_kit.pipelines.drafting.issue import DraftResult
from pks_kit.pipelines.error_form import ErrorForm
from pks_kit.rules.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAgreementForm:
    """What the checks say of one agreement among many.

    Attributes:
        file: File it came from.
        key: Its ``kunci_faskes`` in a workbook; empty otherwise.
        name: Name of the facility; empty while nobody knows it.
        findings: Findings with line or cell.
        error: Why it could not be checked; its problems tell all that is wrong with the data.
        passed_over: What of its workbook is not read and keeps nobody, told once.
        other: Whether the file holds something else than contract data and was passed over.
    """

    file: str
    key: str
    name: str
    findings: tuple[Finding, ...]
    error: Annotated[ErrorForm | None, IF_KNOWN]
    passed_over: tuple[Problem, ...]
    other: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedAgreementForm(DraftResult):
    """An agreement that was drafted.

    Attributes:
        file: File it came from.
        key: Its ``kunci_faskes`` in a workbook; empty otherwise.
        name: Name of the facility.
        differs: What was not the same when the layout engine laid it out again, as it does with the
            first of each structure and one in a thousand; its files hold the engine's pages.
        passed_over: What of its workbook is not read and keeps nobody, told once.
        status: What came of it.
    """

    file: str
    key: str
    name: str
    differs: Annotated[ErrorForm | None, IF_KNOWN]
    passed_over: tuple[Problem, ...]
    status: Literal["drafted"] = "drafted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAgreementForm:
    """An agreement that could not be drafted, or a file that holds none.

    Attributes:
        file: File it came from.
        key: Its ``kunci_faskes`` in a workbook; empty otherwise.
        name: Name of the facility; empty while nobody knows it.
        error: Why.
        passed_over: What of its workbook is not read and keeps nobody, told once.
        other: Whether the file holds something else than contract data and was passed over.
        status: What came of it.
    """

    file: str
    key: str
    name: str
    error: ErrorForm
    passed_over: tuple[Problem, ...]
    other: bool
    status: Literal["failed"] = "failed"
