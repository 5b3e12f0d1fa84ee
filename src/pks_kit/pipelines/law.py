"""Look up the dated parameters: their values, their legal basis, and where they are used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field

import pks_kit
from pks_kit.domain.tanggal import days_after
from pks_kit.errors import UsageError
from pks_kit.messages.nearest import meant
from pks_kit.pipelines.drafting.text_age import TextAge, newest_texts
from pks_kit.pipelines.reference.law_uses import (
    ParameterUse,
    code_uses,
    covering_tests,
    listed_uses,
    template_uses,
)
from pks_kit.pipelines.reference.printed_value import printed
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.resources import data_root, templates_root
from pks_kit.rules.law.parameter_file import NilaiBerlaku, Parameter
from pks_kit.rules.law.parameters import load_parameters, periods

A_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """A parameter and its value on one day.

    Attributes:
        name: Full name, for example ``sanksi.jeda_teguran``.
        description: What it is.
        unit: Its unit, for example ``rupiah``.
        value: The value; decimals as text; None when none is in force.
        printed: The value as the agreement prints it; None when none is in force.
        since: From when it is in force.
        legal_basis: Rule that it rests on.
        certainty: How sure it is.
        checked: When a person last compared it with its source; None when nobody has.
        in_force: When it has values at all, in words.
    """

    name: str
    description: str
    unit: str
    value: int | str | None
    printed: str | None
    since: date | None
    legal_basis: str | None
    certainty: str
    checked: date | None
    in_force: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LawListRequest(Request):
    """Which parameters are wanted.

    Attributes:
        group: Only those of a group, for example ``kapitasi``; empty for all.
        find: Only those that contain this text, for example an amount as printed.
        as_of: Date of the values; None: today by ``clock``.
        clock: Gives the present time, with a time zone.
    """

    group: str = ""
    find: str = ""
    as_of: date | None = None
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class LawListResult:
    """Parameters with their values.

    Attributes:
        as_of: Date of the values.
        parameters: In the order of files and lines.
    """

    as_of: date
    parameters: tuple[LawRow, ...]


@verb
def law_list(request: LawListRequest) -> LawListResult:
    """List the parameters, all or some of them.

    Raises:
        UsageError: ``law.unknown_group``, ``request.type``, ``request.clock``.
    """
    day = request.as_of or moment(request.clock).date()
    group = f"{request.group}." if request.group else ""
    parameters = load_parameters()
    chosen = [one for one in parameters if f"{one.nama}.".startswith(group)]
    if not chosen:
        names = [one.nama for one in parameters]
        tops = list(dict.fromkeys(name.partition(".")[0] for name in names))
        typed = request.group[:60]
        asked = meant(typed, [*tops, *names])
        raise UsageError("law.unknown_group", name=typed, known=", ".join(tops), meant=asked)
    rows = (_row(parameter, day) for parameter in chosen)
    found = tuple(row for row in rows if _contains(row, request.find))
    return LawListResult(as_of=day, parameters=found)


law_list_async = in_background(law_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawStaleRequest(Request):
    """How old a check may be.

    Attributes:
        older_than: Days since the last comparison with the source.
        as_of: Day from which is counted; None: today by ``clock``.
        clock: Gives the present time, with a time zone.
    """

    older_than: int = A_YEAR
    as_of: date | None = None
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class LawStaleResult:
    """Parameters that were not checked for long.

    Attributes:
        as_of: Day from which was counted.
        older_than: Days.
        parameters: The oldest first.
        texts: Texts that were written for an earlier year, though each is the newest here.
    """

    as_of: date
    older_than: int
    parameters: tuple[LawRow, ...]
    texts: tuple[TextAge, ...] = ()

    @property
    def limit(self) -> date:
        """Return the day before which a check counts as old."""
        return days_after(self.as_of, -self.older_than)


@verb
def law_stale(request: LawStaleRequest) -> LawStaleResult:
    """List what was last checked too long ago.

    Raises:
        UsageError: ``request.type``, ``request.clock``.
    """
    day = request.as_of or moment(request.clock).date()
    limit = days_after(day, -request.older_than)
    stale = sorted(
        (one for one in load_parameters() if _last_checked(one) < limit),
        key=lambda one: (_last_checked(one), one.nama),
    )
    rows = tuple(_row(parameter, day) for parameter in stale)
    texts = tuple(one for one in newest_texts() if one.year < day.year)
    return LawStaleResult(as_of=day, older_than=request.older_than, parameters=rows, texts=texts)


law_stale_async = in_background(law_stale)


def _last_checked(parameter: Parameter) -> date:
    """Return the day of the last check; before all others when there was none."""
    return parameter.terakhir_diperiksa or date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class LawShowRequest(Request):
    """Which parameter is wanted.

    Attributes:
        name: Full name; ``aturan.`` before it, as templates write it, is not looked at.
        as_of: Only the value in force on this day; None: all values.
    """

    name: str
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LawValue:
    """One value of a parameter and its time.

    Attributes:
        start: First day in force.
        end: Last day; None while open.
        value: The value; decimals as text; None: none, on purpose.
        printed: As the agreement prints it.
        legal_basis: Rule that it rests on.
        published: When its source was published, as far as that is known.
        certainty: How sure it is.
    """

    start: Annotated[date, Field(alias="from")]
    end: Annotated[date | None, Field(alias="to")]
    value: int | str | None
    printed: str
    legal_basis: str
    published: str | None
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LawUse:
    """One place that uses a parameter.

    Attributes:
        file: File.
        line: Line from 1.
        place: Function, or the words of the line.
        by_group: True when only its group is named there and the last part is computed.
    """

    file: str
    line: int
    place: str
    by_group: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LawUses:
    """Where a parameter is used.

    Attributes:
        templates: Lines of templates.
        code: Functions of the rules.
        tests: Tests, where a checkout has them.
    """

    templates: tuple[LawUse, ...]
    code: tuple[LawUse, ...]
    tests: tuple[LawUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawShowResult:
    """A parameter with everything that is known of it.

    Attributes:
        name: Full name.
        description: What it is.
        unit: Its unit.
        certainty: How sure it is where a value does not say otherwise.
        checked: When a person last compared it with its source; None when nobody has.
        in_force: When it has values at all, in words.
        file: Where it is written.
        line: Line there, from 1.
        values: Its values, or the one in force on the day asked for.
        uses: Where it is used.
    """

    name: str
    description: str
    unit: str
    certainty: str
    checked: date | None
    in_force: str
    file: str
    line: int
    values: tuple[LawValue, ...]
    uses: LawUses


@verb
def law_show(request: LawShowRequest) -> LawShowResult:
    """Show one parameter with its values, legal basis, uses and tests.

    Raises:
        UsageError: ``rules.unknown_parameter`` with the nearest name, ``request.type``.
        NotInForceError: ``rules.not_in_force`` when it has no value on the day asked for.
    """
    parameters = load_parameters()
    parameter = parameters.get(request.name.removeprefix("aturan."))
    values = parameter.nilai
    if request.as_of is not None:
        values = (parameters.resolve(parameter.nama, request.as_of),)
    return LawShowResult(
        name=parameter.nama,
        description=parameter.keterangan,
        unit=parameter.satuan,
        certainty=parameter.kepastian,
        checked=parameter.terakhir_diperiksa,
        in_force=periods(parameter),
        file=f"src/pks_kit/rules/law/parameter/{parameter.berkas}",
        line=parameter.baris,
        values=tuple(_value(parameter, value) for value in values),
        uses=_uses(parameter.nama),
    )


law_show_async = in_background(law_show)


def _row(parameter: Parameter, day: date) -> LawRow:
    value = parameter.in_force(day)
    return LawRow(
        name=parameter.nama,
        description=parameter.keterangan,
        unit=parameter.satuan,
        value=None if value is None else _plain(value),
        printed=None if value is None else printed(parameter, value),
        since=None if value is None else value.mulai,
        legal_basis=None if value is None else value.dasar_hukum,
        certainty=parameter.kepastian if value is None else parameter.certainty_of(value),
        checked=parameter.terakhir_diperiksa,
        in_force=periods(parameter),
    )


def _contains(row: LawRow, wanted: str) -> bool:
    fields = (row.name, row.description, row.value, row.printed, row.legal_basis)
    return any(wanted.casefold() in str(field).casefold() for field in fields)


def _value(parameter: Parameter, value: NilaiBerlaku) -> LawValue:
    later = [other.mulai for other in parameter.nilai if other.mulai > value.mulai]
    return LawValue(
        start=value.mulai,
        end=min(later) - timedelta(days=1) if later else None,
        value=_plain(value),
        printed=printed(parameter, value),
        legal_basis=value.dasar_hukum,
        published=value.terbit,
        certainty=parameter.certainty_of(value),
    )


def _plain(value: NilaiBerlaku) -> int | str | None:
    return value.nilai if value.nilai is None or isinstance(value.nilai, int) else str(value.nilai)


def _uses(nama: str) -> LawUses:
    """Return the uses in templates and code, and in tests where a checkout has them."""
    computed = code_uses(nama, Path(pks_kit.__file__).parent)
    folder = data_root() / "tests"
    tests: tuple[ParameterUse, ...] = ()
    if folder.is_dir():
        functions = {use.tempat.rsplit(".", 1)[-1] for use in computed if use.tempat}
        tests = (
            *listed_uses(nama, folder),
            *code_uses(nama, folder),
            *covering_tests(functions, folder),
        )
    return LawUses(
        templates=_shown("templates", template_uses(nama, templates_root())),
        code=_shown("src/pks_kit", computed),
        tests=_shown("tests", tests),
    )


def _shown(folder: str, uses: Iterable[ParameterUse]) -> tuple[LawUse, ...]:
    return tuple(
        LawUse(
            file=f"{folder}/{use.berkas}", line=use.baris, place=use.tempat, by_group=use.kelompok
        )
        for use in uses
    )
