"""``pks-kit ledger show|verify|export|migrate``; ``reconcile`` and ``release`` beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pks_kit.cli.ledger_meterai import reconcile_command, release_command
from pks_kit.cli.ledger_options import LedgerChoice, ledger_options
from pks_kit.cli.ledger_seal import seal_command, seals_beside
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import echo, echo_json, language, say
from pks_kit.domain.tanggal import format_wib
from pks_kit.errors import InputError, LedgerGuardsError
from pks_kit.json_form import to_json
from pks_kit.visible_text import one_line

if TYPE_CHECKING:
    from pks_kit.ledger.agreements import AgreementProgress
    from pks_kit.ledger.chain import ChainReport
    from pks_kit.ledger.guards import GuardFault
    from pks_kit.ledger.purchases import RecordedPurchase
    from pks_kit.ledger.steps_done import DoneStep
    from pks_kit.pipelines.ledger import LedgerShowResult

_FILE = click.Path(path_type=Path)


@click.group("ledger")
def ledger_group() -> None:
    """What was done, bought and stamped."""


ledger_group.add_command(reconcile_command)
ledger_group.add_command(release_command)
ledger_group.add_command(seal_command)


@ledger_group.command("show")
@click.argument("agreement_id", required=False)
@click.option("--price", type=click.IntRange(min=0), help="Rupiah of one meterai; default: by law.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def show_command(
    *, agreement_id: str | None, price: int | None, as_json: bool, ledger: LedgerChoice
) -> None:
    """Show state, missing steps, purchases and sums."""
    with errors_to_exit(as_json=as_json):
        with ledger.open() as opened:
            from pks_kit.pipelines.ledger import LedgerShowRequest, ledger_show

            shown = ledger_show(
                LedgerShowRequest(ledger=opened, agreement_id=agreement_id, price=price)
            )
        if as_json:
            echo_json(to_json(shown))
        else:
            _print(shown)
        if not shown.guarded:
            echo(say("ledger.show_unguarded"), err=True)
            sys.exit(LedgerGuardsError.exit_code)


@ledger_group.command("verify")
@click.option(
    "--head", "known", metavar="N:HASH", help="An event known from elsewhere, see export."
)
@click.option("--export", "exported", type=_FILE, help="Check an exported file, no database.")
@click.option(
    "--receipt",
    "receipts",
    type=_FILE,
    multiple=True,
    help="Where a head was kept: .sesi.json, .segel.json, evidence file, archived PDF; repeatable.",
)
@click.option(
    "--trust", type=_FILE, multiple=True, help="Root certificate for seals; may be repeated."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def verify_command(
    *,
    known: str | None,
    exported: Path | None,
    receipts: tuple[Path, ...],
    trust: tuple[Path, ...],
    as_json: bool,
    ledger: LedgerChoice,
) -> None:
    """Check the chain and say what was altered.

    Seals beside a SQLite ledger (FILE.segel/) are checked too.

    The exit code is 40 when an event was altered, removed, inserted or reordered, and 41 when
    all events are whole but the database does not guard them any more.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.ledger import LedgerVerifyRequest, ledger_verify

        if exported is not None:
            report = ledger_verify(
                LedgerVerifyRequest(export=exported, head=known, receipts=receipts, trust=trust)
            )
        else:
            with ledger.open() as opened:
                kept = (*receipts, *seals_beside(Path(opened.shown)))
                report = ledger_verify(
                    LedgerVerifyRequest(ledger=opened, head=known, receipts=kept, trust=trust)
                )
        if as_json:
            echo_json(to_json(report))
        else:
            _print_report(report)
    sys.exit(report.exit_code)


@ledger_group.command("export")
@click.option(
    "-o", "--output", type=_FILE, required=True, metavar="OUT.jsonl", help="The file to write."
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def export_command(*, output: Path, force: bool, as_json: bool, ledger: LedgerChoice) -> None:
    """Write all events as JSON Lines, for ``verify --export``.

    Keep the number and hash it prints: with them later checks notice a lost end.
    """
    with errors_to_exit(as_json=as_json):
        from pks_kit.files import atomic_stream
        from pks_kit.pipelines.ledger import LedgerExportRequest, ledger_export

        if output.exists() and not force:
            raise InputError("ledger.export_exists", file=str(output))
        with ledger.open() as opened:
            _refuse_over_ledger(output, opened.shown)
            with atomic_stream(output) as stream:
                made = ledger_export(LedgerExportRequest(ledger=opened, into=stream))
        if as_json:
            echo_json(to_json(made) | {"file": str(output)})
            return
        head_shown = made.head or "-"
        echo(say("ledger.exported", count=made.count, file=str(output), head=head_shown))


@ledger_group.command("migrate")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@ledger_options
def migrate_command(*, as_json: bool, ledger: LedgerChoice) -> None:
    """Bring an older ledger to the schema of this version."""
    with errors_to_exit(as_json=as_json):
        from pks_kit.pipelines.ledger import LedgerMigrateRequest, ledger_migrate

        done = ledger_migrate(
            LedgerMigrateRequest(address=ledger.address(), password=ledger.password())
        )
        if as_json:
            echo_json(to_json(done))
        else:
            echo(say("ledger.migrated", before=done.before or "-", after=done.after))
            _print_guards(done.guards)


def _print(result: LedgerShowResult) -> None:
    shown, bought, totals = result.agreements, result.purchases, result.sums
    if result.head is None:
        echo(say("ledger.show_empty"))
    echo(say("ledger.show.agreements"))
    for one in shown:
        _print_agreement(one)
    echo(f"\n{say('ledger.show.purchases')}")
    names = {one.perjanjian: one.name for one in shown}
    for purchase in bought:
        _print_purchase(purchase, names[purchase.perjanjian])
    from pks_kit.domain.rupiah import format_rupiah

    echo()
    for name in ("bought", "stamped", "unused", "unknown"):
        echo(f"{say(f'ledger.sum.{name}')}\t{getattr(totals, name)}")
    for name in ("rupiah", "rupiah_unused"):
        echo(f"{say(f'ledger.sum.{name}')}\t{format_rupiah(getattr(totals, name))}")


def _print_agreement(one: AgreementProgress) -> None:
    """Names first: a person looks for the facility, not for the id."""
    tongue = language()
    echo(f"\n{one_line(one.name)}")
    lines = [("parties", " · ".join(filter(None, (one.nama_kesatu, one.nama_kedua))))]
    lines.append(("numbers", " · ".join(filter(None, (one.nomor_kesatu, one.nomor_kedua)))))
    lines += [("amends", one.induk or ""), ("id", one.perjanjian), ("method", _method(one))]
    lines.append(("state", one.text.in_language(tongue)))
    for done in one.selesai:
        lines.append(("done", _done_words(done)))
    for paper in one.kertas or ():
        words = f"{paper.text.in_language(tongue)}, {format_wib(paper.waktu)}"
        lines.append(("paper", words))
    for missing in one.kurang:
        lines.append(("missing", missing.text.in_language(tongue)))
    if one.terhenti is not None:
        lines.append(("stopped", one.terhenti.text.in_language(tongue)))
    lines.append(("last", f"{format_wib(one.terakhir)} ({one.jenis_terakhir})"))
    for name, words in lines:
        if words:
            echo(f"  {say(f'ledger.show.{name}')}\t{one_line(words)}")


def _method(one: AgreementProgress) -> str:
    return say("ledger.show.no_method") if one.metode is None else one.metode


def _party(peran: str | None) -> str:
    from pks_kit.domain.tanda_tangan import PIHAK_TAMPIL

    return PIHAK_TAMPIL.get(peran or "", peran or "")


def _done_words(done: DoneStep) -> str:
    kind = say(f"ledger.done.{done.jenis}", party=_party(done.peran))
    who = done.sn or done.penanda
    return f"{kind}, {format_wib(done.waktu)}{f' ({who})' if who else ''}"


def _print_purchase(one: RecordedPurchase, name: str) -> None:
    stage = f" ({one.tahap})" if one.tahap else ""
    mark = f"\t! {say('ledger.show.odd')}" if one.janggal else ""
    echo(
        f"{one.kunci}\t{one.ke}\t{say('ledger.purchase.' + one.keadaan)}{stage}\t"
        f"{one.sn or '-'}\t{_party(one.peran)}, {one_line(name)}\t{format_wib(one.mulai)}{mark}"
    )


def _print_report(report: ChainReport) -> None:
    tongue = language()
    for fault in report.faults:
        echo(fault.text.in_language(tongue))
    head = report.head or "-"
    code = "ledger.chain_intact" if report.intact else "ledger.chain_not_intact"
    echo(say(code, count=report.count, faults=len(report.faults), head=head))
    for one in report.heads:
        if one.agrees and one.source == "--head":
            continue  # whoever typed it knows
        told = one.message.in_language(tongue)
        seal = f" ({one.seal.message.in_language(tongue)})" if one.seal else ""
        echo(f"{told}{seal}", err=one.agrees)
    _print_guards(report.guard_faults)
    if report.intact and not report.head_known:
        echo(say("ledger.head_unknown"), err=True)


def _print_guards(faults: tuple[GuardFault, ...]) -> None:
    for fault in faults:
        echo(fault.message.in_language(language()), err=True)
    if faults:
        echo(say("ledger.unguarded"), err=True)


def _refuse_over_ledger(output: Path, shown: str) -> None:
    from pks_kit.files import check_output

    check_output(output, Path(shown))
