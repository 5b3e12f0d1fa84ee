"""Triggers: an event is never changed or removed, and a new one continues the chain."""

from __future__ import annotations

from alembic import op

from pks_kit.ledger.guard_sql import POSTGRESQL, SQLITE

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the triggers of the back end in use."""
    back_end = op.get_bind().dialect.name
    for statement in SQLITE if back_end == "sqlite" else POSTGRESQL:
        op.execute(statement)
