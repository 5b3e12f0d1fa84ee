"""What ``pks-kit template show`` tells about a version: parts, titles, provenance, files, hash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pks_kit.naskah.catalogue import TemplateVersion, load_version
from pks_kit.naskah.numbering import part_place

_OWN_SOURCE = re.compile(r"\{:[^{}\n]*\bsumber=\"?([a-z0-9-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOverview:
    """One part of a version.

    Attributes:
        jenis: ``pembukaan``, ``pasal``, ``penutup`` or ``lampiran``.
        label: ``Pasal 4``, ``Lampiran II`` or empty.
        judul: Title.
        sumber: Provenance words of the file, its default first.
        berkas: Template file relative to the templates folder.
    """

    jenis: str
    label: str
    judul: str
    sumber: tuple[str, ...]
    berkas: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionOverview:
    """A template version for one kind of facility.

    Attributes:
        versi: Version id.
        nama: Name for people.
        mulai: First start date of agreements that may use it.
        selesai: Last such date, or None while open.
        jenis_faskes: Kind of facility shown.
        jenis_tersedia: Kinds of facility with an edition of every lampiran.
        sha256: Content hash.
        sumber: Provenance words and what they mean.
        bagian: Parts in order.
    """

    versi: str
    nama: str
    mulai: date
    selesai: date | None
    jenis_faskes: str
    jenis_tersedia: tuple[str, ...]
    sha256: str
    sumber: dict[str, str]
    bagian: tuple[PartOverview, ...]


def show_version(versi: str, jenis_faskes: str, templates_root: Path) -> VersionOverview:
    """Describe a template version.

    Args:
        versi: Version id.
        jenis_faskes: Kind of facility whose editions are shown.
        templates_root: Folder that holds the versions and the lampiran.

    Raises:
        InputError: ``naskah.unknown_version``.
        TemplateError: when a file is missing or its head is wrong.
    """
    version = load_version(versi, templates_root)
    manifest = version.manifest
    return VersionOverview(
        versi=versi,
        nama=manifest.nama,
        mulai=manifest.berlaku.mulai,
        selesai=manifest.berlaku.selesai,
        jenis_faskes=jenis_faskes,
        jenis_tersedia=version.kinds(),
        sha256=version.sha256(jenis_faskes),
        sumber=dict(manifest.sumber),
        bagian=_parts(version, jenis_faskes),
    )


def _parts(version: TemplateVersion, jenis_faskes: str) -> tuple[PartOverview, ...]:
    found: list[PartOverview] = []
    for part in version.parts(jenis_faskes):
        template = version.read(part)
        words = [template.head.sumber, *_OWN_SOURCE.findall(template.body)]
        found.append(
            PartOverview(
                jenis=part.jenis,
                label=part_place(part).label,
                judul=template.head.judul,
                sumber=tuple(dict.fromkeys(word for word in words if word)),
                berkas=part.file,
            )
        )
    return tuple(found)
