"""What is known beside the data of one agreement: other data, and who signs with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.rules.findings import Finding

if TYPE_CHECKING:
    from pks_kit.settings.model import SigningSettings


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the data.

    Attributes:
        shared: Findings about what other data of the same call say.
        services: Parties whose signing service makes its field itself; None: not known.
    """

    shared: tuple[Finding, ...] = ()
    services: frozenset[str] | None = None


ALONE = Beside()
"""Nothing."""


def beside_of(settings: SigningSettings | None, shared: tuple[Finding, ...] = ()) -> Beside:
    """Return what settings, when there are some, and other data tell."""
    return Beside(shared, None if settings is None else settings.parties_with_services())
