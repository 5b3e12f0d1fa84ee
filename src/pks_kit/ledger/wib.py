"""Moments of the ledger as its answers show them: in WIB, because people compare them by eye."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, PlainSerializer, WithJsonSchema

from pks_kit.domain.tanggal import WIB

MomentWib = Annotated[
    datetime,
    AwareDatetime,
    PlainSerializer(
        lambda moment: moment.astimezone(WIB).isoformat(), return_type=str, when_used="json"
    ),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment that JSON shows in WIB, ISO 8601 with the offset."""
