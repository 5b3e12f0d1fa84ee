"""A report about a file of somebody else never speaks of an agreement or of our own files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from pks_kit.pipelines.verifying.policies import policy_in_force
from pks_kit.policy.document_policy import UMUM
from pks_kit.verification.isolation.parent import run_inline
from pks_kit.verification.report.html import html_report
from support import forgeries, judging, odd_pdfs, tamper, third_party_pdfs
from support.third_party_pdfs import Hand

_HAND, _BASE = third_party_pdfs.by_hand, third_party_pdfs.base
_FOREIGN = (
    r"perjanjian|agreement|contract|kontrak|pihak (ke)?(satu|dua)|(first|second) party|faskes"
    r"|(buatan|milik|dari|from|by) pks-kit|\bPKS\b(?!-kit)|direktur|evidence file|berkas bukti"
)
_REFERENCE = r"|berkas terbit|issued file|tanda terima|receipt"
"""Whoever names no kind is told what to give beside an agreement."""


@cache
def one() -> bytes:
    return _HAND(_BASE(pages=2))


SHAPES: dict[str, Callable[[], bytes]] = {
    "plain": _BASE,
    "signed": one,
    "two signatures": lambda: _HAND(one(), Hand(name="Kedua", common="Budi Hartono")),
    "second signer, unused object freed": lambda: _HAND(one(), Hand(name="Kedua", frees=(9,))),
    "stored material": lambda: third_party_pdfs.with_dss(one()),
    "e-meterai": lambda: _HAND(_BASE(), third_party_pdfs.HANDS["e-meterai, adapter 2.0.16"]),
    "hybrid": lambda: _HAND(third_party_pdfs.raw_base(b"\n", hybrid=True)),
    "slip": lambda: _HAND(_BASE(), Hand(size_less=1)),
    "unusual container": lambda: _HAND(_BASE(), third_party_pdfs.HANDS["version 3"]),
    "comment added": third_party_pdfs.SEQUENCES["certified for comments, comment added"],
    "form filled": third_party_pdfs.SEQUENCES["form filled between two signatures"],
    "page drawn over": lambda: forgeries.other_generation(one()),
    "words changed": lambda: tamper.replaced_byte(one(), one().index(b"endstream") - 20),
    "page added": lambda: tamper.appended(one(), tamper.new_page),
    "note added": lambda: tamper.appended(one(), tamper.new_annotation),
    "signature emptied": lambda: tamper.appended(one(), tamper.emptied_field),
    "script": lambda: tamper.appended(one(), tamper.script),
    "script, unsigned": lambda: odd("opens_with"),
    "attachment": lambda: odd("attached"),
    "bytes behind": lambda: one() + b"tambahan",
    "bytes in front": lambda: b"x" + one(),
    "cut off": lambda: one()[: len(one()) // 2],
    "damaged": lambda: tamper.raw_pdf([*tamper.PLAIN, b"<< /A (x) /A (y) >>"]),
    "layers": lambda: tamper.appended(_BASE(), forgeries._layers),
    "no PDF": lambda: b"catatan biasa",
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(50),
    "ZIP": lambda: b"PK\x03\x04" + bytes(60),
    "empty": lambda: b"",
}


def odd(kind: str) -> bytes:
    pdf = odd_pdfs.plain()
    change = {
        "opens_with": odd_pdfs.opens_with("JavaScript"),
        "attached": odd_pdfs.attached("lain.csv", b"a;b"),
    }[kind]
    change(pdf)
    return odd_pdfs.saved(pdf)


@pytest.mark.parametrize("named", [True, False], ids=["umum named", "no kind named"])
@pytest.mark.parametrize("shape", SHAPES)
def test_words_fit_a_file_of_somebody_else(shape: str, named: bool) -> None:
    task = judging.job(SHAPES[shape]())
    strange = re.compile(_FOREIGN + _REFERENCE * named, re.IGNORECASE)
    if named:
        task = replace(task, policy=policy_in_force(UMUM, judging.LATER.date()))
    examined = run_inline(task)
    assert examined.report.jenis in ("", UMUM)
    for language in ("id", "en"):
        page = html_report(examined, "berkas.pdf", language, task.now)
        shown = re.sub(r"<style.*?</style>|<[^>]+>|data:[^\"]*", " ", page, flags=re.DOTALL)
        found = [shown[max(0, m.start() - 90) : m.end() + 60] for m in strange.finditer(shown)]
        assert found == [], language
