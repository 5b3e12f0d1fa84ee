"""``pks-kit paper list|review|decide``: a person looks at a scan and decides."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pks_kit.cli.ledger_options import LEDGER_VARIABLE, LedgerChoice, ledger_options
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import console, echo, echo_json, language, say, visible
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.ledger.store import SqlLedger
    from pks_kit.pipelines.verifying.paper_desk import PaperListResult

_FILE = click.Path(path_type=Path)
_LAST_PORT = 65535
_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group("paper")
def paper_group() -> None:
    """Look at paper that came back, and decide."""


def _scan_options(command: _Command) -> _Command:
    for option in (
        click.option(
            "--trust",
            type=_FILE,
            multiple=True,
            metavar="ROOT.pem",
            help="Authority to trust; repeatable.",
        ),
        click.option("--receipt", type=_FILE, metavar="R.json", help="Receipt of the issued file."),
        click.option(
            "--sessions",
            type=_FILE,
            metavar="FOLDER",
            help="Folder of the sessions, with the ledger.",
        ),
        click.option(
            "--issued",
            type=_FILE,
            metavar="ISSUED.pdf",
            help="The file as it was issued.",
        ),
        click.argument("files", type=_FILE, metavar="SCAN", nargs=-1, required=True),
    ):
        command = option(command)
    return command


@paper_group.command("list")
@_scan_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def list_command(
    *,
    files: tuple[Path, ...],
    issued: Path | None,
    receipt: Path | None,
    sessions: Path | None,
    trust: tuple[Path, ...],
    as_json: bool,
    ledger: LedgerChoice,
) -> None:
    """List what a person must look at, worst first.

    With a ledger also what was decided, by whom and when. Exit codes are those of verify.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.paper import PaperListRequest, paper_list

        with ledger.open_if_given(sessions) as opened:
            asked = _scan(files, issued, receipt, sessions, trust)
            review = paper_list(PaperListRequest(**asked, ledger=opened))
        if as_json:
            echo_json(to_json(review))
        else:
            _print(review)
    sys.exit(review.report.exit_code)


@paper_group.command("review")
@_scan_options
@click.option("--oleh", required=True, metavar="NAMA", help="Who decides this.")
@click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    default=0,
    help="Port on the loopback address [any free one].",
)
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@ledger_options
def review_command(
    *,
    files: tuple[Path, ...],
    issued: Path | None,
    receipt: Path | None,
    sessions: Path | None,
    trust: tuple[Path, ...],
    oleh: str,
    port: int,
    no_browser: bool,
    ledger: LedgerChoice,
) -> None:
    """Open the page on which a person decides, and write decisions into the ledger.

    The page is served to this machine alone, at an address that opens once. Ctrl-C ends it; then
    the verdict is printed. Exit codes are those of verify.
    """
    with errors_to_exit(as_json=False):
        from pks_kit.net.loopback import LoopbackPage
        from pks_kit.pipelines.paper import PaperReviewRequest, paper_review
        from pks_kit.verification.report.headline import headline
        from pks_kit.verification.report.paper_html import LivePage

        tongue = language()
        with _to_write(ledger) as opened:
            asked = _scan(files, issued, receipt, sessions, trust)
            desk = paper_review(PaperReviewRequest(**asked, ledger=opened, oleh=oleh))
            try:
                served = LoopbackPage(port)
            except OSError as error:
                raise UsageError("paper.review.port", port=port) from error
            with served:
                echo(say("paper.review.open", address=served.address))
                sys.stdout.flush()
                if not no_browser:
                    click.launch(served.address)
                live = LivePage(token=served.token, by=desk.oleh)
                try:
                    served.serve(
                        lambda: desk.page(tongue, live).content,
                        lambda body: desk.answer(body, tongue),
                    )
                except KeyboardInterrupt:
                    echo()
        report = desk.review.report
        echo(headline(report).in_language(tongue))
    sys.exit(report.exit_code)


@paper_group.command("decide")
@click.argument("choices", type=_FILE, metavar="DECISIONS.json")
@_scan_options
@click.option("--oleh", required=True, metavar="NAMA", help="Who decides this.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def decide_command(
    *,
    choices: Path,
    files: tuple[Path, ...],
    issued: Path | None,
    receipt: Path | None,
    sessions: Path | None,
    trust: tuple[Path, ...],
    oleh: str,
    as_json: bool,
    ledger: LedgerChoice,
) -> None:
    """Write the decisions that the offline page saved into the ledger.

    The scan is read again: what the page says of the machine is not believed. All decisions are
    written or none. Exit codes are those of verify.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.paper import PaperDecideRequest, paper_decide
        from pks_kit.verification.report.headline import headline

        with _to_write(ledger) as opened:
            asked = _scan(files, issued, receipt, sessions, trust)
            done = paper_decide(
                PaperDecideRequest(**asked, ledger=opened, oleh=oleh, choices=choices)
            )
        if as_json:
            echo_json(to_json(done))
        else:
            echo(say("paper.decide.written", count=done.written))
            echo(headline(done.report).in_language(language()))
    sys.exit(done.report.exit_code)


def _scan(
    files: tuple[Path, ...], issued: Path | None, receipt: Path | None, sessions: Path | None,
    trust: tuple[Path, ...],
) -> dict[str, Any]:  # fmt: skip
    """Return the fields that all requests about a scan share."""
    scan, *more = files
    return {
        "scan": scan, "more": tuple(more), "issued": issued, "receipt": receipt,
        "sessions": sessions, "trust": trust, "clock": _now,
    }  # fmt: skip


def _to_write(ledger: LedgerChoice) -> SqlLedger:
    if not ledger.is_given:
        raise UsageError("paper.review.no_ledger", variable=LEDGER_VARIABLE)
    return ledger.open()


def _now() -> datetime:
    return datetime.now(UTC)


def _print(review: PaperListResult) -> None:
    from rich.table import Table
    from rich.text import Text

    from pks_kit.verification.report.answers import local_time
    from pks_kit.verification.report.headline import headline
    from pks_kit.verification.report.paper_words import item_choice, item_reason, item_title

    out, tongue = console(err=False), language()
    out.print(Text(visible(headline(review.report).in_language(tongue)), style="bold"))
    decided = {one.item: one for one in review.facts.decided}
    table = Table(show_lines=True)
    for column in ("place", "reason", "person"):
        table.add_column(say(f"report.paper.{column}"), overflow="fold")
    for item in review.items:
        person = decided.get(item.key)
        if not item.is_open and person is None:
            continue
        words = "\n".join(
            f"{one.by}: {item_choice(item, one.decision).in_language(tongue)} "
            f"({local_time(one.at)})"
            for one in (person.opinions if person else ())
        )
        if person is not None and person.state == "waiting":
            words += f"\n{say('review.waiting')}"
        cells = (item_title(item), item_reason(item, review.facts))
        table.add_row(
            *(Text(visible(one.in_language(tongue))) for one in cells), Text(visible(words))
        )
    if table.row_count:
        out.print(table)
    for note in review.report.notes:
        out.print(Text(f"• {visible(note.message.in_language(tongue))}"))
