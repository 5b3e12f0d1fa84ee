"""The command line: open, call one library function, print. Nothing else happens here."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import click

from pks_kit.cli.output import (
    echo_usage_as_json,
    interrupted,
    is_full,
    output_is_full,
    reader_left,
    report_usage,
    usage_reason,
    warn_unknown_language,
)
from pks_kit.cli.plain_signs import HANDLER
from pks_kit.cli.spoken import click_speaks, in_tongue, spoken
from pks_kit.cli.terminal import is_utf8, language, say
from pks_kit.collector import collect_seldom
from pks_kit.messages import Message


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
    "batch": _Entry("pks_kit.cli.batch:batch_group", "cli.help.batch"),
    "renewals": _Entry("pks_kit.cli.renewals:renewals_command", "cli.help.renewals"),
    "renew": _Entry("pks_kit.cli.renewals:renew_command", "cli.help.renew"),
    "addendum": _Entry("pks_kit.cli.addendum:addendum_command", "cli.help.addendum"),
    "letter": _Entry("pks_kit.cli.letter:letter_group", "cli.help.letter"),
    "sign": _Entry("pks_kit.cli.sign:sign_command", "cli.help.sign"),
    "sign-all": _Entry("pks_kit.cli.session:sign_all_command", "cli.help.sign_all"),
    "cover": _Entry("pks_kit.cli.cover:cover_command", "cli.help.cover"),
    "extend": _Entry("pks_kit.cli.extend:extend_command", "cli.help.extend"),
    "verify": _Entry("pks_kit.cli.verify:verify_command", "cli.help.verify"),
    "shrink": _Entry("pks_kit.cli.shrink:shrink_command", "cli.help.shrink"),
    "serve": _Entry("pks_kit.cli.serve:serve_command", "cli.help.serve"),
    "paper": _Entry("pks_kit.cli.paper:paper_group", "cli.help.paper"),
    "evidence": _Entry("pks_kit.cli.evidence:evidence_command", "cli.help.evidence"),
    "ledger": _Entry("pks_kit.cli.ledger:ledger_group", "cli.help.ledger"),
    "template": _Entry("pks_kit.cli.template:template_group", "cli.help.template"),
    "law": _Entry("pks_kit.cli.law:law_group", "cli.help.law"),
    "sandbox": _Entry("pks_kit.cli.sign:sandbox_group", "cli.help.sandbox"),
    "completion": _Entry("pks_kit.cli.completion:completion_command", "cli.help.completion"),
}


_NAME = "pks-kit"
_HELP = """\
Draft, sign, stamp and verify agreements (PKS) with first-level health facilities (FKTP).

\b
Exit codes:
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
        if args is None:  # the process is ours alone
            collect_seldom()
        tongue = language()
        with _noticing_reader(), click_speaks(tongue):
            warn_unknown_language()
            in_tongue(self, tongue)._main(args, prog_name, complete_var, extra)

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
            code = super().main(args, prog_name or _NAME, complete_var, False, **extra)
            sys.stdout.flush()  # a reader that left is noticed here, not by the interpreter
        except click.Abort:
            interrupted()
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            if "--json" in given:
                echo_usage_as_json(error, self._usage_in_both(error, given))
            else:
                report_usage(error)
            sys.exit(error.exit_code)
        except OSError as error:
            if not is_full(error):
                raise
            output_is_full(error)
        sys.exit(code if isinstance(code, int) else 0)

    def _usage_in_both(self, error: click.ClickException, given: list[str]) -> Message:
        """Return what is wrong with a command in both languages; click has it in one.

        The words are read again in each language, up to the command that would run.
        """
        told = {}
        for tongue in ("id", "en"):
            with click_speaks(tongue):
                told[tongue] = usage_reason(self._misread(given, tongue) or error, tongue)
        return Message(id=told["id"], en=told["en"])

    def _misread(self, given: list[str], tongue: str) -> click.ClickException | None:
        """Read the words of a command without running anything; return what is wrong in them."""
        command: click.Command | None = in_tongue(self, tongue)
        name: str | None = _NAME
        context: click.Context | None = None
        rest = list(given)
        try:
            while command is not None:
                context = command.make_context(name, rest, parent=context)
                if not isinstance(command, click.Group):
                    return None
                words = [*context._protected_args, *context.args]
                name, command, rest = command.resolve_command(context, words)
        except click.ClickException as error:
            return error
        return None

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
        with click_speaks("en"):  # types of click keep the word that they had when made
            command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.target} is not a click command")
        return in_tongue(command, language())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the overview without importing the commands."""
        with formatter.section(spoken("Commands", language())):
            formatter.write_dl([(name, say(entry.help_code)) for name, entry in _COMMANDS.items()])


@contextmanager
def _noticing_reader() -> Iterator[None]:
    """End as shells expect when nobody reads the output; click would end with an error."""
    try:
        yield
    except BrokenPipeError:
        reader_left()


def _speak_utf8() -> None:
    """Print UTF-8 everywhere; into a pipe or file Windows would print its old code page.

    Only an encoding that a person chose with ``PYTHONIOENCODING`` is kept, and what it lacks is
    printed by the nearest signs.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if os.environ.get("PYTHONIOENCODING") and not is_utf8(stream.encoding):
            stream.reconfigure(errors=HANDLER)
        else:
            stream.reconfigure(encoding="utf-8", errors=stream.errors)


@click.group(cls=LazyGroup, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pks-kit", message="pks-kit %(version)s")
def main() -> None:
    """Open the command line; the words for people are in ``_HELP``."""


if __name__ == "__main__":
    main()
