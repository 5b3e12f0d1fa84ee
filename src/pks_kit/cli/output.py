"""What every command shares: language, JSON on standard output, errors with exit codes."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import click

from pks_kit.cli.findings import place_words, print_findings
from pks_kit.cli.nearest import meant
from pks_kit.cli.terminal import echo, echo_json, language, say, visible
from pks_kit.errors import (
    FindingsError,
    InputError,
    InputProblemsError,
    PksKitError,
    Problem,
    UsageError,
)
from pks_kit.messages import Message, lookup, unknown_language
from pks_kit.messages.os_reason import os_reason, told_by_system
from pks_kit.visible_text import one_line

_SIGPIPE_EXIT = 128 + 13
"""What a shell sees of a program that SIGPIPE ended; that signal is off in Python."""


@contextmanager
def errors_to_exit(*, as_json: bool) -> Iterator[None]:
    """Turn errors into words and the exit code of their class; never a traceback.

    Anything unforeseen ends with exit code 1, its kind and the place in our code where it rose,
    but without its text, which could hold personal data. Developers see the traceback with
    ``PKS_KIT_DEBUG=1``.
    """
    try:
        yield
    except PksKitError as error:
        report_error(error, as_json=as_json)
        sys.exit(error.exit_code)
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise
    except (KeyboardInterrupt, click.Abort):
        interrupted()
    except Exception as error:
        if os.environ.get("PKS_KIT_DEBUG") == "1":
            raise
        if is_full(error):  # of the standard output; LazyGroup tells it
            raise
        if isinstance(error, OSError) and isinstance(error.filename, str | Path):
            place = visible(str(error.filename))
            refusal = InputError("file.unusable", file=place, **told_by_system(error))
            report_error(refusal, as_json=as_json)
            sys.exit(refusal.exit_code)
        report_unforeseen(error, as_json=as_json)
        sys.exit(1)


def is_full(error: BaseException) -> bool:
    """Return whether the standard output could not take what was printed."""
    return (
        isinstance(error, OSError)
        and error.filename is None
        and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
    )


def output_is_full(error: OSError) -> NoReturn:
    """Say that the result could not be printed, and end; nothing more can be printed there."""
    with suppress(OSError):
        _tell(f"{say('cli.error')}: {say('cli.output_full', reason=os_reason(error))}")
    # The interpreter would try once more to empty its buffer when it ends.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(1)


def reader_left() -> NoReturn:
    """End as shells expect of a program whose reader has read enough, as of ``| head``."""
    # The interpreter would try once more to empty its buffers when it ends.
    for stream in (1, 2):
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    sys.exit(_SIGPIPE_EXIT)


def warn_unknown_language() -> None:
    """Say that nobody wrote our words in the language that was chosen; Indonesian is spoken."""
    wanted = unknown_language()
    if wanted is not None:
        text = lookup("cli.unknown_language").fill({"wanted": wanted[:40]})
        _tell(f"{text.id} {text.en}")


def interrupted() -> NoReturn:
    """Say that the user stopped the program, and end as shells expect."""
    echo(say("cli.interrupted"), err=True)
    sys.exit(130)


def report_error(error: PksKitError, *, as_json: bool) -> None:
    """Show an error of ours as text on standard error or as JSON on standard output."""
    text = error.text
    if as_json:
        from pks_kit.pipelines.error_form import as_json as shown

        echo_json(shown(error))
        return
    tongue = language()
    _tell(f"{say('cli.error')}: {text.in_language(tongue)}")
    if isinstance(error, InputProblemsError):
        for problem in error.problems:
            _tell(_problem_line(problem, tongue))
    if isinstance(error, FindingsError):
        print_findings(error.findings, error.line_of)
    hint = text.hint_in_language(tongue)
    if hint:
        _tell(f"{say('cli.hint')}: {hint}")


def report_usage(error: click.ClickException) -> None:
    """Show a mistake in the command itself, in the language of this run."""
    context = getattr(error, "ctx", None)
    text = _usage(Message(*[usage_reason(error, language())] * 2), error)
    if context:
        echo(context.get_usage(), err=True)
    _tell(f"{say('cli.error')}: {text.in_language(language())}")
    _tell(f"{say('cli.hint')}: {text.hint_in_language(language())}")


def echo_usage_as_json(error: click.ClickException, reason: Message) -> None:
    """Show a mistake in the command itself as JSON."""
    _echo_failure("cli.usage", _usage(reason, error), UsageError)


def _usage(reason: Message, error: click.ClickException) -> Message:
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "pks-kit"
    return lookup("cli.usage").fill({"reason": reason, "command": command})


def usage_reason(error: click.ClickException, tongue: str) -> str:
    """Return what is wrong in a command, with the names that were perhaps meant."""
    if not isinstance(error, click.NoSuchOption | click.exceptions.NoSuchCommand):
        return one_line(error.format_message().replace("\n\t", " ").strip())
    found = meant(error)
    if not found:
        return one_line(error.message)
    names = ", ".join(f"«{name}»" for name in found)
    asked = lookup("cli.did_you_mean").fill({"names": names}).in_language(tongue)
    return f"{one_line(error.message)} {asked}"


def _tell(words: str) -> None:
    echo(visible(words), err=True)


def _problem_line(problem: Problem, tongue: str) -> str:
    text = problem.text
    where = f"{say('cli.line')} {problem.line}, " if problem.line else ""
    hint = text.hint_in_language(tongue)
    path = place_words(problem.path, tongue)
    place = f"{where}{path}".rstrip(", ")
    if problem.place:
        place = problem.where
    place = f"{place}: " if place else ""
    return f"  - {place}{text.in_language(tongue)}{f' {hint}' if hint else ''}"


def report_unforeseen(error: Exception, *, as_json: bool) -> None:
    """Show that something unforeseen happened, and where, without its possibly private text."""
    from pks_kit.pipelines.error_form import unforeseen

    code, params = "cli.unforeseen", unforeseen(error)
    if as_json:
        _echo_failure(code, lookup(code).fill(params), PksKitError)
    else:
        echo(say(code, **params), err=True)


def _echo_failure(code: str, text: Message, like: type[PksKitError]) -> None:
    """Show what is no error of ours, with the exit code of a class that is."""
    from pks_kit.json_form import to_json
    from pks_kit.pipelines.error_form import ErrorForm, FailedCommand

    told = ErrorForm(
        code=code,
        message=text,
        hint=text.hint,
        exit_code=like.exit_code,
        http_status=like.http_status,
    )
    echo_json(to_json(FailedCommand(error=told)))
