"""Batches and their jobs as the portal keeps them, written down without being worked on."""

from __future__ import annotations

from typing import Any

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web import Portal
from pks_kit.web.scope import Area
from pks_kit.web.state import batches, jobs
from pks_kit.web.state.ids import new_id


def put_batch(portal: Portal, area: Area) -> str:
    """Write down a batch and return its id."""
    now = system_clock()
    one = batches.StoredBatch(id=new_id(now), area=area, nama="Kertas", oleh="a", dibuat=now)
    with portal.state.write() as connection:
        batches.add(connection, one, one.id)
    return one.id


def put_ended(portal: Portal, area: Area, batch: str, jenis: str, hasil: dict[str, Any]) -> None:
    """Write down a job of a batch that ended well."""
    now = system_clock()
    new = jobs.NewJob(
        id=new_id(now), area=area, jenis=jenis, perjanjian="", oleh="a", kunci=new_id(now),
        isi={"batch": batch, "gladi": False, "oleh": "a"}, now=now,
    )  # fmt: skip
    with portal.state.write() as connection:
        job = jobs.add(connection, new, holder="uji")
        jobs.end(connection, job.id, "selesai", {"hasil": hasil, "berkas": []}, now=now)
