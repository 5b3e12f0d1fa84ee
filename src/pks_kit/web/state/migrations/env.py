"""What Alembic runs: all steps in the one transaction of the connection it is given."""

from __future__ import annotations

from alembic import context

from pks_kit.web.state.tables import VERSI

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSI,
    transactional_ddl=True,
)
context.run_migrations()
