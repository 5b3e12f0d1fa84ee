"""What waits for the pen of the branch office alone is due before the agreement begins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web.state.due import due_on

revision = "0006"
down_revision = "0005"

_TABLE = "pks_portal_perjanjian"
_STATE = "KERTAS_MENUNGGU_BPJS"


def upgrade() -> None:
    """Write down the day of those that wait."""
    names = ("id", "tahap", "kembali_sampai", "mulai", "selesai", "tenggat")
    known, bind = sa.table(_TABLE, *(sa.column(one) for one in names)), op.get_bind()
    now = system_clock()
    for row in bind.execute(sa.select(known).where(known.c.tahap == _STATE)).all():
        day = due_on(_STATE, back=row.kembali_sampai, begin=row.mulai, end=row.selesai, now=now)
        bind.execute(sa.update(known).where(known.c.id == row.id).values(tenggat=day))
