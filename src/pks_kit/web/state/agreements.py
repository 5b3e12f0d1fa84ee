"""Agreements that were issued here: whose they are, when they end, which files hold them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select, update

from pks_kit.web.scope import Area, Reach
from pks_kit.web.state import changes
from pks_kit.web.state.due import comes_back_on, due_on, is_awaited
from pks_kit.web.state.tables import area_columns, insert_new, perjanjian, stamp, unstamp, within

LISTED_BY = ("tenggat", "selesai", "nama", "nomor", "faskes", "diubah")
"""What a page of agreements may be sorted by."""

_IDS_AT_ONCE = 500
_FACTS = ("nama", "nomor_kesatu", "nomor_kedua", "jenis", "cara_kontrak", "mulai", "selesai")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAgreement:
    """An agreement as the portal knows it; what was done to it is known to the ledger.

    Attributes:
        id: Its id.
        area: Whose it is.
        nama: Name of the facility, as the agreement prints it.
        nomor_kesatu: Number of PIHAK KESATU.
        nomor_kedua: Number of PIHAK KEDUA.
        jenis: Kind of facility.
        cara_kontrak: Method of contracting.
        mulai: First day of the term.
        selesai: Last day of the term.
        kembali_sampai: Day by which its paper must come back, while that is awaited; None for none.
        tenggat: The nearest day by which somebody must act, see ``due.py``.
        halaman: Pages of the issued file.
        terbit: Id of the issued file.
        resi: Id of its receipt.
        data: Id of its contract data.
        terkini: Id of the file reached so far.
        tahap: Its state, as the ledger tells; empty while no event is about it.
        dibuat: When it was issued.
        diubah: When something changed last.
    """

    id: str
    area: Area
    nama: str
    nomor_kesatu: str
    nomor_kedua: str
    jenis: str
    cara_kontrak: str
    mulai: date
    selesai: date
    kembali_sampai: date | None
    tenggat: date
    halaman: int
    terbit: str
    resi: str
    data: str
    terkini: str
    tahap: str
    dibuat: datetime
    diubah: datetime


@dataclass(frozen=True, slots=True)
class AgreementOrder:
    """How a page of agreements is sorted.

    Attributes:
        by: One of :data:`LISTED_BY`.
        falling: Whether the largest comes first.
    """

    by: str
    falling: bool

    @property
    def shown(self) -> str:
        """Return it as an address tells it: ``-nama`` for falling."""
        return f"-{self.by}" if self.falling else self.by


def put(
    connection: Connection, agreement_id: str, area: Area, facts: dict[str, Any], now: datetime
) -> None:
    """Write down an agreement that was issued; the same agreement again changes nothing."""
    changes.told(connection)
    insert_new(
        connection,
        perjanjian,
        id=agreement_id,
        **area_columns(area),
        **{name: facts[name] for name in _FACTS},
        sebutan=facts.get("sebutan", ""),
        tenggat=facts["selesai"],
        halaman=facts["halaman"],
        terbit=facts["terbit"],
        resi=facts["resi"],
        data=facts["data"],
        terkini=facts["terbit"],
        tahap="",
        dibuat=stamp(now),
        diubah=stamp(now),
    )


def reached(connection: Connection, agreement_id: str, file_id: str, now: datetime) -> None:
    """Write down the file that an agreement has reached."""
    changes.told(connection)
    connection.execute(
        update(perjanjian)
        .where(perjanjian.c.id == agreement_id)
        .values(terkini=file_id, diubah=stamp(now))
    )


def find(connection: Connection, agreement_id: str, reach: Reach) -> StoredAgreement | None:
    """Return an agreement within a reach; None when there is none."""
    row = connection.execute(
        select(perjanjian).where(perjanjian.c.id == agreement_id, within(perjanjian, reach))
    ).one_or_none()
    return _read(row) if row is not None else None


def listed(
    connection: Connection,
    reach: Reach,
    *,
    words: str,
    tahap: str,
    ends_before: date | None,
    before: str,
    most: int,
) -> tuple[StoredAgreement, ...]:
    """Return agreements within a reach, those that end first at the beginning.

    Args:
        connection: The transaction.
        reach: Whose.
        words: Part of a name, number or code; empty for all.
        tahap: Only those in this state; empty for all.
        ends_before: Only those that end on this day or earlier; None for all.
        before: Where the page begins: ``selesai`` and id of the last one before; empty for the
            first page.
        most: How many.
    """
    table = perjanjian.c
    asked = _asked(reach, (tahap,) if tahap else (), ends_before)
    asked = asked.where(*_with_words(connection, words))
    if before:
        day, _, last = before.partition("~")
        asked = asked.where(or_(table.selesai > day, (table.selesai == day) & (table.id > last)))
    rows = connection.execute(asked.order_by(table.selesai, table.id).limit(most))
    return tuple(map(_read, rows.all()))


def page_of(
    connection: Connection,
    reach: Reach,
    *,
    words: str,
    states: tuple[str, ...],
    due_before: date | None = None,
    back_on: date | None = None,
    by: AgreementOrder,
    skip: int,
    most: int,
) -> tuple[StoredAgreement, ...]:
    """Return agreements within a reach, sorted as somebody who looks at them wants.

    Args:
        connection: The transaction.
        reach: Whose.
        words: Part of a name, number or code; empty for all.
        states: Only those in these states, an empty one for those without events; none for all.
        due_before: Only those of which somebody must act on this day or earlier; None for all.
        back_on: Only those whose paper must come back on this day; None for all.
        by: How they are sorted.
        skip: How many come before the page.
        most: How many.
    """
    table = perjanjian.c
    column = table.nomor_kesatu if by.by == "nomor" else table[by.by]
    # equal ones by name, as people see it; the last word has the id, so that a page begins where
    # the one before ended
    rising = (column, table.id) if by.by == "nama" else (column, table.nama, table.id)
    order = tuple(one.desc() for one in rising) if by.falling else rising
    asked = _asked(reach, states, None)
    if due_before is not None:
        asked = asked.where(table.tenggat <= due_before.isoformat())
    if back_on is not None:
        asked = asked.where(comes_back_on(back_on))
    asked = asked.order_by(*order)
    if words:  # an index holds what is looked through; whole rows are read of the page alone
        sought = asked.with_only_columns(table.id).where(*_with_words(connection, words))
        found = connection.execute(sought.offset(skip).limit(most)).scalars().all()
        asked = select(perjanjian).where(table.id.in_(found)).order_by(*order)
        return tuple(map(_read, connection.execute(asked).all()))
    return tuple(map(_read, connection.execute(asked.offset(skip).limit(most)).all()))


def due(connection: Connection, reach: Reach, *, due_before: date) -> int:
    """Return of how many agreements within a reach somebody must act on a day or earlier."""
    asked = _asked(reach, (), None).where(perjanjian.c.tenggat <= due_before.isoformat())
    return int(connection.execute(asked.with_only_columns(func.count())).scalar_one())


def ending_between(
    connection: Connection, reach: Reach, *, first: date, last: date, skip: int, most: int
) -> tuple[StoredAgreement, ...]:
    """Return agreements that end between two days, the earliest first.

    Args:
        connection: The transaction.
        reach: Whose.
        first: First day that counts.
        last: Last day that counts.
        skip: How many come before the page.
        most: How many.
    """
    table = perjanjian.c
    asked = (
        _asked(reach, (), last)
        .where(table.selesai >= first.isoformat())
        .order_by(table.selesai, table.nama, table.id)
        .offset(skip)
        .limit(most)
    )
    return tuple(map(_read, connection.execute(asked).all()))


def _asked(
    reach: Reach, states: tuple[str, ...], ends_before: date | None
) -> Select[tuple[object, ...]]:
    table = perjanjian.c
    asked = select(perjanjian).where(within(perjanjian, reach))
    if states:
        asked = asked.where(table.tahap.in_(states))
    if ends_before is not None:
        asked = asked.where(table.selesai <= ends_before.isoformat())
    return asked


def _with_words(connection: Connection, words: str) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a name, a number or the code holds some words, in any case."""
    if not words:
        return ()
    table, like = perjanjian.c, f"%{_escaped(words)}%"
    columns = (table.nama, table.sebutan, table.nomor_kesatu, table.nomor_kedua, table.faskes)
    if connection.dialect.name == "sqlite":  # its LIKE knows no case; lower() doubles the cost
        return (or_(*(one.like(like, escape="\\") for one in columns)),)
    return (or_(*(one.ilike(like, escape="\\") for one in columns)),)


def _escaped(words: str) -> str:
    for sign in ("\\", "%", "_"):
        words = words.replace(sign, f"\\{sign}")
    return words


def before(connection: Connection, one: StoredAgreement, reach: Reach) -> StoredAgreement | None:
    """Return the agreement of the same facility whose term began last before this one's."""
    table = perjanjian.c
    asked = (
        select(perjanjian)
        .where(
            within(perjanjian, reach),
            table.faskes == one.area.faskes,
            table.mulai < one.mulai.isoformat(),
        )
        .order_by(table.mulai.desc(), table.id.desc())
        .limit(1)
    )
    row = connection.execute(asked).one_or_none()
    return _read(row) if row is not None else None


def waiting(
    connection: Connection,
    reach: Reach,
    *,
    states: Sequence[str],
    methods: Sequence[str],
    skip: int,
    most: int,
) -> tuple[StoredAgreement, ...]:
    """Return agreements in some states and of some methods, those whose term begins first."""
    table = perjanjian.c
    asked = (
        select(perjanjian)
        .where(within(perjanjian, reach), table.tahap.in_(states), table.cara_kontrak.in_(methods))
        .order_by(table.mulai, table.nama, table.id)
    )
    return tuple(map(_read, connection.execute(asked.offset(skip).limit(most)).all()))


def area_known(connection: Connection, agreement_id: str) -> Area | None:
    """Return whose an agreement is, for what a job writes down about it; None when not known."""
    row = connection.execute(
        select(perjanjian).where(perjanjian.c.id == agreement_id)
    ).one_or_none()
    return _read(row).area if row is not None else None


def known_of(
    connection: Connection, agreement_ids: Collection[str], reach: Reach
) -> frozenset[str]:
    """Return which of some ids are agreements within a reach."""
    found: set[str] = set()
    asked = sorted(agreement_ids)
    for start in range(0, len(asked), _IDS_AT_ONCE):
        some = asked[start : start + _IDS_AT_ONCE]
        question = select(perjanjian.c.id).where(within(perjanjian, reach))
        found.update(connection.execute(question.where(perjanjian.c.id.in_(some))).scalars())
    return frozenset(found)


def names_of(
    connection: Connection, agreement_ids: Collection[str], reach: Reach
) -> dict[str, str]:
    """Return the facilities of some agreements, those within a reach."""
    table = perjanjian.c
    asked = select(table.id, table.nama).where(within(perjanjian, reach))
    found = connection.execute(asked.where(table.id.in_(agreement_ids)))
    return {one: nama for one, nama in found}


def known_ids(connection: Connection, reach: Reach) -> tuple[str, ...]:
    """Return the ids of all agreements within a reach."""
    return tuple(joined_ids(connection, reach).split())


def joined_ids(connection: Connection, reach: Reach) -> str:
    """Return the ids of all agreements within a reach with a blank between two of them.

    The database writes them in one: a row for each of 26,000 takes ten times as long.
    """
    asked = select(func.aggregate_strings(perjanjian.c.id, " ")).where(within(perjanjian, reach))
    return str(connection.execute(asked).scalar_one() or "")


def counted(connection: Connection, reach: Reach) -> dict[str, int]:
    """Return how many agreements within a reach are in each state."""
    asked = (
        select(perjanjian.c.tahap, func.count())
        .where(within(perjanjian, reach))
        .group_by(perjanjian.c.tahap)
        .order_by(perjanjian.c.tahap)
    )
    return {tahap: count for tahap, count in connection.execute(asked)}


def moved(connection: Connection, agreement_id: str, tahap: str, now: datetime) -> None:
    """Write down the state that the ledger tells of an agreement; nothing when not known here."""
    other = (perjanjian.c.id == agreement_id, perjanjian.c.tahap != tahap)
    row = connection.execute(select(perjanjian).where(*other)).one_or_none()
    if row is None:
        return
    changes.told(connection)
    due_day = due_on(tahap, back=row.kembali_sampai, begin=row.mulai, end=row.selesai, now=now)
    values = {"tahap": tahap, "tenggat": due_day, "diubah": stamp(now)}
    connection.execute(update(perjanjian).where(*other).values(values))


def _read(row: Row[tuple[object, ...]]) -> StoredAgreement:
    return StoredAgreement(
        id=row.id,
        area=Area(faskes=row.faskes, cabang=row.cabang, kedeputian=row.kedeputian),
        nama=row.nama,
        nomor_kesatu=row.nomor_kesatu,
        nomor_kedua=row.nomor_kedua,
        jenis=row.jenis,
        cara_kontrak=row.cara_kontrak,
        mulai=date.fromisoformat(row.mulai),
        selesai=date.fromisoformat(row.selesai),
        kembali_sampai=_day_of_return(row.kembali_sampai, row.tahap),
        tenggat=date.fromisoformat(row.tenggat or row.selesai),
        halaman=row.halaman,
        terbit=row.terbit,
        resi=row.resi,
        data=row.data,
        terkini=row.terkini,
        tahap=row.tahap,
        dibuat=unstamp(row.dibuat),
        diubah=unstamp(row.diubah),
    )


def _day_of_return(told: str, tahap: str) -> date | None:
    return date.fromisoformat(told) if told and is_awaited(tahap) else None
