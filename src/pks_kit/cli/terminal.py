"""What prints to the terminal of a person: language, colours, JSON, visible signs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from pks_kit.messages import language_from_environment, lookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from pks_kit.net.plain import PlainService
    from pks_kit.verification.report.verdict import Note


def language() -> str:
    """Return the language of this run, ``id`` or ``en`` (Indonesian when the locale is unset)."""
    return language_from_environment()


def console() -> Console:
    """Return a console on standard error; standard output is for results only."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(code: str, **params: Any) -> str:
    """Return a catalogue text in the language of this run."""
    return lookup(code).fill(params).in_language(language())


def tell_notes(notes: Iterable[Note]) -> None:
    """Say on standard error what the machine lacked while files from outside were opened."""
    for note in notes:
        click.echo(f"• {visible(note.message.in_language(language()))}", err=True)


def tell_step(code: str) -> None:
    """Say on standard error which step begins."""
    click.echo(f"{say(code)} ...", err=True)


def tell_plain(services: Iterable[PlainService]) -> None:
    """Say on standard error which services got credentials without TLS, apart from the rest."""
    for one in services:
        click.echo(f"\n{one.message.in_language(language())}", err=True)


def echo_json(value: Any) -> None:
    """Print one JSON object on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))


def visible(text: str) -> str:
    """Return text from outside without control characters that could move the cursor."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)
