"""A name that is spelled almost right is found, within what the reader may see."""

from __future__ import annotations

import pytest

from pks_kit.web.state.nearest import respelled

KNOWN = [
    "klinik",
    "gerimis",
    "rekawangi",
    "pratama",
    "purnama",
    "misalwangi",
    "puskesmas",
    "telaga",
    "berantah",
    "dr.",
]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("gerimiss", "gerimis"),
        ("Purnma", "purnama"),
        ("Pukesmas Telaga", "puskesmas telaga"),
        ("klinik", ""),
        ("xyzzy", ""),
        ("gerimiss xyzzy", ""),
        ("", ""),
        ("a b c d e f g", ""),
    ],
)
def test_the_nearest_word_of_a_name_is_offered(asked: str, wanted: str) -> None:
    assert respelled(asked, KNOWN) == wanted
