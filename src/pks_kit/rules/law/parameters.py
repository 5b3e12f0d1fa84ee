"""Dated parameters: every tariff, limit, deadline and citation, resolved as of a date.

No legal number stands in code or template; both ask here. A value is in force from its date until
the day before the next one, so values can neither overlap nor leave a gap by accident: a gap is
written on purpose, with ``nilai: null``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pks_kit.errors import InputError, NotInForceError, UsageError
from pks_kit.messages import days_in_words, lookup
from pks_kit.messages.nearest import meant
from pks_kit.rules.law.parameter_file import (
    UNKNOWN,
    Nilai,
    NilaiBerlaku,
    Parameter,
    parse_parameter_file,
)
from pks_kit.visible_text import short_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSet:
    """All parameters, by full name.

    Attributes:
        parameters: In the order of files and lines.
    """

    parameters: tuple[Parameter, ...]
    _by_name: dict[str, Parameter] = field(init=False, repr=False, compare=False)
    _editions: list[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Written once here: a frozen class has no other way to keep a derived value.
        index = {parameter.nama: parameter for parameter in self.parameters}
        object.__setattr__(self, "_by_name", index)
        object.__setattr__(self, "_editions", [])

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters)

    def names(self) -> tuple[str, ...]:
        """Return every full name."""
        return tuple(parameter.nama for parameter in self.parameters)

    def get(self, nama: str) -> Parameter:
        """Return a parameter.

        Raises:
            UsageError: ``rules.unknown_parameter`` with the nearest name.
        """
        found = self._by_name.get(nama)
        if found is None:
            raise unknown_parameter(nama, self.names())
        return found

    def resolve(self, nama: str, as_of: date) -> NilaiBerlaku:
        """Return the value in force on a day, with its legal basis.

        Of a time whose figure nobody has read it is the first that is known; its ``mulai`` is then
        after ``as_of``, and :meth:`known_from` tells the day.

        Raises:
            UsageError: ``rules.unknown_parameter``.
            NotInForceError: ``rules.not_in_force``, saying when it is or was in force.
        """
        parameter = self.get(nama)
        found = parameter.applied(as_of)
        if found is None:
            raise NotInForceError(
                "rules.not_in_force",
                name=nama,
                as_of=as_of,
                periods=days_in_words(periods(parameter)),
            )
        return found

    def known_from(self, as_of: date) -> date | None:
        """Return the day from which all values of a day are known; None when they are."""
        later = [
            applied.mulai
            for one in self.parameters
            if (applied := one.applied(as_of)) is not None and applied.mulai > as_of
        ]
        return max(later, default=None)

    def resolve_all(self, as_of: date) -> ResolvedParameters:
        """Return a view of all parameters as of a day; a value is looked up when it is read."""
        return ResolvedParameters(self, as_of)

    def editions(self) -> tuple[str, ...]:
        """Return the hash of the set as it is, then as it was before each later addition.

        A parameter that was added later cannot have shaped an earlier issue, so an issue with one
        of these hashes was made with the values of today.
        """
        if not self._editions:
            self._editions[:] = self._hashed_editions()
        return tuple(self._editions)

    def _hashed_editions(self) -> tuple[str, ...]:
        days = sorted({one.ditambahkan for one in self.parameters if one.ditambahkan}, reverse=True)
        earlier = (
            ParameterSet(
                parameters=tuple(
                    one
                    for one in self.parameters
                    if one.ditambahkan is None or one.ditambahkan < day
                )
            )
            for day in days
        )
        return (self.sha256(), *(one.sha256() for one in earlier))

    def sha256(self) -> str:
        """Return the SHA-256 (hexadecimal) of all names and values; comments do not count."""
        content = [
            [
                parameter.nama,
                parameter.satuan,
                [[v.mulai.isoformat(), _plain(v), v.dasar_hukum] for v in parameter.nilai],
            ]
            for parameter in sorted(self.parameters, key=lambda parameter: parameter.nama)
        ]
        return _digest(content)


class ResolvedParameters:
    """Parameters as of one day, read by attribute: ``aturan.sanksi.teguran_maksimum``.

    Args:
        parameters: Where to look.
        as_of: Day on which the values must be in force.
    """

    __slots__ = ("_groups", "_names", "_parameters", "as_of")

    def __init__(self, parameters: ParameterSet, as_of: date) -> None:
        self._parameters = parameters
        self._names = frozenset(parameters.names())
        self._groups = frozenset(
            name[:at] for name in self._names for at, sign in enumerate(name) if sign == "."
        )
        self.as_of = as_of

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._below(name)

    def __getitem__(self, name: str) -> Any:
        return self._below(name)

    def _below(self, name: str) -> Any:
        if name in self._names:
            return self.value(name)
        if name in self._groups:
            return _Group(self, name)
        raise unknown_parameter(name, self._parameters.names())

    def value(self, nama: str) -> Nilai:
        """Return the value of a full name.

        Raises:
            UsageError: ``rules.unknown_parameter``.
            NotInForceError: ``rules.not_in_force``.
        """
        found = self._parameters.resolve(nama, self.as_of)
        if found.nilai is None:  # resolve never returns an ended value
            raise AssertionError(nama)
        return found.nilai

    def whole(self, nama: str) -> int:
        """Return a value that must be a whole number.

        Raises:
            InputError: ``rules.not_whole`` when the file holds a decimal or text.
        """
        found = self.value(nama)
        if not isinstance(found, int):
            raise InputError("rules.not_whole", name=nama)
        return found

    def known_from(self, day: date) -> date | None:
        """Return the day from which all values of a day are known; None when they are."""
        return self._parameters.known_from(day)

    def legal_basis(self, nama: str) -> str:
        """Return the legal basis of the value in force."""
        return self._parameters.resolve(nama, self.as_of).dasar_hukum

    def unit(self, nama: str) -> str:
        """Return the unit of a parameter, for example ``hari_kerja``."""
        return self._parameters.get(nama).satuan


class _Group:
    """A file or a group in a file; only for reading one level deeper."""

    __slots__ = ("_name", "_root")

    def __init__(self, root: ResolvedParameters, name: str) -> None:
        self._root = root
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._root[f"{self._name}.{name}"]

    def __getitem__(self, name: str) -> Any:
        return self._root[f"{self._name}.{name}"]

    def __str__(self) -> str:
        raise UsageError("rules.group_not_value", name=self._name)


RESERVED_NAMES = frozenset(name for name in dir(ResolvedParameters) if not name.startswith("_"))
"""First parts that a parameter cannot have: attribute access would find a method instead."""


@cache
def load_parameters() -> ParameterSet:
    """Return the parameters that ship with pks-kit.

    Raises:
        InputError: ``rules.bad_parameter`` with file, line and reason.
    """
    with resources.as_file(resources.files(__package__) / "parameter") as folder:
        return read_parameters(folder)


def read_parameters(folder: Path) -> ParameterSet:
    """Read all parameter files of a folder.

    Raises:
        InputError: ``rules.bad_parameter`` with file, line and reason.
    """
    found: list[Parameter] = []
    for path in sorted(folder.glob("*.yml")):
        if path.stem in RESERVED_NAMES:
            raise _bad_file(path, "rules.reason.reserved")
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise _bad_file(path, "rules.reason.not_utf8") from error
        found.extend(parse_parameter_file(text, path.name))
    return ParameterSet(parameters=tuple(found))


def _bad_file(path: Path, reason: str) -> InputError:
    return InputError("rules.bad_parameter", file=path.name, line=1, reason=lookup(reason))


def periods(parameter: Parameter) -> str:
    """Return when a parameter is in force: ``2023-01-01 – 2023-12-31, 2025-01-01 – …``."""
    spans: list[str] = []
    start: date | None = None
    for value in parameter.nilai:
        if value.is_end and start is not None:
            spans.append(f"{start} – {value.mulai - timedelta(days=1)}")
            start = None
        elif not value.is_end and start is None:
            start = value.mulai
    if start is not None:
        spans.append(f"{start} – …")
    return ", ".join(spans)


def unknown_parameter(nama: str, names: tuple[str, ...]) -> UsageError:
    """Return the error for a name that does not exist, with the nearest that does."""
    groups = {name.rpartition(".")[0] for name in names} - {""}
    near = meant(nama, (*names, *sorted(groups)))
    return UsageError("rules.unknown_parameter", name=short_name(nama), meant=near)


def _plain(value: NilaiBerlaku) -> str | int | None:
    if not value.diketahui:
        return UNKNOWN
    nilai = value.nilai
    return nilai if nilai is None or isinstance(nilai, int) else str(nilai)


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
