"""What may be read: what the work needs, never a folder in which people keep files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pks_kit
from pks_kit.resources import signing_root
from pks_kit.verification.isolation.kernel import places

FRESH = places._own_places.__wrapped__


def covers(found: tuple[Path, ...], place: Path) -> bool:
    return any(place.is_relative_to(one) for one in found)


def test_what_the_work_needs() -> None:
    import pikepdf

    found = places.readable_places()
    for needed in (
        Path(pikepdf.__file__),
        Path(str(sys.modules["re"].__file__)),
        signing_root() / "profiles",
        Path("/usr/share/zoneinfo"),
        Path("/usr/share/fonts"),
    ):
        assert covers(found, needed), needed


def test_no_folder_of_people(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody may have put any folder on the path of imports."""
    monkeypatch.setenv("HOME", str(tmp_path / "rumah" / "siti"))
    (tmp_path / "rumah" / "siti" / "paket").mkdir(parents=True)
    wide = ["", ".", "/", "/etc", "/home", "/var", str(tmp_path / "rumah")]
    kept = str(tmp_path / "rumah" / "siti" / "paket")
    monkeypatch.setattr(sys, "path", [*wide, str(tmp_path / "rumah" / "siti"), kept, *sys.path])
    found = FRESH()
    assert Path(kept) in found
    for place in ("/", "/etc/shadow", "/home/budi", "/var/x", tmp_path / "rumah/siti/kunci.p12"):
        assert not covers(found, Path(place)), place


LOOK = """
from pks_kit.verification.isolation.kernel.places import readable_places
print(*readable_places(), sep="\\n")
"""


@pytest.mark.parametrize("options", [["-P"], []])
def test_a_checkout_and_its_environment_are_not_open_as_a_whole(
    options: list[str], tmp_path: Path
) -> None:
    """Nor the folder in which somebody started it."""
    told = subprocess.run(
        [sys.executable, *options, "-c", LOOK],
        env={"PYTHONPATH": str(Path(pks_kit.__file__).parents[1])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = tuple(Path(line) for line in told.splitlines())
    assert covers(found, Path(pks_kit.__file__))
    for place in (Path(sys.prefix), signing_root().parent, tmp_path):
        assert not covers(found, place / "kunci.p12"), place


def test_further_places(tmp_path: Path) -> None:
    inside = signing_root() / "profiles"
    assert places.readable_places(tmp_path, inside) == (*places.readable_places(), tmp_path)
