"""Places and documents that no stamp would survive are refused before anything is bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest

from pks_kit.ledger.store import open_ledger
from pks_kit.pdf.box import Box
from pks_kit.pipelines.signing.one_step import Situation, stamp
from pks_kit.pipelines.signing.purchase import MeteraiPurchase
from support.peruri_world import cloud, lokal, refusal, run
from support.signing_world import NOW

pytestmark = pytest.mark.usefixtures("no_secret_in_a_log")


@pytest.fixture(params=[lokal, cloud])
def provider(request, peruri):
    return request.param(peruri)


@pytest.fixture
def ledger(tmp_path):
    with open_ledger(tmp_path / "buku.sqlite") as opened:
        yield opened


def attempt(provider, ledger, step, *, before: bytes | None = None, box: Box | None = None):
    planned = step.planned if box is None else replace(step.planned, box=box)
    situation = Situation(
        before=before or step.pdf, state=step.state, planned=planned, profile=step.profile, now=NOW
    )
    purchase = MeteraiPurchase(
        provider=provider, ledger=ledger, perjanjian="ABC123", langkah="p1_meterai",
        order=step.order, clock=lambda: datetime.now(UTC),
    )  # fmt: skip
    return stamp(situation, purchase)


PLACES = [
    (Box(page=2, rect=(68, 720, 138, 790)), "meterai.over_text"),
    (Box(page=2, rect=(200, 420, 270, 490)), "meterai.over_field"),
    (Box(page=2, rect=(560, 420, 630, 490)), "meterai.outside_page"),
    (Box(page=2, rect=(-5, 420, 65, 490)), "meterai.outside_page"),
    (Box(page=9, rect=(255, 420, 325, 490)), "meterai.page"),
    (Box(page=2, rect=(255, 420, 290, 455)), "meterai.too_small"),
]


@pytest.mark.parametrize(("box", "code"), PLACES)
def test_places(peruri, provider, ledger, step, box, code):
    assert refusal(lambda: run(attempt(provider, ledger, step, box=box))).code == code
    assert peruri.book.calls == []
    assert ledger.events() == ()


def test_a_place_over_an_earlier_stamp(peruri, provider, ledger, step, steps):
    error = refusal(lambda: run(attempt(provider, ledger, step, before=steps[1])))
    assert error.code == "meterai.over_field"
    assert peruri.book.calls == []


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_rotated_page(peruri, provider, ledger, step, issued, degrees):
    out = BytesIO()
    with pikepdf.open(BytesIO(issued.pdf)) as opened:
        opened.pages[step.planned.box.page - 1].Rotate = degrees
        opened.save(out)
    error = refusal(lambda: run(attempt(provider, ledger, step, before=out.getvalue())))
    assert error.code == "signing.page_rotated"
    assert peruri.book.calls == []


def test_a_broken_signature(peruri, provider, ledger, step):
    where = step.pdf.index(b"/Location") + 11
    broken = step.pdf[:where] + b"#" + step.pdf[where + 1 :]
    error = refusal(lambda: run(attempt(provider, ledger, step, before=broken)))
    assert error.code == "meterai.source_broken"
    assert ledger.events() == ()
    assert peruri.book.calls == []
