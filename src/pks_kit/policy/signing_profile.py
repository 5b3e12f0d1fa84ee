"""Signing profiles: who signs and stamps what, in which order (``signing/profiles/*.yml``)."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pks_kit.errors import InputError, UsageError
from pks_kit.messages.yaml_reason import yaml_reason_with_line
from pks_kit.strict_yaml.model import load_model
from pks_kit.strict_yaml.nodes import YamlError

Kode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProfileStep(_Record):
    """One step of the order.

    Attributes:
        kode: Name of the step, for example ``p1_tanda_tangan``.
        jenis: ``tanda_tangan`` fills the empty field ``tempat``; ``meterai`` adds a field
            ``Emet<SN>`` inside the reserved area ``tempat``.
        peran: Role of the signer, or the party that pays the meterai.
        tempat: Place name in the receipt.
    """

    kode: Kode
    jenis: Literal["tanda_tangan", "meterai"]
    peran: str
    tempat: str


class TempatTambahan(_Record):
    """Places beyond the order that may be filled electronically, never required.

    Attributes:
        peran: Roles whose places may be signed.
        setelah: Step that must be done before; None means from the start.
    """

    peran: tuple[str, ...]
    setelah: Kode | None = None


class SigningProfile(_Record):
    """A signing profile, one per contract method."""

    nama: Kode
    cara_kontrak: Literal["elektronik", "digital", "manual"]
    tingkat: Literal["B-T", "B-LT", "B-LTA"] = Field(description="Lowest accepted PAdES level")
    langkah: tuple[ProfileStep, ...]
    tambahan: TempatTambahan | None = None

    def step(self, kode: str) -> ProfileStep | None:
        """Return the step with that code, or None."""
        return next((step for step in self.langkah if step.kode == kode), None)


def profile_names(signing_root: Path) -> tuple[str, ...]:
    """Return the names of the profiles that exist, sorted; each is a contract method on offer."""
    return tuple(sorted(path.stem for path in (signing_root / "profiles").glob("*.yml")))


def load_profile(signing_root: Path, nama: str) -> SigningProfile:
    """Read a signing profile by name.

    Raises:
        UsageError: ``profile.unknown`` when there is no such profile.
        InputError: ``profile.invalid`` when the file does not follow the model.
    """
    folder = signing_root / "profiles"
    known = profile_names(signing_root)
    if nama not in known:
        raise UsageError("profile.unknown", name=nama, known=", ".join(known))
    try:
        return _parsed((folder / f"{nama}.yml").read_text(encoding="utf-8"))
    except YamlError as error:
        reason = yaml_reason_with_line(error.first)
        raise InputError("profile.invalid", name=nama, reason=reason) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("profile.invalid", name=nama, reason=str(error)[:300]) from error


@lru_cache(maxsize=16)
def _parsed(text: str) -> SigningProfile:
    """Parse a text once: a folder of returned files is judged by the same few profiles."""
    return load_model(SigningProfile, text)


def next_steps(profile: SigningProfile, tempat_terisi: Collection[str]) -> tuple[ProfileStep, ...]:
    """Return the steps that are still to be done, in the order of the profile.

    The first one is the only step of the order that may be done now.

    Args:
        profile: The signing profile.
        tempat_terisi: Names of the places that hold a signature or a meterai.
    """
    return tuple(step for step in profile.langkah if step.tempat not in tempat_terisi)


def out_of_order(profile: SigningProfile, urutan: Collection[str]) -> ProfileStep | None:
    """Return the first step that was done before a step that precedes it, or None.

    Args:
        profile: The signing profile.
        urutan: Names of the filled places in the order in which they were filled.
    """
    waiting = [step.tempat for step in profile.langkah]
    for tempat in urutan:
        if tempat not in waiting:
            continue
        if waiting[0] != tempat:
            return next(step for step in profile.langkah if step.tempat == tempat)
        waiting.pop(0)
    return None
