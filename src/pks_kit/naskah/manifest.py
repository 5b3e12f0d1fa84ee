"""The manifest of a template version: which parts, in which order, in which edition."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    field_validator,
    model_validator,
)

from pks_kit.domain.sifat_faskes import JenisFaskes

Versi = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
Subjek = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""Name of a template file without suffix; never a path."""
NamaSumber = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Fitur = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""Name of something that one version has and another lacks, as templates name it."""
_Words = Annotated[str, StringConstraints(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Berlaku(_Strict):
    """Start dates of agreements for which the version may be used, inclusive."""

    mulai: date
    selesai: date | None = None


class NamaPerjanjian(_Strict):
    """Name of the agreement in capitals; ``aceh`` is the name under the qanun of Aceh."""

    bawaan: _Words
    aceh: _Words | None = None


class PasalEntry(_Strict):
    """One pasal: its subject, and its title where this version has another one than the file."""

    subjek: Subjek
    judul: _Words | None = None


class LampiranEntry(_Strict):
    """One lampiran: its subject and the edition for each kind of facility.

    Attributes:
        subjek: Folder below ``lampiran``.
        edisi: Edition for each kind of facility; empty only in a version with ``induk``, which
            then takes the editions of the parent.
        judul: Title where this version has another one than the file.
    """

    subjek: Subjek
    edisi: dict[JenisFaskes, Subjek] = Field(default_factory=dict)
    judul: _Words | None = None


class VersionManifest(_Strict):
    """Content of ``manifest.yml``; see ``docs/templates.md``.

    Attributes:
        versi: Version id, equal to the name of the folder.
        nama: Name for people.
        naskah: What it makes: a whole agreement, or an addendum to one.
        berlaku: Start dates of agreements for which the version may be used.
        induk: Version whose files, editions, provenance words and appearance this one shares.
        nama_perjanjian: Names of the agreement; from the parent when not given.
        sebutan: Word for it in running text; without it the data says which.
        sumber: Provenance words and what they mean; those of the parent are known too.
        fitur: What this version has and others lack; templates ask ``fitur.<name>``.
        jenis: Kinds of facility that share an edition written as a single word.
        pembukaan: Subject of the opening.
        penutup: Subject of the closing.
        pasal: The pasal in order.
        lampiran: The lampiran in order.
    """

    versi: Versi
    nama: _Words
    naskah: Literal["perjanjian", "addendum"] = "perjanjian"
    berlaku: Berlaku
    induk: Versi | None = None
    nama_perjanjian: NamaPerjanjian | None = None
    sebutan: _Words | None = None
    sumber: dict[NamaSumber, _Words] = Field(default_factory=dict)
    fitur: dict[Fitur, StrictBool] = Field(default_factory=dict)
    jenis: tuple[JenisFaskes, ...] = ()
    pembukaan: Subjek
    penutup: Subjek
    pasal: tuple[PasalEntry, ...] = Field(min_length=1, max_length=200)
    lampiran: tuple[LampiranEntry, ...] = Field(max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _one_edition_for_all(cls, content: Any) -> Any:
        """Spell an edition given as one word out for every kind of ``jenis``."""
        if not isinstance(content, dict) or not isinstance(content.get("lampiran"), list):
            return content
        kinds = content.get("jenis")
        spelled = [
            entry | {"edisi": dict.fromkeys(kinds, entry["edisi"])}
            if isinstance(entry, dict)
            and isinstance(entry.get("edisi"), str)
            and isinstance(kinds, list)
            else entry
            for entry in content["lampiran"]
        ]
        return content | {"lampiran": spelled}

    @field_validator("pasal", "lampiran", mode="before")
    @classmethod
    def _subject_alone(cls, entries: Any) -> Any:
        """Let a bare subject stand for an entry that says nothing else."""
        if not isinstance(entries, list | tuple):
            return entries
        return [{"subjek": entry} if isinstance(entry, str) else entry for entry in entries]

    @model_validator(mode="after")
    def _no_subject_twice(self) -> Self:
        for kind, entries in (("pasal", self.pasal), ("lampiran", self.lampiran)):
            subjects = [entry.subjek for entry in entries]
            twice = sorted({s for s in subjects if subjects.count(s) > 1})
            if twice:
                raise ValueError(f"{kind} ×2: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _whole_without_parent(self) -> Self:
        if self.induk is None:
            given = {
                "nama_perjanjian": self.nama_perjanjian is not None,
                "sumber": bool(self.sumber),
                "edisi": all(entry.edisi for entry in self.lampiran),
            }
            missing = [name for name, present in given.items() if not present]
            if missing:
                raise ValueError(f"{', '.join(missing)}: ? (induk: ?)")
        return self

    def completed_by(self, parent: VersionManifest) -> VersionManifest:
        """Return this manifest with everything that it leaves to its parent."""
        editions = {entry.subjek: entry.edisi for entry in parent.lampiran}
        return self.model_copy(
            update={
                "nama_perjanjian": self.nama_perjanjian or parent.nama_perjanjian,
                "sumber": {**parent.sumber, **self.sumber},
                "lampiran": tuple(
                    entry
                    if entry.edisi
                    else entry.model_copy(update={"edisi": editions.get(entry.subjek, {})})
                    for entry in self.lampiran
                ),
            }
        )
