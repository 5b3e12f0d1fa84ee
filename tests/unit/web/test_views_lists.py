"""Events of an agreement are told in words, and never with a whole NIK."""

from __future__ import annotations

from pks_kit.ledger.kinds import ABOUT_PLANS, FAKTA
from pks_kit.web.views_lists import event_form


def test_every_event_of_an_agreement_has_its_words_and_no_whole_nik() -> None:
    for kind in FAKTA.keys() - ABOUT_PLANS:
        told = {"nomor": 1, "waktu": "2026-12-01T00:00:00+00:00", "jenis": kind, "isi": {}}
        form = event_form(told | {"rincian": {"id": "a 3171012345678901", "en": "b"}})
        assert form.peristiwa.id
        assert form.peristiwa.en
        assert form.rincian is not None
        assert "3171012345678901" not in form.rincian.id
        assert event_form(told | {"rincian": None}).rincian is None
