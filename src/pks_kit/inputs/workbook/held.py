"""A facility of a workbook: held whole, or folded up where thousands are held at once.

Contract data with the text and the cell of every value are half a megabyte of objects. A folded
facility keeps its data as packed text, which is read again when somebody wants them, and the text
with its row numbers nowhere: it is made again from the sheets, which are there anyway.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from pks_kit.domain.kontrak import Kontrak
from pks_kit.errors import Problem
from pks_kit.inputs.contract_file import LoadedKontrak
from pks_kit.inputs.workbook.places import Places
from pks_kit.met import Lately
from pks_kit.strict_yaml.nodes import YamlMapping
from pks_kit.strict_yaml.values import as_text

RECENT = 2
"""Facilities of a generation whose text is known at once: who asks for one line asks for more."""

Recent = Lately[int, "Whole"]
"""The facilities of one workbook whose text was asked for last, by their row on the main sheet."""


class Held(Protocol):
    """The data of a facility, and where they stand."""

    @property
    def is_good(self) -> bool:
        """Return whether there are data that may be used."""
        ...

    @property
    def kontrak(self) -> Kontrak | None:
        """Return the data; None when there are problems."""
        ...

    @property
    def unsure(self) -> Kontrak | None:
        """Return the data when only problems outside its cells keep them from being used."""
        ...

    @property
    def tree(self) -> YamlMapping:
        """Return the data as text with row numbers."""
        ...

    @property
    def places(self) -> Places:
        """Return the cells of the values."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Everything as it was read; see :class:`Held`."""

    kontrak: Kontrak | None
    unsure: Kontrak | None
    tree: YamlMapping
    places: Places

    @property
    def is_good(self) -> bool:
        """Return whether there are data that may be used."""
        return self.kontrak is not None


class Folded:
    """A facility that was read once and takes little room until somebody asks for it.

    Args:
        whole: What was read.
        number: Row on the main sheet.
        again: Reads it again from the same cells.
        recent: Shared by the facilities of the workbook.
    """

    __slots__ = ("_again", "_is_good", "_is_unsure", "_number", "_packed", "_recent", "places")

    def __init__(
        self, whole: Whole, number: int, again: Callable[[], Whole], recent: Recent
    ) -> None:
        self._is_good, self._is_unsure = whole.kontrak is not None, whole.unsure is not None
        self._number, self._again, self._recent = number, again, recent
        has_data = self._is_good or self._is_unsure
        # the text of the cells, not the data: the model then finds the same once more
        text = json.dumps(as_text(whole.tree), ensure_ascii=False) if has_data else ""
        self.places = whole.places
        """Cells of the values."""
        self._packed = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)

    @property
    def is_good(self) -> bool:
        """Return whether there are data that may be used."""
        return self._is_good

    @property
    def kontrak(self) -> Kontrak | None:
        """Return the data, read again; None when there are problems."""
        return self._read() if self._is_good else None

    @property
    def unsure(self) -> Kontrak | None:
        """Return the data, read again, when only problems outside its cells stand against them."""
        return self._read() if self._is_unsure else None

    @property
    def tree(self) -> YamlMapping:
        """Return the data as text with row numbers, from the cells."""
        found = self._recent.get(self._number)
        if found is None:
            found = self._again()
            self._recent.keep(self._number, found)
        return found.tree

    def _read(self) -> Kontrak:
        text = zlib.decompress(self._packed).decode("utf-8", "surrogatepass")
        return Kontrak.model_validate(json.loads(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """One row of the main sheet with everything that refers to it.

    Attributes:
        key: Its ``kunci_faskes``.
        name: Name of the facility as its agreement prints it, or the key while it has none.
        called: Its name as the cell says; empty while it has none.
        row: Row on the main sheet.
        problems: Everything that is wrong with its cells, and problems of sheets, headings and keys
            that touch it.
        branch: Key of its branch; empty without a sheet of branches.
        held: Its data and their cells.
    """

    key: str
    name: str
    row: int
    problems: tuple[Problem, ...]
    branch: str = ""
    called: str = ""
    held: Held = field(repr=False, compare=False)

    @property
    def kontrak(self) -> Kontrak | None:
        """Return the data, or None when there are problems; ask once, it may be read again."""
        return self.held.kontrak

    @property
    def unsure(self) -> Kontrak | None:
        """Return the data when only problems of sheets, headings and keys stand against them.

        What the checks find in them is worth telling all the same.
        """
        return self.held.unsure

    @property
    def tree(self) -> YamlMapping:
        """Return the data as text with row numbers."""
        return self.held.tree

    def place_of(self, path: str) -> str:
        """Return the cell of a path such as ``tenaga_kesehatan[2].nik``: ``Tenaga!D7``."""
        return self.held.places.place_of(path)

    def folded(self, again: Callable[[], Facility], recent: Recent) -> Facility:
        """Return the same with little in memory.

        Args:
            again: Builds the same facility from its cells.
            recent: Shared by the facilities of the workbook.
        """
        whole = self.held
        if not isinstance(whole, Whole):
            return self

        def once_more() -> Whole:
            held = again().held
            if not isinstance(held, Whole):
                raise TypeError("a facility is built whole")
            return held

        return replace(self, held=Folded(whole, self.row, once_more, recent))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFacility:
    """A facility whose data has the right shape.

    Attributes:
        key: Its ``kunci_faskes``.
        loaded: The data as if it came from a file of its own; its bytes are the data as JSON in a
            fixed order, so that other rows of the workbook do not change them.
        place_of: Returns the cell of a path such as ``tenaga_kesehatan[2].nik``: ``Tenaga!D7``.
    """

    key: str
    loaded: LoadedKontrak
    place_of: Callable[[str], str] = field(repr=False, compare=False)
