"""Tasks that judge files and put evidence together."""

from __future__ import annotations

from typing import Any

from pks_kit.files import NamedFile
from pks_kit.json_form import to_json
from pks_kit.pipelines.evidence import EvidenceRequest, evidence
from pks_kit.pipelines.paper import (
    PaperDecideRequest,
    PaperListRequest,
    paper_decide,
    paper_list,
)
from pks_kit.pipelines.verify import VerifyRequest, verify
from pks_kit.pipelines.verifying.paper_desk import PaperChoice
from pks_kit.pki.revocation_http import HttpRevocation
from pks_kit.verification.limits import Limits
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

_CPU_SECONDS = 60
"""Processor time for one file: scans of a whole agreement take half of it."""


def judged(shop: Shop, task: Task) -> Done:
    """Judge a PDF, or a scan of paper in one or several files."""
    isi = task.isi
    result = verify(
        VerifyRequest(
            pdf=shop.read(isi["berkas"]),
            more=tuple(shop.read(one) for one in isi["lagi"]),
            issued=_given(shop, isi, "terbit"),
            receipt=_given(shop, isi, "resi"),
            ledger=shop.ledger,
            sessions=shop.session_folder,
            trust=shop.trust,
            jenis=isi["jenis"],
            rerender=isi["rancang_ulang"],
            revocation=HttpRevocation if isi["tanya_pencabutan"] else None,
            pictures=True,
            limits=Limits().lasting(_CPU_SECONDS),
            clock=shop.clock,
        )
    )
    pages = shop.keep_all([(f"laporan_{tongue}", result.page(tongue)) for tongue in ("id", "en")])
    return Done(hasil=to_json(result.report), berkas=pages)


def paper_listed(shop: Shop, task: Task) -> Done:
    """Read a scan of signed paper for a person who is to look at it."""
    result = paper_list(PaperListRequest(**_scan(shop, task.isi), ledger=shop.ledger))
    pages = shop.keep_all([(f"halaman_{tongue}", result.page(tongue)) for tongue in ("id", "en")])
    items = [to_json(one) for one in result.items]
    return Done(hasil={"report": to_json(result), "items": items}, berkas=pages)


def paper_decided(shop: Shop, task: Task) -> Done:
    """Write what a person decided about a scan; the same decision again is written once."""
    result = paper_decide(
        PaperDecideRequest(
            **_scan(shop, task.isi),
            ledger=shop.ledger,
            oleh=task.isi["oleh"],
            choices=tuple(PaperChoice(**one) for one in task.isi["pilihan"]),
        )
    )
    return Done(hasil=to_json(result), perjanjian={"id": task.isi["perjanjian"]})


def _scan(shop: Shop, isi: dict[str, Any]) -> dict[str, Any]:
    return {
        "scan": shop.read(isi["berkas"]),
        "more": tuple(shop.read(one) for one in isi["lagi"]),
        "issued": shop.read(isi["terbit"]),
        "receipt": shop.read(isi["resi"]),
        "sessions": shop.session_folder,
        "trust": shop.trust,
        "limits": Limits().lasting(_CPU_SECONDS),
        "clock": shop.clock,
    }


def proven(shop: Shop, task: Task) -> Done:
    """Put everything that proves the verdict about an agreement into one file."""
    isi = task.isi
    result = evidence(
        EvidenceRequest(
            pdf=shop.read(isi["terkini"]),
            issued=shop.read(isi["terbit"]),
            receipt=shop.read(isi["resi"]),
            ledger=shop.ledger,
            sessions=shop.session_folder,
            trust=shop.trust,
            clock=shop.clock,
        )
    )
    return Done(hasil=to_json(result), berkas=(shop.keep(result.file, "bukti"),))


def _given(shop: Shop, isi: dict[str, Any], name: str) -> NamedFile | None:
    return shop.read(isi[name]) if isi.get(name) else None
