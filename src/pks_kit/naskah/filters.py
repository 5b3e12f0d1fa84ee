"""The filters of templates: how a value is spelled. See ``docs/templates.md``.

Each filter is a function of the domain layer; here they only get their template names, and a
value that a filter refuses becomes an error of the template (with file and line).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import date, time
from typing import Any

from pks_kit.domain.angka import format_desimal, persen, persen_angka
from pks_kit.domain.rupiah import format_rupiah, rupiah_terbilang
from pks_kit.domain.tanggal import format_pukul, format_tanggal, tanggal_angka, tanggal_terbilang
from pks_kit.domain.terbilang import bilangan, terbilang
from pks_kit.errors import InputError
from pks_kit.naskah.source_text import TemplateFault

_BUILT_IN = (
    "abs",
    "batch",
    "count",
    "default",
    "dictsort",
    "first",
    "groupby",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "select",
    "selectattr",
    "slice",
    "sort",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
)
"""Filters of Jinja that stay available; all others are refused."""

SPELLS_WORDS = frozenset(
    {"bilangan", "persen", "rupiah_terbilang", "tanggal_terbilang", "terbilang"}
)
"""Filters that write the number in words."""


_DOCTOR = re.compile(r"(?<!\w)(?:DR|DRG)\.(?=\s|$)")


def _kapital(value: str) -> str:
    """Return capitals; ``dr.`` and ``drg.`` stay, since ``DR.`` would be a doctorate."""
    whole = value.upper()
    if len(whole) != len(value):  # a letter such as ß becomes two: no place fits any more
        return whole
    return _DOCTOR.sub(lambda found: _as_written(found, value), whole)


def _as_written(found: re.Match[str], value: str) -> str:
    given = value[found.start() : found.end()]
    return given if given.islower() else found.group()


def _named(name: str, expected: type | tuple[type, ...], spell: Callable[..., str]) -> Any:
    @functools.wraps(spell)
    def filter_function(value: Any) -> str:
        if not isinstance(value, expected) or isinstance(value, bool):
            raise TemplateFault(
                "naskah.filter_failed", filter=name, reason=f"{type(value).__name__}"
            )
        try:
            return spell(value)
        except (InputError, ValueError, ArithmeticError) as error:
            raise TemplateFault("naskah.filter_failed", filter=name, reason=str(error)) from error

    return filter_function


def template_filters(built_in: dict[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Return every filter that a template may use.

    Args:
        built_in: The filters of Jinja, of which a named few stay.
    """
    number = object  # the domain functions refuse what is not an exact number
    own: dict[str, Callable[..., Any]] = {
        "bilangan": _named("bilangan", int, bilangan),
        "terbilang": _named("terbilang", int, terbilang),
        "desimal": _named("desimal", number, format_desimal),
        "persen": _named("persen", number, persen),
        "persen_angka": _named("persen_angka", number, persen_angka),
        "rupiah": _named("rupiah", int, format_rupiah),
        "rupiah_terbilang": _named("rupiah_terbilang", int, rupiah_terbilang),
        "tanggal": _named("tanggal", date, format_tanggal),
        "tanggal_terbilang": _named("tanggal_terbilang", date, tanggal_terbilang),
        "tanggal_angka": _named("tanggal_angka", date, tanggal_angka),
        "pukul": _named("pukul", time, format_pukul),
        "kapital": _named("kapital", str, _kapital),
    }
    return {name: built_in[name] for name in _BUILT_IN} | own
