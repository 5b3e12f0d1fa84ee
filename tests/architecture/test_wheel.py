"""The wheel carries its templates and works without the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps",
            "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT),
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_wheel_holds_templates_policy_and_samples(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "pks_kit/_data/templates/pks_2024/manifest.yml",
        "pks_kit/_data/templates/pks_2024/naskah.docx",
        "pks_kit/_data/templates/pks_2024/pasal/sanksi.md",
        "pks_kit/_data/templates/lampiran/ruang-lingkup/2024.md",
        "pks_kit/_data/templates/pengantar/pengantar.html",
        "pks_kit/_data/templates/laporan/dasar.html.j2",
        "pks_kit/_data/templates/laporan/dasar.css",
        "pks_kit/_data/templates/laporan/verifikasi.html.j2",
        "pks_kit/_data/signing/appearance/tanda_tangan.yml",
        "pks_kit/_data/signing/profiles/elektronik.yml",
        "pks_kit/_data/signing/trust/anchors.yml",
        "pks_kit/_data/contoh/klinik-pratama-rawat-inap.yml",
        "pks_kit/rules/law/parameter/sanksi.yml",
        "pks_kit/messages/catalogue/core.yml",
        "pks_kit/ledger/migrations/env.py",
        "pks_kit/ledger/migrations/versions/v0001_events.py",
        "pks_kit/py.typed",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith("tests/") or ".p12" in name]


@pytest.mark.slow
def test_installed_wheel_drafts_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """An environment of its own with our wheel; libraries are borrowed by path, not pks-kit."""
    home = tmp_path / "env"
    venv.create(home, with_pip=False, symlinks=True)
    scheme = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=scheme))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "pinjaman.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = home / "bin" / "python"

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(python), *arguments], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        return done.stdout

    place = run("-c", "import pks_kit.resources as r; print(r.__file__, r.data_root())")
    assert str(ROOT) not in place
    assert "_data" in place
    shown = run("-m", "pks_kit.cli.main", "template", "list", "--json")
    listed = {one["versi"] for one in json.loads(shown)["templates"]}
    assert {"pks_2023", "pks_2024"} <= listed
    run("-m", "pks_kit.cli.main", "init", "data")
    (data,) = (tmp_path / "data").glob("klinik-pratama-rawat-inap.yml")
    shown = run(
        "-m", "pks_kit.cli.main", "draft", str(data), "-o", "k", "--format", "txt", "--json"
    )
    assert Path(tmp_path / json.loads(shown)["files"]["txt"]).stat().st_size > 100_000


def _built(source: Path, target: Path, umask: int, **environment: str) -> bytes:
    target.mkdir()
    subprocess.run(
        [
            sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps",
            "--no-build-isolation", "--wheel-dir", str(target), str(source),
        ],
        check=True, capture_output=True, text=True, umask=umask,
        env={**os.environ, **environment},
    )  # fmt: skip
    (built,) = target.glob("*.whl")
    return built.read_bytes()


@pytest.mark.slow
def test_the_same_sources_make_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """Whatever the folder, the umask, the zone, the clock and the order of hashes."""
    copy = tmp_path / "tempat lain" / "salinan"
    copy.parent.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    for name in sorted(filter(None, listed), reverse=True):
        if (ROOT / name).is_file() and name.split("/")[0] not in ("tests", "benchmarks"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
            os.utime(copy / name, (1_000_000_000, 1_000_000_000))
            (copy / name).chmod(0o600)
    first = wheel.read_bytes()
    second = _built(copy, tmp_path / "2", 0o077, TZ="Asia/Jayapura", PYTHONHASHSEED="4")
    assert hashlib.sha256(second).hexdigest() == hashlib.sha256(first).hexdigest()
    dated = {"SOURCE_DATE_EPOCH": "1700000000"}
    third = _built(copy, tmp_path / "3", 0o002, TZ="America/Lima", **dated)
    fourth = _built(ROOT, tmp_path / "4", 0o027, TZ="UTC", PYTHONHASHSEED="7", **dated)
    assert hashlib.sha256(third).hexdigest() == hashlib.sha256(fourth).hexdigest()
