"""A signature that is missing is never seen in the stamp, the sticker or the date beside it."""

from __future__ import annotations

from typing import Any

import pytest

from pks_kit.scan.pictures import Colours
from support.filled_fields import Manner, filled

pytestmark = pytest.mark.slow

MANNERS: tuple[dict[str, Any], ...] = (
    {"radius": 16},
    {"radius": 8, "rings": True},
    {"radius": 7},
    {"radius": 8, "rings": True, "sticker": False},
    {"radius": 8, "rings": True, "stamp_at": (-22, 0)},
    {"radius": 9, "stamp_at": (-20, 2)},
    {"radius": 9, "again": (-18, 3)},
    {"radius": 8, "rings": True, "date_up": 7},
    {"radius": 9, "date_up": 15},
    {"radius": 0},
)


@pytest.mark.sampled(3)
@pytest.mark.sampled(1, each="manner")
@pytest.mark.parametrize("seed", [500, 501, 502])
@pytest.mark.parametrize("colours", ["colour", "grey"])
@pytest.mark.parametrize("manner", MANNERS)
def test_stamp_sticker_and_date_sign_nothing(
    manner: dict[str, Any], colours: Colours, seed: int
) -> None:
    assert filled(Manner(signed=False, **manner), seed, colours)["tanda_tangan"] != "signed"


@pytest.mark.sampled(3)
@pytest.mark.sampled(1, each="manner")
@pytest.mark.parametrize("seed", [500, 501, 502])
@pytest.mark.parametrize("manner", MANNERS)
def test_a_signature_beside_them_is_at_most_asked_about(manner: dict[str, Any], seed: int) -> None:
    assert filled(Manner(signed=True, **manner), seed)["tanda_tangan"] != "empty"


@pytest.mark.parametrize("signed", [True, False])
def test_a_small_stamp_of_two_rings_is_a_stamp(*, signed: bool) -> None:
    found = filled(Manner(signed=signed, radius=8, rings=True), 500)
    assert found["stempel"] == "signed"
    assert found["tanda_tangan"] == ("signed" if signed else "empty")
