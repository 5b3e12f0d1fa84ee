"""Read contract data of many facilities: files, folders and workbooks, good and bad together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import InputError, InputProblemsError, PksKitError, Problem, UsageError
from pks_kit.files import NamedFile
from pks_kit.inputs.addendum_file import is_adendum
from pks_kit.inputs.contract_file import MAXIMUM_BYTES, parse_kontrak
from pks_kit.inputs.letter_file import is_letter
from pks_kit.inputs.settings_file import is_settings
from pks_kit.json_form import HasJsonForm
from pks_kit.pipelines.error_form import ErrorForm, short_error_form
from pks_kit.pipelines.inside.looks import looks_at_book
from pks_kit.pipelines.requests.given import read_file

MAXIMUM_FILES = 5000
_YAML = frozenset({".yml", ".yaml"})
_BOOKS = frozenset({".xlsx", ".xlsm", ".xls"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Contract data of one facility and where its values stand.

    Attributes:
        file: File it came from; for a workbook with the key of the facility behind ``#``.
        kontrak: The data.
        place_of: Path of a value -> line number or cell.
    """

    file: str
    kontrak: Kontrak
    place_of: Callable[[str], str] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableForm(ErrorForm):
    """What could not be looked at, and why.

    Attributes:
        file: Which file, for a workbook with the key of the facility behind ``#``.
    """

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(HasJsonForm):
    """A file, or one facility of a workbook, that could not be looked at.

    Attributes:
        file: Which.
        error: Why.
    """

    file: str
    error: PksKitError

    def json_form(self) -> UnreadableForm:
        """Return the file with the error."""
        why = short_error_form(self.error)
        return UnreadableForm(
            file=self.file,
            code=why.code,
            message=why.message,
            exit_code=why.exit_code,
            http_status=why.http_status,
            problems=why.problems,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything found.

    Attributes:
        sources: Facilities whose data could be read.
        unreadable: What could not be read, and why.
        skipped: Files in folders that hold no contract data.
    """

    sources: tuple[Source, ...]
    unreadable: tuple[Unreadable, ...]
    skipped: tuple[str, ...]


def read_sources(places: Sequence[Path | NamedFile]) -> Sources:
    """Read YAML files, workbooks, and folders with everything below them.

    A file that cannot be read stops nothing; it is among ``unreadable``. In folders hidden files
    and symbolic links are left out.

    Raises:
        UsageError: ``renewals.too_many_files``.
    """
    reader = _Reader()
    for path, from_folder in _files(places):
        reader.read(path, from_folder=from_folder)
    return Sources(
        sources=tuple(reader.sources),
        unreadable=tuple(reader.unreadable),
        skipped=tuple(reader.skipped),
    )


def _files(places: Sequence[Path | NamedFile]) -> Iterator[tuple[Path | NamedFile, bool]]:
    """Yield every file once, those of folders in the order of their names."""
    seen: set[str] = set()
    for place in places:
        if isinstance(place, NamedFile):
            yield place, False
            continue
        from_folder = place.is_dir()
        for path in _below(place) if from_folder else (place,):
            key = os.path.realpath(path)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > MAXIMUM_FILES:
                raise UsageError("renewals.too_many_files", limit=MAXIMUM_FILES)
            yield path, from_folder


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(root) / name
            known = path.suffix.casefold() in _YAML | _BOOKS
            if known and not name.startswith((".", "~$")) and not path.is_symlink():
                yield path


@dataclass(slots=True)
class _Reader:
    """What was read so far."""

    sources: list[Source] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def read(self, given: Path | NamedFile, *, from_folder: bool) -> None:
        """Read one file; whatever is wrong with it is noted and stops nothing."""
        shown = given.name if isinstance(given, NamedFile) else str(given)
        try:
            if Path(given.name).suffix.casefold() in _BOOKS:
                self._book(given, shown)
            else:
                self._yaml(given, shown, from_folder=from_folder)
        except PksKitError as error:
            self.unreadable.append(Unreadable(file=shown, error=error))

    def _yaml(self, given: Path | NamedFile, shown: str, *, from_folder: bool) -> None:
        content = read_file(given, MAXIMUM_BYTES, shown).content
        others = (is_adendum, is_settings, is_letter)
        if from_folder and any(is_other(content) for is_other in others):
            self.skipped.append(shown)
            return
        loaded = parse_kontrak(content, given.name)
        self.sources.append(
            Source(
                file=shown,
                kontrak=loaded.kontrak,
                place_of=lambda place: str(loaded.line_of(place)),
            )
        )

    def _book(self, given: Path | NamedFile, shown: str) -> None:
        try:
            from pks_kit.inputs.workbook import parse_book, read_book
            from pks_kit.inputs.workbook.package import MAXIMUM_BYTES as BOOK_LIMIT
        except ImportError as error:
            raise InputError("renewals.no_workbook_reader", file=given.name) from error
        if isinstance(given, Path):
            book = read_book(given, looks_at_book())
        else:
            content = read_file(given, BOOK_LIMIT, shown).content
            book = parse_book(content, given.name, looks_at_book())
        if book.of_nobody:
            self._note_problems(shown, book.of_nobody, given.name)
        for facility in book.facilities:
            name = f"{shown}#{facility.key}"
            kontrak = facility.kontrak
            if kontrak is None:
                self._note_problems(name, facility.problems, given.name)
                continue
            self.sources.append(Source(file=name, kontrak=kontrak, place_of=facility.place_of))

    def _note_problems(self, name: str, problems: tuple[Problem, ...], file: str) -> None:
        error = InputProblemsError("input.problems", problems, file=file)
        self.unreadable.append(Unreadable(file=name, error=error))
