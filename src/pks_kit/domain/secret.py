"""Secrets in memory: passphrases, PINs, passwords, tokens. They never show themselves."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that no message, log, ``repr`` or JSON can show by mistake.

    Args:
        _value: The secret as text.
    """

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the secret, to be handed to the one call that needs it."""
        return self._value

    def __str__(self) -> str:
        """Return a mark instead of the secret."""
        return "***"
