"""A receipt that was just written is known again by its bytes, and by no others."""

from __future__ import annotations

import pytest

from pks_kit.domain import receipt as module
from pks_kit.domain.receipt import Receipt, parse_receipt, written_receipt
from pks_kit.errors import InputError
from pks_kit.met import Lately
from support.signed_files import receipt_of


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_parsed", Lately[bytes, Receipt](2))


def test_what_was_written_here_is_not_read_again() -> None:
    receipt = receipt_of("AAAA-BBBB-CCCC", 4)
    content = written_receipt(receipt)
    assert content == receipt.to_json()
    assert parse_receipt(content, "uji") is receipt


def test_other_bytes_are_read() -> None:
    receipt = receipt_of("AAAA-BBBB-CCCC", 4)
    content = written_receipt(receipt)
    other = content.replace(b"AAAA-BBBB-CCCC", b"AAAA-BBBB-DDDD")
    assert other != content
    found = parse_receipt(other, "uji")
    assert found.agreement_id == "AAAA-BBBB-DDDD"
    assert parse_receipt(other, "uji") is found
    assert parse_receipt(content + b"\n", "uji") == receipt
    with pytest.raises(InputError):
        parse_receipt(content[:-3], "uji")


def test_what_is_read_is_what_was_written() -> None:
    receipt = receipt_of("AAAA-BBBB-CCCC", 4)
    assert parse_receipt(receipt.to_json(), "uji") == receipt
