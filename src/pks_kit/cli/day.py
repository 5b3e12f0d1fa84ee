"""Days on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

from pks_kit.cli.terminal import say
from pks_kit.domain.tanggal import WIB


def today() -> date:
    """Return the day of the work as books are kept: in WIB."""
    return datetime.now(UTC).astimezone(WIB).date()


class Day(click.DateTime):
    """An option that takes a day as ``2025-01-31``, and says so in words when it is none."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return how a day is written."""
        return say("cli.day_form")

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return midnight of the day.

        Raises:
            click.UsageError: It is no day, or written in another order.
        """
        try:
            day: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            name = param.opts[0] if param is not None else ""
            told = say("cli.not_a_day", option=name, value=str(value)[:40])
            raise click.UsageError(told, ctx) from None
        return day
