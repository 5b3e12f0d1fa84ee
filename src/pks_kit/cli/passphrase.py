"""Where a passphrase comes from: a prompt, an environment variable or a file descriptor.

Never from the argument list, which every user of the machine can read.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from pks_kit.cli.terminal import say
from pks_kit.errors import UsageError
from pks_kit.files import refuse_open_secret

_LONGEST = 4096
_LAST_DESCRIPTOR = 2**31 - 1
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Passphrase:
    """A passphrase that is read when it is first needed, and once.

    Args:
        variable: Name of an environment variable that holds it, or None.
        descriptor: Number of an open file descriptor to read it from, or None.
    """

    __slots__ = ("_descriptor", "_value", "_variable")

    def __init__(self, variable: str | None, descriptor: int | None) -> None:
        self._variable = variable
        self._descriptor = descriptor
        self._value: bytes | None = None

    @property
    def origin(self) -> str:
        """Return how settings name where it comes from."""
        return f"env:{self._variable}" if self._variable else "tanya"

    def read(self) -> bytes:
        """Return the passphrase as bytes, without the newline at its end.

        Raises:
            UsageError: ``passphrase.two_sources``, ``passphrase.no_variable`` or
                ``passphrase.no_descriptor``.
            InputError: ``file.secret_open`` for a descriptor of a file that is open to others.
        """
        if self._value is None:
            self._value = self._fetch()
        return self._value

    def _fetch(self) -> bytes:
        if self._variable is not None and self._descriptor is not None:
            raise UsageError("passphrase.two_sources")
        if self._variable is not None:
            if self._variable not in os.environ:
                raise UsageError("passphrase.no_variable")
            return os.fsencode(os.environ[self._variable])
        if self._descriptor is not None:
            try:
                with os.fdopen(self._descriptor, "rb") as stream:
                    _refuse_open_file(stream)
                    return stream.read(_LONGEST).rstrip(b"\r\n")
            except OSError as error:
                raise UsageError("passphrase.no_descriptor", number=self._descriptor) from error
        return _typed()


def _typed() -> bytes:
    """Ask at the terminal; without one take the first line of standard input.

    Raises:
        UsageError: ``passphrase.no_terminal`` when there is nobody to ask and nothing to read.
        InputError: ``file.secret_open`` when standard input is a file that is open to others.
    """
    if sys.stdin.isatty():
        answer: str = click.prompt(
            say("passphrase.prompt"), hide_input=True, default="", err=True, show_default=False
        )
        return os.fsencode(answer)
    _refuse_open_file(sys.stdin.buffer)
    line = sys.stdin.buffer.readline(_LONGEST)
    if not line:
        raise UsageError("passphrase.no_terminal")
    return line.rstrip(b"\r\n")


def _refuse_open_file(stream: IO[bytes]) -> None:
    """Refuse a passphrase that stands in a file which others may open.

    Raises:
        InputError: ``file.secret_open``.
        OSError: The descriptor cannot be looked at.
    """
    try:
        descriptor = stream.fileno()
    except io.UnsupportedOperation:  # a program that feeds the command from memory
        return
    try:
        name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        name = f"/dev/fd/{descriptor}"
    refuse_open_secret(descriptor, name)


def closed_memory() -> AbstractContextManager[bool]:
    """Close the memory of this process to others while a command holds secrets."""
    from pks_kit.verification.isolation.kernel.own_memory import holding_secrets

    return holding_secrets()


def passphrase_options(command: _Command) -> _Command:
    """Add ``--passphrase-env`` and ``--passphrase-fd``; the command gets ``passphrase``.

    While it runs the memory of this process is closed to others.
    """
    import functools

    @functools.wraps(command)
    def wrapped(*, passphrase_env: str | None, passphrase_fd: int | None, **options: Any) -> Any:
        with closed_memory():
            return command(passphrase=Passphrase(passphrase_env, passphrase_fd), **options)

    for option in (
        click.option(
            "--passphrase-fd",
            type=click.IntRange(min=0, max=_LAST_DESCRIPTOR),
            metavar="N",
            help="Read the passphrase from this file descriptor.",
        ),
        click.option(
            "--passphrase-env",
            metavar="NAME",
            help="Read the passphrase from this environment variable.",
        ),
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]
