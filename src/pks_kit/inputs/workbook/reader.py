"""Read a whole workbook: sheets to tables, rows to facilities, every problem with its cell."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pks_kit.collector import collector_paused
from pks_kit.domain.aksara import visible
from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputError, InputProblemsError, NotLookedError, Problem
from pks_kit.foreign import HERE, Looks
from pks_kit.inputs.contract_file import LoadedKontrak
from pks_kit.inputs.plain_data import canonical_bytes
from pks_kit.inputs.workbook.around import Wrong
from pks_kit.inputs.workbook.branches import Branches
from pks_kit.inputs.workbook.facility import build_facility, repeated_facility
from pks_kit.inputs.workbook.grid import CellsOf
from pks_kit.inputs.workbook.headings import FoundTable, Headings, find_tables
from pks_kit.inputs.workbook.held import RECENT, Facility, LoadedFacility, Recent
from pks_kit.inputs.workbook.package import read_package
from pks_kit.inputs.workbook.row_keys import child_rows, main_rows

MAXIMUM_BOOK_PROBLEMS = 200

WHOLE = 256
"""Facilities of a workbook up to which everything about each is held; of more, what is packed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook that could be opened.

    Attributes:
        source: Name of the file.
        facilities: Rows of the main sheet, good and bad, in their order.
        problems: What is wrong with sheets, headings, keys and rows without a facility, each once;
            a facility that one of them touches has it among its own problems too.
        passed_over: What is not read and keeps nobody: scratch sheets, columns of remarks.
    """

    source: str
    facilities: tuple[Facility, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[Problem, ...] = ()
    content: bytes = field(repr=False)

    def loaded(self, facility: Facility) -> LoadedFacility:
        """Return a facility as if it came from a file of its own.

        Raises:
            InputProblemsError: ``workbook.facility_problems`` when something is wrong with it.
        """
        kontrak = facility.kontrak
        if kontrak is None:
            raise self._bad(facility)
        loaded = self._loaded(facility, kontrak)
        return LoadedFacility(key=facility.key, loaded=loaded, place_of=facility.place_of)

    def data_of(self, facility: Facility) -> LoadedKontrak:
        """Return the data of a facility alone; see :meth:`loaded`."""
        return self.loaded(facility).loaded

    def refuse_bad(self, facility: Facility) -> None:
        """Stop when a facility cannot be used; its data are not read for that.

        Raises:
            InputProblemsError: ``workbook.facility_problems``.
        """
        if not facility.held.is_good:
            raise self._bad(facility)

    def _bad(self, facility: Facility) -> InputProblemsError:
        return InputProblemsError(
            "workbook.facility_problems",
            facility.problems,
            file=self.source,
            facility=facility.name,
        )

    def looked_at(self, facility: Facility) -> LoadedKontrak | None:
        """Return data to be checked, also such as must not be drafted; None when there are none."""
        kontrak = facility.kontrak or facility.unsure
        return None if kontrak is None else self._loaded(facility, kontrak)

    def _loaded(self, facility: Facility, kontrak: Kontrak) -> LoadedKontrak:
        return LoadedKontrak(
            kontrak=kontrak,
            source=f"{self.source}#{visible(facility.key, 40)}",
            source_bytes=canonical_bytes(kontrak),
            tree=lambda: facility.tree,
        )

    @property
    def of_nobody(self) -> tuple[Problem, ...]:
        """Return the problems that no facility has among its own."""
        told = {problem for facility in self.facilities for problem in facility.problems}
        return tuple(problem for problem in self.problems if problem not in told)

    def refuse_nobody(self) -> None:
        """Stop when no facility was found, because sheets, headings or keys are wrong.

        Raises:
            InputProblemsError: ``workbook.problems``.
        """
        if not self.facilities:
            raise InputProblemsError("workbook.problems", self.problems, file=self.source)


def read_book(path: Path, looks: Looks = HERE) -> Book:
    """Read a workbook and collect everything that is wrong in it.

    Args:
        path: The file.
        looks: Where it is opened; what its cells mean is found here.

    Raises:
        InputError: ``file.*`` or ``workbook.*`` when the file is refused as a whole;
            ``workbook.not_looked`` when it stopped whoever opened it.
    """
    return parse_book(read_package(path), path.name, looks)


def parse_book(content: bytes, source: str, looks: Looks = HERE) -> Book:
    """Read a workbook from bytes; see :func:`read_book`."""
    with collector_paused():
        return _parsed(content, source, looks)


def _parsed(content: bytes, source: str, looks: Looks) -> Book:
    try:
        cells = looks.ask(CellsOf(source=source), content)
    except NotLookedError as error:
        raise InputError("workbook.not_looked", file=source, **error.params) from error
    headings = find_tables(list(cells.sheets))
    main = headings.found.get(())
    facilities = _facilities(main, headings) if main is not None else ()
    return Book(
        source=source,
        facilities=facilities,
        problems=_shortened(headings.problems),
        passed_over=_shortened(headings.passed_over),
        content=content,
    )


def load_workbook_kontrak(path: Path) -> tuple[LoadedFacility, ...]:
    """Read every facility of a workbook, or report all problems at once.

    Raises:
        InputError: ``file.*`` or ``workbook.*`` when the file is refused as a whole.
        InputProblemsError: ``workbook.problems`` with everything that is wrong in its cells.
    """
    book = read_book(path)
    problems = [*book.problems]
    for facility in book.facilities:
        problems += [one for one in facility.problems if one not in problems]
    if problems:
        raise InputProblemsError("workbook.problems", _shortened(problems), file=book.source)
    return tuple(book.loaded(facility) for facility in book.facilities)


def _shortened(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= MAXIMUM_BOOK_PROBLEMS:
        return tuple(problems)
    more = Problem("input.more_problems", "", None, shown=MAXIMUM_BOOK_PROBLEMS)
    return (*problems[:MAXIMUM_BOOK_PROBLEMS], more)


def _facilities(main: FoundTable, headings: Headings) -> tuple[Facility, ...]:
    mains = main_rows(main, headings)
    if not mains.rows:
        headings.add("workbook.no_facility", main.table.sheet, None)
    children = child_rows(mains, headings)
    branches = Branches(headings, main)
    wrong = Wrong.of(headings)
    repeated = {key for key, _ in mains.again}
    found = []
    recent = Recent(RECENT) if len(mains.rows) > WHOLE else None
    for key, row in mains.rows.items():
        mine = [(sheet, rows[key]) for sheet, rows in children]
        branch = branches.of(row)
        known = [*mains.troubles[key], *branch.problems]
        again = partial(build_facility, key, (main, row), mine, known, wrong, branch)
        facility = again()
        if recent is not None:
            facility = facility.folded(again, recent)
        found.append(_of_cells(facility) if key in repeated else facility)
    # which of two rows is meant nobody knows, and the lists of both are the same
    for key, row in mains.again:
        found.append(repeated_facility(key, (main, row), mains.troubles[key]))
    return tuple(sorted(found, key=lambda facility: facility.row))


def _of_cells(facility: Facility) -> Facility:
    """Return a facility whose key stands twice, without what its lists lack: whose are they?"""
    return replace(facility, problems=tuple(one for one in facility.problems if "!" in one.place))
