"""A running digest gives what a whole one gives."""

from __future__ import annotations

import hashlib

from pks_kit.pdf.prefix.running import RunningDigests


def test_a_file_that_grows_is_digested_as_if_it_were_new() -> None:
    known = RunningDigests()
    before = b"a" * 1000
    after = before + b"b" * 10
    for _ in range(2):
        assert known.of(before).digest() == hashlib.sha256(before).digest()
        assert known.after(before, after).digest() == hashlib.sha256(after).digest()
    taken = known.of(after)
    taken.update(b"more")
    assert known.of(after).digest() == hashlib.sha256(after).digest()


def test_other_bytes_at_the_same_place_are_other_bytes() -> None:
    known = RunningDigests()
    for number in range(50):
        content = b"%d" % number
        assert known.of(content).digest() == hashlib.sha256(content).digest()
