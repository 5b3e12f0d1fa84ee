"""An error that happened in a worker process, as it was told."""

from __future__ import annotations

from typing import Any


class ToldError(Exception):
    """What a worker could not do.

    Args:
        form: The error as ``error_form`` shows it.
    """

    def __init__(self, form: dict[str, Any]) -> None:
        super().__init__(form["code"])
        self.form = form
