"""Every file of the repository can lie on every system."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
}
FORBIDDEN = frozenset('<>:"|?*\\')
LONGEST = 180
"""Windows takes 260 with the folder in front."""


def unportable(names: Iterable[str]) -> Iterator[str]:
    """Yield names that Windows refuses, or that are one name where capitals do not count."""
    known = list(names)
    twice = {name for name, count in Counter(map(str.casefold, known)).items() if count > 1}
    for name in known:
        parts = PurePosixPath(name).parts
        if (
            name.casefold() in twice
            or len(name) > LONGEST
            or any(part[-1] in ". " or FORBIDDEN & {*part} for part in parts)
            or any(part.partition(".")[0].casefold() in RESERVED for part in parts)
        ):
            yield name


def test_file_names_are_portable() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert list(unportable(listed.stdout.split("\0")[:-1])) == []


def test_names_that_windows_refuses_are_told() -> None:
    wrong = ["a/con.yml", "b:c.md", "d./e", "F.md", "f.md", "lpt1", "x" * 181]
    assert list(unportable([*wrong, "docs/konten.md", "a.b/com10"])) == wrong
