"""The report of a batch: how far it is and what is to be done, as a page and as a workbook.

Everything comes from the status of the batch, so that numbers of page, workbook and terminal are
the same. ``templates/laporan/laporan-batch.html.j2`` lays the page out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Any

from pks_kit.domain.sebutan import CARA_KONTRAK_TAMPIL
from pks_kit.inputs.workbook.report_writer import ReportColumn, ReportSheet, Told, write_report
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.advice import with_folder
from pks_kit.pipelines.batching.awaited import Awaited
from pks_kit.pipelines.batching.counts import KIND_NAMES, METHODS, CrossTable, cross_table, number
from pks_kit.pipelines.batching.outcome import LETTER_REFUSED, ShownState
from pks_kit.pipelines.batching.preview import Reason, cut
from pks_kit.pipelines.batching.remarks import remark_on, reworded
from pks_kit.pipelines.batching.returns import RECEIVED
from pks_kit.pipelines.batching.summary import (
    DRAFT_ALONE,
    IN_ORDER,
    STATES,
    BatchStatus,
    RowStatus,
    RunStatus,
)
from pks_kit.render.report.charts import bar_chart, line_chart, time_steps
from pks_kit.templating import report_html
from pks_kit.visible_text import WIB, format_wib

_WRONG: tuple[ShownState, ...] = ("failed", "refused", "interrupted", "parked", "cancelled")
"""States that need somebody, the gravest first."""
_ENDED: frozenset[ShownState] = frozenset({"done", "with_other", "failed", "refused"})
_RETURNED = ("with_other.incomplete_own", "with_other.incomplete", "with_other.needs_person")
_OPEN: tuple[ShownState, ...] = ("waiting", "working", "interrupted", "parked")
_MOST_STEPS = 16
_STEP_SECONDS = (
    *(1, 5, 10, 30, 60, 120, 300, 600, 900, 1_800),
    *(3_600, 7_200, 14_400, 21_600, 43_200, 86_400),
)
_MINUTE, _HOUR, _DAY = 60, 60 * 60, 86_400
_AWAITED = Awaited()

_Rows = Iterator[tuple[Told, ...]]


class BatchReport:
    """The report of one status in one language.

    Args:
        status: How far the batch is.
        language: ``id`` or ``en``.
        moment: When it was asked for.
        rehearsed: Whether it is a rehearsal, worth nothing.
        name: How people call the batch.
        folder: Its folder as commands in the workbook name it.
        unread: How many files that were handed in nobody has read to the end.
        awaited: By when papers are awaited.
        reword: Says words of the catalogue otherwise in a language, for whoever has no command
            line.

    Attributes:
        status: How far the batch is.
    """

    def __init__(
        self,
        status: BatchStatus,
        language: str,
        moment: datetime,
        *,
        rehearsed: bool,
        name: str,
        folder: str,
        unread: int = 0,
        awaited: Awaited = _AWAITED,
        reword: Callable[[str, str], str] = lambda text, _language: text,
    ) -> None:
        self.status = status
        self._language = language
        self._moment = moment
        self._rehearsed = rehearsed
        self._name = name
        self._folder = folder
        self._unread, self._awaited = unread, awaited
        self._reword = partial(reworded, reword, language)
        self._by_name = sorted(status.rows, key=lambda one: (one.name.casefold(), one.number))

    # --- what both show -----------------------------------------------------------------------

    def _exceptions(self) -> list[RowStatus]:
        """Return what needs somebody, the gravest first, then what went on with a remark."""
        found = [one for state in _WRONG for one in self._by_name if one.state == state]
        return found + [one for one in self._by_name if one.state not in _WRONG and remark_on(one)]

    def _states(self) -> list[tuple[ShownState, int]]:
        counted = Counter(one.state for one in self.status.rows)
        return [(state, counted[state]) for state in STATES]

    def _details(self) -> list[tuple[Message, int]]:
        """Return the states with what is to be done there, which add up as the states do."""
        counted = Counter(one.detail for one in self.status.rows)
        return [
            (lookup(f"batch.state.{one}"), counted[one])
            for one in IN_ORDER
            if counted[one] or one in STATES
        ]

    def _kinds(self) -> CrossTable:
        pairs = ((one.jenis, one.cara_kontrak) for one in self.status.rows)
        return cross_table(pairs, METHODS)

    def _methods(self, table: CrossTable) -> list[str]:
        unknown = self._word("unknown")
        return [CARA_KONTRAK_TAMPIL.get(one, one) or unknown for one in table.columns]

    def _kind(self, kind: str) -> str:
        return KIND_NAMES.get(kind) or self._word("kind_unknown")

    def _word(self, code: str, **params: object) -> str:
        words = lookup(f"batch_report.{code}").fill(params)
        return self._reword(words.in_language(self._language))

    def _number(self, count: int) -> str:
        return number(count).in_language(self._language)

    def _reason(self, one: RowStatus) -> tuple[Message, Message]:
        """Return why somebody is needed and what to do, also for what went on with a remark."""
        if one.state == "with_other" and one.code.startswith(RECEIVED) and one.reason.id:
            return one.reason, one.advice  # it tells which side has to act
        told = one.state in _WRONG and (one.reason.id or one.state != "cancelled")
        if told or one.code == LETTER_REFUSED:
            return one.reason, one.advice
        words = lookup("batch_report.cancelled" if one.state == "cancelled" else remark_on(one))
        return words, Message(words.hint_id, words.hint_en)

    def _headline(self) -> tuple[Message, str]:
        states = dict(self._states())
        details = Counter(one.detail for one in self.status.rows)
        wrong = sum(states[one] for one in ("failed", "refused"))
        drafts = details[DRAFT_ALONE]
        counts = {
            "rows": len(self.status.rows), "done": states["done"] - drafts, "drafts": drafts,
            "with_other": states["with_other"], "wrong": wrong, "cancelled": states["cancelled"],
            "left": sum(states[one] for one in _OPEN) + drafts,
        }  # fmt: skip
        if wrong:
            # what the plan held back is no error of a run that is at work
            errs = details["failed"] + details["refused"] or not self.status.at_work
            code, grave = "wrong", "stop" if errs else "look"
        elif drafts + counts["cancelled"] == counts["rows"] and drafts:
            code, grave = "drafted", "look"
        elif counts["left"]:
            code, grave = "going" if self.status.at_work else "stopped", "look"
        elif states["with_other"]:
            counts["pens"], back = details["with_other.manual"], sum(details[x] for x in _RETURNED)
            counts |= {"returned": back, "out": states["with_other"] - back}
            code = "returned" if counts["returned"] else "pens" if counts["pens"] else "with_other"
            grave = "look"
        else:
            code, grave = "done", "ok"
        numbers = {name: number(count) for name, count in counts.items()}
        return lookup(f"batch_report.headline.{code}").fill(numbers), grave

    def _not_read(self) -> str:
        return self._word("unread", count=number(self._unread)) if self._unread else ""

    # --- the page -----------------------------------------------------------------------------

    def html(self) -> bytes:
        """Return the page."""
        values: dict[str, Any] = {
            "num": self._number,
            "kind": self._kind,
            "when": lambda moment: format_wib(moment) if moment else "",
            **self.shown(),
        }
        return report_html(
            "laporan-batch.html.j2", self._language, "batch_report", self._reword, **values
        ).encode()

    def shown(self, skip: int = 0) -> dict[str, Any]:
        """Return what a page shows, each list as far as a page shows it.

        Args:
            skip: How many agreements, by their names, come before those of the page.
        """
        status = self.status
        head, grave = self._headline()
        wrong = self._exceptions()
        waits = [one for one in self._by_name if one.detail in ("with_other", "with_other.manual")]
        table = self._kinds()
        told = cut(wrong, group=lambda one: (one.state, one.code))
        return {
            "status": status,
            "batch_name": self._name,
            "made_at": format_wib(self._moment),
            "rehearsed": self._rehearsed,
            "not_read": self._not_read(),
            "headline": head,
            "look": grave,
            "rejected": status.rejected,
            "approved": None if status.approved_by is None else ", ".join(status.approved_by),
            "exceptions": {
                "all": told.all,
                "left": told.left,
                "shown": [(one, *self._reason(one)) for one in told.shown],
                "reasons": self._reasons(wrong),
            },
            "states": self._details(),
            "states_chart": self._states_chart(),
            "kinds": table,
            "methods": self._methods(table),
            "method_fills": {
                one: f"b{METHODS.index(one)}" if one in METHODS else "b3" for one in table.columns
            },
            "kinds_chart": bar_chart(
                [
                    (self._kind(kind), dict(zip(table.columns, counts, strict=True)))
                    for kind, counts, _ in table.rows
                ],
                self._number,
            ),
            "progress": self._progress(),
            "waits": cut(waits),
            "awaited": self._awaited,
            "pens": sum(one.detail == "with_other.manual" for one in waits),
            "unwritten": sum(one.stage != "sent" for one in waits),
            "runs": [self._run(one) for one in reversed(status.runs)],
            "rows": cut(self._by_name[skip:]),
            "method_names": CARA_KONTRAK_TAMPIL,
        }

    def _reasons(self, rows: Sequence[RowStatus]) -> list[tuple[RowStatus, Reason]]:
        """Return every reason with the number of agreements, in the order of its first one."""
        found: dict[tuple[str, str], list[RowStatus]] = {}
        for one in rows:
            found.setdefault((one.state, one.code or remark_on(one)), []).append(one)
        told = []
        for several in found.values():
            words, advice = self._reason(several[0])
            message = Message(words.id, words.en, advice.id, advice.en)
            differs = any(self._reason(one)[0].id != words.id for one in several)
            told.append((several[0], Reason(message=message, count=len(several), differs=differs)))
        return told

    def _states_chart(self) -> Any:
        counted = Counter(one.detail for one in self.status.rows)
        rows: list[tuple[str, dict[str, int]]] = [
            (
                lookup(f"batch.state.{one}").in_language(self._language),
                {one.partition(".")[0]: counted[one]},
            )
            for one in IN_ORDER
            if counted[one]
        ]
        return bar_chart(rows, self._number)

    def _progress(self) -> dict[str, Any] | None:
        """Return how many agreements had ended by when; None while nobody knows."""
        moments = [
            one.changed.timestamp()
            for one in self.status.rows
            if one.state in _ENDED and one.changed is not None
        ]
        if not moments:
            return None
        length, steps = time_steps(moments, _MOST_STEPS, _STEP_SECONDS)
        shape = "%H.%M.%S" if length < _MINUTE else "%d-%m %H.%M" if length < _DAY else "%d-%m-%Y"
        points = [
            (datetime.fromtimestamp(end, UTC).astimezone(WIB).strftime(shape), count)
            for end, count in steps
        ]
        return {
            "chart": line_chart(points, self._number),
            # the chart shows how long nothing happened; the table says when something did
            "points": [now for before, now in pairwise(points) if now[1] != before[1]],
            "first": format_wib(datetime.fromtimestamp(min(moments), UTC)),
            "last": format_wib(datetime.fromtimestamp(max(moments), UTC)),
            "count": self._number(len(moments)),
        }

    def _run(self, one: RunStatus) -> dict[str, str]:
        until = one.ended or one.beat
        seconds = max(0, round((until - one.started).total_seconds()))
        return {
            "started": format_wib(one.started),
            "ended": format_wib(until),
            "state": self._word(f"run.{one.state}"),
            "took": self._word("took", hours=seconds // _HOUR, minutes=seconds // 60 % 60,
                               seconds=seconds % 60),
            "until": self._word(f"until.{one.until}"),
            "host": one.host,
        }  # fmt: skip

    # --- the workbook -------------------------------------------------------------------------

    def book(self) -> bytes:
        """Return the XLSX: totals, what needs somebody, all agreements, runs."""
        return write_report(
            [
                self._sheet("totals", (("what", 48), ("value", 26)), self._total_rows()),
                self._sheet(
                    "exceptions",
                    (("state", 20), ("row", 8), ("facility", 36), ("key", 14), ("reason", 60),
                     ("advice", 60), ("place", 28), ("service", 18), ("code", 26), ("since", 18)),
                    self._exception_rows(),
                ),
                self._sheet(
                    "rows",
                    (("row", 8), ("facility", 36), ("key", 14), ("kind", 30), ("method", 20),
                     ("state", 20), ("stage", 18), ("verdict", 16), ("since", 18), ("tries", 12),
                     ("reason", 60), ("issued", 60), ("id", 30), ("place", 28)),
                    self._all_rows(),
                ),
                self._sheet(
                    "runs",
                    (("started", 18), ("ended", 18), ("run_state", 14), ("minutes", 12),
                     ("until", 18), ("host", 20)),
                    self._run_rows(),
                ),
            ]
        )  # fmt: skip

    def _sheet(self, name: str, columns: Sequence[tuple[str, int]], rows: _Rows) -> ReportSheet:
        return ReportSheet(
            title=self._word(f"sheet.{name}"),
            columns=[
                ReportColumn(heading=self._word(f"head.{code}"), width=width)
                for code, width in columns
            ],
            rows=rows,
            strong=frozenset({self._word("all"), self._word("by_kind"), self._word("by_state")}),
        )

    def _state(self, one: RowStatus) -> str:
        return one.state_text.in_language(self._language)

    def _said(self, message: Message) -> str:
        return with_folder(self._reword(message.in_language(self._language)), self._folder)

    def _total_rows(self) -> _Rows:
        status = self.status
        if self._rehearsed:
            yield self._word("rehearsal"), None
        yield self._word("batch"), self._name
        yield self._word("plan"), status.plan
        yield self._word("made_at"), self._moment
        if self._unread:
            yield self._not_read(), None
        if (no := status.rejected) is not None:
            yield self._word("rejected", name=no.by, at=format_wib(no.at)), no.reason
        yield self._word("by_state"), None
        for words, count in self._details():
            yield self._said(words), count
        yield self._word("all"), len(status.rows)
        table = self._kinds()
        methods = self._methods(table)
        yield self._word("by_kind"), None
        for kind, counts, sum_ in table.rows:
            for method, count in zip(methods, counts, strict=True):
                if count:
                    yield f"{self._kind(kind)}: {method}", count
            yield self._word("kind_all", kind=self._kind(kind)), sum_
        yield self._word("all"), table.total

    def _exception_rows(self) -> _Rows:
        for one in self._exceptions():
            words, advice = self._reason(one)
            yield (
                self._state(one), one.number, one.name, one.key, self._said(words),
                self._said(advice), one.place, one.service, one.code or one.note, one.changed,
            )  # fmt: skip

    def _all_rows(self) -> _Rows:
        for one in self._by_name:
            yield (
                one.number, one.name, one.key, self._kind(one.jenis),
                CARA_KONTRAK_TAMPIL.get(one.cara_kontrak, one.cara_kontrak), self._state(one),
                self._word(f"stage.{one.stage_detail}"),
                self._word(f"verdict.{one.verdict}") if one.verdict else None,
                one.changed, one.tries, self._said(one.reason), one.file, one.agreement_id,
                one.place,
            )  # fmt: skip

    def _run_rows(self) -> _Rows:
        for one in self.status.runs:
            until = one.ended or one.beat
            told = self._run(one)
            yield (
                one.started, until, told["state"],
                (until - one.started).total_seconds() / _MINUTE, told["until"], one.host,
            )  # fmt: skip
