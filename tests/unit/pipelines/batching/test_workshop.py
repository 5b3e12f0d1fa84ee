"""The test authorities of a rehearsal stay known, so that what an earlier run signed is judged."""

from __future__ import annotations

from pathlib import Path

from pks_kit.pipelines.batching import workshop
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.workshop import REHEARSAL_ROOT, keep_root


def pem(number: int) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n%d\n-----END CERTIFICATE-----\n" % number


def test_each_run_adds_its_authority_and_the_oldest_go(tmp_path: Path) -> None:
    place = BatchFolder(tmp_path)
    keep_root(place, pem(1))
    keep_root(place, pem(2))
    assert (tmp_path / REHEARSAL_ROOT).read_bytes() == pem(1) + pem(2)
    for number in range(3, workshop._MOST_ROOTS + 3):
        keep_root(place, pem(number))
    kept = (tmp_path / REHEARSAL_ROOT).read_bytes()
    assert kept == b"".join(map(pem, range(3, workshop._MOST_ROOTS + 3)))
