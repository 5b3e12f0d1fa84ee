"""Signed paper over HTTP: pages that came back as pictures, what they leave open, a decision."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from support.portal_server import Caller, running_portal, write_portal
from support.sample_years import pinned_samples

pytestmark = pytest.mark.slow


def scan(caller: Caller, file_id: str, pages: int) -> bytes:
    """Return the first pages of a file as a scanner delivers them: pictures in a PDF."""
    shown = [
        Image.open(io.BytesIO(caller.get(f"/berkas/{file_id}/halaman/{page}.jpg?dpi=150").content))
        for page in range(1, pages + 1)
    ]
    out = io.BytesIO()
    shown[0].save(out, "PDF", resolution=150, save_all=True, append_images=shown[1:])
    return out.getvalue()


@pytest.mark.sampled(of="desk days")
def test_paper_that_came_back_is_listed_and_decided(tmp_path: Path) -> None:
    with running_portal(write_portal(tmp_path)) as server:
        caller = server.client("pusat", name="Rini Widuri")
        text = (pinned_samples() / "apotek-manual.yml").read_bytes()
        data = caller.upload("apotek.yml", text)
        job = caller.done(caller.post("/perjanjian", {"berkas": data["id"]}))
        where = f"/perjanjian/{job['perjanjian']}"
        issued = caller.get(where).json()
        file = caller.upload("pindaian.pdf", scan(caller, issued["terbit"], 2))

        judged = caller.done(
            caller.post("/verifikasi", {"berkas": file["id"], "perjanjian": issued["id"]})
        )
        assert judged["hasil"]["verdict"] != "passed"
        assert caller.get(f"/berkas/{file['id']}").json()["perjanjian"] == issued["id"]

        listed = caller.done(caller.post(f"{where}/kertas", {"berkas": file["id"]}))
        assert {one["peran"] for one in listed["berkas"]} == {"halaman_id", "halaman_en"}
        items = listed["hasil"]["items"]
        assert items
        wrong = caller.ended(
            caller.post(
                f"{where}/kertas/putusan",
                {
                    "berkas": file["id"],
                    "pilihan": [{"item": "tidak ada", "decision": "harmless"}],
                },
            )
        )
        assert wrong["masalah"]["code"] == "paper.decide.no_item"
