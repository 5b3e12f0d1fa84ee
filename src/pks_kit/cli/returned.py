"""``pks-kit verify`` of many scans: print what came back of which agreement."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pks_kit.cli.terminal import console, echo, language, say, visible
from pks_kit.visible_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from pks_kit.pipelines.returned import ReturnedResult
    from pks_kit.pipelines.verifying.returned_agreement import ReturnedAgreement, SheetOfFile

_COLOURS = {"complete": "green", "incomplete": "red", "needs_person": "yellow"}
_WORST_FIRST = ("incomplete", "needs_person", "complete")


def sorts(
    files: tuple[Path, ...], issued: tuple[Path, ...], *, asked: bool, beside: bool, ledger: bool
) -> bool:
    """Return whether the sheets are to be sorted into agreements; the contents play no part in it.

    Args:
        files: What is to be judged.
        issued: Issued files, or folders of them.
        asked: Whether ``--sort`` or ``--record`` was given.
        beside: Whether a receipt was given.
        ledger: Whether there is a ledger.
    """
    if asked or len(issued) > 1 or any(one.is_dir() for one in (*files, *issued)):
        return True
    return len(files) > 1 and ledger and not issued and not beside


def print_returned(result: ReturnedResult, *, show_all: bool) -> None:
    """Print one line for each agreement, then what is wrong, worst first, then the texts to send.

    Args:
        result: What came back.
        show_all: Also list the checks that passed.
    """
    out = console(err=False)
    if result.agreements:
        _print_table(out, result)
    for word in _WORST_FIRST:
        for one in result.agreements:
            if one.verdict == word and (show_all or _has_news(one)):
                _print_agreement(out, one, show_all=show_all)
    tongue = language()
    if result.left:
        echo(f"\n{say('returned.print.left')}")
        for left in result.left:
            echo(f"• {visible(left.text.in_language(tongue))}")
    told = [one for one in result.files if one.state != "read"]
    if told:
        echo(f"\n{say('returned.print.files')}")
        for file in told:
            echo(f"• {one_line(file.file)}: {visible(file.text.in_language(tongue))}")
    if result.not_returned:
        names = "; ".join(one_line(one.name or one.agreement_id) for one in result.not_returned)
        echo(f"\n{say('returned.print.not_returned', names=names)}")
    for text in result.send_back:
        echo(f"\n{say('returned.print.send', name=one_line(text.name))}")
        for line in text.text.splitlines():
            echo(f"  {visible(line)}")
    totals = result.totals
    echo()
    echo(
        say(
            "returned.print.totals", files=totals.files, sheets=totals.sheets,
            agreements=totals.agreements, complete=totals.complete, incomplete=totals.incomplete,
            needs_person=totals.needs_person, left=totals.left,
        )
    )  # fmt: skip


def _has_news(one: ReturnedAgreement) -> bool:
    return one.verdict != "complete" or one.recorded is not None or one.not_recorded is not None


def _print_table(out: Console, result: ReturnedResult) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=say("returned.print.title"), title_justify="left")
    for column in ("facility", "number", "verdict", "where"):
        table.add_column(say(f"returned.print.{column}"), overflow="fold")
    for one in result.agreements:
        files = ", ".join(dict.fromkeys(one_line(sheet.file) for sheet in one.sheets))
        table.add_row(
            Text(one_line(one.shown_name)),
            Text(one_line(one.number)),
            Text(say(f"returned.verdict.{one.verdict}"), style=_COLOURS[one.verdict]),
            Text(f"{len(one.sheets)} ({files})"),
        )
    out.print(table)


def _print_agreement(out: Console, one: ReturnedAgreement, *, show_all: bool) -> None:
    from rich.text import Text

    from pks_kit.cli.verify import print_findings

    words = say(
        "returned.print.details", name=one_line(one.shown_name),
        number=one_line(one.number or one.agreement_id),
        verdict=say(f"returned.verdict.{one.verdict}"),
    )  # fmt: skip
    out.print()
    out.print(Text(words, style=f"bold {_COLOURS[one.verdict]}"))
    for line in _where(one.sheets):
        out.print(Text(line, style="dim"))
    print_findings(out, one.report, show_all=show_all)
    if one.recorded is not None:
        code = "returned.recorded" if one.recorded.is_new else "returned.recorded_before"
        out.print(Text(f"• {say(code, event=one.recorded.nomor)}"))
    if one.not_recorded is not None:
        out.print(Text(f"• {one.not_recorded.in_language(language())}"))


def _where(sheets: tuple[SheetOfFile, ...]) -> Iterator[str]:
    """Yield which numbers of the report are which sheets of which file."""
    from pks_kit.domain.page_list import page_list

    for file, several in groupby(sheets, key=lambda sheet: sheet.file):
        here = [*several]
        yield say(
            "returned.print.scan_pages", pages=page_list([one.scan_page for one in here], "-"),
            file=one_line(file), sheets=page_list([one.sheet for one in here], "-"),
        )  # fmt: skip
