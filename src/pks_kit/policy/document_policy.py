"""Policies per kind of document: what an upload of that kind must be (``signing/policies/*.yml``).

A policy holds no legal number of its own: a limit that a regulation or a manual gives is named as
a parameter and resolved for a day (:class:`PolicyInForce`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pks_kit.errors import InputError, UsageError
from pks_kit.messages import Message
from pks_kit.messages.nearest import meant
from pks_kit.messages.yaml_reason import yaml_reason_with_line
from pks_kit.strict_yaml.model import load_model
from pks_kit.strict_yaml.nodes import YamlError

Nama = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
Teks = Annotated[str, StringConstraints(min_length=1, max_length=400)]
DocumentForm = Literal["digital", "pindaian"]
UMUM = "umum"
"""Name of the policy for any PDF: no roles, no term, only what the file itself proves."""
PKS_FINAL = "pks_final_"
"""Start of the names of the policies for finished agreements; the contract method follows."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DuaBahasa(_Record):
    """The same words in Indonesian and English."""

    id: Teks
    en: Teks

    @property
    def message(self) -> Message:
        """Return the words as a message."""
        return Message(self.id, self.en)


class BatasHalaman(_Record):
    """How many pages a document of this kind may have.

    Attributes:
        paling_sedikit: Fewest pages.
        paling_banyak: Most pages; None: only the technical limit counts.
    """

    paling_sedikit: int = Field(default=1, ge=1)
    paling_banyak: int | None = Field(default=None, ge=1)


class SyaratPindaian(_Record):
    """What a scan of this kind should be. No source gives numbers: falling short needs a person.

    Attributes:
        resolusi: Lowest resolution in dots per inch at which small print stays readable.
        berwarna: Whether stamp, meterai or ink make colour likely on the original.
        asli: Whether the sheet itself must have been scanned: not a photo, not a photocopy.
    """

    resolusi: int = Field(default=150, ge=72, le=1200)
    berwarna: bool = True
    asli: bool = True


class SyaratTandaTangan(_Record):
    """Which signatures a document of this kind carries.

    Attributes:
        profil: Signing profile whose steps must all be done; None for other documents.
        oleh: Who signs it, in words; None when nobody needs to.
        cara: ``elektronik`` (in the file), ``kertas`` (pen, in the scan) or ``salah_satu``.
    """

    profil: Nama | None = None
    oleh: DuaBahasa | None = None
    cara: Literal["elektronik", "kertas", "salah_satu"] = "salah_satu"


class DocumentPolicy(_Record):
    """The policy of one kind of document.

    Attributes:
        nama: Name, equal to the name of the file.
        judul: What the kind is called.
        keterangan: What is looked at, in one or two sentences.
        dasar_hukum: Where the demands come from.
        perjanjian: Whether this is an agreement issued by the kit, with receipt, roles and term.
        ukuran: Parameter (bytes) that limits the file; None: only the technical limit counts.
        halaman: Number of pages.
        bentuk: Allowed forms: ``digital`` (words and drawings), ``pindaian`` (pictures of paper).
        pindaian: What a scan should be; None when scans are not looked at.
        tanda_tangan: Which signatures it carries.
    """

    nama: Nama
    judul: DuaBahasa
    keterangan: DuaBahasa
    dasar_hukum: Teks
    perjanjian: bool = False
    ukuran: str | None = Field(default=None, pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")
    halaman: BatasHalaman = BatasHalaman()
    bentuk: tuple[DocumentForm, ...] = Field(default=("digital", "pindaian"), min_length=1)
    pindaian: SyaratPindaian | None = None
    tanda_tangan: SyaratTandaTangan = SyaratTandaTangan()


class PolicyInForce(_Record):
    """A policy with its parameters resolved for a day.

    Attributes:
        kebijakan: The policy.
        ukuran_bita: Largest file in bytes, or None.
        dasar_ukuran: Legal basis of that limit.
        dipilih: Whether the caller named the kind; False: it follows from the file.
    """

    kebijakan: DocumentPolicy
    ukuran_bita: int | None = None
    dasar_ukuran: str = ""
    dipilih: bool = True

    @property
    def asks_for_people(self) -> bool:
        """Return whether a file is judged as an agreement, by who had to sign it."""
        return not self.dipilih or self.kebijakan.perjanjian


def policy_names(signing_root: Path) -> tuple[str, ...]:
    """Return the names of the policies that exist, sorted."""
    return tuple(sorted(path.stem for path in (signing_root / "policies").glob("*.yml")))


@lru_cache(maxsize=64)
def _parsed(text: str) -> DocumentPolicy:
    """Parse a text once: a folder of returned files is judged by the same few policies."""
    return load_model(DocumentPolicy, text)


def load_policy(signing_root: Path, nama: str) -> DocumentPolicy:
    """Read a policy by name.

    Raises:
        UsageError: ``policy.unknown`` when there is no such policy.
        InputError: ``policy.invalid`` when the file does not follow the model.
    """
    known = policy_names(signing_root)
    if nama not in known:
        raise UsageError(
            "policy.unknown", name=nama[:60], known=", ".join(known), meant=meant(nama, known)
        )
    path = signing_root / "policies" / f"{nama}.yml"
    try:
        policy = _parsed(path.read_text(encoding="utf-8"))
    except YamlError as error:
        reason = yaml_reason_with_line(error.first)
        raise InputError("policy.invalid", name=nama, reason=reason) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("policy.invalid", name=nama, reason=str(error)[:300]) from error
    if policy.nama != nama:
        raise InputError("policy.invalid", name=nama, reason=f"nama: {policy.nama}")
    return policy
