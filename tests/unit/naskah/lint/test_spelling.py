"""Names with one spelling, and wording that would allow what is forbidden."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.linting import lint_fully
from support.tiny_version import HEAD_LINES, TinyVersion

Tiny = Callable[..., TinyVersion]
NAMES = 'ejaan: {"Kantor Cabang": "Cabang", "P-Care": PCare}\n'


def codes(tiny: Tiny, body: str, names: str = NAMES) -> list[tuple[str, int]]:
    version = tiny(pasal={"contoh": body}, raw={"istilah.yml": names})
    version.write()
    return [
        (one.code, one.line - HEAD_LINES) for one in lint_fully("mini", templates_root=version.root)
    ]


def test_the_other_spelling_is_found_on_its_line(tiny: Tiny) -> None:
    assert codes(tiny, "1. Satu.\n1. Kepada Kantor Cabang.\n") == [("lint.spelling", 2)]
    assert codes(tiny, "1. Satu.\n1. Kepada Cabang dan kantor cabang.\n") == []


@pytest.mark.parametrize(
    "words",
    [
        "pelanggaran dibatasi paling banyak {{ n }} kali dan setelah itu akses dihentikan",
        "pelanggaran sebagaimana dimaksud dibatasi paling banyak {{ n }} kali",
        "dengan batas paling banyak {{ n }} kali pelanggaran",
    ],
)
def test_a_licence_for_violations(tiny: Tiny, words: str) -> None:
    assert codes(tiny, f"1. Dalam hal ini {words}.\n") == [("lint.licence", 1)]


def test_a_ground_is_no_licence(tiny: Tiny) -> None:
    body = "1. Dalam hal telah terjadi {{ n }} kali pelanggaran, akses dapat dihentikan.\n"
    assert codes(tiny, body) == []


def test_a_file_of_names_that_is_none_is_told(tiny: Tiny) -> None:
    assert [code for code, _ in codes(tiny, "1. Satu.\n", "ejaan: [a]\n")] == ["naskah.field"]
