"""The template versions on disk: find them, read them, say exactly what they are (a hash)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol, get_args

from pks_kit.domain.sifat_faskes import JenisFaskes
from pks_kit.errors import InputError, NotInForceError, TemplateError
from pks_kit.files import read_limited
from pks_kit.messages import days_in_words
from pks_kit.messages.nearest import meant
from pks_kit.naskah.front_matter import TemplateFile, read_template_file
from pks_kit.naskah.manifest import VersionManifest
from pks_kit.naskah.template_yaml import load_template_model

JenisBagian = Literal["pembukaan", "pasal", "penutup", "lampiran", "surat"]
MAX_TEMPLATE_BYTES = 500_000
_ASSETS = ("style.css", "naskah.docx")
"""Files beside the manifest that shape the outcome and therefore belong to the content hash."""
_VERSI = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFile:
    """One part of a version: what it is and which file holds it.

    Attributes:
        jenis: Kind of part.
        subjek: Subject, stable over the years.
        urutan: Number among the parts of its kind, from 1.
        file: File relative to the templates folder, with forward slashes.
        judul: Title that the version gives the part in place of the file's own; mostly empty.
    """

    jenis: JenisBagian
    subjek: str
    urutan: int
    file: str
    judul: str = ""


class PartReader(Protocol):
    """Whatever holds parts: a version of the agreement, or a letter."""

    @property
    def sumber(self) -> Mapping[str, str]:
        """Provenance words and what they mean."""
        ...

    @property
    def fitur(self) -> Mapping[str, bool]:
        """What this one has and others lack."""
        ...

    def read(self, part: PartFile) -> TemplateFile:
        """Read one template file."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateVersion:
    """A template version whose manifest has been read.

    Attributes:
        manifest: VersionManifest, completed by that of its parent.
        root: Folder that holds the versions and the lampiran.
    """

    manifest: VersionManifest
    root: Path

    @property
    def manifest_file(self) -> str:
        """Return the manifest's name relative to the templates folder."""
        return f"{self.manifest.versi}/manifest.yml"

    @property
    def sumber(self) -> Mapping[str, str]:
        """Return the provenance words and what they mean."""
        return self.manifest.sumber

    @property
    def fitur(self) -> Mapping[str, bool]:
        """Return what this version has and others lack."""
        return self.manifest.fitur

    def parts(self, jenis_faskes: str) -> tuple[PartFile, ...]:
        """Return the parts for one kind of facility in the order of the agreement.

        Raises:
            TemplateError: ``naskah.unknown_edition`` when a lampiran has no edition for the kind.
        """
        pasal = (
            PartFile(
                jenis="pasal",
                subjek=entry.subjek,
                urutan=n,
                file=self.own_or_shared(f"pasal/{entry.subjek}.md"),
                judul=entry.judul or "",
            )
            for n, entry in enumerate(self.manifest.pasal, start=1)
        )
        lampiran = (
            PartFile(
                jenis="lampiran",
                subjek=entry.subjek,
                urutan=n,
                file=f"lampiran/{entry.subjek}/{self._edition(n - 1, jenis_faskes)}.md",
                judul=entry.judul or "",
            )
            for n, entry in enumerate(self.manifest.lampiran, start=1)
        )
        opening, closing = self.manifest.pembukaan, self.manifest.penutup
        first = self.own_or_shared(f"{opening}.md")
        last = self.own_or_shared(f"{closing}.md")
        return (
            PartFile(jenis="pembukaan", subjek=opening, urutan=1, file=first),
            *pasal,
            PartFile(jenis="penutup", subjek=closing, urutan=1, file=last),
            *lampiran,
        )

    def own_or_shared(self, name: str) -> str:
        """Return a file relative to the templates folder: the version's own, else its parent's.

        Args:
            name: Name inside the folder of a version, for example ``pasal/sanksi.md``.
        """
        own, parent = f"{self.manifest.versi}/{name}", self.manifest.induk
        shared = f"{parent}/{name}"
        if parent and not (self.root / own).is_file() and (self.root / shared).is_file():
            return shared
        return own

    def asset(self, name: str) -> Path:
        """Return the path of ``style.css`` or ``naskah.docx`` of this version or its parent."""
        return self.root / self.own_or_shared(name)

    def kinds(self) -> tuple[JenisFaskes, ...]:
        """Return the kinds of facility for which every lampiran has an edition."""
        kinds: set[JenisFaskes] = set(get_args(JenisFaskes))
        for entry in self.manifest.lampiran:
            kinds &= set(entry.edisi)
        return tuple(sorted(kinds))

    def refuse_other_years(self, mulai: date) -> None:
        """Refuse an agreement that starts when this version may not be used.

        Args:
            mulai: First day of the agreement.

        Raises:
            NotInForceError: ``naskah.version_not_in_force`` with the dates of the version.
        """
        berlaku = self.manifest.berlaku
        if berlaku.mulai <= mulai and (berlaku.selesai is None or mulai <= berlaku.selesai):
            return
        raise NotInForceError(
            "naskah.version_not_in_force",
            versi=self.manifest.versi,
            as_of=mulai,
            periods=days_in_words(f"{berlaku.mulai} – {berlaku.selesai or '…'}"),
        )

    def read(self, part: PartFile) -> TemplateFile:
        """Read one template file.

        Raises:
            TemplateError: when the file is missing, too large, not UTF-8 or has a bad head.
        """
        template = read_template_file(part.file, read_template_text(self.root, part.file))
        if not part.judul:
            return template
        return replace(
            template, head=template.head.model_copy(update={"judul": part.judul, "judul_lain": ""})
        )

    def sha256(self, jenis_faskes: str) -> str:
        """Return SHA-256 (hex) over everything that shapes the agreement of this kind.

        VersionManifest (also that of the parent), all used template files, and ``style.css`` and
        ``naskah.docx`` when present; names and lengths are hashed too, so no two sets of files
        look alike.
        """
        names = {self.manifest_file, *(part.file for part in self.parts(jenis_faskes))}
        if self.manifest.induk:
            names.add(f"{self.manifest.induk}/manifest.yml")
        assets = (self.own_or_shared(name) for name in _ASSETS)
        names |= {name for name in assets if (self.root / name).is_file()}
        return hash_of_files(self.root, names)

    def _edition(self, index: int, jenis_faskes: str) -> str:
        entry = self.manifest.lampiran[index]
        known = {str(kind): edition for kind, edition in entry.edisi.items()}
        if jenis_faskes not in known:
            raise TemplateError(
                "naskah.unknown_edition",
                file=self.manifest_file,
                line=self._line_of_lampiran(entry.subjek),
                lampiran=entry.subjek,
                jenis=jenis_faskes,
                known=", ".join(sorted(known)),
            )
        return known[jenis_faskes]

    def _line_of_lampiran(self, subjek: str) -> int:
        text = read_template_text(self.root, self.manifest_file)
        found = re.search(rf"subjek:\s*[\"']?{re.escape(subjek)}\b", text)
        return text.count("\n", 0, found.start()) + 1 if found else 1


def list_versions(templates_root: Path) -> tuple[str, ...]:
    """Return the ids of all template versions, sorted."""
    manifests = templates_root.glob("*/manifest.yml")
    return tuple(sorted(path.parent.name for path in manifests))


def load_version(versi: str, templates_root: Path) -> TemplateVersion:
    """Read the manifest of a version.

    Args:
        versi: Version id, for example ``pks_2024``.
        templates_root: Folder that holds the versions and the lampiran.

    Raises:
        InputError: ``naskah.unknown_version`` when there is no such version.
        TemplateError: when the manifest is wrong, with file and line; ``naskah.parent`` when its
            ``induk`` does not exist, is the version itself, or has an ``induk`` of its own.
    """
    manifest = _read_manifest(versi, templates_root)
    if manifest.induk:
        parent = _parent(manifest, templates_root)
        manifest = manifest.completed_by(parent)
    return TemplateVersion(manifest=manifest, root=templates_root)


def _parent(manifest: VersionManifest, root: Path) -> VersionManifest:
    """Return the parent's manifest; one generation, so that nobody has to search for a file."""
    name = manifest.induk or ""
    parent = _read_manifest(name, root) if name in list_versions(root) else None
    if parent is None or parent.induk:
        file = f"{manifest.versi}/manifest.yml"
        raise TemplateError("naskah.parent", file=file, line=1, induk=name)
    return parent


def _read_manifest(versi: str, templates_root: Path) -> VersionManifest:
    if not _VERSI.fullmatch(versi) or not (templates_root / versi / "manifest.yml").is_file():
        names = list_versions(templates_root)
        raise InputError(
            "naskah.unknown_version",
            versi=versi[:60],
            known=", ".join(names) or "-",
            meant=meant(versi, names),
        )
    file = f"{versi}/manifest.yml"
    manifest = _manifest_of(file, read_template_text(templates_root, file))
    if manifest.versi != versi:
        raise TemplateError("naskah.version_name", file=file, line=1, versi=manifest.versi)
    return manifest


@lru_cache(maxsize=16)
def _manifest_of(file: str, text: str) -> VersionManifest:
    return load_template_model(VersionManifest, text, file=file)


def hash_of_files(root: Path, names: Iterable[str]) -> str:
    """Return SHA-256 (hex) over template files, their names and lengths."""
    digest = hashlib.sha256(b"pks-kit template version 1\n")
    for name in sorted(names):
        content = _read_bytes(root, name)
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _read_bytes(root: Path, name: str) -> bytes:
    try:
        return read_limited(root / name, MAX_TEMPLATE_BYTES * (20 if name.endswith("docx") else 1))
    except InputError as error:
        raise TemplateError(
            "naskah.file_unreadable", file=name, line=1, reason=str(error)
        ) from error


def read_template_text(root: Path, name: str) -> str:
    """Return the text of a template file.

    Raises:
        TemplateError: ``naskah.file_unreadable``.
    """
    content = _read_bytes(root, name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TemplateError(
            "naskah.file_unreadable", file=name, line=line, reason="UTF-8"
        ) from error
