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

import yaml

from pks_kit.errors import InputError
from pks_kit.messages import lookup

Nilai = int | Decimal | str
"""A whole number (also money in rupiah), an exact decimal, or text."""

CERTAINTIES = ("paparan_resmi", "peraturan_terkonfirmasi", "diingat", "susunan")
"""Official deck, regulation read in a public text, remembered, our own proposal."""

UNITS = frozenset(
    {
        *("rupiah", "persen", "permil", "rasio", "koefisien", "teks"),
        *("kali", "orang", "rangkap", "urutan", "digit", "aksara", "bita", "megabita"),
        *("menit", "jam", "hari_kalender", "hari_kerja", "bulan", "tahun"),
        *("tanggal", "tahun_kalender"),
    }
)
"""Units a value may have. ``tanggal`` is a day of the month, ``tahun_kalender`` a calendar year,
``aksara`` a count of characters; money is whole rupiah."""

DECIMAL_UNITS = frozenset({"rasio", "koefisien", "persen", "permil"})
"""Units whose values may be decimals, written as quoted text."""

_BOUNDS = {"tanggal": (1, 31), "tahun_kalender": (1900, 2200)}
"""Units of whole numbers that cannot be just any number: least and most."""

_KEYS = frozenset({"keterangan", "satuan", "kepastian", "terakhir_diperiksa", "nilai"})
_VALUE_KEYS = frozenset({"nilai", "dasar_hukum", "terbit", "kepastian"})
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_DECIMAL = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
_YEAR_OR_MONTH = re.compile(r"(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2]))?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEEPEST_GROUP = 2
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class NilaiBerlaku:
    """A value and the day from which it is in force.

    Attributes:
        mulai: First day of force.
        nilai: The value in the unit of its parameter; None ends the parameter on ``mulai``.
        dasar_hukum: Where the value comes from.
        terbit: When the source was published, as exactly as known: ``2023-01-09``, ``2023-12`` or
            ``2019``; None when not even the year is known.
        kepastian: Certainty of this value, when it differs from that of the parameter.
    """

    mulai: date
    nilai: Nilai | None
    dasar_hukum: str
    terbit: str | None = None
    kepastian: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One tariff, limit, deadline or citation with its values over time.

    Attributes:
        nama: Full name, for example ``kapitasi.klinik_pratama.rasio_terpenuhi_dengan_dokter_gigi``.
        keterangan: Meaning, in Indonesian.
        satuan: Unit, for example ``rupiah`` (whole rupiah) or ``bulan``.
        kepastian: One of :data:`CERTAINTIES`.
        terakhir_diperiksa: Day on which somebody last compared it with its source.
        nilai: Values, oldest first.
        berkas: File it stands in.
        baris: Line in that file.
    """

    nama: str
    keterangan: str
    satuan: str
    kepastian: str
    terakhir_diperiksa: date
    nilai: tuple[NilaiBerlaku, ...]
    berkas: str
    baris: int

    def in_force(self, day: date) -> NilaiBerlaku | None:
        """Return the value in force on a day, or None before the first and after an end."""
        current = None
        for value in self.nilai:
            if value.mulai <= day:
                current = value
        return None if current is None or current.nilai is None else current

    def certainty_of(self, value: NilaiBerlaku) -> str:
        """Return how certain a value is: its own word, otherwise that of the parameter."""
        return value.kepastian or self.kepastian


def parse_parameter_file(text: str, berkas: str) -> tuple[Parameter, ...]:
    """Return the parameters of one file; its stem is the first part of their names.

    Args:
        text: YAML.
        berkas: File name, for example ``kapitasi.yml``.

    Raises:
        InputError: ``rules.bad_parameter`` with file, line and reason.
    """
    return _Reader(berkas).read(text)


class _Reader:
    def __init__(self, berkas: str) -> None:
        self.berkas = berkas
        self.found: list[Parameter] = []

    def read(self, text: str) -> tuple[Parameter, ...]:
        try:
            top = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = str(getattr(error, "problem", None) or error)
            line = mark.line + 1 if mark else 1
            raise self.error(line, "rules.reason.yaml", problem=problem) from error
        stem = self.berkas.removesuffix(".yml")
        if not _NAME.fullmatch(stem):
            raise self.error(1, "rules.reason.name", name=stem)
        self.group(top, stem, depth=1)
        return tuple(self.found)

    def error(self, line: int, reason: str, /, **params: Any) -> InputError:
        return InputError(
            "rules.bad_parameter", file=self.berkas, line=line, reason=lookup(reason).fill(params)
        )

    def mapping(self, node: yaml.Node | None, what: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode) or not node.value:
            raise self.error(_line(node), "rules.reason.mapping", name=what)
        entries: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.error(_line(key), "rules.reason.name", name=what)
            if key.value in entries:
                raise self.error(_line(key), "rules.reason.twice", name=key.value)
            entries[key.value] = (key, value)
        return entries

    def group(self, node: yaml.Node | None, prefix: str, depth: int) -> None:
        for name, (key, value) in self.mapping(node, prefix).items():
            if not _NAME.fullmatch(name):
                raise self.error(_line(key), "rules.reason.name", name=name)
            entries = self.mapping(value, name)
            if _KEYS & set(entries):
                self.found.append(self.parameter(f"{prefix}.{name}", entries, _line(key)))
            elif depth < _DEEPEST_GROUP:
                self.group(value, f"{prefix}.{name}", depth + 1)
            else:
                raise self.error(_line(key), "rules.reason.too_deep", name=name)

    def parameter(
        self, nama: str, entries: dict[str, tuple[yaml.Node, yaml.Node]], line: int
    ) -> Parameter:
        if missing := ", ".join(sorted(_KEYS - set(entries))):
            raise self.error(line, "rules.reason.missing", name=nama, keys=missing)
        for odd in sorted(set(entries) - _KEYS):
            raise self.error(_line(entries[odd][0]), "rules.reason.unknown_key", key=odd)
        satuan = self.one_of(entries["satuan"][1], "satuan", UNITS)
        return Parameter(
            nama=nama,
            keterangan=self.text(entries["keterangan"][1], "keterangan"),
            satuan=satuan,
            kepastian=self.one_of(entries["kepastian"][1], "kepastian", CERTAINTIES),
            terakhir_diperiksa=self.date(entries["terakhir_diperiksa"][1]),
            nilai=self.values(entries["nilai"][1], satuan),
            berkas=self.berkas,
            baris=line,
        )

    def values(self, node: yaml.Node, satuan: str) -> tuple[NilaiBerlaku, ...]:
        values: list[NilaiBerlaku] = []
        for key, value in self.mapping(node, "nilai").values():
            dated = self.dated(key, value, satuan)
            if values and dated.mulai <= values[-1].mulai:
                raise self.error(_line(key), "rules.reason.order", date=dated.mulai)
            if dated.nilai is None and (not values or values[-1].nilai is None):
                raise self.error(_line(key), "rules.reason.nothing_to_end")
            values.append(dated)
        return tuple(values)

    def dated(self, key: yaml.Node, node: yaml.Node, satuan: str) -> NilaiBerlaku:
        entry = self.mapping(node, "nilai")
        if missing := ", ".join(sorted({"nilai", "dasar_hukum"} - set(entry))):
            raise self.error(_line(key), "rules.reason.missing", name=key.value, keys=missing)
        for odd in sorted(set(entry) - _VALUE_KEYS):
            raise self.error(_line(entry[odd][0]), "rules.reason.unknown_key", key=odd)
        kepastian = None
        if "kepastian" in entry:
            kepastian = self.one_of(entry["kepastian"][1], "kepastian", CERTAINTIES)
        return NilaiBerlaku(
            mulai=self.date(key),
            nilai=self.value(entry["nilai"][1], satuan),
            dasar_hukum=self.text(entry["dasar_hukum"][1], "dasar_hukum"),
            terbit=self.published(entry["terbit"][1]) if "terbit" in entry else None,
            kepastian=kepastian,
        )

    def text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(_line(node), "rules.reason.text", name=what)
        return str(node.value)

    def one_of(self, node: yaml.Node, what: str, known: Collection[str]) -> str:
        given = self.text(node, what)
        if given not in known:
            words = ", ".join(sorted(known))
            raise self.error(
                _line(node), "rules.reason.choice", name=what, given=given, known=words
            )
        return given

    def date(self, node: yaml.Node) -> date:
        given = str(node.value)
        try:
            if _ISO_DATE.fullmatch(given):
                return date.fromisoformat(given)
        except ValueError:
            pass
        raise self.error(_line(node), "rules.reason.date", given=given[:40])

    def published(self, node: yaml.Node) -> str:
        """Return a day, a month or a year as written; sources do not always tell the day."""
        given = str(node.value)
        try:
            if not _YEAR_OR_MONTH.fullmatch(given):
                date.fromisoformat(given if _ISO_DATE.fullmatch(given) else "")
        except ValueError as error:
            raise self.error(_line(node), "rules.reason.published", given=given[:40]) from error
        return given

    def whole(self, number: int, satuan: str, line: int) -> int:
        least, most = _BOUNDS.get(satuan, (0, number))
        if not least <= number <= most:
            raise self.error(
                line, "rules.reason.bounds", given=number, unit=satuan, least=least, most=most
            )
        return number

    def value(self, node: yaml.Node, satuan: str) -> Nilai | None:
        if node.tag == "tag:yaml.org,2002:null":
            return None
        if isinstance(node, yaml.ScalarNode):
            text = str(node.value)
            if satuan == "teks" and node.tag == "tag:yaml.org,2002:str" and text.strip():
                return text
            if satuan != "teks" and node.tag == "tag:yaml.org,2002:int" and _WHOLE.fullmatch(text):
                return self.whole(int(text), satuan, _line(node))
            quoted = node.style in ("'", '"')
            if satuan in DECIMAL_UNITS and quoted and _DECIMAL.fullmatch(text):
                return Decimal(text)
        given = str(node.value)[:40]
        raise self.error(_line(node), "rules.reason.value", given=given, unit=satuan)


def _line(node: yaml.Node | None) -> int:
    return 1 if node is None else int(node.start_mark.line) + 1
