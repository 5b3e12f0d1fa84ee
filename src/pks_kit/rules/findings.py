"""Findings: what the checks of contract data say, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, Self

from pks_kit.errors import pointer_of
from pks_kit.json_types import HIDDEN, IF_KNOWN, Code, shown
from pks_kit.messages import BothLanguages, Message, lookup
from pks_kit.visible_text import without_sources

Level = Literal["blocking", "warning", "info", "manual"]
"""``blocking`` stops the draft; ``warning`` should be looked at; ``info`` is good to know;
``manual`` asks a person to decide what a machine cannot."""

ORDER: dict[str, int] = {"blocking": 0, "manual": 1, "warning": 2, "info": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        code: Stable code; the words may change, the code does not.
        level: How grave it is: blocking findings stop the draft, manual ones need a person.
        path: Place in the contract data, for example ``jadwal.praktik[3].tenaga``.
        params: Values for the placeholders of the words; never a full NIK or phone number.
        legal_basis: Rule that the finding rests on; empty when there is none.
        line: Line of the data file, from 1; only when known.
        place: Cell of a workbook, for example ``Tenaga!D7``, or line of a file; only when known.
    """

    code: Code
    level: Level
    path: str
    legal_basis: str
    params: Annotated[Mapping[str, Any], HIDDEN] = field(default_factory=dict, hash=False)
    line: Annotated[int | None, IF_KNOWN] = None
    place: Annotated[str | None, IF_KNOWN] = None

    @property
    def text(self) -> Message:
        """Return message and hint in both languages."""
        return lookup(self.code).fill(self.params)

    @shown()
    def pointer(self) -> str:
        """The path as a JSON pointer (RFC 6901)."""
        return pointer_of(self.path)

    @shown()
    def message(self) -> Message:
        """What was found, in both languages."""
        return self.text

    @shown()
    def hint(self) -> BothLanguages:
        """What to do about it."""
        return self.text.hint

    def at(self, *, line: int | None = None, place: str | None = None) -> Self:
        """Return the same finding with where its data stand."""
        return replace(self, line=line, place=place)


def _found(code: str, level: Level, path: str, basis: str, params: Mapping[str, Any]) -> Finding:
    basis = without_sources(basis)
    return Finding(code=code, level=level, path=path, params=params, legal_basis=basis)


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by level, otherwise in the order given."""
    return tuple(sorted(findings, key=lambda finding: ORDER[finding.level]))


def blocking(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return a blocking finding."""
    return _found(code, "blocking", path, legal_basis, params)


def warning(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return a warning."""
    return _found(code, "warning", path, legal_basis, params)


def info(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return an info finding."""
    return _found(code, "info", path, legal_basis, params)


def manual(code: str, path: str, legal_basis: str, /, **params: Any) -> Finding:
    """Return a finding that only a person can decide."""
    return _found(code, "manual", path, legal_basis, params)
