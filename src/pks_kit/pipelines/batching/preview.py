"""The preview of a plan: what a person reads before approving it, as a page and as a workbook.

What cannot go on comes first, then what must be looked at, then numbers that add up, texts, what
differs from last year, and a sample with its pages. ``templates/laporan/pratinjau.html.j2`` lays
out what is made ready here; ``preview_book`` writes the workbook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Generic, TypeVar

from pks_kit.domain.rupiah import format_rupiah
from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.messages import Message, lookup
from pks_kit.naskah.diff.wording import WordMark, word_marks
from pks_kit.pipelines.batching.counts import (
    KIND_NAMES,
    METHODS,
    Cost,
    costs,
    cross_table,
    meterai_of,
    number,
)
from pks_kit.pipelines.batching.plan import (
    ChangedClause,
    Plan,
    PlannedRow,
    ReadPlan,
    Said,
    exceptions_first,
)
from pks_kit.pipelines.batching.sample import Sampled
from pks_kit.templating import report_html
from pks_kit.visible_text import format_wib

MOST_ROWS = 500
"""Most agreements, or lines, that a list of a page shows; the workbook has all of them."""

_MOST_CLAUSES = 200
_MARKED_LETTERS = 6_000
"""Most letters of a clause whose words are compared; longer ones are shown as gone and new."""
_FIRST_PAGES = 6
_STOPS = ("error", "blocking")
_REFUSED = "refused"
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut(Generic[_Item]):
    """A list as far as a page shows it.

    Attributes:
        shown: The first of it.
        left: How many are left out.
    """

    shown: tuple[_Item, ...]
    left: int

    @property
    def all(self) -> int:
        """Return how many there are."""
        return len(self.shown) + self.left


def cut(
    items: Sequence[_Item],
    most: int = MOST_ROWS,
    group: Callable[[_Item], object] = lambda _one: "",
) -> Cut[_Item]:
    """Return the first of a list, and how many are left.

    Args:
        items: The list.
        most: How many are shown.
        group: What has much in common; each group gets its share before one fills the rest, so
            that a thousand of one reason hide no other reason.
    """
    groups = [group(one) for one in items]
    share = most // max(1, len(set(groups)))
    seen: Counter[object] = Counter()
    first: list[int] = []
    more: list[int] = []
    for place, one in enumerate(groups):
        seen[one] += 1
        (first if seen[one] <= share else more).append(place)
    chosen = sorted((first + more)[:most])
    return Cut(shown=tuple(items[one] for one in chosen), left=len(items) - len(chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that is said of several agreements.

    Attributes:
        message: Its words; those of the first agreement.
        count: Of how many agreements it is said.
        differs: Whether its words are others for others.
    """

    message: Message
    count: int
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """An agreement with what a person must know of it.

    Attributes:
        row: Which.
        where: Its number, key, file and row, in words.
        said: What is said of it, the gravest first.
    """

    row: PlannedRow
    where: str
    said: tuple[Said, ...]


def stops(row: PlannedRow) -> tuple[Said, ...]:
    """Return why an agreement cannot be drafted."""
    return tuple(one for one in row.said if one.level in _STOPS)


def to_look(row: PlannedRow) -> tuple[Said, ...]:
    """Return what a person must look at, though the agreement can be drafted."""
    return tuple(one for one in row.said if one.level == "manual") if row.is_ready else ()


def where(row: PlannedRow, language: str) -> str:
    """Return number, key, file and row of an agreement, in words."""
    told = [_word("preview.row_number", language, number=row.number)]
    if row.key:
        told.append(_word("preview.key", language, key=row.key))
    if row.kode and row.kode != row.key:
        told.append(_word("preview.kode", language, kode=row.kode))
    told.append(", ".join(filter(None, (PurePath(row.file).name, row.place))))
    return " · ".join(told)


def reasons(said: Iterable[tuple[Said, ...]]) -> list[Reason]:
    """Return every reason with the number of agreements, the commonest first.

    What is wrong with a value is a reason for each kind of value: an address of e-mail without its
    sign stands beside an account number, not below it.
    """
    found: dict[tuple[str, str], list[Message]] = {}
    for several in said:
        for reason, one in {_reason_of(each): each for each in reversed(several)}.items():
            found.setdefault(reason, []).append(one.message)
    return sorted(
        (
            Reason(
                message=messages[0],
                count=len(messages),
                differs=any(one.id != messages[0].id for one in messages),
            )
            for messages in found.values()
        ),
        key=lambda one: -one.count,
    )


def _reason_of(said: Said) -> tuple[str, str]:
    """Return what has one reason: its code, and for a value that is wrong in itself its field."""
    if not said.code.startswith("input."):
        return said.code, ""
    return said.code, said.path.rpartition(".")[2].partition("[")[0]


def headline(plan: Plan) -> tuple[Message, Message, str]:
    """Return what a plan comes to, what to do next, and how grave that is."""
    ready = sum(one.is_ready for one in plan.rows)
    looked = sum(bool(to_look(one)) for one in plan.rows)
    counts = {
        "rows": len(plan.rows), "ready": ready, "look": looked, "stopped": len(plan.rows) - ready,
        "unread": len(plan.unread),
    }  # fmt: skip
    numbers = {name: number(count) for name, count in counts.items()}
    if not ready:
        code, grave = "nothing", "stop"
    elif ready < len(plan.rows) or plan.unread:
        code, grave = "some", "stop"
    elif looked:
        code, grave = "look", "look"
    else:
        code, grave = "ready", "ok"
    return (
        lookup(f"preview.headline.{code}").fill(numbers),
        lookup(f"preview.next.{code}").fill(numbers),
        grave,
    )


def preview_html(found: ReadPlan, sample: Sequence[Sampled], language: str) -> bytes:
    """Return the page.

    Args:
        found: The plan.
        sample: Agreements to look at; none leaves that part out.
        language: ``id`` or ``en``.
    """
    values: dict[str, Any] = {
        "plan": found.plan,
        "num": lambda count: number(count).in_language(language),
        "kind_names": KIND_NAMES,
        "methods": CARA_KONTRAK_TAMPIL,
        "clause_kinds": _Words("diff.kind."),
        "sample": sample,
        "first": _FIRST_PAGES,
        **preview_values(found, language),
    }
    values["sections"] = _sections(values, language)
    return report_html("pratinjau.html.j2", language, "preview", **values).encode()


def preview_values(found: ReadPlan, language: str) -> dict[str, Any]:
    """Return what a page shows of a plan, each list as far as a page shows it.

    Args:
        found: The plan.
        language: ``id`` or ``en``.
    """
    plan = found.plan
    head, following, grave = headline(plan)
    stopped, looked = _told(plan, language)
    return {
        "plan_id": found.id,
        "made_at": format_wib(plan.made_at),
        "headline": head,
        "next": following,
        "look": grave,
        "unread": [replace(one, place=PurePath(one.place).name) for one in plan.unread],
        "stopped": stopped,
        "to_look": looked,
        "totals": totals(plan, language),
        "columns": [*CARA_KONTRAK_TAMPIL.values(), _word("preview.column.refused", language)],
        "kinds": kinds(plan),
        "buys": bool(plan.parties),
        "money": _money(costs(plan.ready()), language),
        "meterai_of": meterai_of(plan),
        "warnings": reasons(_warnings(one) for one in plan.rows),
        "texts": plan.texts,
        "changed": _changed(plan),
        "differs": _differs(plan),
    }


class _Words(dict[str, Message]):
    """Words of the catalogue by the end of their code."""

    def __init__(self, start: str) -> None:
        self._start = start

    def __missing__(self, end: str) -> Message:
        return lookup(self._start + end)


def _word(code: str, language: str, **params: object) -> str:
    return lookup(code).fill(params).in_language(language)


def _told(plan: Plan, language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what cannot go on, and what must be looked at."""
    found = []
    ordered = exceptions_first(plan.rows)
    for pick, is_ready in ((stops, False), (to_look, True)):
        told = [(one, pick(one)) for one in ordered if one.is_ready is is_ready]
        rows = [one for one in told if one[1] or not is_ready]
        few = cut(rows, group=lambda one: _reason_of(one[1][0]) if one[1] else "")
        shown = [ToldRow(row=row, where=where(row, language), said=said) for row, said in few.shown]
        found.append(
            {
                "all": few.all,
                "left": few.left,
                "shown": shown,
                "reasons": reasons(said for _, said in rows),
            }
        )
    return found[0], found[1]


def _warnings(row: PlannedRow) -> tuple[Said, ...]:
    return tuple(one for one in row.said if one.level == "warning")


def totals(plan: Plan, language: str) -> list[tuple[str, int, bool]]:
    """Return how many agreements are in each state; the last line is their sum."""
    looked = sum(bool(to_look(one)) for one in plan.rows)
    ready = sum(one.is_ready for one in plan.rows)
    lines = [
        ("ready", ready - looked, False),
        ("look", looked, False),
        ("stopped", len(plan.rows) - ready, False),
        ("all", len(plan.rows), True),
    ]
    return [(_word(f"preview.total.{code}", language), count, sum_) for code, count, sum_ in lines]


def kinds(plan: Plan) -> Any:
    """Return agreements by kind, those that can be drafted by method, the others beside them."""
    return cross_table(
        ((one.jenis, one.cara_kontrak if one.is_ready else _REFUSED) for one in plan.rows),
        (*METHODS, _REFUSED),
    )


def _money(found: Sequence[Cost], language: str) -> dict[str, Any]:
    def rupiah(amount: int | None) -> str:
        return _word("preview.unknown", language) if amount is None else format_rupiah(amount)

    known = all(one.price is not None for one in found)
    return {
        "lines": [
            {
                "count": one.count,
                "price": rupiah(one.price),
                "sum": rupiah(None if one.price is None else one.total),
            }
            for one in found
        ],
        "count": sum(one.count for one in found),
        "sum": rupiah(sum(one.total for one in found) if known else None),
    }


def _changed(plan: Plan) -> list[dict[str, Any]]:
    """Return the texts that changed, each with its clauses and the words that came and went."""
    found = []
    for text in plan.texts:
        loud = [one for one in text.clauses if one.kind != "moved"]
        few = cut(loud, _MOST_CLAUSES)
        if text.clauses:
            found.append(
                {
                    "text": text,
                    "shown": [(one, _marks(one)) for one in few.shown],
                    "left": few.left,
                    "moved": len(text.clauses) - len(loud),
                }
            )
    return found


def _marks(one: ChangedClause) -> tuple[WordMark, ...]:
    if len(one.before) + len(one.now) <= _MARKED_LETTERS:
        return word_marks(one.before, one.now)
    both = (WordMark(op="removed", text=one.before), WordMark(op="added", text=one.now))
    return tuple(mark for mark in both if mark.text)


def _differs(plan: Plan) -> dict[str, Any]:
    known = [one for one in plan.ready() if one.differs is not None]
    lines = [(one, each) for one in known for each in one.differs or ()]
    what = Counter(each.what for _, each in lines)
    # what differs everywhere, such as the term, would hide what differs here and there
    everywhere = [one for one, count in what.items() if count == len(known) > 1]
    few = cut([one for one in lines if one[1].what not in everywhere])
    return {
        "known": bool(known),
        "differ": sum(bool(one.differs) for one in known),
        "same": sum(not one.differs for one in known),
        "fresh": sum(one.differs is None for one in plan.ready()),
        "what": what.most_common(),
        "everywhere": everywhere,
        "shown": few.shown,
        "left": few.left,
    }


def _sections(values: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """Return the sections that the page has, for its list of contents."""
    there = {
        "berkas": ("unread", bool(values["unread"])),
        "tertahan": ("stopped", bool(values["stopped"]["all"])),
        "periksa": ("look", bool(values["to_look"]["all"])),
        "jumlah": ("totals", True),
        "naskah": ("texts", True),
        "beda": ("differs", True),
        "contoh": ("sample", bool(values["sample"])),
    }
    counts = {"stopped": values["stopped"]["all"], "look": values["to_look"]["all"]}
    return [
        (name, _word(f"preview.section.{code}", language, count=number(counts.get(code, 0))))
        for name, (code, shown) in there.items()
        if shown
    ]
