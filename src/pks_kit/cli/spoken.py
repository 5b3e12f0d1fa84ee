"""Commands and the library that reads them in the language of the person.

The texts of our commands stand in English beside their code, those of click in its source. Both are
asked for by their English words in the catalogue (``click.yml``, ``help.yml``); a test walks every
command and reads the source of click, so that none is missing there.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final, TypeVar

import click
from click import (
    core,
    decorators,
    exceptions,
    formatting,
    parser,
    shell_completion,
    termui,
    types,
    utils,
)

from pks_kit.messages import by_english_words

_AREAS: Final = ("click.", "help.")
_SPEAKING: Final = (
    core,
    decorators,
    exceptions,
    formatting,
    parser,
    shell_completion,
    termui,
    types,
    utils,
)
"""The modules of click that a command of ours can reach; each holds gettext by itself."""

_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n")
_Command = TypeVar("_Command", bound=click.Command)


def spoken(english: str, tongue: str) -> str:
    """Return words of a command or of click in a language, or as they came if nobody wrote them."""
    message = by_english_words(_AREAS).get(english)
    return english if message is None else message.in_language(tongue)


def paragraphs(text: str) -> list[str]:
    r"""Return the paragraphs of a help text, each in one line; one marked ``\b`` as it is."""
    parts = [part.strip("\n") for part in _PARAGRAPHS.split(text.strip())]
    return [part if "\b" in part else " ".join(part.split()) for part in parts]


@contextmanager
def click_speaks(tongue: str) -> Iterator[None]:
    """Let click take its words from our catalogue; it asks gettext, in each of its modules."""

    def one(message: str) -> str:
        return spoken(message, tongue)

    def one_or_many(singular: str, plural: str, count: int) -> str:
        return one(singular if count == 1 else plural)

    with ExitStack() as after:
        for module in _SPEAKING:
            for name, ours in (("_", one), ("ngettext", one_or_many)):
                theirs = getattr(module, name, None)
                if theirs is not None:
                    setattr(module, name, ours)
                    after.callback(setattr, module, name, theirs)
        yield


def in_tongue(command: _Command, tongue: str) -> _Command:
    """Return a copy of a command, and of all below it, that speaks a language.

    The command itself stays as it was written, in English.
    """
    told = copy.copy(command)
    told._help_option = None  # click keeps it with the words of its first use
    if command.help is not None:
        told.help = "\n\n".join(spoken(part, tongue) for part in paragraphs(command.help))
    if command.options_metavar:
        told.options_metavar = spoken(command.options_metavar, tongue)
    told.params = [_parameter(one, tongue) for one in command.params]
    if isinstance(told, click.Group):
        told.subcommand_metavar = spoken(told.subcommand_metavar, tongue)
        told.commands = {name: in_tongue(one, tongue) for name, one in told.commands.items()}
    return told


def _parameter(parameter: click.Parameter, tongue: str) -> click.Parameter:
    told = copy.copy(parameter)
    told.type = copy.copy(parameter.type)
    told.type.name = spoken(parameter.type.name, tongue)
    written = metavar_of(parameter)
    if written is not None:
        told.metavar = _marked(spoken(written, tongue), parameter)
    if isinstance(told, click.Option) and told.help:
        told.help = spoken(told.help, tongue)
    return told


def _marked(word: str, parameter: click.Parameter) -> str:
    """Return the word for a value as click marks it: may be left out, may be repeated."""
    if isinstance(parameter, click.Argument) and not parameter.required:
        word = f"[{word}]"
    return word if parameter.nargs == 1 else f"{word}..."


def metavar_of(parameter: click.Parameter) -> str | None:
    """Return the English word for the value of a parameter; None when its type writes it."""
    if isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count):
        return None
    if parameter.metavar is not None:
        return parameter.metavar
    if isinstance(parameter.type, click.Choice | click.DateTime):
        return None
    if isinstance(parameter, click.Argument):
        return (parameter.name or "").upper()
    return parameter.type.name.upper()
