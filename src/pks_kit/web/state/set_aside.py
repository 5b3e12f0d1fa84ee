"""Files of a delivery of which a person said that they are no part of any agreement.

It stands with the job of the delivery, whose result never changes: who said so and when, and also
when somebody took it back.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pks_kit.web.scope import Reach
from pks_kit.web.state.tables import pekerjaan, stamp, unstamp, within

_NAME = "disisihkan"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What was said of a file.

    Attributes:
        by: Who said that it is no part of an agreement.
        at: When.
    """

    by: str
    at: datetime


def say(
    connection: Connection, job_id: str, file: str, by: str, now: datetime, *, is_part: bool
) -> None:
    """Write down what a person says of a file; the last word counts, and all of them stay.

    Args:
        connection: A transaction that writes.
        job_id: The job that judged the delivery.
        file: Name of the file.
        by: Name of the person.
        now: The present time.
        is_part: Whether it may be a part of an agreement after all.
    """
    own = pekerjaan.c.id == job_id
    found = connection.execute(select(pekerjaan.c.kemajuan).where(own).with_for_update()).scalar()
    told: dict[str, Any] = json.loads(found) if found else {}
    said = {"berkas": file, "oleh": by, "pada": stamp(now), "bagian": is_part}
    told[_NAME] = [*told.get(_NAME, ()), said]
    values = {"kemajuan": json.dumps(told, ensure_ascii=False)}
    connection.execute(update(pekerjaan).where(own).values(values))


def set_aside(
    connection: Connection, job_ids: Collection[str], reach: Reach
) -> dict[str, dict[str, SetAside]]:
    """Return the files that are set aside by their names, by the jobs of their deliveries."""
    asked = select(pekerjaan.c.id, pekerjaan.c.kemajuan)
    asked = asked.where(within(pekerjaan, reach), pekerjaan.c.id.in_(job_ids))
    found: dict[str, dict[str, SetAside]] = {}
    for row in connection.execute(asked):
        for one in json.loads(row.kemajuan).get(_NAME, ()):
            files = found.setdefault(row.id, {})
            files.pop(one["berkas"], None)
            if not one["bagian"]:
                files[one["berkas"]] = SetAside(by=one["oleh"], at=unstamp(one["pada"]))
    return found
