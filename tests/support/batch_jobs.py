"""Batches and their jobs as the portal keeps them, written down without being worked on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.web import Portal
from pks_kit.web.scope import Area
from pks_kit.web.state import batches, files, jobs, queue
from pks_kit.web.state.files import StoredFile
from pks_kit.web.state.ids import new_id


def put_batch(portal: Portal, area: Area, oleh: str = "a") -> str:
    """Write down a batch and return its id."""
    now = system_clock()
    one = batches.StoredBatch(id=new_id(now), area=area, nama="Kertas", oleh=oleh, dibuat=now)
    with portal.state.write() as connection:
        batches.add(connection, one, one.id)
    return one.id


def put_ended(
    portal: Portal,
    area: Area,
    batch: str,
    jenis: str,
    hasil: dict[str, Any],
    letters: str = "",
    perjanjian: str = "",
) -> None:
    """Write down a job of a batch that ended well, with a file of reminders where one is named."""
    now = system_clock()
    made = []
    with portal.state.write() as connection:
        if letters:
            made.append({"peran": "surat_pengingat", "id": new_id(now), "nama": letters,
                         "ukuran": 1, "media": "application/zip"})  # fmt: skip
            files.add(
                connection,
                StoredFile(
                    id=str(made[0]["id"]), area=area, perjanjian="", asal="hasil", nama=letters,
                    media="application/zip", sha256="0" * 64, ukuran=1, oleh="a", dibuat=now,
                    buang=None,
                ),
            )  # fmt: skip
        new = replace(_new(area, batch, jenis, {"oleh": "a"}), perjanjian=perjanjian)
        job = jobs.add(connection, new, holder="uji")
        jobs.end(connection, job.id, "selesai", {"hasil": hasil, "berkas": made}, now=now)


def put_job(
    portal: Portal, area: Area, batch: str, jenis: str, keadaan: str, hasil: Any, **isi: Any
) -> None:
    """Write down a job of a batch in some state; nobody works on it."""
    now = system_clock()
    with portal.state.write() as connection:
        job = jobs.add(connection, _new(area, batch, jenis, isi), holder="uji")
        if keadaan != "dikerjakan":
            jobs.end(connection, job.id, keadaan, hasil, now=now)


def put_waiting(
    portal: Portal, area: Area, batch: str, jenis: str, names: list[str], perjanjian: str = ""
) -> str:
    """Write down a job of a batch that waits; the first one is held by nobody here."""
    given = {"pindaian": [{"id": name, "nama": name} for name in names]}
    with portal.state.write() as connection:
        is_first = not queue.counted(connection)["dikerjakan"]
        new = replace(_new(area, batch, jenis, given), perjanjian=perjanjian)
        return jobs.add(connection, new, holder="uji" if is_first else "").id


def _new(area: Area, batch: str, jenis: str, more: dict[str, Any]) -> jobs.NewJob:
    now = system_clock()
    return jobs.NewJob(
        id=new_id(now), area=area, jenis=jenis, perjanjian="", oleh="a", kunci=new_id(now),
        isi={"batch": batch, "gladi": False, **more}, now=now,
    )  # fmt: skip
