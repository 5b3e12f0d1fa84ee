"""Letters: their manifests on disk, and a letter's values -> the same tree as an agreement.

``templates/surat/surat.yml`` holds what all letters share, ``templates/surat/<jenis>/manifest.yml``
what one kind needs. A letter is put together from parts in the order of its manifest; a part that
its folder lacks is taken from ``bersama``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pks_kit.errors import InputError, NotInForceError, TemplateError
from pks_kit.messages import days_in_words
from pks_kit.messages.nearest import meant
from pks_kit.naskah.assemble import assemble_parts, filled_source
from pks_kit.naskah.catalogue import (
    PartFile,
    hash_of_files,
    read_template_text,
)
from pks_kit.naskah.citing import Target
from pks_kit.naskah.front_matter import TemplateFile, read_template_file
from pks_kit.naskah.manifest import Berlaku, NamaSumber, Subjek, Versi
from pks_kit.naskah.printed_values import one_line
from pks_kit.naskah.template_yaml import load_template_model
from pks_kit.naskah.tree import Naskah

FOLDER = "surat"
"""Folder of the letters below the templates folder."""
STYLE_SHEET = f"{FOLDER}/surat.css"
_SHARED, _COMMON = "bersama", f"{FOLDER}/surat.yml"
_KIND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Pengirim = Literal["faskes", "bpjs", "bersama"]
"""Who signs: the facility, BPJS Kesehatan, or both."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tenggat(_Strict):
    """A last day that the letter names.

    Attributes:
        dari: Field of the letter's data that holds the day from which the period runs.
        parameter: Dated parameter that gives the period.
    """

    dari: str = Field(pattern=r"^[a-z_]{1,60}$")
    parameter: str = Field(pattern=r"^[a-z_]+(\.[a-z_]+){1,2}$")


class Rujukan(_Strict):
    """A clause of the agreement that the letter names."""

    pasal: Subjek | None = None
    lampiran: Subjek | None = None
    label: str = Field(default="", max_length=60)

    @property
    def target(self) -> Target:
        """Return the clause as `pks_kit.naskah.citing.cite` wants it."""
        if self.lampiran is not None:
            return ("lampiran", self.lampiran, self.label)
        return ("pasal", self.pasal or "", self.label)


class Bersama(_Strict):
    """What all letters share.

    Attributes:
        rupa: Template version whose Word file with styles letters use.
        sumber: Provenance words and what they mean.
    """

    rupa: Versi
    sumber: dict[NamaSumber, str]


class LetterManifest(_Strict):
    """Content of the manifest of one kind of letter; see ``docs/templates.md``.

    Attributes:
        jenis: Kind, equal to the name of the folder.
        versi: Version id of the text.
        nama: Name for people.
        hal: What the letter is about, as its head says; data may make it more exact.
        pengirim: Who signs.
        data: Name of the data model (``pks_kit.domain.surat.MODEL_SURAT``).
        berlaku: Days of letters for which the text may be used.
        sebelumnya: Whether the earlier contract data are needed too.
        bagian: Parts in order.
        tenggat: Last days by the name that the templates use.
        rujukan: Clauses of the agreement by the name that the templates use.
        parameter: Dated parameters that decide something beside ``tenggat``.
    """

    jenis: Subjek
    versi: Versi
    nama: str = Field(min_length=1)
    hal: str = Field(min_length=1)
    pengirim: Pengirim
    data: str = Field(pattern=r"^[a-z_]{1,60}$")
    berlaku: Berlaku
    sebelumnya: bool = False
    bagian: tuple[Subjek, ...] = Field(min_length=1, max_length=20)
    tenggat: dict[str, Tenggat] = Field(default_factory=dict)
    rujukan: dict[str, Rujukan] = Field(default_factory=dict)
    parameter: tuple[str, ...] = ()

    def parameters(self) -> tuple[str, ...]:
        """Return every dated parameter that decides something, each once."""
        return tuple(
            dict.fromkeys((*self.parameter, *(one.parameter for one in self.tenggat.values())))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplate:
    """A kind of letter whose manifest has been read.

    Attributes:
        manifest: Its manifest.
        bersama: What all letters share.
        root: Templates folder.
    """

    manifest: LetterManifest
    bersama: Bersama
    root: Path
    fitur: Mapping[str, bool] = field(default_factory=dict)

    @property
    def sumber(self) -> Mapping[str, str]:
        """Return the provenance words and what they mean."""
        return self.bersama.sumber

    @property
    def manifest_file(self) -> str:
        """Return the manifest's name relative to the templates folder."""
        return f"{FOLDER}/{self.manifest.jenis}/manifest.yml"

    def parts(self) -> tuple[PartFile, ...]:
        """Return the parts in order."""
        found = []
        for number, subjek in enumerate(self.manifest.bagian, start=1):
            own = f"{FOLDER}/{self.manifest.jenis}/{subjek}.md"
            shared = f"{FOLDER}/{_SHARED}/{subjek}.md"
            file = own if (self.root / own).is_file() else shared
            found.append(PartFile(jenis="surat", subjek=subjek, urutan=number, file=file))
        return tuple(found)

    def read(self, part: PartFile) -> TemplateFile:
        """Read one template file.

        Raises:
            TemplateError: when the file is missing, too large, not UTF-8 or has a bad head.
        """
        return read_template_file(part.file, read_template_text(self.root, part.file))

    def sha256(self) -> str:
        """Return SHA-256 (hex) over everything of the letter's folder that shapes it."""
        names = {self.manifest_file, _COMMON, STYLE_SHEET, *(one.file for one in self.parts())}
        return hash_of_files(self.root, names)

    def refuse_other_days(self, tanggal: date) -> None:
        """Refuse a letter of a day on which this text may not be used.

        Raises:
            NotInForceError: ``naskah.version_not_in_force``.
        """
        berlaku = self.manifest.berlaku
        if berlaku.mulai <= tanggal and (berlaku.selesai is None or tanggal <= berlaku.selesai):
            return
        raise NotInForceError(
            "naskah.version_not_in_force",
            versi=self.manifest.versi,
            as_of=tanggal,
            periods=days_in_words(f"{berlaku.mulai} – {berlaku.selesai or '…'}"),
        )


def list_letters(templates_root: Path) -> tuple[str, ...]:
    """Return the kinds of letters, sorted."""
    return tuple(sorted(one.parent.name for one in templates_root.glob(f"{FOLDER}/*/manifest.yml")))


def load_letter(jenis: str, templates_root: Path) -> LetterTemplate:
    """Read the manifest of a kind of letter.

    Raises:
        InputError: ``letter.unknown_kind``.
        TemplateError: A manifest is wrong.
    """
    known = list_letters(templates_root)
    if not _KIND.fullmatch(jenis) or jenis not in known:
        names, asked = ", ".join(known), meant(jenis, known)
        raise InputError("letter.unknown_kind", kind=jenis[:60], known=names, meant=asked)
    file = f"{FOLDER}/{jenis}/manifest.yml"
    manifest = load_template_model(
        LetterManifest, read_template_text(templates_root, file), file=file
    )
    if manifest.jenis != jenis:
        raise TemplateError("naskah.version_name", file=file, line=1, versi=manifest.jenis)
    shared = load_template_model(Bersama, read_template_text(templates_root, _COMMON), file=_COMMON)
    return LetterTemplate(manifest=manifest, bersama=shared, root=templates_root)


def assemble_letter(
    template: LetterTemplate, values: Mapping[str, Any], *, nomor: str, cara_kontrak: str
) -> Naskah:
    """Assemble a letter.

    Args:
        template: Its kind.
        values: What the templates may name; ``Perjanjian``, ``hal`` and ``surat`` among it.
        nomor: Number of the letter.
        cara_kontrak: Contract method of the agreement that it is about.

    Raises:
        TemplateError: for every mistake of a template, with file and line.
        NotInForceError: when a parameter has no value in force.
    """
    sources = [filled_source(template, part, values) for part in template.parts()]
    # Nobody gets a copy of every letter: then that part prints nothing.
    printing = [one for one in sources if one.source.text.strip()]
    return Naskah(
        judul=one_line(f"{template.manifest.nama} nomor {nomor}"),
        nama_perjanjian=template.manifest.nama,
        nomor_kesatu=one_line(nomor),
        nomor_kedua="",
        cara_kontrak=cara_kontrak,
        versi_templat=template.manifest.versi,
        bagian=assemble_parts(template, printing).bagian,
    )
