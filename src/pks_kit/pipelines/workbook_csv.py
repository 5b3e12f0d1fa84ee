"""The HFIS form as CSV: made from contract data, and put into contract data."""

from __future__ import annotations

from dataclasses import dataclass

from pks_kit.errors import Problem
from pks_kit.files import NamedFile
from pks_kit.inputs.contract_file import MAXIMUM_BYTES as DATA_LIMIT
from pks_kit.inputs.csv_values import DateOrder
from pks_kit.inputs.form_into_data import ChangedValue, apply_form
from pks_kit.inputs.form_rows import MAXIMUM_BYTES as FORM_LIMIT
from pks_kit.inputs.hfis_csv import read_form, write_form
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given import TextInput, read_file
from pks_kit.pipelines.requests.given_data import KontrakInput
from pks_kit.pipelines.workbook import kontrak_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookCsvOutRequest(Request):
    """Of which agreement the HFIS form is wanted.

    Attributes:
        source: Contract data, or a workbook.
        key: Which facility of a workbook; not needed when it holds only one.
    """

    source: KontrakInput
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookCsvOutResult:
    """What was made.

    Attributes:
        file: The form as CSV.
    """

    file: NamedFile


@verb
def workbook_csv_out(request: WorkbookCsvOutRequest) -> WorkbookCsvOutResult:
    """Return the HFIS form of one agreement as CSV.

    Raises:
        UsageError: ``workbook.which_facility``, ``request.type``.
        InputError: The data is unreadable or wrong.
    """
    kontrak = kontrak_of(request.source, request.key, "WorkbookCsvOutRequest.source").kontrak
    name = f"formulir-hfis-{kontrak.faskes.kode}.csv"
    return WorkbookCsvOutResult(file=NamedFile(name, write_form(kontrak)))


workbook_csv_out_async = in_background(workbook_csv_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookCsvInRequest(Request):
    """Which form goes into which contract data.

    Attributes:
        form: The HFIS form as CSV.
        base: Contract data (YAML) to start from; its comments stay.
        date_order: Order of dates such as ``11/12/2023``, when somebody knows it; without it
            such a date is refused.
    """

    form: TextInput
    base: TextInput
    date_order: DateOrder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookCsvInResult:
    """Contract data with the values of a form.

    Attributes:
        file: The YAML, unchanged but for the values.
        changed: What is another value now, in the order of the form.
        remaining: Problems of the data elsewhere, to be mended by a person.
    """

    file: NamedFile
    changed: tuple[ChangedValue, ...]
    remaining: tuple[Problem, ...]


@verb
def workbook_csv_in(request: WorkbookCsvInRequest) -> WorkbookCsvInResult:
    """Put the values of a form into contract data.

    Raises:
        UsageError: ``request.type``.
        InputError: A file cannot be read.
        InputProblemsError: A value is refused.
    """
    form = read_file(request.form, FORM_LIMIT, "WorkbookCsvInRequest.form")
    entries = read_form(form.content, form.name, LooksInside(), request.date_order)
    base = read_file(request.base, DATA_LIMIT, "WorkbookCsvInRequest.base")
    updated = apply_form(entries, form.name, base.content, base.name)
    return WorkbookCsvInResult(
        file=NamedFile(base.name, updated.content),
        changed=updated.changed,
        remaining=updated.remaining,
    )


workbook_csv_in_async = in_background(workbook_csv_in)
