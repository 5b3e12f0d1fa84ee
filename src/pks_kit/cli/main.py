"""The command line: open, call one library function, print. Nothing else happens here."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import click

from pks_kit.cli.output import (
    interrupted,
    is_full,
    output_is_full,
    reader_left,
    report_usage,
    warn_unknown_language,
)
from pks_kit.cli.terminal import say


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a command lives and which catalogue text describes it in the overview."""

    target: str
    help_code: str


_COMMANDS = {
    "demo": _Entry("pks_kit.cli.demo:demo_command", "cli.help.demo"),
    "init": _Entry("pks_kit.cli.init:init_command", "cli.help.init"),
    "workbook": _Entry("pks_kit.cli.workbook:workbook_group", "cli.help.workbook"),
    "check": _Entry("pks_kit.cli.draft:check_command", "cli.help.check"),
    "draft": _Entry("pks_kit.cli.draft:draft_command", "cli.help.draft"),
    "renewals": _Entry("pks_kit.cli.renewals:renewals_command", "cli.help.renewals"),
    "renew": _Entry("pks_kit.cli.renewals:renew_command", "cli.help.renew"),
    "addendum": _Entry("pks_kit.cli.addendum:addendum_command", "cli.help.addendum"),
    "sign": _Entry("pks_kit.cli.sign:sign_command", "cli.help.sign"),
    "sign-all": _Entry("pks_kit.cli.session:sign_all_command", "cli.help.sign_all"),
    "cover": _Entry("pks_kit.cli.cover:cover_command", "cli.help.cover"),
    "extend": _Entry("pks_kit.cli.extend:extend_command", "cli.help.extend"),
    "verify": _Entry("pks_kit.cli.verify:verify_command", "cli.help.verify"),
    "evidence": _Entry("pks_kit.cli.evidence:evidence_command", "cli.help.evidence"),
    "ledger": _Entry("pks_kit.cli.ledger:ledger_group", "cli.help.ledger"),
    "template": _Entry("pks_kit.cli.template:template_group", "cli.help.template"),
    "law": _Entry("pks_kit.cli.law:law_group", "cli.help.law"),
    "sandbox": _Entry("pks_kit.cli.sign:sandbox_group", "cli.help.sandbox"),
}


_HELP = """\
Draft, sign, stamp and verify PKS FKTP / susun, tanda tangani, dan periksa PKS FKTP.

\b
Exit codes / kode keluar:
  0 done or passed              11 no rule for that date
  2 usage                       12 template, 13 render
  3 bad input                   20 signing
  10 blocking findings          30 verification failed
  1 anything unforeseen         31 verification indeterminate
  41 ledger lost its guards     40 ledger broken or unusable
  50 some facilities failed     141 the reader of the output left
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they run, so that ``--help`` stays fast."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run as click does, but tell usage errors in both languages, and as JSON when asked."""
        _speak_utf8()
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, False, **extra)
        with _noticing_reader():
            warn_unknown_language()
            self._main(args, prog_name, complete_var, extra)

    def _main(
        self,
        args: Sequence[str] | None,
        prog_name: str | None,
        complete_var: str | None,
        extra: dict[str, Any],
    ) -> NoReturn:
        given = sys.argv[1:] if args is None else list(args)
        try:
            # args as they came: only without them click expands *.yml, as the shells of Windows
            # do not
            code = super().main(args, prog_name, complete_var, False, **extra)
            sys.stdout.flush()  # a reader that left is noticed here, not by the interpreter
        except click.Abort:
            interrupted()
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            report_usage(error, as_json="--json" in given)
            sys.exit(error.exit_code)
        except OSError as error:
            if not is_full(error):
                raise
            output_is_full(error)
        sys.exit(code if isinstance(code, int) else 0)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments; ``--help`` prints here."""
        with _noticing_reader():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _noticing_reader():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of the work."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None when unknown."""
        entry = _COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, name = entry.target.split(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.target} is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(entry.help_code)) for name, entry in _COMMANDS.items()])


@contextmanager
def _noticing_reader() -> Iterator[None]:
    """End as shells expect when nobody reads the output; click would end with an error."""
    try:
        yield
    except BrokenPipeError:
        reader_left()


def _speak_utf8() -> None:
    """Print UTF-8 everywhere; into a pipe or file Windows would print its old code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=stream.errors)


@click.group(cls=LazyGroup, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pks-kit", prog_name="pks-kit")
def main() -> None:
    """Open the command line; the words for people are in ``_HELP``."""


if __name__ == "__main__":
    main()
