"""Counts that preview and report show: tables whose rows and columns add up, and money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.domain.sifat_faskes import NAMA_JENIS
from pks_kit.domain.tanda_tangan import PIHAK, PIHAK_TAMPIL
from pks_kit.domain.terbilang import kelompok_ribuan
from pks_kit.errors import NotInForceError
from pks_kit.messages import Message
from pks_kit.pipelines.batching.plan import Plan, PlannedRow
from pks_kit.pipelines.ledger import METERAI
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.rules.law.parameters import load_parameters


def number(count: int) -> Message:
    """Return a number as people read it: ``26.000`` in Indonesian, ``26,000`` in English."""
    return Message(kelompok_ribuan(count), f"{count:,}")


METHODS = tuple(CARA_KONTRAK_TAMPIL)
KIND_NAMES: dict[str, str] = {str(kind): name for kind, name in NAMA_JENIS.items()}
"""How kinds of facilities are called; a kind that is not known is not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossTable:
    """How many there are of each kind of facility, by what is in the columns.

    Attributes:
        columns: Names of the columns.
        rows: Kind (empty: unknown), its number in each column, and all of them.
        sums: Sum of each column.
        total: Everything.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    sums: tuple[int, ...]
    total: int


def cross_table(pairs: Iterable[tuple[str, str]], columns: Sequence[str]) -> CrossTable:
    """Count pairs of a kind of facility and a column; a column of nothing stays.

    Args:
        pairs: Kind and column of each agreement.
        columns: Columns in their order; one that is not named here comes after them.
    """
    counted = Counter(pairs)
    every = tuple(dict.fromkeys((*columns, *sorted({column for _, column in counted}))))
    order = {kind: place for place, kind in enumerate(KIND_NAMES)}
    kinds = sorted({kind for kind, _ in counted}, key=lambda one: order.get(one, len(order)))
    rows = tuple(
        (kind, numbers := tuple(counted[kind, one] for one in every), sum(numbers))
        for kind in kinds
    )
    return CrossTable(
        columns=every,
        rows=rows,
        sums=tuple(sum(counted[kind, one] for kind in kinds) for one in every),
        total=counted.total(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What meterai cost.

    Attributes:
        count: How many of one price.
        price: Rupiah of one; None when the law of that day is not known.
    """

    count: int
    price: int | None

    @property
    def total(self) -> int:
        """Return what they cost together, in rupiah; 0 when the price is not known."""
        return self.count * (self.price or 0)


def costs(rows: Iterable[PlannedRow]) -> tuple[Cost, ...]:
    """Return how many meterai will be bought at which price, by the law of the day of signing."""
    parameters = load_parameters()
    by_day: Counter[date | None] = Counter()
    for one in rows:
        by_day[one.signed_on] += one.meterai
    by_price: Counter[int | None] = Counter()
    for day, count in by_day.items():
        price = None
        if day is not None:
            try:
                found = parameters.resolve(METERAI, day).nilai
            except NotInForceError:
                found = None
            price = found if isinstance(found, int) else None
        by_price[price] += count
    return tuple(
        Cost(count=count, price=price)
        for price, count in sorted(by_price.items(), key=str)
        if count
    )


def meterai_of(plan: Plan) -> list[tuple[str, int]]:
    """Return for which party how many meterai are bought here, by the name that is printed.

    A plan tells how many each agreement needs and who signs here, not who pays. Where both could
    have paid for the same, nothing is told of the parties.
    """
    rows = Counter((one.cara_kontrak, one.meterai) for one in plan.ready())
    steps = {
        method: [
            one.peran
            for one in load_profile(signing_root(), method).langkah
            if one.jenis == "meterai"
        ]
        for method, _ in rows
    }
    fitting: list[dict[str, int]] = []
    for size in range(1, len(plan.parties) + 1):
        for payers in combinations(plan.parties, size):
            paid: Counter[str] = Counter()
            for (method, meterai), count in rows.items():
                by = [one for one in steps[method] if one in payers]
                if len(by) != meterai:
                    break
                for one in by:
                    paid[one] += count
            else:
                fitting.append({one: paid[one] for one in PIHAK if paid[one]})
    if not fitting or any(one != fitting[0] for one in fitting):
        return []
    return [(PIHAK_TAMPIL[one], count) for one, count in fitting[0].items()]
