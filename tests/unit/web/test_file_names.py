"""The issued and the signed file of an agreement never download under one name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.ledger.agreements import AgreementStage
from pks_kit.web.file_names import named_by_ink

ISSUED: Any = SimpleNamespace(nama="pks-klinik-embun.pdf", sha256="a")


@pytest.mark.parametrize(
    ("name", "sha256", "stage", "wanted"),
    [
        ("pks-klinik-embun.pdf", "a", "", "pks-klinik-embun - belum ditandatangani.pdf"),
        ("pks-klinik-embun.pdf", "a", AgreementStage.LENGKAP,
         "pks-klinik-embun - belum ditandatangani.pdf"),
        # what goes out keeps the name that its covering letter tells
        ("pks-klinik-embun.pdf", "b", AgreementStage.DITANDATANGANI_BPJS, "pks-klinik-embun.pdf"),
        ("pks-klinik-embun.pdf", "b", AgreementStage.LENGKAP,
         "pks-klinik-embun - ditandatangani.pdf"),
        ("pindaian.pdf", "c", AgreementStage.LENGKAP, "pindaian.pdf"),
    ],
)  # fmt: skip
def test_each_says_what_it_is(name: str, sha256: str, stage: str, wanted: str) -> None:
    file: Any = SimpleNamespace(nama=name, sha256=sha256)
    one: Any = SimpleNamespace(tahap=stage)
    assert named_by_ink(file, one, ISSUED) == wanted
