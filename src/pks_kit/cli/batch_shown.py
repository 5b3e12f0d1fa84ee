"""How a batch is told at the terminal: counts, a line of progress, what is not done."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

import click

from pks_kit.cli.terminal import cells, console, echo, language, say, visible

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pks_kit.pipelines.batch_fleet import BatchWorked
    from pks_kit.pipelines.batch_receive import BatchReceived
    from pks_kit.pipelines.batch_run import BatchRan
    from pks_kit.pipelines.batching.coordinator import Progress
    from pks_kit.pipelines.batching.folder import BatchFolder
    from pks_kit.pipelines.batching.signing_days import SigningDay
    from pks_kit.pipelines.batching.summary import BatchStatus
    from pks_kit.pipelines.returned import ReturnedResult
    from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement

_TOLD_EVERY = 10.0
"""Seconds between two lines about progress where no terminal is."""
_MOST_DAYS = 6
MOST_ROWS = 40
"""Most agreements that are named one by one."""


def tongue() -> Literal["id", "en"]:
    """Return the language of this run."""
    return "en" if language() == "en" else "id"


def counting(code: str) -> Callable[[int, int], None]:
    """Return what tells on a terminal how many of how many are done."""
    told = [0.0]

    def tell(done: int, all_: int) -> None:
        if sys.stderr.isatty() and (time.monotonic() - told[0] > 0.2 or done == all_):
            told[0] = time.monotonic()
            click.echo("\r" + say(code, done=done, all=all_), nl=done == all_, err=True)

    return tell


def compiling() -> Callable[[int, int], None]:
    """Return what tells how many texts are compiled, a line for each that is finished."""
    told: set[int] = set()

    def tell(done: int, all_: int) -> None:
        if done not in told:
            told.add(done)
            echo(say("batch.compiling", done=done, all=all_), err=True)

    return tell


class ProgressLine:
    """Tells the progress of a run: one line that is written over, or a line now and then."""

    def __init__(self) -> None:
        self._over = sys.stderr.isatty()
        self._told = 0.0
        self._width = 0

    def __call__(self, now: Progress) -> None:
        """Tell how far the run is."""
        words = say(
            "batch.progress",
            ended=now.ended,
            rows=now.rows,
            rate=round(now.per_minute) or "–",
            left=_duration(now.left),
        )
        if now.waiting_for:
            words += " " + say("batch.progress.waiting", services=", ".join(now.waiting_for))
        if self._over:
            click.echo("\r" + visible(words).ljust(self._width), nl=False, err=True)
            self._width = len(words)
        elif time.monotonic() - self._told >= _TOLD_EVERY:
            self._told = time.monotonic()
            echo(visible(words), err=True)

    def end(self) -> None:
        """End the line."""
        if self._over:
            click.echo(err=True)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def tell_days(days: Sequence[SigningDay], *, err: bool) -> None:
    """Print the printed days of signing beside the day of the work."""
    for one in days[:_MOST_DAYS]:
        echo(visible(one.text.in_language(language())), err=err)
    if len(days) > _MOST_DAYS:
        echo(say("batch.more", count=len(days) - _MOST_DAYS), err=err)


def show_status(status: BatchStatus) -> None:
    """Print how many agreements are in each state, and those that are not done."""
    from rich.table import Table

    from pks_kit.pipelines.batching.outcome import LETTER_REFUSED
    from pks_kit.pipelines.batching.summary import DETAILS

    working = [one for one in status.runs if one.state == "running"]
    for run in working:
        echo(visible(say("batch.at_work", process=run.process, host=run.host)))
    if not working and "interrupted" in status.states:
        echo(say("batch.not_at_work"))
    if status.rejected is not None:
        no = status.rejected
        words = say("batch.rejected", plan=status.plan[:16], by=no.by, reason=no.reason)
        echo(visible(words))
    elif status.approved_by is not None:
        names = ", ".join(status.approved_by)
        echo(
            visible(say("batch.approved_by" if names else "batch.approved_by_nobody", names=names))
        )
    for group in status.facilities:
        names = ", ".join(group.names)
        if group.more:
            names += f", {say('batch.state.more', count=group.more)}"
        words = group.text.in_language(language())
        echo(visible(say("batch.state.named", state=words, count=group.count, names=names)))
    if status.files_gone or status.files_changed:
        echo(say("batch.harmed", gone=status.files_gone, changed=status.files_changed))
    left = [
        one
        for one in status.rows
        if one.detail not in ("done", "with_other", "with_other.manual")
        or one.code == LETTER_REFUSED
    ]
    left.sort(key=lambda one: (DETAILS.index(one.detail), one.number))
    if left:
        table = Table()
        for head in ("number", "name", "state", "reason"):
            table.add_column(say(f"batch.head.{head}"), overflow="fold")
        tongue = language()
        for one in left[:MOST_ROWS]:
            reason = " ".join(
                filter(None, (one.reason.in_language(tongue), one.advice.in_language(tongue)))
            )
            state = one.state_text.in_language(tongue)
            table.add_row(*cells(str(one.number), one.name, state, reason))
        console(err=False).print(table)
        if len(left) > MOST_ROWS:
            echo(say("batch.more", count=len(left) - MOST_ROWS))


def show_received(
    result: BatchReceived,
    folder: BatchFolder,
    *,
    remind: bool,
    today: date,
    review: Callable[[ReturnedAgreement], str],
) -> None:
    """Print what came back, what the branch itself owes, and who sent nothing.

    Args:
        result: What came of it.
        folder: Folder of the batch.
        remind: Whether letters were wanted.
        today: Day of the work in WIB.
        review: Gives the command by which a person looks at an agreement and decides.
    """
    echo(say("batch.received.files"))
    for given in result.files:
        echo(visible(f"  {given.file}: {given.text.in_language(language())}"))
    totals, missing = result.returned.totals, len(result.not_back)
    if totals.agreements:
        words = say(
            "batch.received.done", complete=totals.complete, incomplete=totals.incomplete,
            person=totals.needs_person, missing=missing,
        )  # fmt: skip
    elif any(one.problem is None for one in result.electronic):
        words = ""
    else:
        words = say("batch.received.nothing", missing=missing)
    if words:
        echo(words)
    _show_open(result.returned, review)
    if totals.left or totals.files_open:
        echo(say("batch.received.left", count=totals.left + totals.files_open))
    for sheet in result.returned.left[:MOST_ROWS]:
        echo(visible(f"  {sheet.text.in_language(language())}"))
    if result.unknown:
        echo(say("batch.received.unknown", count=result.unknown))
    for told in result.returned.agreements:
        for note in told.report.notes:
            if note.code == "paper_own_places":
                words = say("batch.received.own", name=told.shown_name, what=note.params["what"])
                echo(visible(words))
    if result.not_back:
        echo(say("batch.received.missing"))
    for one in result.not_back[:MOST_ROWS]:
        echo(visible(f"  {one.name} ({one.number})"))
        if one.problem is not None:
            reason = one.problem.in_language(language())
            echo(visible(say("batch.received.unwritten", name=one.name, reason=reason)), err=True)
    electronic = sum(one.cara_kontrak == "elektronik" for one in result.not_back)
    if electronic:
        echo(say("batch.received.electronic", count=electronic))
    _tell_due(result, remind=remind, today=today, on_paper=len(result.not_back) - electronic)
    if result.left_alone:
        echo(say("batch.received.left_alone"), err=True)
    for name in result.left_alone[:MOST_ROWS]:
        echo(visible(f"  {name}"), err=True)
    if result.written:
        echo(say("batch.received.written"))
    for name in result.written[:MOST_ROWS]:
        place = folder.send_back if name.endswith(".txt") else folder.reminders
        echo(visible(f"  {place / name}"))


def _tell_due(result: BatchReceived, *, remind: bool, today: date, on_paper: int) -> None:
    """Print why no letters were written to those of which nothing came back on paper."""
    if not remind or not on_paper:
        return
    if result.reminders_from is None:
        echo(say("batch.received.no_last_day"))
    elif today < result.reminders_from:
        echo(say("batch.received.not_due", day=result.reminders_from))


def _show_open(returned: ReturnedResult, review: Callable[[ReturnedAgreement], str]) -> None:
    """Print whose paper is not complete, with the first thing that stands in its way."""
    for one in [each for each in returned.agreements if each.verdict != "complete"][:MOST_ROWS]:
        verdict = say(f"returned.verdict.{one.verdict}")
        why = next((each for each in one.report.checks if each.status != "passed"), None)
        reason = "" if why is None else f" {why.message.in_language(language())}"
        echo(visible(f"  {one.shown_name} ({one.number}): {verdict}.{reason}"))
        if one.verdict == "needs_person":
            echo(visible(f"    {review(one)}"))


def show_end(ran: BatchRan | BatchWorked) -> None:
    """Print how far the batch is, and why its rows were not all done."""
    show_status(ran.status)
    if ran.not_compiled is not None:
        reason = ran.not_compiled.in_language(language())
        echo(visible(say("batch.not_compiled", reason=reason)), err=True)
    if ran.code:
        echo(ran.reason.in_language(language()), err=True)
        echo(ran.advice.in_language(language()), err=True)


def show_next(ran: BatchRan, folder: Path, until: str) -> None:
    """Print which files stand again, and what a person does after a run that was not stopped."""
    from pks_kit.pipelines.batching.advice import quoted
    from pks_kit.pipelines.batching.folder import BatchFolder

    named = quoted(folder)
    if ran.remade:
        echo(say("batch.remade", count=ran.remade))
    if ran.signed_other_day:
        echo(say("batch.signed_other_day", count=ran.signed_other_day))
    if ran.code:
        return
    if ran.rehearsed:
        echo(visible(say("batch.ran.next.rehearsal", folder=named)))
        return
    if until == "sent":
        place = BatchFolder(folder)
        letters, files = place.to_send, place.finished
        echo(visible(say("batch.ran.next.sent", folder=named, letters=letters, files=files)))
    elif until != "drafted" and ran.status.states.get("with_other"):
        echo(visible(say("batch.ran.next.send", folder=named)))
    echo(visible(say("batch.ran.next.report", folder=named)))
