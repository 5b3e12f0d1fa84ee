"""The same file and the same clock give the same report, byte for byte, wherever it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import forgeries, odd_pdfs, tamper, third_party_pdfs
from support.third_party_pdfs import Hand

_MAKE = """
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from pks_kit import VerifyRequest, verify
from pks_kit.json_form import to_json

now = datetime(2023, 12, 22, 3, 0, tzinfo=timezone(timedelta(hours=7)))
given, target = Path(sys.argv[1]), Path(sys.argv[2])
for path in sorted(given.iterdir()):
    done = verify(VerifyRequest(pdf=path, clock=lambda: now, pictures=True))
    (target / f"{path.name}.json").write_text(json.dumps(to_json(done.report)))
    for language in ("id", "en"):
        (target / f"{path.name}.{language}.html").write_bytes(done.page(language).content)
"""


def _shapes() -> dict[str, bytes]:
    one = third_party_pdfs.by_hand(third_party_pdfs.base(pages=2))
    many = one
    for name in ("B", "C", "D"):
        many = third_party_pdfs.by_hand(many, Hand(name=name, common=f"Penanda {name}"))
    return {
        "many signatures": many,
        "drawn over": forgeries.other_generation(one),
        "note": tamper.appended(one, tamper.new_annotation),
        "script": tamper.appended(one, tamper.script),
        "stored material": third_party_pdfs.with_dss(one),
        "hybrid": third_party_pdfs.by_hand(third_party_pdfs.raw_base(b"\n", hybrid=True)),
        "slip": third_party_pdfs.by_hand(third_party_pdfs.base(), Hand(size_less=1)),
        "linearised": odd_pdfs.saved(odd_pdfs.plain(2), "linearised"),
        "damaged": tamper.raw_pdf([*tamper.PLAIN, b"<< /A (x) /A (y) /B"]),
        "cut off": one[: len(one) // 2],
        "too many numbers": one.replace(b"/Size ", b"/Size 9999999"),
        "no PDF": b"\x89PNG\r\n\x1a\n",
    }


def _made(given: Path, target: Path, **environment: str) -> dict[str, bytes]:
    target.mkdir()
    subprocess.run(
        [sys.executable, "-c", _MAKE, str(given), str(target)],
        check=True,
        cwd=target,
        timeout=300,
        env={**os.environ, **environment},
    )
    return {path.name: path.read_bytes() for path in sorted(target.iterdir())}


@pytest.mark.slow
def test_two_processes_say_the_same(tmp_path: Path) -> None:
    given = tmp_path / "masuk"
    given.mkdir()
    for name, content in _shapes().items():
        (given / f"{name}.pdf").write_bytes(content)
    first = _made(given, tmp_path / "a", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    second = _made(
        given,
        tmp_path / "folder lain",
        PYTHONHASHSEED="4242",
        TZ="America/New_York",
        LC_ALL="en_US.UTF-8",
    )
    assert len(first) == 3 * len(_shapes())
    assert [name for name in first if first[name] != second[name]] == []
    assert all(b"0x7" not in content for name, content in first.items() if name.endswith(".json"))
