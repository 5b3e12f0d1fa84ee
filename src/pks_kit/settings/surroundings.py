"""What settings need from outside: folders, secrets and a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pks_kit.domain.secret import Secret


class Surroundings(Protocol):
    """Gives what an entry of the settings only names.

    Attributes:
        secret: Returns the secret that a place names (``env:NAME``, ``fd:N``, ``tanya``), given
            also its own place in the settings; see ``pks_kit.settings.asked``.
        clock: Gives the present time.
    """

    @property
    def secret(self) -> Callable[[str, str], Secret]:
        """Return what gives a secret."""
        ...

    @property
    def clock(self) -> Callable[[], datetime]:
        """Return the clock."""
        ...

    def path(self, name: str) -> Path:
        """Return a path of the settings, relative ones from their folder."""
        ...
