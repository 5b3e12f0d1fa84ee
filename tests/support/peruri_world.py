"""Providers against the fake Peruri, with planted secrets (tests only)."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pks_kit.domain.secret import Secret
from pks_kit.errors import SigningError
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.ports import Meterai, MeteraiOrder, StampJob
from pks_kit.signing.services.peruri.backend import PeruriBackend
from pks_kit.signing.services.peruri.cloud import PeruriCloud
from pks_kit.signing.services.peruri.login import PeruriLogin
from pks_kit.signing.services.peruri.on_premise import PeruriOnPremise
from pks_kit.signing.services.peruri.options import (
    AdapterSettings,
    PeruriAccount,
    PeruriHosts,
    PeruriOptions,
    Terutang,
)
from pks_kit.signing.step.check_result import StepChecked, check_result
from pks_kit.signing.step.plan import Wanted, plan_step
from pks_kit.signing.step.state import read_state
from support.fakes.peruri import FakePeruri
from support.signing_world import NOW, Issued

PASSWORD = "sandi-tertanam-K4mb1ng!"
NIK = "3174091207850003"
NPWP = "012345678901000"
SECRETS = (PASSWORD, NIK, NPWP, "eyJ")


def hosts(fake: FakePeruri) -> PeruriHosts:
    url = fake.url
    return PeruriHosts(lingkungan="uji", backend=url, stampv2=url, upload=url, stampservice=url)


def account(**changes: Any) -> PeruriAccount:
    parts: dict[str, Any] = {
        "user": "uji@contoh.example",
        "password": Secret(PASSWORD),
        "terutang": (
            Terutang(peran="pihak_kesatu", jenis="NPWP", nomor=Secret(NPWP)),
            Terutang(peran="pihak_kedua", jenis="KTP", nomor=Secret(NIK)),
        ),
    }
    return PeruriAccount(**{**parts, **changes})


def backend(fake: FakePeruri, clock: Callable[[], datetime] | None = None, **changes: Any):
    fake.password = PASSWORD
    options = PeruriOptions(batas_detik=changes.pop("batas_detik", 10.0))
    login = PeruriLogin(hosts(fake), account(**changes), clock or (lambda: datetime.now(UTC)))
    return PeruriBackend(login, options)


def lokal(fake: FakePeruri, base: PeruriBackend | None = None, **changes: Any) -> PeruriOnPremise:
    settings = AdapterSettings(
        url=fake.url, env="STAGING", folder=fake.sharefolder, tunggu_detik=1.2, jeda_detik=0.05
    )
    return PeruriOnPremise(backend=base or backend(fake), adapter=replace(settings, **changes))


def cloud(fake: FakePeruri, base: PeruriBackend | None = None) -> PeruriCloud:
    return PeruriCloud(backend=base or backend(fake))


def order(pdf: bytes, key: str = "ABC123-p1-meterai-0f-1", peran: str = "pihak_kesatu"):
    return MeteraiOrder(
        key=key,
        document_sha256=hashlib.sha256(pdf).hexdigest(),
        document_name="pks.pdf",
        document_number="1234/KTR/IX-01/1126",
        document_date=NOW.date(),
        peran=peran,
        payer="BPJS Kesehatan Cabang Contoh",
        document=pdf,
    )


class Step:
    """The step of one stamp: planned, ordered, checked, as the pipeline does it."""

    def __init__(self, issued: Issued, pdf: bytes, peran: str = "pihak_kesatu") -> None:
        self.pdf, self.peran = pdf, peran
        self.profile = load_profile(signing_root(), "elektronik")
        self.state = read_state(pdf, issued.receipt, self.profile)
        self.planned = plan_step(self.state, self.profile, Wanted(jenis="meterai", peran=peran))
        self.order = order(pdf, key=f"ABC123-{peran.replace('_', '-')}-0f-1", peran=peran)

    def job(self, meterai: Meterai, *, is_retry: bool = False) -> StampJob:
        return StampJob(
            pdf=self.pdf, meterai=meterai, box=self.planned.box, alasan="Perjanjian contoh",
            lokasi="", now=NOW, is_retry=is_retry,
        )  # fmt: skip

    def checked(self, after: bytes) -> StepChecked:
        return check_result(self.pdf, after, self.state, self.planned, self.profile, NOW)


def run(awaitable: Any) -> Any:
    return asyncio.run(awaitable)


def refusal(call: Callable[[], Any]) -> SigningError:
    """Return the error of a call after looking for secrets in everything it shows."""
    try:
        call()
    except SigningError as error:
        assert_no_secret(error)
        return error
    raise AssertionError("nothing was refused")


def assert_no_secret(error: BaseException) -> None:
    import traceback

    text = error.text if isinstance(error, SigningError) else None
    shown = [repr(error), str(error), repr(vars(error)), *traceback.format_exception(error)]
    shown += [text.id, text.en, text.hint_id, text.hint_en] if text else []
    for secret in SECRETS:
        assert not any(secret in one for one in shown), secret
    assert text is None or "[meterai." not in text.en
    assert text is None or "{" not in text.id + text.en + text.hint_id + text.hint_en


def seeded(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311 repeatable on purpose
