"""Long hexadecimal strings are read at once, and as pyHanko reads them."""

from __future__ import annotations

import io
import random

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfStreamError

from pks_kit.pdf import hex_strings
from pks_kit.pdf.hex_strings import _digit_by_digit, read_hex_string, read_hex_strings_at_once

DIGITS = "0123456789abcdefABCDEF"
LENGTHS = (0, 1, 2, 7, 126, 127, 128, 129, 130, 383, 384, 385, 1000)
IN_BETWEEN = (" ", "\n", "\r\n", "\t\0\f", "% remark\n", "g", "<", "\x80", ">", "%")


def told(read, text: bytes):
    """Return what was read and where it ended, or how it was refused."""
    stream = io.BytesIO(b"/K " + text)
    stream.seek(3)
    try:
        found = read(stream)
    except PdfStreamError as error:
        return type(error), str(error)
    return type(found), found, stream.tell()


def strings(length: int) -> list[bytes]:
    dice = random.Random(length)  # noqa: S311 - a sample, no secret
    digits = "".join(dice.choices(DIGITS, k=length))
    found = [f"<{digits}> /Next 1", f"<{digits}>", f"<{digits}", f"<{digits}>>>"]
    for odd in IN_BETWEEN:
        place = dice.randrange(length + 1)
        found.append(f"<{digits[:place]}{odd}{digits[place:]}> /Next 1")
    return [one.encode("latin-1") for one in found]


@pytest.mark.parametrize("length", LENGTHS)
def test_the_same_string_or_the_same_refusal(length, monkeypatch):
    monkeypatch.setattr(hex_strings, "_BLOCK", 256)
    for text in strings(length):
        assert told(read_hex_string, text) == told(_digit_by_digit, text), text[:200]


@pytest.mark.parametrize("text", [b"<FEFF0042006F>", b"<EFBBBFC3A9>", b"<feff00>", b"<fffe4200>"])
def test_the_same_text(text):
    assert told(read_hex_string, text) == told(_digit_by_digit, text)


class _Counting(io.BytesIO):
    reads = 0

    def read(self, size=-1, /):
        self.reads += 1
        return super().read(size)


@pytest.mark.parametrize("digits", [b"30820a", b"00"], ids=["digits", "empty space"])
def test_a_container_takes_few_reads_in_every_object(digits, monkeypatch):
    monkeypatch.setattr(generic, "read_hex_string_from_stream", _digit_by_digit)
    read_hex_strings_at_once()
    stream = _Counting(b"<</Contents <" + digits * 16_384 + b"> /M (D:2026)>>")
    found = generic.read_object(stream, generic.Reference(1, 0))
    assert found.raw_get("/Contents") == bytes.fromhex(digits.decode()) * 16_384
    assert found.raw_get("/M") == "D:2026"
    assert stream.reads < 60
