"""The preview of a plan as a workbook: all rows, to be filtered and sorted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.inputs.workbook.report_writer import ReportColumn, ReportSheet, Told, write_report
from pks_kit.messages import lookup
from pks_kit.pipelines.batching.counts import KIND_NAMES, costs, meterai_of
from pks_kit.pipelines.batching.plan import (
    Plan,
    PlannedRow,
    ReadPlan,
    Said,
    exceptions_first,
)
from pks_kit.pipelines.batching.preview import kinds, stops, to_look, totals

_Rows = Iterator[tuple[Told, ...]]


class PreviewBook:
    """The workbook of one plan in one language.

    Args:
        found: The plan.
        language: ``id`` or ``en``.
    """

    def __init__(self, found: ReadPlan, language: str) -> None:
        self._found = found
        self._language = language

    @property
    def _plan(self) -> Plan:
        return self._found.plan

    def content(self) -> bytes:
        """Return the XLSX."""
        return write_report(
            [
                self._sheet("totals", ("what", 48), ("value", 24), self._totals()),
                self._sheet(
                    "exceptions",
                    ("state", 22), ("row", 8), ("facility", 36), ("key", 14), ("reason", 60),
                    ("advice", 60), ("cell", 18), ("file", 24), ("code", 26), self._exceptions(),
                ),
                self._sheet(
                    "rows",
                    ("row", 8), ("facility", 36), ("key", 14), ("kode", 14), ("kind", 30),
                    ("method", 20), ("number_first", 24), ("number_second", 24), ("begins", 12),
                    ("ends", 12), ("signed", 12), ("meterai", 10), ("state", 22),
                    ("warnings", 12), ("differences", 12), ("text", 18), ("id", 30), ("file", 24),
                    ("cell", 16), self._rows(),
                ),
                self._sheet(
                    "differs",
                    ("row", 8), ("facility", 36), ("what", 30), ("last_year", 50), ("now", 50),
                    self._differs(),
                ),
                self._sheet(
                    "texts",
                    ("text", 18), ("kind", 30), ("before", 18), ("change", 22), ("place", 30),
                    ("last_year", 70), ("now", 70), self._texts(),
                ),
            ]
        )  # fmt: skip

    def _word(self, code: str, **params: object) -> str:
        return lookup(f"preview.{code}").fill(params).in_language(self._language)

    def _sheet(self, name: str, *given: tuple[str, int] | _Rows) -> ReportSheet:
        columns = [one for one in given if isinstance(one, tuple)]
        (rows,) = (one for one in given if not isinstance(one, tuple))
        return ReportSheet(
            title=self._word(f"sheet.{name}"),
            columns=[
                ReportColumn(heading=self._word(f"head.{code}"), width=width)
                for code, width in columns
            ],
            rows=rows,
            strong=frozenset({self._word("total.all"), self._word("by_kind")}),
        )

    def _totals(self) -> _Rows:
        plan = self._plan
        yield self._word("plan"), self._found.id
        yield self._word("made_by"), plan.made_by
        yield self._word("made_at"), plan.made_at
        for text, count, _ in totals(plan, self._language):
            yield text, count
        yield self._word("total.unread"), len(plan.unread)
        money = costs(plan.ready())
        for one in money:
            known = one.price is not None
            yield self._word("meterai_count"), one.count
            yield self._word("meterai_price"), one.price if known else self._word("unknown")
            yield self._word("meterai_sum"), one.total if known else self._word("unknown")
        for party, count in meterai_of(plan):
            yield self._word("meterai_for", party=party), count
        if not plan.parties:
            yield self._word("no_meterai"), None
        table = kinds(plan)
        names = [*CARA_KONTRAK_TAMPIL.values(), self._word("column.refused")]
        yield self._word("by_kind"), None
        for kind, counts, sum_ in table.rows:
            label = KIND_NAMES.get(kind) or self._word("kind_unknown")
            for name, count in zip(names, counts, strict=True):
                if count:
                    yield f"{label}: {name}", count
            yield f"{label}: {self._word('all')}", sum_
        yield self._word("total.all"), table.total

    def _exceptions(self) -> _Rows:
        """Yield what is wrong with files, then what cannot go on, then what must be looked at."""
        for each in self._plan.unread:
            yield (
                self._word("total.unread_one"), None, None, None,
                *self._words(each), each.place, None, each.code,
            )  # fmt: skip
        for one in exceptions_first(self._plan.rows):
            for each in (*stops(one), *to_look(one)):
                yield (
                    self._word(f"total.{_state(one)}"), one.number, one.name, one.key,
                    *self._words(each), each.place, PurePath(one.file).name, each.code,
                )  # fmt: skip

    def _words(self, one: Said) -> tuple[str, str]:
        message = one.message
        return message.in_language(self._language), message.hint_in_language(self._language)

    def _rows(self) -> _Rows:
        for one in self._plan.rows:
            yield (
                one.number, one.name, one.key, one.kode,
                KIND_NAMES.get(one.jenis, one.jenis),
                CARA_KONTRAK_TAMPIL.get(one.cara_kontrak, one.cara_kontrak),
                one.nomor_kesatu, one.nomor_kedua, one.mulai, one.selesai, one.signed_on,
                one.meterai, self._word(f"total.{_state(one)}"),
                sum(each.level == "warning" for each in one.said),
                None if one.differs is None else len(one.differs),
                one.versi, one.agreement_id, PurePath(one.file).name, one.place,
            )  # fmt: skip

    def _differs(self) -> _Rows:
        for one in self._plan.ready():
            for each in one.differs or ():
                yield one.number, one.name, each.what, each.before, each.now

    def _texts(self) -> _Rows:
        for text in self._plan.texts:
            kind = KIND_NAMES.get(text.jenis, text.jenis)
            for one in text.clauses:
                change = lookup(f"diff.kind.{one.kind}").in_language(self._language)
                yield text.versi, kind, text.before, change, one.place, one.before, one.now


def _state(row: PlannedRow) -> str:
    if not row.is_ready:
        return "stopped"
    return "look" if to_look(row) else "ready"
