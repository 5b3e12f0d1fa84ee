"""The checks of a workbook as a coloured copy of it: every cell says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pks_kit.errors import InputError, NotLookedError, Problem
from pks_kit.files import NamedFile
from pks_kit.inputs.workbook.marked_copy import CellMark, Level, MarkedCopy
from pks_kit.inputs.workbook.words import in_cell, in_workbook
from pks_kit.messages import lookup
from pks_kit.pipelines.drafting.facility_results import FacilityCheck
from pks_kit.pipelines.inside.looks import looks_at_book
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.given import FileInput
from pks_kit.pipelines.workbook import BookCheck, book_of, check_book
from pks_kit.settings.model import SigningSettings

_MOST_LINES = 40
_GRAVEST: tuple[Level, ...] = ("blocking", "warning", "manual")
_HEADS = ("state", "facility_name", "key", "cell", "blocking", "warning", "manual")

Colour = Literal["", "blocking", "warning", "manual", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookMarkedRequest(Request):
    """What to check and mark.

    Attributes:
        source: The workbook (XLSX).
        as_of: Date of the rules; None means the start of each term.
        settings: Settings of whoever signs, when they are known: what they refuse is told now.
        language: Of notes and first sheet; ``id`` or ``en``.
        today: Day of the work in WIB, with which the day of signing is compared; None: it is not.
    """

    source: FileInput
    as_of: date | None = None
    settings: SigningSettings | None = None
    today: date | None = None
    language: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookMarkedResult:
    """The checks and the copy.

    Attributes:
        check: What the checks say.
        file: The copy; cells are coloured by level, the first sheet says who is ready and who not.
    """

    check: BookCheck
    file: NamedFile


@verb
def workbook_marked(request: WorkbookMarkedRequest) -> WorkbookMarkedResult:
    """Check a workbook and return a coloured copy of it.

    Raises:
        InputError: The file is refused as a whole, or could not be marked
            (``workbook.not_marked``, ``workbook.not_looked``).
        UsageError: ``request.type``.
    """
    book = book_of(request.source, "WorkbookMarkedRequest.source")
    check = check_book(book, request.as_of, request.settings, request.today)
    language = request.language
    rows = _rows(check, language)
    question = MarkedCopy(
        source=book.source,
        marks=tuple(_marks(check, language)),
        title=_say("sheet", language),
        headings=tuple(_say(f"head.{name}", language) for name in _HEADS),
        rows=tuple(row for _, row in rows),
        colours=tuple(colour for colour, _ in rows),
    )
    try:
        content = looks_at_book().ask(question, book.content).content
    except NotLookedError as error:
        raise InputError("workbook.not_looked", file=book.source, **error.params) from error
    return WorkbookMarkedResult(check=check, file=NamedFile(book.source, content))


workbook_marked_async = in_background(workbook_marked)


def _marks(check: BookCheck, language: str) -> list[CellMark]:
    """Return one mark for each cell: the gravest colour, all its notes."""
    told: dict[str, list[tuple[Level, str]]] = {}

    def tell(place: str, level: Level, words: str) -> None:
        notes = told.setdefault(place, [])
        if (level, words) not in notes:
            notes.append((level, words))

    for problem in (
        *check.problems,
        *(one for row in check.facilities for one in row.facility.problems),
    ):
        tell(problem.place, "blocking", problem.text.in_language(language))
    for problem in check.passed_over:
        tell(problem.place, "manual", problem.text.in_language(language))
    for row in check.facilities:
        for finding in row.findings:
            if finding.level != "info":
                hint = finding.text.hint_in_language(language)
                words = in_workbook(f"{finding.text.in_language(language)} {hint}".strip())
                tell(row.facility.place_of(finding.path), finding.level, words)
    return [
        CellMark(
            place=place,
            level=min((level for level, _ in notes), key=_GRAVEST.index),
            note="\n".join(
                f"{lookup(f'cli.level.{level}').in_language(language)}: {words}"
                for level, words in sorted(notes, key=lambda one: _GRAVEST.index(one[0]))
            ),
        )
        for place, notes in told.items()
        if "!" in place
    ]


def _rows(check: BookCheck, language: str) -> list[tuple[Colour, tuple[str, ...]]]:
    """Return the first sheet: the workbook, then who is not ready, then who is."""
    rows: list[tuple[Colour, tuple[str, ...]]] = []
    ready = sum(one.exit_code == 0 for one in check.facilities)
    total = len(check.facilities)
    words = lookup("workbook.check.summary").fill(
        {"total": total, "ready": ready, "failed": total - ready}
    )
    rows.append(("", (words.in_language(language), *[""] * (len(_HEADS) - 1))))
    if check.problems or check.passed_over:
        rows.append(
            (
                "blocking" if check.problems else "manual",
                (
                    _say("state.book", language),
                    check.source,
                    "",
                    "",
                    _problems(check.problems, language),
                    "",
                    _problems(check.passed_over, language),
                ),
            )
        )
    for one in sorted(check.facilities, key=lambda one: (one.exit_code == 0, one.facility.row)):
        good = one.exit_code == 0
        facility = one.facility
        stops = [
            *_problem_lines(facility.problems, language),
            *_finding_lines(one, "blocking", language),
        ]
        if one.error is not None:
            stops.insert(0, one.error.text.in_language(language))
        row = (
            _say("state.ready" if good else "state.not_ready", language),
            facility.name,
            facility.key,
            facility.place_of(""),
            _lines(stops),
            _lines(_finding_lines(one, "warning", language)),
            _lines(_finding_lines(one, "manual", language)),
        )
        rows.append(("check" if good else "blocking", row))
    return rows


def _finding_lines(one: FacilityCheck, level: str, language: str) -> list[str]:
    return [
        f"{in_cell(one.facility.place_of(finding.path), finding.path)}: "
        f"{in_workbook(finding.text.in_language(language))}"
        for finding in one.findings
        if finding.level == level
    ]


def _problem_lines(problems: Iterable[Problem], language: str) -> list[str]:
    return [f"{one.where}: {one.text.in_language(language)}" for one in problems]


def _problems(problems: Iterable[Problem], language: str) -> str:
    return _lines(_problem_lines(problems, language))


def _lines(lines: list[str]) -> str:
    shown = lines[:_MOST_LINES]
    return "\n".join([*shown, "…"] if len(lines) > len(shown) else shown)


def _say(code: str, language: str) -> str:
    return lookup(f"workbook.marked.{code}").in_language(language)
