"""The facts of one signature box, and the words that its picture shows."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from pks_kit.policy.box_look import BoxLook
from pks_kit.render.appearance import (
    AppearanceFacts,
    render_appearance,
)
from support.pdf_text import page_words

FACTS = AppearanceFacts(
    width=144.57,
    height=63.78,
    nama="dr. Contoh <b>Sekali</b>, M.Kes.",
    jabatan="Pimpinan Klinik",
    sertifikat="Contoh Sekali",
    penerbit="UJI Penanda Tangan",
    waktu=datetime(2023, 12, 20, 9, 30, tzinfo=timezone(timedelta(hours=7))),
    agreement_id="0123456789ABCDEFGHJKMNPQRS",
    is_uji=True,
)


def words(facts: AppearanceFacts, look: BoxLook | None = None) -> str:
    return " ".join(" ".join(page_words(render_appearance(facts, look))).split())
