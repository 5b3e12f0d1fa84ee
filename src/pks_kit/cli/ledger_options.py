"""Which ledger a command uses, and where its password comes from."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pks_kit.cli.passphrase import Passphrase, closed_memory
from pks_kit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from pks_kit.domain.secret import Secret
    from pks_kit.ledger.store import SqlLedger

LEDGER_VARIABLE = "PKS_KIT_LEDGER"
_LAST_DESCRIPTOR = 2**31 - 1
_Command = TypeVar("_Command", bound=Callable[..., Any])


class LedgerChoice:
    """The ledger that was chosen; opened when it is needed.

    Args:
        address: File or URL, or None when none was given.
        from_arguments: Whether it stood on the command line, which everybody can read.
        password: Where the password is, or None.
    """

    __slots__ = ("_address", "_from_arguments", "_password")

    def __init__(
        self, address: str | None, from_arguments: bool, password: Passphrase | None
    ) -> None:
        self._address = address
        self._from_arguments = from_arguments
        self._password = password

    @property
    def is_given(self) -> bool:
        """Return whether a ledger was named at all."""
        return bool(self._address)

    def open(self) -> SqlLedger:
        """Open the ledger.

        Raises:
            UsageError: ``ledger.no_address`` or ``ledger.password_in_arguments``.
            LedgerError: As :func:`~pks_kit.ledger.store.open_ledger`.
        """
        from pks_kit.ledger.store import open_ledger

        return open_ledger(self.address(), password=self.password(), create=False)

    def open_if_given(
        self, sessions: Path | None
    ) -> AbstractContextManager[SqlLedger] | AbstractContextManager[None]:
        """Open the ledger when one was named, for commands that can do without.

        Args:
            sessions: Folder of the sessions; means nothing without a ledger.

        Raises:
            UsageError: ``verify.sessions_without_ledger``; as :meth:`open`.
            LedgerError: As :meth:`open`.
        """
        if self.is_given:
            return self.open()
        if sessions is not None:
            raise UsageError("verify.sessions_without_ledger")
        return nullcontext()

    def address(self) -> str:
        """Return file or URL.

        Raises:
            UsageError: ``ledger.no_address`` or ``ledger.password_in_arguments``.
        """
        from pks_kit.ledger.address import has_password

        if not self._address:
            raise UsageError("ledger.no_address", variable=LEDGER_VARIABLE)
        if self._from_arguments and has_password(self._address):
            raise UsageError("ledger.password_in_arguments")
        return self._address

    def password(self) -> Secret | None:
        """Return the password from outside the URL, or None.

        Raises:
            UsageError: See :meth:`~pks_kit.cli.passphrase.Passphrase.read`.
        """
        from pks_kit.domain.secret import Secret

        return None if self._password is None else Secret(os.fsdecode(self._password.read()))


def ledger_options(command: _Command) -> _Command:
    """Add ``--ledger``, ``--password-env`` and ``--password-fd``; the command gets ``ledger``."""

    @functools.wraps(command)
    def wrapped(
        *,
        ledger_address: str | None,
        password_env: str | None,
        password_fd: int | None,
        **options: Any,
    ) -> Any:
        source = click.get_current_context().get_parameter_source("ledger_address")
        given = password_env is not None or password_fd is not None
        choice = LedgerChoice(
            ledger_address,
            source is click.core.ParameterSource.COMMANDLINE,
            Passphrase(password_env, password_fd) if given else None,
        )
        with closed_memory() if given else nullcontext():
            return command(ledger=choice, **options)

    for option in (
        click.option(
            "--password-fd",
            type=click.IntRange(min=0, max=_LAST_DESCRIPTOR),
            metavar="N",
            help="Read the PostgreSQL password from this file descriptor.",
        ),
        click.option(
            "--password-env",
            metavar="NAME",
            help="Read the PostgreSQL password from this environment variable.",
        ),
        click.option(
            "--ledger",
            "ledger_address",
            envvar=LEDGER_VARIABLE,
            show_envvar=True,
            metavar="FILE_OR_URL",
            help="SQLite file, or postgresql+psycopg://user@host/database.",
        ),
    ):
        wrapped = option(wrapped)
    return wrapped  # type: ignore[return-value]
