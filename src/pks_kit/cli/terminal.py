"""What prints to the terminal of a person: language, colours, JSON, visible signs."""

from __future__ import annotations

import codecs
import json
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from pks_kit.messages import language_from_environment, lookup
from pks_kit.visible_text import json_text, one_line, reveal_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.text import Text

    from pks_kit.net.plain import PlainService
    from pks_kit.verification.report.verdict import Note


def language() -> str:
    """Return the language of this run, ``id`` or ``en`` (Indonesian when the locale is unset)."""
    return language_from_environment()


def console(*, err: bool = True) -> Console:
    """Return a console for tables and colours; names in it are no markup.

    Args:
        err: On standard error, with lines left to the terminal; standard output is for results.
    """
    from rich.console import Console

    class Telling(Console):
        """A console that lets :func:`~pks_kit.cli.output.reader_left` end the program."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Telling(stderr=err, highlight=False, markup=False, soft_wrap=err)


def say(code: str, **params: Any) -> str:
    """Return a catalogue text in the language of this run."""
    return lookup(code).fill(params).in_language(language())


def tell_notes(notes: Iterable[Note]) -> None:
    """Say on standard error what the machine lacked while files from outside were opened."""
    for note in notes:
        echo(f"• {note.message.in_language(language())}", err=True)


def tell_step(code: str) -> None:
    """Say on standard error which step begins."""
    echo(f"{say(code)} ...", err=True)


def tell_plain(services: Iterable[PlainService]) -> None:
    """Say on standard error which services got credentials without TLS, apart from the rest."""
    for one in services:
        echo(f"\n{one.message.in_language(language())}", err=True)


def echo_json(value: Any) -> None:
    """Print one JSON object on standard output; as escapes what its encoding may lack."""
    text = json_text(value)
    if not is_utf8(sys.stdout.encoding):
        text = "".join(sign if sign.isascii() else json.dumps(sign)[1:-1] for sign in text)
    click.echo(text)


def _stream(*, err: bool) -> TextIO | None:
    """Return the stream where its encoding was chosen; click would print UTF-8 into ASCII."""
    stream = sys.stderr if err else sys.stdout
    return None if is_utf8(stream.encoding) else stream


def is_utf8(encoding: str | None) -> bool:
    """Return whether every sign can be printed in an encoding; unknown ones are taken as such."""
    try:
        return codecs.lookup(encoding or "utf-8").name.startswith("utf")
    except LookupError:
        return True


def echo(words: object = "", *, err: bool = False) -> None:
    """Print words of ours, in which what hides in parts from outside is seen.

    Every line for people goes through here; a name that may hold a line feed is put in by
    :func:`say`, or by :func:`~pks_kit.visible_text.one_line` where a whole line is one name.
    """
    click.echo(visible(_in_batch(str(words))), err=err, file=_stream(err=err))


def _in_batch(text: str) -> str:
    """Return words of a command about a batch with the folder that was given to it."""
    context = click.get_current_context(silent=True)
    if context is None or "FOLDER" not in text or not context.params.get("folder"):
        return text
    from pks_kit.pipelines.batching.advice import with_folder

    return with_folder(text, context.params["folder"])


def cells(*texts: str) -> list[Text]:
    """Return the cells of a table row: no colours, no lines and nothing hidden from outside."""
    from rich.text import Text

    return [Text(one_line(_in_batch(text))) for text in texts]


def visible(text: str) -> str:
    """Return text of ours of one or more lines, of which parts may come from outside."""
    return reveal_hidden(text)
