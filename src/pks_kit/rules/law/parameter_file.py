"""Read one parameter file strictly: every mistake names the file and the line.

The format is described in ``docs/templates.md`` under "Parameters".
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pks_kit.errors import InputError
from pks_kit.messages import Message, lookup
from pks_kit.messages.yaml_reason import yaml_reason
from pks_kit.strict_yaml.nodes import YamlError, YamlMapping, YamlNode, YamlScalar
from pks_kit.strict_yaml.reader import read_document
from pks_kit.strict_yaml.values import value_of

Nilai = int | Decimal | str
"""A whole number (also money in rupiah), an exact decimal, or text."""

CERTAINTIES = ("paparan_resmi", "peraturan_terkonfirmasi", "diingat", "susunan")
"""Official deck, regulation read in a public text, remembered, our own proposal."""

UNITS = frozenset(
    {
        *("rupiah", "persen", "permil", "rasio", "koefisien", "teks"),
        *("kali", "orang", "rangkap", "urutan", "digit", "aksara", "bita", "megabita", "skor"),
        *("milimeter", "menit", "jam", "hari_kalender", "hari_kerja", "bulan", "tahun"),
        *("tanggal", "tahun_kalender"),
    }
)
"""Units a value may have. ``tanggal`` is a day of the month, ``tahun_kalender`` a calendar year,
``aksara`` a count of characters; money is whole rupiah."""

DECIMAL_UNITS = frozenset({"rasio", "koefisien", "persen", "permil"})
"""Units whose values may be decimals, written as quoted text."""

UNKNOWN = "tidak_diketahui"
"""Written in the place of a value that nobody has read; the text says «menurut ketentuan»."""

_BOUNDS = {"tanggal": (1, 31), "tahun_kalender": (1900, 2200)}
"""Units of whole numbers that cannot be just any number: least and most."""

_NEEDED = frozenset({"keterangan", "satuan", "kepastian", "terakhir_diperiksa", "nilai"})
_KEYS = _NEEDED | {"ditambahkan"}
_NEEDED_KEYS = frozenset({"nilai", "dasar_hukum"})
_VALUE_KEYS = _NEEDED_KEYS | {"terbit", "kepastian"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_DECIMAL = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
_YEAR_OR_MONTH = re.compile(r"(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2]))?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEEPEST_GROUP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NilaiBerlaku:
    """A value and the day from which it is in force.

    Attributes:
        mulai: First day of force.
        nilai: The value in the unit of its parameter; None ends the parameter on ``mulai``, or
            is the value of a time of which the source is known but not the figure.
        dasar_hukum: Where the value comes from.
        terbit: When the source was published, as exactly as known: ``2023-01-09``, ``2023-12`` or
            ``2019``; None when not even the year is known.
        kepastian: Certainty of this value, when it differs from that of the parameter.
        diketahui: False where something is in force whose figure nobody has read.
    """

    mulai: date
    nilai: Nilai | None
    dasar_hukum: str
    terbit: str | None = None
    kepastian: str | None = None
    diketahui: bool = True

    @property
    def is_end(self) -> bool:
        """Return whether nothing is in force from this day on."""
        return self.nilai is None and self.diketahui


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One tariff, limit, deadline or citation with its values over time.

    Attributes:
        nama: Full name, for example ``kapitasi.klinik_pratama.rasio_terpenuhi_dengan_dokter_gigi``.
        keterangan: Meaning, in Indonesian.
        satuan: Unit, for example ``rupiah`` (whole rupiah) or ``bulan``.
        kepastian: One of :data:`CERTAINTIES`.
        terakhir_diperiksa: Day on which somebody last compared it with its source; None when nobody
            has, or when there is no source to compare with.
        nilai: Values, oldest first.
        berkas: File it stands in.
        baris: Line in that file.
        ditambahkan: Day on which the parameter came into this set, when issues were made before.
    """

    nama: str
    keterangan: str
    satuan: str
    kepastian: str
    terakhir_diperiksa: date | None
    nilai: tuple[NilaiBerlaku, ...]
    berkas: str
    baris: int
    ditambahkan: date | None = None

    def in_force(self, day: date) -> NilaiBerlaku | None:
        """Return what is in force on a day, or None before the first and after an end."""
        current = None
        for value in self.nilai:
            if value.mulai <= day:
                current = value
        return None if current is None or current.is_end else current

    def applied(self, day: date) -> NilaiBerlaku | None:
        """Return the value to print on a day: where it is unknown, the next that is known."""
        current = self.in_force(day)
        if current is None or current.diketahui:
            return current
        return next(one for one in self.nilai if one.mulai > current.mulai and one.diketahui)

    def certainty_of(self, value: NilaiBerlaku) -> str:
        """Return how certain a value is: its own word, otherwise that of the parameter.

        Empty for a value that is not known.
        """
        if not value.diketahui:
            return ""
        return value.kepastian or self.kepastian


def parse_parameter_file(text: str, berkas: str) -> tuple[Parameter, ...]:
    """Return the parameters of one file; its stem is the first part of their names.

    Args:
        text: YAML.
        berkas: File name, for example ``kapitasi.yml``.

    Raises:
        InputError: ``rules.bad_parameter`` with file, line and reason.
    """
    try:
        return _Reader(berkas).read(text)
    except YamlError as error:
        raise _bad(berkas, error.first.line, yaml_reason(error.first)) from error


def _bad(berkas: str, line: int, reason: Message) -> InputError:
    return InputError("rules.bad_parameter", file=berkas, line=line, reason=reason)


class _Reader:
    def __init__(self, berkas: str) -> None:
        self.berkas = berkas
        self.found: list[Parameter] = []

    def read(self, text: str) -> tuple[Parameter, ...]:
        top = read_document(text)
        stem = self.berkas.removesuffix(".yml")
        if not _NAME.fullmatch(stem):
            raise self.error(1, "rules.reason.name", name=stem)
        self.group(top, stem, depth=1)
        return tuple(self.found)

    def error(self, line: int, reason: str, /, **params: Any) -> InputError:
        return _bad(self.berkas, line, lookup(reason).fill(params))

    def mapping(self, node: YamlNode | None, what: str) -> YamlMapping:
        if not isinstance(node, YamlMapping) or not node.entries:
            raise self.error(1 if node is None else node.line, "rules.reason.mapping", name=what)
        return node

    def only(
        self, known: frozenset[str], needed: frozenset[str], node: YamlMapping, what: str, line: int
    ) -> None:
        given = node.entries.keys()
        if not given >= needed:
            missing = ", ".join(sorted(needed - given))
            raise self.error(line, "rules.reason.missing", name=what, keys=missing)
        for odd in sorted(given - known):
            raise self.error(node.key_lines[odd], "rules.reason.unknown_key", key=odd)

    def group(self, node: YamlNode | None, prefix: str, depth: int) -> None:
        top = self.mapping(node, prefix)
        for name, value in top.entries.items():
            line = top.key_lines[name]
            if not _NAME.fullmatch(name):
                raise self.error(line, "rules.reason.name", name=name)
            inner = self.mapping(value, name)
            if _KEYS & set(inner.entries):
                self.found.append(self.parameter(f"{prefix}.{name}", inner, line))
            elif depth < _DEEPEST_GROUP:
                self.group(inner, f"{prefix}.{name}", depth + 1)
            else:
                raise self.error(line, "rules.reason.too_deep", name=name)

    def parameter(self, nama: str, node: YamlMapping, line: int) -> Parameter:
        self.only(_KEYS, _NEEDED, node, nama, line)
        entries = node.entries
        satuan = self.one_of(entries["satuan"], "satuan", UNITS)
        return Parameter(
            nama=nama,
            keterangan=self.text(entries["keterangan"], "keterangan"),
            satuan=satuan,
            kepastian=self.one_of(entries["kepastian"], "kepastian", CERTAINTIES),
            terakhir_diperiksa=self.checked(entries["terakhir_diperiksa"]),
            nilai=self.values(entries["nilai"], satuan),
            ditambahkan=self.date(entries["ditambahkan"]) if "ditambahkan" in entries else None,
            berkas=self.berkas,
            baris=line,
        )

    def values(self, node: YamlNode, satuan: str) -> tuple[NilaiBerlaku, ...]:
        values: list[NilaiBerlaku] = []
        dates = self.mapping(node, "nilai")
        for key, value in dates.entries.items():
            line = dates.key_lines[key]
            dated = self.dated(key, line, self.mapping(value, "nilai"), satuan)
            if values and dated.mulai <= values[-1].mulai:
                raise self.error(line, "rules.reason.order", date=str(dated.mulai))
            if dated.is_end and (not values or values[-1].nilai is None):
                raise self.error(line, "rules.reason.nothing_to_end")
            if not dated.diketahui and values and not values[-1].diketahui:
                raise self.error(line, "rules.reason.unknown_twice")
            values.append(dated)
        if not values[-1].diketahui:
            raise self.error(line, "rules.reason.unknown_to_the_end")
        return tuple(values)

    def dated(self, key: str, line: int, node: YamlMapping, satuan: str) -> NilaiBerlaku:
        self.only(_VALUE_KEYS, _NEEDED_KEYS, node, key, line)
        entries = node.entries
        kepastian = None
        if "kepastian" in entries:
            kepastian = self.one_of(entries["kepastian"], "kepastian", CERTAINTIES)
        is_unknown = _written(entries["nilai"]) == UNKNOWN
        return NilaiBerlaku(
            mulai=self.date(YamlScalar(text=key, line=line)),
            nilai=None if is_unknown else self.value(entries["nilai"], satuan),
            diketahui=not is_unknown,
            dasar_hukum=self.text(entries["dasar_hukum"], "dasar_hukum"),
            terbit=self.published(entries["terbit"]) if "terbit" in entries else None,
            kepastian=kepastian,
        )

    def checked(self, node: YamlNode) -> date | None:
        """Return a day; nothing written says that nobody has compared."""
        is_empty = isinstance(node, YamlScalar) and value_of(node) is None
        return None if is_empty else self.date(node)

    def text(self, node: YamlNode, what: str) -> str:
        if not isinstance(node, YamlScalar) or node.text is None or not node.text.strip():
            raise self.error(node.line, "rules.reason.text", name=what)
        return node.text

    def one_of(self, node: YamlNode, what: str, known: Collection[str]) -> str:
        given = self.text(node, what)
        if given not in known:
            words = ", ".join(sorted(known))
            raise self.error(node.line, "rules.reason.choice", name=what, given=given, known=words)
        return given

    def date(self, node: YamlNode) -> date:
        given = _written(node)
        try:
            if _ISO_DATE.fullmatch(given):
                return date.fromisoformat(given)
        except ValueError:
            pass
        raise self.error(node.line, "rules.reason.date", given=given[:40])

    def published(self, node: YamlNode) -> str:
        """Return a day, a month or a year as written; sources do not always tell the day."""
        given = _written(node)
        try:
            if not _YEAR_OR_MONTH.fullmatch(given):
                date.fromisoformat(given if _ISO_DATE.fullmatch(given) else "")
        except ValueError as error:
            raise self.error(node.line, "rules.reason.published", given=given[:40]) from error
        return given

    def whole(self, number: int, satuan: str, line: int) -> int:
        least, most = _BOUNDS.get(satuan, (0, number))
        if not least <= number <= most:
            raise self.error(
                line, "rules.reason.bounds", given=number, unit=satuan, least=least, most=most
            )
        return number

    def value(self, node: YamlNode, satuan: str) -> Nilai | None:
        if isinstance(node, YamlScalar):
            value = value_of(node)
            if value is None:
                return None
            if satuan == "teks" and isinstance(value, str) and value.strip():
                return value
            if satuan != "teks" and type(value) is int and _WHOLE.fullmatch(_written(node)):
                return self.whole(value, satuan, node.line)
            quoted = node.style in ("'", '"')
            if satuan in DECIMAL_UNITS and quoted and _DECIMAL.fullmatch(_written(node)):
                return Decimal(_written(node))
        raise self.error(node.line, "rules.reason.value", given=_written(node)[:40], unit=satuan)


def _written(node: YamlNode) -> str:
    """Return what stands there, a mapping or a list as an ellipsis in its brackets."""
    if isinstance(node, YamlScalar):
        return node.text or ""
    return "{…}" if isinstance(node, YamlMapping) else "[…]"
