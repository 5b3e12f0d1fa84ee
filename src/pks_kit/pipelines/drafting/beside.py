"""What is known beside the data of one agreement: other data, and who signs with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
        today: Day of the work in WIB, when it matters; None: not compared with anything.
    """

    shared: tuple[Finding, ...] = ()
    services: frozenset[str] | None = None
    today: date | None = None


ALONE = Beside()
"""Nothing."""


def beside_of(
    settings: SigningSettings | None,
    shared: tuple[Finding, ...] = (),
    today: date | None = None,
) -> Beside:
    """Return what settings, when there are some, other data, and the day of the work tell."""
    services = None if settings is None else settings.parties_with_services()
    return Beside(shared, services, today)
