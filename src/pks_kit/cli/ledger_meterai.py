"""``pks-kit ledger reconcile|release``: what became of purchases, and giving one up by name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.ledger_options import LedgerChoice, ledger_options
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.passphrase import closed_memory
from pks_kit.cli.terminal import echo, echo_json, language, say, tell_plain
from pks_kit.errors import LedgerError, UsageError
from pks_kit.json_form import to_json

if TYPE_CHECKING:
    from pks_kit.pipelines.reconcile import Reconciled
    from pks_kit.pipelines.signing.reconcile_books import BooksCompared


@click.command("reconcile")
@click.option(
    "--settings",
    type=click.Path(path_type=Path),
    required=True,
    metavar="PENGATURAN.yml",
    help="Settings of signing (YAML).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def reconcile_command(*, settings: Path, as_json: bool) -> None:
    """Ask the distributors about open purchases.

    Writes down what they say for sure, compares their books with the ledger, and says what is left
    for a person. Nothing is bought or stamped. The exit code is 40 when a person must decide.
    """
    with errors_to_exit(as_json=as_json), closed_memory():
        from pks_kit.cli.session import now, workplace
        from pks_kit.pipelines.reconcile import ReconcileRequest, ledger_reconcile

        place = workplace(settings)
        if not place.settings.meterai:
            raise UsageError("reconcile.no_distributor")
        distributors = tuple(place.distributor(name) for name in place.settings.meterai)
        with place.open_ledger() as ledger:
            found = ledger_reconcile(
                ReconcileRequest(
                    ledger=ledger,
                    distributors=distributors,
                    folder=place.sessions(),
                    clock=now,
                )
            )
        if as_json:
            echo_json(to_json(found))
        else:
            _show(found)
        if found.needs_person:
            sys.exit(LedgerError.exit_code)


@click.command("release")
@click.argument("kunci")
@click.option("--oleh", required=True, metavar="NAMA", help="Who decides this.")
@click.option("--alasan", required=True, metavar="ALASAN", help="Why.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def release_command(
    *, kunci: str, oleh: str, alasan: str, as_json: bool, ledger: LedgerChoice
) -> None:
    """Give an open purchase up, so that another is possible.

    KUNCI is the key that `ledger show` prints. Name and reason are kept for ever.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.cli.session import now
        from pks_kit.pipelines.ledger import LedgerReleaseRequest, ledger_release

        with ledger.open() as opened:
            done = ledger_release(
                LedgerReleaseRequest(
                    ledger=opened, kunci=kunci, oleh=oleh, alasan=alasan, clock=now
                )
            )
        if as_json:
            echo_json(to_json(done))
            return
        before = done.purchase
        echo(say("ledger.released", kunci=kunci, oleh=done.event.isi["oleh"]))
        if before.sn is None:
            echo(say("ledger.released_unknown"), err=True)
        else:
            echo(say("ledger.released_paid", sn=before.sn), err=True)


def _show(found: Reconciled) -> None:
    tongue = language()
    if not found.asked:
        echo(say("reconcile.nothing_open"))
    for one in found.asked:
        echo(f"{one.purchase.kunci}\t{one.todo.in_language(tongue)}")
        if one.error is not None:
            echo(f"\t{one.error.text.in_language(tongue)}")
    for book in found.books:
        _show_book(book, tongue)
    tell_plain(found.without_tls)
    if found.needs_person:
        echo(say("reconcile.needs_person"))
    elif found.books:
        echo(say("reconcile.agrees"))


def _show_book(book: BooksCompared, tongue: str) -> None:
    if book.ledger is None or book.book is None:
        reason = "-" if book.error is None else book.error.text.in_language(tongue)
        echo(say("reconcile.no_book", name=book.penyedia, reason=reason))
        return
    echo(
        say(
            "reconcile.sums",
            name=book.penyedia,
            bought=book.ledger.bought,
            stamped=book.ledger.stamped,
            sold=book.book.bought,
            used=book.book.stamped,
            others=book.others,
        )
    )
    for difference in book.differences:
        echo(f"\t{difference.text.in_language(tongue)}")
