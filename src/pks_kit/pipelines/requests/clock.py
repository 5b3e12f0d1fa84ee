"""The clock of a verb: the system's, unless the caller brings one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from pks_kit.errors import UsageError

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present time with the zone of this machine."""
    return datetime.now(UTC).astimezone()


def moment(clock: Clock) -> datetime:
    """Return the present time of a clock.

    Raises:
        UsageError: ``request.clock`` when it tells no time, or one without a zone.
    """
    now: object = clock()
    if not isinstance(now, datetime):
        raise UsageError("request.clock", given=type(now).__name__)
    if now.utcoffset() is None:
        raise UsageError("request.clock", given="datetime without tzinfo")
    return now
