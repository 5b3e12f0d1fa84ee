"""A gateway with one signer and one seal, adapters to it, and the planted secrets (tests only)."""

from __future__ import annotations

import asyncio
import traceback
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.net.provider import ProviderClient
from pks_kit.pdf.box import Box, place_box
from pks_kit.signing.ports import PdfSigningJob
from pks_kit.signing.services.bsre.seal import BsreSeal
from pks_kit.signing.services.bsre.v1 import BsreV1
from pks_kit.signing.services.bsre.v2 import BsreV2
from support.fakes.bsre import FakeBsre, Person, Seal
from support.signing_world import A4, KEPALA_CABANG, NOW, Issued, make_sandbox, sandbox_timestamps

P1 = "TTD_PIHAK_KESATU"
NIK = "0201019909990007"
SUREL = "planted.surel@contoh.test"
PASSPHRASE = 'planted-frasa"9<27'
PASSWORD = "planted-gerbang-4471"
ACTIVATION = "planted-aktivasi-3380"
SUBSCRIBER = "segel-0001"
SECRETS = (NIK, SUREL, PASSPHRASE, PASSWORD, ACTIVATION, "550199", "660288", "planted")

KINDS = ("v1", "v2", "segel")
OPINION = "Mungkin sudah"
"""How every message begins its doubt when a service may have acted."""


def make_gateway(sandbox, expired, **settings: Any) -> FakeBsre:
    """Return a gateway, not yet started."""
    key = sandbox.signers["pihak_kesatu"]
    person = Person(nik=NIK, email=SUREL, passphrase=PASSPHRASE, key=key)
    seal = Seal(id_subscriber=SUBSCRIBER, activation=ACTIVATION, key=key)
    return FakeBsre(
        user="aplikasi", password=PASSWORD, people=[person], seals=[seal], now=NOW,
        others={"other_signer": sandbox.signers["pihak_kedua"], "expired_certificate": expired},
        timestamps=sandbox_timestamps(sandbox), **settings,
    )  # fmt: skip


def expired_key():
    """Return a key of the same person whose certificate ended before the story begins."""
    return make_sandbox(NOW.replace(year=NOW.year - 6)).signers["pihak_kesatu"]


def door(url: str, **settings: Any) -> ProviderClient:
    return ProviderClient(
        base_url=url, user="aplikasi", password=Secret(PASSWORD),
        **{"connect_seconds": 5, "read_seconds": 30, "answer_limit": 2 << 20, **settings},
    )  # fmt: skip


def adapter(kind: str, url: str, *, limits: dict[str, Any] | None = None, **settings: Any):
    """Return the adapter of a kind to a gateway with these settings."""
    common = {
        "door": door(url, **(limits or {})), "signer_name": KEPALA_CABANG, "is_uji": True,
        **settings,
    }  # fmt: skip
    if kind == "segel":
        activation = common.pop("activation", lambda: Secret(ACTIVATION))
        return BsreSeal(id_subscriber=SUBSCRIBER, activation=activation, **common)
    if not {"nik", "surel"} & common.keys():
        common["nik"] = Secret(NIK)
    if not {"passphrase", "totp"} & common.keys():
        common["passphrase"] = Secret(PASSPHRASE)
    return BsreV1(**common) if kind == "v1" else BsreV2(**common)


def make_job(issued: Issued, **changes: Any) -> PdfSigningJob:
    """Return the job of signing the place of the first party."""
    place = issued.receipt.place(P1)
    assert place is not None
    facts = {
        "pdf": issued.pdf, "box": place_box(place), "page_height": A4[1],
        "picture_png": picture_png(), "code": "ABCDEFGHJKMNPQRSTVWXYZ0123",
        "alasan": "Menandatangani perjanjian contoh", "lokasi": "Kota Contoh", "now": NOW,
    }  # fmt: skip
    return PdfSigningJob(**{**facts, **changes})


def picture_png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (180, 80), (200, 210, 255)).save(out, "PNG")
    return out.getvalue()


def moved(box: Box, right: float, up: float) -> Box:
    x1, y1, x2, y2 = box.rect
    return Box(page=box.page, rect=(x1 + right, y1 + up, x2 + right, y2 + up))


def sign(service: Any, job: PdfSigningJob) -> bytes:
    return asyncio.run(service.sign_pdf(job))


def refused(call: Any, code: str, *, unknown: bool = False) -> SigningError:
    """Await a call that must fail: exactly that class and code, words with advice, no secret."""
    with pytest.raises(SigningError) as caught:
        asyncio.run(call)
    error = caught.value
    expected = UnknownOutcomeError if unknown else SigningError
    assert (type(error), error.code) == (expected, code), error
    text = error.text
    assert text.hint_id
    assert text.hint_en
    assert "{" not in text.id + text.en
    if unknown:
        assert OPINION in text.id or "sudah menandatangani" in text.id
        assert "may or may not" in text.en or "signed document" in text.en
    check_silent(error)
    return error


def check_silent(error: BaseException) -> None:
    """No planted secret in any text of the error or of what it came from."""
    shown = ["".join(traceback.format_exception(error))]
    one: BaseException | None = error
    while one is not None:
        shown += [repr(one), str(one), repr(vars(one)), repr(one.args)]
        if isinstance(one, SigningError):
            shown += [one.text.id, one.text.en, str(one.params)]
        one = one.__cause__ or one.__context__
    for secret in SECRETS:
        assert secret not in "\n".join(shown), "a secret is shown"
