"""The golden files of every version, and how tests use them; see the ``README.md`` of each.

Everything is done with the commands, as somebody would who kept the files. What is asked for is
what must never change: hashes, verdicts and their checks, chains of ledgers, steps still to do.
Words, layouts, further keys and further checks may come.
"""

from __future__ import annotations

import contextlib
import io
import json
import lzma
import shutil
import tarfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from golden.frozen import frozen
from pks_kit.cli.main import main

ENV = {"RAHASIA": "kata-sandi-uji-baru", "PKS_KIT_LANG": "en", "PKS_KIT_VERIFY_SECONDS": "120"}
DAY = {"elektronik": "2023-12-23", "digital": "2023-12-23", "manual": "2023-12-28",
       "addendum": "2024-06-20"}  # fmt: skip
"""The day after the golden files were made: what is left is done with keys that are new then."""
PUBLIC = ("root.pem", "root.crl", "issuing.crl")
NOW = "2024-01-01T08:00:00+07:00"
TRUST = ("--trust", "otoritas/root.pem", "--trust", "uji/root.pem")


@dataclass(frozen=True)
class Version:
    """The files of one version.

    Attributes:
        name: ``v1``; also the name of the folder.
        methods: Archives with an agreement.
        keys: Archive whose receipt names the people of another one's new keys.
    """

    name: str
    methods: tuple[str, ...]
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return Path(__file__).parent / self.name

    @property
    def manifest(self) -> Any:
        return json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))


VERSIONS = {
    one.name: one
    for one in (
        Version(
            "v1",
            ("elektronik", "digital", "manual", "addendum"),
            {"digital": "elektronik", "manual": "elektronik"},
        ),
        Version("v2", ("digital", "manual", "addendum"), {"manual": "digital"}),
    )
}
ARCHIVES = {name: one.manifest["archives"] for name, one in VERSIONS.items()}
EXPECTED = {name: one.manifest["expected"] for name, one in VERSIONS.items()}
AREAS = [(name, area) for name, one in VERSIONS.items() for area in one.methods]
"""Version and archive of every agreement."""


def records(kind: str) -> list[tuple[str, str, int, Any]]:
    """Return version, archive, number and record of everything of a kind in the manifests."""
    return [
        (version, area, number, one)
        for version, area in AREAS
        for number, one in enumerate(EXPECTED[version][area].get(kind, ()))
    ]


@dataclass(frozen=True)
class Golden:
    """Unpacks archives and makes new keys when a test first asks; tests must not change them."""

    target: Path

    def __call__(self, version: str, area: str) -> Path:
        """Return the folder with the files of an archive."""
        folder = self.target / version / area
        if not folder.exists():
            packed = (VERSIONS[version].folder / f"{area}.tar.xz").read_bytes()
            with tarfile.open(fileobj=io.BytesIO(lzma.decompress(packed))) as tar:
                tar.extractall(folder, filter="data")
        return folder

    def read(self, version: str, area: str, name: str) -> Any:
        """Return what a JSON file says."""
        return json.loads((self(version, area) / name).read_text(encoding="utf-8"))

    def new_keys(self, version: str, area: str) -> Path:
        """Return a new sandbox for the people of a receipt; the old keys were thrown away."""
        area = VERSIONS[version].keys.get(area, area)
        folder = self.target / "kunci" / version / area
        if not folder.exists():
            folder.mkdir(parents=True)
            receipt = self(version, area) / EXPECTED[version][area]["receipt"]
            done = run(folder, f"{DAY[area]}T08:00:00+07:00", "sandbox", "init", "uji",
                       "--receipt", receipt, "--passphrase-env", "RAHASIA")  # fmt: skip
            assert done.exit_code == 0, done.output
        return folder / "uji"


@dataclass(frozen=True)
class Desk:
    """Makes a folder to work in: golden files that are needed, public files, new keys."""

    golden: Golden
    target: Path

    def __call__(self, version: str, area: str, *needed: str) -> Path:
        folder = self.target / area
        for name in ("terbit", "otoritas", *needed):
            source = self.golden(version, area) / name
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        shutil.copytree(self.golden.new_keys(version, area), folder / "uji")
        return folder


def run(folder: Path, moment: str, *arguments: object) -> Result:
    """Run a command in a folder at a time."""
    with contextlib.chdir(folder), frozen(moment):
        done = CliRunner(env=ENV).invoke(main, [str(one) for one in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def answer(folder: Path, moment: str, *arguments: object, codes: tuple[int, ...] = (0,)) -> Any:
    """Return the JSON of a command that ends as expected."""
    done = run(folder, moment, *arguments, "--json")
    assert done.exit_code in codes, done.output
    return json.loads(done.stdout)


def kept(old: Any, new: Any, where: str = "") -> list[str]:
    """Return where something of ``old`` is missing or different in ``new``; more is allowed."""
    if isinstance(old, dict) and isinstance(new, dict):
        missing = [f"{where}.{key} is gone" for key in old if key not in new]
        return missing + [
            one for key in old if key in new for one in kept(old[key], new[key], f"{where}.{key}")
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [one for number, (a, b) in pairs for one in kept(a, b, f"{where}[{number}]")]
    return [] if _moment(old) == _moment(new) else [f"{where}: {old!r} became {new!r}"]


def _moment(value: Any) -> Any:
    """Return the moment of a time: the zone in which it is told may change."""
    if isinstance(value, str) and "T" in value and value[:4].isdigit():
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(value)
    return value
