"""What came of one facility of a workbook: checked, or drafted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pks_kit.errors import InputError, PksKitError, Problem
from pks_kit.inputs.workbook import Facility
from pks_kit.json_form import HasJsonForm
from pks_kit.json_types import IF_KNOWN
from pks_kit.pipelines.drafting.issue import DraftResult
from pks_kit.pipelines.error_form import ErrorForm, error_form
from pks_kit.rules.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityCheckForm:
    """What the checks say of one facility of a workbook.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Its name.
        place: Cell of the key on the main sheet.
        problems: What is wrong with its data.
        findings: Findings; while cells cannot be read only what it shares with other rows.
        error: Why it could not be checked.
    """

    key: str
    name: str
    place: str
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    error: Annotated[ErrorForm | None, IF_KNOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityCheck(HasJsonForm):
    """What the checks say of one facility of a workbook.

    Attributes:
        facility: The facility; its own problems are in it.
        findings: Findings; while cells cannot be read only what it shares with other rows.
        error: Why it could not be checked, for example no rule for that date.
    """

    facility: Facility
    findings: tuple[Finding, ...] = ()
    error: PksKitError | None = None

    @property
    def exit_code(self) -> int:
        """Return 0, or the exit code of what is wrong."""
        if self.facility.problems:
            return InputError.exit_code
        if self.error is not None:
            return self.error.exit_code
        return 10 if any(finding.level == "blocking" for finding in self.findings) else 0

    def json_form(self) -> FacilityCheckForm:
        """Return what was found, with cells."""
        place_of = self.facility.place_of
        return FacilityCheckForm(
            key=self.facility.key,
            name=self.facility.name,
            place=place_of(""),
            problems=self.facility.problems,
            findings=tuple(one.at(place=place_of(one.path)) for one in self.findings),
            error=error_form(self.error) if self.error else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedFacility(DraftResult):
    """A facility that was drafted.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Its name.
        status: What came of it.
    """

    key: str
    name: str
    status: Literal["drafted"] = "drafted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFacility:
    """A facility that could not be drafted.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Its name.
        error: Why.
        status: What came of it.
    """

    key: str
    name: str
    error: ErrorForm
    status: Literal["failed"] = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityDraft(HasJsonForm):
    """What came of one facility: a result or an error, never both."""

    facility: Facility
    result: DraftResult | None = None
    error: PksKitError | None = None

    def json_form(self) -> DraftedFacility | FailedFacility:
        """Return the result, or the error with cells."""
        key, name = self.facility.key, self.facility.name
        if self.error is not None:
            error = error_form(self.error, self.facility.place_of)
            return FailedFacility(key=key, name=name, error=error)
        if self.result is None:
            raise AssertionError(key)
        return DraftedFacility(
            key=key,
            name=name,
            agreement_id=self.result.agreement_id,
            template=self.result.template,
            pages=self.result.pages,
            files=self.result.files,
            findings=self.result.findings,
        )
