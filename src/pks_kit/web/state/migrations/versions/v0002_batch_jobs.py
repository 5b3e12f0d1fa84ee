"""Jobs say which batch they are about; what lists are sorted and found by has an index."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_AT_ONCE = 200
_KINDS = (
    *("rencana_batch", "setujui_batch", "jalan_batch", "ulangi_batch", "batalkan_batch"),
    *("terima_batch", "laporan_batch"),
)


def upgrade() -> None:
    """Add the column, fill it for the jobs that are there, and make the indexes."""
    op.add_column(
        "pks_portal_pekerjaan",
        sa.Column("batch", sa.String(26), nullable=False, server_default=""),
    )
    _fill(op.get_bind())
    op.create_index("pks_portal_pekerjaan_batch", "pks_portal_pekerjaan", ["batch"])
    op.create_index("pks_portal_perjanjian_selesai", "pks_portal_perjanjian", ["selesai", "id"])
    for whose in ("cabang", "kedeputian"):
        for column in ("tahap", "selesai"):
            name = f"pks_portal_perjanjian_{whose}_{column}"
            more = ["id"] if column == "selesai" else []
            op.create_index(name, "pks_portal_perjanjian", [whose, column, *more])
    op.create_index("pks_portal_perjanjian_faskes", "pks_portal_perjanjian", ["faskes", "mulai"])
    op.create_index("pks_portal_kunci_dibuat", "pks_portal_kunci", ["dibuat"])
    op.create_index("pks_portal_kiriman_dibuat", "pks_portal_kiriman", ["dibuat"])
    # a part of an access is found by how it begins, whatever the order of letters of the server
    op.drop_index("pks_portal_akses_sasaran", "pks_portal_akses")
    op.create_index(
        "pks_portal_akses_sasaran",
        "pks_portal_akses",
        ["sasaran"],
        postgresql_ops={"sasaran": "varchar_pattern_ops"},
    )


def _fill(connection: sa.Connection) -> None:
    jobs = sa.table("pks_portal_pekerjaan", sa.column("id"), sa.column("jenis"),
                    sa.column("isi"), sa.column("batch"))  # fmt: skip
    last = ""
    while True:
        found = connection.execute(
            sa.select(jobs.c.id, jobs.c.isi)
            .where(jobs.c.jenis.in_(_KINDS), jobs.c.id > last)
            .order_by(jobs.c.id)
            .limit(_AT_ONCE)
        ).all()
        for one in found:
            isi = json.loads(one.isi)
            isi.pop("sudah", None)  # whoever runs the batch asks what is known already
            connection.execute(
                sa.update(jobs)
                .where(jobs.c.id == one.id)
                .values(batch=isi["batch"], isi=json.dumps(isi, ensure_ascii=False))
            )
        if len(found) < _AT_ONCE:
            return
        last = found[-1].id
