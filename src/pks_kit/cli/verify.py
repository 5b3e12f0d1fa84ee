"""``pks-kit verify``: judge a file and say what was proven."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pks_kit.cli.ledger_options import LedgerChoice, ledger_options
from pks_kit.cli.output import errors_to_exit
from pks_kit.cli.terminal import console, echo, echo_json, language, say, visible
from pks_kit.errors import UsageError
from pks_kit.json_form import to_json
from pks_kit.visible_text import one_line, without_sources

if TYPE_CHECKING:
    from rich.console import Console

    from pks_kit.domain.paper import PaperFacts
    from pks_kit.pipelines.returned import ReturnedResult
    from pks_kit.pki.revocation_http import SourceMaker
    from pks_kit.verification.limits import Limits
    from pks_kit.verification.report.verdict import Check, SignatureReport, VerifyReport

_FILE = click.Path(path_type=Path)
_COLOURS = {"passed": "green", "failed": "red", "indeterminate": "yellow"}


@click.command("verify")
@click.argument("files", type=_FILE, metavar="FILE", nargs=-1)
@click.option(
    "--issued",
    type=_FILE,
    multiple=True,
    metavar="ISSUED.pdf",
    help="The file as it was issued; of many scans also a folder of them; repeatable.",
)
@click.option("--receipt", type=_FILE, metavar="R.json", help="Receipt of the issued file.")
@click.option(
    "--trust", type=_FILE, multiple=True, metavar="ROOT.pem", help="Authority to trust; repeatable."
)
@click.option("--jenis", default="", metavar="NAME", help="Kind of document; see --list-jenis.")
@click.option("--list-jenis", is_flag=True, help="List the kinds of documents and stop.")
@click.option("--html", type=_FILE, metavar="REPORT.html", help="Also write one HTML page.")
@click.option(
    "--sessions", type=_FILE, metavar="FOLDER", help="Folder of the sessions, with the ledger."
)
@click.option(
    "--sort",
    is_flag=True,
    help="Sort the sheets of scans into agreements; on by itself for a folder, several --issued, "
    "and several scans with a ledger alone.",
)
@click.option(
    "--record", is_flag=True, help="Sort likewise and write each verdict into the ledger, once."
)
@click.option(
    "--rerender", is_flag=True, help="Render again from the data inside and compare; slower."
)
@click.option(
    "--fetch", is_flag=True, help="Ask issuers over the network whether certificates were revoked."
)
@click.option(
    "--seconds",
    type=click.FloatRange(1, 900),
    envvar="PKS_KIT_VERIFY_SECONDS",
    help="Processor seconds that one file may use [8]; waiting ends after twenty times as long.",
)
@click.option(
    "--memory",
    type=click.IntRange(64, 1 << 20),
    metavar="MIB",
    envvar="PKS_KIT_VERIFY_MEMORY",
    help="Memory in MiB that one file may use [1024].",
)
@click.option(
    "--bubblewrap", is_flag=True, help="Also show the child an empty machine; needs bwrap."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.option("--all", "show_all", is_flag=True, help="Also list the checks that passed.")
@ledger_options
def verify_command(
    *,
    files: tuple[Path, ...],
    issued: tuple[Path, ...],
    receipt: Path | None,
    trust: tuple[Path, ...],
    jenis: str,
    list_jenis: bool,
    html: Path | None,
    sessions: Path | None,
    sort: bool,
    record: bool,
    rerender: bool,
    fetch: bool,
    seconds: float | None,
    memory: int | None,
    bubblewrap: bool,
    as_json: bool,
    show_all: bool,
    ledger: LedgerChoice,
) -> None:
    """Judge FILE and say what was proven.

    FILE is a PDF, or an evidence file (ZIP) that pks-kit evidence wrote, or the scan of an
    agreement that was printed and signed: PDF, JPEG, PNG or TIFF, in one file or in several, in any
    order. A scan is compared page by page with the issued file (--issued). With a ledger the issued
    file, the final file and the serial numbers of the meterai are looked up in it.

    Scans of many agreements, or a folder of them, are sorted by their page codes: one verdict for
    each agreement, and a text to send back for each facility. The ledger is only read, unless
    --record lets each verdict be written into it.

    No network is used, unless --fetch allows it: then OCSP answers and revocation lists are fetched
    for certificates that chain to a trusted authority, and for no others.

    Exit code 0: every check passed; 30: something is wrong; 31: something could not be decided. Of
    many agreements the worst counts, 30 before 31.
    """
    with errors_to_exit(as_json=as_json):
        if list_jenis:
            return _list_kinds(as_json=as_json)
        if not files:
            context = click.get_current_context()
            missing = next(one for one in context.command.params if one.name == "files")
            raise click.MissingParameter(ctx=context, param=missing)
        from pks_kit.cli.returned import sorts

        many = sorts(
            files, issued, asked=sort or record, beside=receipt is not None, ledger=ledger.is_given
        )
        if many:
            _refuse_of_one_report(html=html is not None, rerender=rerender, jenis=bool(jenis))
        pdf, *more = files
        from pks_kit.verification.isolation.child_request import seem_unsigned
        from pks_kit.verification.isolation.pool import default_pool

        default_pool(bubblewrap=bubblewrap).start(
            light=not many and seem_unsigned(files),
            from_here=not (many or fetch or ledger.is_given or sessions),  # nothing secret yet
        )
        limits = _limits(seconds, memory)
        if many:
            from pks_kit.pipelines.returned import ReturnedRequest, verify_returned

            with ledger.open_if_given(sessions) as opened:
                returned = verify_returned(
                    ReturnedRequest(
                        scans=files,
                        issued=issued,
                        receipt=receipt,
                        ledger=opened,
                        sessions=sessions,
                        record=record,
                        trust=trust,
                        limits=limits,
                        revocation=_http_revocation() if fetch else None,
                        clock=_now,
                        progress=lambda name: echo(visible(f"{one_line(name)} ..."), err=True),
                    )
                )
            _show_returned(returned, as_json=as_json, show_all=show_all)
            sys.exit(returned.exit_code)
        from pks_kit.files import check_output, write_atomic
        from pks_kit.pipelines.verify import VerifyRequest, verify

        if html is not None:
            read = (*files, *issued, receipt, *trust)
            check_output(html, *(path for path in read if path))
        with ledger.open_if_given(sessions) as opened:
            result = verify(
                VerifyRequest(
                    pdf=pdf,
                    more=tuple(more),
                    clock=_now,
                    issued=issued[0] if issued else None,
                    receipt=receipt,
                    ledger=opened,
                    sessions=sessions,
                    trust=trust,
                    jenis=jenis,
                    rerender=rerender,
                    revocation=_http_revocation() if fetch else None,
                    pictures=html is not None,
                    limits=limits,
                )
            )
        report = result.report
        if html is not None:
            write_atomic(html, result.page(language()).content)
        if as_json:
            echo_json(to_json(report))
        else:
            print_report(report, pdf.name, show_all=show_all)
        if html is not None and not as_json:
            echo(say("report.written", file=str(html)), err=True)
    sys.exit(report.exit_code)


def _refuse_of_one_report(**given: bool) -> None:
    """Refuse options that mean nothing when there are many reports."""
    for option, is_given in given.items():
        if is_given:
            raise UsageError("returned.one_report_only", option=f"--{option}")


def _show_returned(result: ReturnedResult, *, as_json: bool, show_all: bool) -> None:
    from pks_kit.cli.returned import print_returned

    if as_json:
        echo_json(to_json(result))
    else:
        print_returned(result, show_all=show_all)


def _limits(seconds: float | None, memory: int | None) -> Limits:
    from pks_kit.limits import MIB
    from pks_kit.verification.limits import Limits

    limits = Limits() if seconds is None else Limits().lasting(seconds)
    return limits if memory is None else replace(limits, memory_bytes=memory * MIB)


def _http_revocation() -> SourceMaker:
    from pks_kit.pki.revocation_http import HttpRevocation

    return HttpRevocation


def _list_kinds(*, as_json: bool) -> None:
    """Print every policy with its limit and legal basis as of today."""
    from pks_kit.pipelines.verifying.policies import policies_in_force

    tongue, found = language(), policies_in_force(_now().date())
    if as_json:
        from pks_kit.cli.forms import ListedKind, ListedKinds

        kinds = (
            ListedKind(
                kebijakan=one.kebijakan,
                ukuran_bita=one.ukuran_bita,
                dasar_ukuran=one.dasar_ukuran,
            )
            for one in found
        )
        echo_json(to_json(ListedKinds(jenis=tuple(kinds))))
        return
    for one in found:
        policy = one.kebijakan
        limit = say("policy.list.size", limit=str(one.ukuran_bita)) if one.ukuran_bita else ""
        title = policy.judul.message.in_language(tongue)
        echo(f"{policy.nama}: {title}" + (f"; {limit}" if limit else ""))
        echo(f"  {policy.keterangan.message.in_language(tongue)}")
        echo(f"  {without_sources(policy.dasar_hukum)}")


def _now() -> datetime:
    return datetime.now(UTC)


def print_report(report: VerifyReport, name: str, *, show_all: bool) -> None:
    """Print the report as tables on standard output.

    Args:
        report: The report.
        name: Name of the file.
        show_all: Also list the checks that passed.
    """
    from rich.text import Text

    from pks_kit.verification.report.headline import headline, only_waits, warning_line

    out, tongue = console(err=False), language()
    if warning := warning_line(report):
        out.print(Text(warning.in_language(tongue), style="bold yellow"))
    words = f"{one_line(name)}: {headline(report).in_language(tongue)}"
    colour = _COLOURS["indeterminate" if only_waits(report) else report.verdict]
    out.print(Text(words, style=f"bold {colour}"))
    out.print(Text(f"SHA-256 {report.sha256}", style="dim"))
    print_findings(out, report, show_all=show_all)


def print_findings(out: Console, report: VerifyReport, *, show_all: bool) -> None:
    """Print signatures, checks, places to look at and notes.

    Args:
        out: Where to print.
        report: The report.
        show_all: Also list the checks that passed.
    """
    from rich.text import Text

    tongue = language()
    if report.signatures:
        _print_signatures(out, report.signatures, tongue)
    shown = [one for one in report.checks if show_all or one.status != "passed"]
    if shown:
        _print_checks(out, shown, tongue)
    if report.paper is not None:
        _print_places(out, report.paper, tongue)
    for note in report.notes:
        out.print(Text(f"• {visible(note.message.in_language(tongue))}"))


def _moment(time: str | None, tongue: str) -> str:
    from pks_kit.verification.report.answers import local_time

    return local_time(datetime.fromisoformat(time)) if time else _word("not_known", tongue)


def _print_signatures(out: Console, signatures: tuple[SignatureReport, ...], tongue: str) -> None:
    from rich.table import Table

    table = Table(title=_word("signatures", tongue), title_justify="left", show_lines=True)
    for column in ("field", "signer", "intact", "modification", "trusted"):
        table.add_column(_word(column, tongue), overflow="fold")
    for one in signatures:
        mark = f" [{_word('test_mark', tongue)}]" if one.test_authority else ""
        cells: tuple[Any, ...] = (
            f"{_word(f'kind.{one.kind}', tongue)}{_role(one)}\n{one_line(one.field)}",
            f"{one_line(one.signer)}{mark}\n{_moment(one.time, tongue)}",
            _three(one.intact, tongue),
            _word(f"modification.{one.modification}", tongue),
            _three(one.trusted, tongue),
        )
        table.add_row(*(_plain(cell) for cell in cells))
    out.print(table)


def _role(one: SignatureReport) -> str:
    return f" {one_line(one.role).replace('_', ' ').upper()}" if one.role else ""


def _print_checks(out: Console, checks: list[Check], tongue: str) -> None:
    from rich.table import Table
    from rich.text import Text

    from pks_kit.verification.report.headline import shown_status

    table = Table(title=_word("checks", tongue), title_justify="left")
    for column in ("answer", "words", "code"):
        table.add_column(_word(column, tongue), overflow="fold")
    for check in checks:
        text = check.message
        hint = text.hint_in_language(tongue)
        where = f" ({_word('page', tongue)} {check.page})" if check.page else ""
        words = text.in_language(tongue) + where + (f" {hint}" if hint else "")
        state = Text(shown_status(check.status).in_language(tongue), style=_COLOURS[check.status])
        table.add_row(state, _plain(words), _plain(check.code))
    out.print(table)


def _print_places(out: Console, paper: PaperFacts, tongue: str) -> None:
    """Print the places that a person must look at, each with its reason."""
    from rich.table import Table

    from pks_kit.verification.report.paper import place_list, reason_words

    unsure = [one for one in paper.places if one.decision == "unsure" and one.scan_page]
    if not unsure:
        return
    table = Table(title=_word("paper.look", tongue), title_justify="left")
    for column in ("paper.place", "paper.sheet", "paper.reason"):
        table.add_column(_word(column, tongue), overflow="fold")
    for one in unsure:
        words = reason_words(one).in_language(tongue)
        table.add_row(_plain(place_list([one])), _plain(str(one.scan_page)), _plain(words))
    out.print(table)


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(visible(text))


def _word(code: str, tongue: str) -> str:
    from pks_kit.messages import lookup

    return lookup(f"report.{code}").in_language(tongue)


def _three(value: bool | None, tongue: str) -> str:
    return _word("not_known" if value is None else "yes" if value else "no", tongue)
