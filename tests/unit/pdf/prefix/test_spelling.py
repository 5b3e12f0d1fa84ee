"""One value has one spelling; everything else is not ours."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pks_kit.pdf.prefix.spelling import (
    MOST_DEPTH,
    MOST_VALUES,
    Name,
    NotOursError,
    Ref,
    Word,
    read_dictionary,
    read_value,
    written,
)


def test_what_is_written_is_read_again() -> None:
    value = {
        "/A": [Decimal(1), Decimal("-2.50"), Ref(7), Name("/N"), Word("true"), None],
        "/B": {"/C": b"(\\)\x00\xff"},
    }
    assert read_dictionary(written(value)) == value


@pytest.mark.parametrize(
    ("spelled", "value"),
    [
        (b"(a\\137b\\(\\n)", b"a_b(\n"),
        (b"<0A fF>".replace(b" ", b""), b"\x0a\xff"),
        (b"[ 1 0 R 2 ]", [Ref(1), Decimal(2)]),
    ],
)
def test_spellings_of_our_writers_are_read(spelled: bytes, value: object) -> None:
    assert read_value(spelled) == value


@pytest.mark.parametrize(
    "spelled",
    [
        b"",
        b"<< /A 1 /A 2 >>",
        b"<< /A#42 1 >>",
        b"(a(b)c)",
        b"(\\777)",
        b"(a\rb)",
        b"<abc>",
        b"<a b>",
        b"1 1 R",
        b"1 2",
        b"truex",
        b"% remark\n1",
        b"[" * (MOST_DEPTH + 2) + b"]" * (MOST_DEPTH + 2),
        b"[" + b"1 " * (MOST_VALUES + 1) + b"]",
        b"[" * 5000,
    ],
)
def test_other_spellings_are_not_ours(spelled: bytes) -> None:
    with pytest.raises(NotOursError):
        read_value(spelled)


def test_true_is_no_number() -> None:
    assert read_value(b"true") != read_value(b"1")
